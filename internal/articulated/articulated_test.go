package articulated

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"gonum.org/v1/gonum/mat"
)

// exact is what two ways to solve the same random system may differ by, relative to the largest number of the solution.
const exact = 1e-11

// difference collects the largest difference of two lists of numbers and the largest number.
type difference struct{ worst, size float64 }

func (d *difference) add(got, want float64) {
	if e := math.Abs(got - want); !(e <= d.worst) {
		d.worst = e
	}
	d.size = max(d.size, math.Abs(want))
}

func (d *difference) addTwist(got, want spatial.Twist) {
	d.addVec(got.Lin, want.Lin)
	d.addVec(got.Ang, want.Ang)
}

func (d *difference) addVec(got, want spatial.Vec) {
	d.add(got.X, want.X)
	d.add(got.Y, want.Y)
	d.add(got.Z, want.Z)
}

func (d *difference) relative() float64 {
	if d.worst == 0 {
		return 0
	}
	return d.worst / d.size
}

// each calls f for many random systems of every spec, alone and beside other trees, with the dense matrix of the tree.
func each(t *testing.T, f func(t *testing.T, rng *rand.Rand, s *System, d *dense)) {
	for k, sp := range specs {
		t.Run(sp.name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(uint64(k), 17))
			for range 8 {
				s, spans := build(rng, specs[rng.IntN(len(specs))], sp, specs[rng.IntN(len(specs))])
				d := newDense(rng, s, spans[1])
				if !s.Factor(spans[1]) {
					t.Fatal("singular")
				}
				f(t, rng, s, d)
			}
		})
	}
}

// load draws a right side and returns a copy of it.
func load(rng *rand.Rand, s *System, t Span) (bias []spatial.Wrench, rhs []float64) {
	bias, rhs = make([]spatial.Wrench, len(s.Bias)), make([]float64, len(s.RHS))
	for i := t.First; i < t.Last; i++ {
		bias[i] = wrench(rng)
	}
	for i := t.V0; i < t.V1; i++ {
		rhs[i] = rng.NormFloat64()
	}
	copy(s.Bias, bias)
	copy(s.RHS, rhs)
	return bias, rhs
}

// compare checks X and the bodies' twists against the dense solution.
func compare(t *testing.T, d *dense, x *mat.VecDense, to Side, what string) {
	t.Helper()
	var dx, dt difference
	for i := range x.Len() {
		dx.add(d.s.X[d.t.V0+i], x.AtVec(i))
	}
	for i := d.t.First; i < d.t.Last; i++ {
		dt.addTwist(d.s.Twist[i], d.twist(i, x, to))
	}
	tol.Within(t, dx.relative(), exact, "%s: solution", what)
	tol.Within(t, dt.relative(), exact, "%s: twists", what)
}

// TestSolve: both sides of the recursion solve the dense system, in a span among others whose numbers they leave alone.
func TestSolve(t *testing.T) {
	each(t, func(t *testing.T, rng *rand.Rand, s *System, d *dense) {
		for to, name := range []string{"forward", "transposed"} {
			bias, rhs := load(rng, s, d.t)
			for i := range s.X {
				s.X[i] = 7
			}
			s.Solve(d.t, Side(to))
			compare(t, d, d.solve(bias, rhs, Side(to)), Side(to), name)
			for i := range s.X {
				if (i < d.t.V0 || i >= d.t.V1) && s.X[i] != 7 {
					t.Fatalf("%s: wrote degree of freedom %d of another tree", name, i)
				}
			}
		}
	})
}

// TestTreesDoNotMix: solving all trees of a system one after the other, every one gets the bits it gets alone.
func TestTreesDoNotMix(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 1))
	s, spans := build(rng, specs[4], specs[1], specs[5])
	for _, sp := range spans {
		newDense(rng, s, sp)
		if !s.Factor(sp) {
			t.Fatal("singular")
		}
	}
	whole := Span{First: 0, Last: len(s.Bodies), V1: len(s.X)}
	bias, rhs := load(rng, s, whole)
	var alone []float64
	for _, sp := range spans {
		s.Solve(sp, Forward)
		alone = append(alone, s.X[sp.V0:sp.V1]...)
	}
	copy(s.Bias, bias)
	copy(s.RHS, rhs)
	s.Solve(whole, Forward)
	for i, x := range s.X {
		if x != alone[i] || x == 0 {
			t.Errorf("degree of freedom %d: %g in one go, %g tree by tree", i, x, alone[i])
		}
	}
}

// TestRespond: what a body's twist answers to a wrench on it is J₃ H⁻¹ J₂ᵀ, what a degree of freedom or a spherical rotation
// answers to itself is a diagonal block of H⁻¹, and only bodies wanted and their ancestors are computed.
func TestRespond(t *testing.T) {
	each(t, func(t *testing.T, rng *rand.Rand, s *System, d *dense) {
		wanted, needed := make([]bool, len(s.Bodies)), make([]bool, len(s.Bodies))
		for i := d.t.First; i < d.t.Last; i++ {
			wanted[i] = rng.IntN(3) == 0 || i == d.t.Last-1
			for c := i; wanted[i] && c != World; c = s.Bodies[c].Parent {
				needed[c] = true
			}
		}
		for i := range s.Response {
			s.Response[i] = spatial.Mat6{42}
		}
		s.Respond(d.t, wanted)
		inv := d.inverse()
		var do, ds difference
		for i := range s.Bodies {
			if !needed[i] {
				if s.Response[i] != (spatial.Mat6{42}) {
					t.Fatalf("response of body %d, which nobody needs", i)
				}
				continue
			}
			w := wrench(rng)
			answer := mat.NewVecDense(inv.RawMatrix().Rows, nil)
			for _, c := range d.path(i) {
				f := d.s2[c].Power(&w)
				for r := range answer.Len() {
					answer.SetVec(r, answer.AtVec(r)+inv.At(r, c)*f)
				}
			}
			do.addTwist(Answer(&s.Response[i], &w), d.twist(i, answer, Forward))
			b := &s.Bodies[i]
			v := b.V - d.t.V0
			for j := 0; j < b.N && b.Base < 0; j++ {
				ds.add(s.Self[b.V+j], inv.At(v+j, v+j))
			}
			for j := 0; j < 9 && b.Ball >= 0 && b.Base < 0; j++ {
				ds.add(s.BallSelf[i][j], inv.At(v+b.Ball+j/3, v+b.Ball+j%3))
			}
		}
		tol.Within(t, do.relative(), exact, "twists answered")
		tol.Within(t, ds.relative(), exact, "answers of joints")
	})
}

// TestClimb: a right side on one joint and on the bodies that carry it needs only the way to the root and one sweep down.
func TestClimb(t *testing.T) {
	each(t, func(t *testing.T, rng *rand.Rand, s *System, d *dense) {
		for i := d.t.First; i < d.t.Last; i++ {
			bias, rhs := load(rng, s, d.t) // of which only this is kept
			onPath := make([]bool, len(bias))
			for c := i; c != World; c = s.Bodies[c].Parent {
				onPath[c] = true
			}
			clear(s.X)
			for c := d.t.First; c < d.t.Last; c++ {
				b := &s.Bodies[c]
				if c != i {
					clear(rhs[b.V : b.V+b.N]) // in s.RHS it stays: Climb must not look
				}
				if !onPath[c] {
					bias[c] = spatial.Wrench{}
				}
			}
			s.Climb(i)
			s.Down(d.t, Forward)
			compare(t, d, d.solve(bias, rhs, Forward), Forward, "climb")
		}
	})
}

// TestSubtreeThatMovesAsOne is what a column of a Jacobian is made of. All bodies below joint i feel wrenches B_b t of one
// twist t. Gathered from the leaves with the joints eliminated, M = B + Σ (M_child − U D⁻¹ ρᵀ) with ρ = Mᵀ s₂, one
// product M t, Yield of the joints below by ρ·t, a climb and a sweep solve the same as all the wrenches.
func TestSubtreeThatMovesAsOne(t *testing.T) {
	each(t, func(t *testing.T, rng *rand.Rand, s *System, d *dense) {
		felt, m := make([]spatial.Mat6, len(s.Bodies)), make([]spatial.Mat6, len(s.Bodies))
		rho := make([]spatial.Wrench, len(s.X))
		for i := d.t.First; i < d.t.Last; i++ {
			felt[i] = matrix(rng)
			m[i] = felt[i]
		}
		for i := d.t.Last - 1; i > d.t.First; i-- {
			b := &s.Bodies[i]
			for j := b.V; j < b.V+b.N; j++ {
				m[i].TMulTwist(&rho[j], &s.Screw2[j])
			}
			m[b.Parent].Add(&m[i])
			s.Downdate(&m[b.Parent], i, rho[b.V:b.V+b.N])
		}
		for i := d.t.First; i < d.t.Last; i++ {
			b, move := &s.Bodies[i], twist(rng)
			below := make([]bool, len(s.Bodies))
			bias, rhs := make([]spatial.Wrench, len(s.Bodies)), make([]float64, len(s.X))
			clear(s.X)
			for c := i; c < d.t.Last; c++ {
				e := &s.Bodies[c]
				if below[c] = c == i || e.Parent >= i && below[e.Parent]; !below[c] {
					continue
				}
				felt[c].MulTwist(&bias[c], &move)
				if c > i {
					var x [6]float64
					for j := range e.N {
						x[j] = move.Power(&rho[e.V+j])
					}
					s.Yield(c, &x)
				}
			}
			clear(s.Bias)
			clear(s.RHS[b.V : b.V+b.N])
			m[i].MulTwist(&s.Bias[i], &move)
			s.Climb(i)
			s.Down(d.t, Forward)
			compare(t, d, d.solve(bias, rhs, Forward), Forward, "column")
		}
	})
}

// TestSingular: a pivot that is zero, infinite or not a number is reported, wherever it is, and leaves nothing behind that
// harms the next matrix.
func TestSingular(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	for _, sp := range specs {
		s, spans := build(rng, sp)
		d := newDense(rng, s, spans[0])
		good := append([]spatial.Mat6(nil), s.A...)
		for i := range s.Bodies {
			b := &s.Bodies[i]
			for _, bad := range []float64{0, math.NaN(), math.Inf(1)} {
				copy(s.A, good)
				screw, joint, ball := s.Screw2[b.V], s.D[b.V], s.Ball[i]
				switch {
				case bad != 0:
					s.A[i][7] = bad
				case b.Base >= 0: // nothing below it, and no inertia
					clear(s.A)
					for j := range s.Bodies {
						s.A[j] = spatial.Mat6{}
					}
				default: // a degree of freedom that moves nothing and feels nothing
					s.Screw2[b.V], s.D[b.V] = spatial.Twist{}, 0
					if b.Ball == 0 {
						clear(s.Ball[i][:3])
					}
				}
				if s.Factor(spans[0]) {
					t.Errorf("%s: body %d with %g is factored", sp.name, i, bad)
				}
				s.Screw2[b.V], s.D[b.V], s.Ball[i] = screw, joint, ball
			}
		}
		copy(s.A, good)
		if !s.Factor(spans[0]) {
			t.Fatalf("%s: the regular matrix is singular after singular ones", sp.name)
		}
		bias, rhs := load(rng, s, d.t)
		s.Solve(d.t, Forward)
		compare(t, d, d.solve(bias, rhs, Forward), Forward, sp.name)
	}
}

// TestNoAllocation: none of what runs in a step allocates.
func TestNoAllocation(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 5))
	s, spans := build(rng, specs[5], specs[4])
	var good []spatial.Mat6
	for _, sp := range spans {
		newDense(rng, s, sp)
	}
	good = append(good, s.A...)
	wanted := make([]bool, len(s.Bodies))
	var m spatial.Mat6
	rows := make([]spatial.Wrench, 6)
	for i := range wanted {
		wanted[i] = true
	}
	n := testing.AllocsPerRun(20, func() {
		copy(s.A, good)
		for _, sp := range spans {
			ok := s.Factor(sp)
			s.Solve(sp, Forward)
			s.Solve(sp, Transposed)
			s.Respond(sp, wanted)
			last := sp.Last - 1
			s.Downdate(&m, last, rows[:s.Bodies[last].N])
			var x [6]float64
			s.Yield(last, &x)
			s.Climb(last)
			s.Down(sp, Forward)
			if !ok {
				t.Fatal("singular")
			}
		}
	})
	if n != 0 {
		t.Errorf("%g allocations", n)
	}
}
