package articulated

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/internal/tol"
)

// rows3 are three rows that couple two bodies, as those of a contact do: wrenches N, gradients G next to them, and a matrix
// W that is not symmetric.
type rows3 struct {
	pair   Pair
	n, g   [2][3]spatial.Wrench // on A and on B
	weight [9]float64
}

// join draws rows that couple two bodies.
func join(rng *rand.Rand, a, b int) (r rows3) {
	r.pair = Pair{a, b}
	for k := range 3 {
		n, d := wrench(rng), wrench(rng)
		r.n[0][k] = n
		r.n[1][k] = spatial.Wrench{Force: spatial.AddScaled(spatial.Scale(-1, n.Force), 0.3, d.Force), Torque: spatial.AddScaled(spatial.Scale(-1, n.Torque), 0.3, d.Torque)}
		for side := range 2 {
			e := wrench(rng)
			r.g[side][k] = spatial.Wrench{Force: spatial.AddScaled(r.n[side][k].Force, 0.1, e.Force), Torque: spatial.AddScaled(r.n[side][k].Torque, 0.1, e.Torque)}
		}
	}
	for i := range r.weight {
		r.weight[i] = 0.3 * rng.NormFloat64()
	}
	for i := 0; i < 9; i += 4 {
		r.weight[i]++
	}
	return r
}

// add adds N_aᵀ W G_b to m, the ends numbered 0 and 1.
func (r *rows3) add(m *spatial.Mat6, a, b int) {
	for k := range 3 {
		var row spatial.Wrench
		for l := range 3 {
			row.Force = spatial.AddScaled(row.Force, r.weight[3*k+l], r.g[b][l].Force)
			row.Torque = spatial.AddScaled(row.Torque, r.weight[3*k+l], r.g[b][l].Torque)
		}
		m.AddOuter(&r.n[a][k], &row)
	}
}

// rest adds to m what the rows do not give back to the other end, per motion of end b: (N_a + N_b)ᵀ W G_b about the reference
// point of b, from which that of the other end is at d. Rows of contacts have nothing there.
func (r *rows3) rest(m *spatial.Mat6, b int, d spatial.Vec) {
	sum := *r
	for k := range 3 {
		w := about(&r.n[1-b][k], d)
		n := &sum.n[b][k]
		n.Force, n.Torque = spatial.Add(n.Force, w.Force), spatial.Add(n.Torque, w.Torque)
	}
	sum.add(m, b, b)
}

// coupled is an island with its couplings and the dense matrix of the whole system.
type coupled struct {
	*dense
	g     *Island
	joins []rows3
	a     []spatial.Mat6 // what System.A is filled with
}

func pairs(joins []rows3) (p []Pair) {
	for _, r := range joins {
		p = append(p, r.pair)
	}
	return p
}

// newCoupled draws the matrices of a system and couples some of its trees.
func newCoupled(rng *rand.Rand, s *System, trees []Span, joins []rows3) *coupled {
	c := &coupled{dense: newDense(rng, s, Span{Last: len(s.Bodies), V1: len(s.X)}), g: s.NewIsland(), joins: joins}
	c.a = slices.Clone(s.A)
	for _, t := range trees {
		o := vec(rng)
		for i := t.First; i < t.Last; i++ {
			s.Origin[i] = o
		}
	}
	for _, r := range joins {
		ends := [2]int{r.pair.A, r.pair.B}
		for a := range 2 {
			for b := range 2 {
				var m spatial.Mat6
				r.add(&m, a, b)
				c.add(ends[a], ends[b], &m)
			}
			r.rest(&c.a[ends[a]], a, s.apart(ends[1-a], ends[a]))
		}
	}
	c.g.Couple(trees, pairs(joins))
	return c
}

// add adds a block of body a by the motion of body b to the dense matrix.
func (d *dense) add(a, b int, m *spatial.Mat6) {
	for _, r := range d.path(a) {
		for _, k := range d.path(b) {
			var w spatial.Wrench
			m.MulTwist(&w, &d.s3[k])
			d.h.Set(r, k, d.h.At(r, k)+d.s2[r].Power(&w))
		}
	}
}

// assemble fills in matrices and blocks.
func (c *coupled) assemble() {
	copy(c.s.A, c.a)
	c.g.Clear()
	for n := range c.joins {
		r := &c.joins[n]
		ab, ba := c.g.Blocks(n)
		r.add(ab, 0, 1)
		r.add(ba, 1, 0)
	}
}

func (c *coupled) factor(t *testing.T) {
	t.Helper()
	c.assemble()
	if !c.g.Factor() {
		t.Fatal("singular")
	}
}

// islands calls f for many random islands of three to five trees, with couplings between and within trees: a few, and so
// many that everything is full.
func islands(t *testing.T, f func(t *testing.T, rng *rand.Rand, c *coupled)) {
	for k := range 60 {
		rng := rand.New(rand.NewPCG(uint64(k), 23))
		var trees []spec
		for range 3 + rng.IntN(3) {
			trees = append(trees, specs[rng.IntN(len(specs))])
		}
		s, spans := build(rng, trees...)
		var joins []rows3
		for range rng.IntN(3 * len(spans)) {
			a, b := rng.IntN(len(s.Bodies)), rng.IntN(len(s.Bodies))
			if a != b {
				joins = append(joins, join(rng, a, b))
			}
		}
		f(t, rng, newCoupled(rng, s, spans, joins))
	}
}

// TestIslandSolve: both sides of a coupled elimination solve the dense system.
func TestIslandSolve(t *testing.T) {
	islands(t, func(t *testing.T, rng *rand.Rand, c *coupled) {
		c.factor(t)
		for to, name := range []string{"forward", "transposed"} {
			bias, rhs := load(rng, c.s, c.t)
			c.g.Solve(Side(to))
			compare(t, c.dense, c.solve(bias, rhs, Side(to)), Side(to), name)
		}
	})
}

// TestIslandClimb: a right side on one joint and on the bodies that feel its elimination needs only their way.
func TestIslandClimb(t *testing.T) {
	islands(t, func(t *testing.T, rng *rand.Rand, c *coupled) {
		for i := range c.s.Bodies {
			bias, rhs := load(rng, c.s, c.t)
			on := make([]bool, len(bias))
			for b := i; b != World; b = c.g.Next(b) {
				on[b] = true
			}
			c.factor(t)
			clear(c.s.X)
			for k := range c.s.Bodies {
				b := &c.s.Bodies[k]
				if k != i {
					clear(rhs[b.V : b.V+b.N])
				}
				if !on[k] {
					bias[k] = spatial.Wrench{}
					c.s.Bias[k] = spatial.Wrench{}
				}
			}
			c.g.Climb(i)
			c.g.Down(Forward)
			compare(t, c.dense, c.solve(bias, rhs, Forward), Forward, "climb")
		}
	})
}

// bits returns all that a factorization and a solve leave.
func (c *coupled) bits(t *testing.T, bias []spatial.Wrench, rhs []float64) []float64 {
	c.factor(t)
	copy(c.s.Bias, bias)
	copy(c.s.RHS, rhs)
	c.g.Solve(Forward)
	x := slices.Clone(c.s.X)
	copy(c.s.Bias, bias)
	copy(c.s.RHS, rhs)
	c.g.Solve(Transposed)
	return append(x, c.s.X...)
}

// TestIslandAloneIsTrees: without couplings every tree gets the bits that it gets alone.
func TestIslandAloneIsTrees(t *testing.T) {
	islands(t, func(t *testing.T, rng *rand.Rand, c *coupled) {
		c.joins = nil
		var trees []Span
		for i := range c.s.Bodies {
			if c.s.Bodies[i].Parent == World {
				trees = append(trees, Span{First: i, V0: c.s.Bodies[i].V})
			}
			last := &trees[len(trees)-1]
			last.Last, last.V1 = i+1, c.s.Bodies[i].V+c.s.Bodies[i].N
		}
		c.g.Couple(trees, nil)
		bias, rhs := load(rng, c.s, c.t)
		got := c.bits(t, bias, rhs)
		twists := slices.Clone(c.s.Twist)
		copy(c.s.A, c.a)
		copy(c.s.Bias, bias)
		copy(c.s.RHS, rhs)
		for _, tr := range trees {
			if !c.s.Factor(tr) {
				t.Fatal("singular")
			}
			c.s.Solve(tr, Forward)
		}
		alone := slices.Clone(c.s.X)
		copy(c.s.Bias, bias)
		copy(c.s.RHS, rhs)
		for _, tr := range trees {
			c.s.Solve(tr, Transposed)
		}
		if alone = append(alone, c.s.X...); !slices.Equal(got, alone) || !slices.Equal(twists, c.s.Twist) {
			t.Error("an island without couplings has other bits than its trees")
		}
	})
}

// TestIslandForgets: bits depend on the set of couplings and not on their order, on which end is named first or on what the
// island was before; and there are other bits, so that the test sees something, for a coupling fewer.
func TestIslandForgets(t *testing.T) {
	differ := 0
	islands(t, func(t *testing.T, rng *rand.Rand, c *coupled) {
		slices.SortFunc(c.joins, func(a, b rows3) int { return int(a.pair.key()) - int(b.pair.key()) })
		c.joins = slices.CompactFunc(c.joins, func(a, b rows3) bool { return a.pair.key() == b.pair.key() }) // blocks would be sums in another order
		trees := slices.Clone(c.g.trees)
		c.g.Couple(trees, pairs(c.joins))
		bias, rhs := load(rng, c.s, c.t)
		want := c.bits(t, bias, rhs)
		if len(c.joins) == 0 {
			return
		}
		all := slices.Clone(c.joins)
		c.joins = c.joins[:len(c.joins)-1]
		c.g.Couple(trees, pairs(c.joins))
		if !slices.Equal(c.bits(t, bias, rhs), want) {
			differ++
		}
		c.joins = all
		rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		for i := range all {
			if r := &all[i]; rng.IntN(2) == 0 {
				r.pair = Pair{r.pair.B, r.pair.A}
				r.n[0], r.n[1], r.g[0], r.g[1] = r.n[1], r.n[0], r.g[1], r.g[0]
			}
		}
		for range 2 { // the order found anew, and kept
			c.g.Couple(trees, pairs(all))
			if !slices.Equal(c.bits(t, bias, rhs), want) {
				t.Error("other bits in another order")
			}
		}
	})
	if differ == 0 {
		t.Error("no coupling changes anything")
	}
}

// TestIslandKeepsToItself: an island changes nothing of other trees, and pairs of the same two bodies share their blocks.
func TestIslandKeepsToItself(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	s, spans := build(rng, specs[2], specs[5], specs[4], specs[10])
	first, last := spans[1].First, spans[3].First
	joins := []rows3{join(rng, first+2, last), join(rng, last, first+2), join(rng, first+4, first+5)}
	c := newCoupled(rng, s, []Span{spans[1], spans[3]}, joins)
	ab, ba := c.g.Blocks(0)
	if b, a := c.g.Blocks(1); a != ab || b != ba {
		t.Error("two pairs of the same bodies have blocks of their own")
	}
	c.assemble()
	bias, rhs := load(rng, s, c.t)
	before := slices.Clone(s.A)
	if !c.g.Factor() {
		t.Fatal("singular")
	}
	c.g.Solve(Forward)
	for _, sp := range []Span{spans[0], spans[2]} {
		if !slices.Equal(s.A[sp.First:sp.Last], before[sp.First:sp.Last]) || !slices.Equal(s.Bias[sp.First:sp.Last], bias[sp.First:sp.Last]) {
			t.Error("another tree was touched")
		}
		if !s.Factor(sp) {
			t.Fatal("singular")
		}
		s.Solve(sp, Forward)
	}
	compare(t, c.dense, c.solve(bias, rhs, Forward), Forward, "all")
}

// TestIslandWithoutFreedom: bodies whose joints do not move at all are eliminated as others are.
func TestIslandWithoutFreedom(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 8))
	s := New([]Body{
		{Parent: World, Ball: -1, Base: -1}, {Parent: 0, N: 2, Ball: -1, Base: -1}, {Parent: 1, V: 2, Ball: -1, Base: -1}, {Parent: 2, V: 2, N: 1, Ball: -1, Base: -1},
		{Parent: World, V: 3, N: 6, Ball: 3, Base: 0},
		{Parent: World, V: 9, Ball: -1, Base: -1},
	})
	for i := range s.Bodies {
		fill(s, rng, i)
	}
	trees := []Span{{Last: 4, V1: 3}, {First: 4, Last: 5, V0: 3, V1: 9}, {First: 5, Last: 6, V0: 9, V1: 9}}
	joins := []rows3{join(rng, 0, 4), join(rng, 2, 4), join(rng, 2, 1), join(rng, 5, 4), join(rng, 3, 5), join(rng, 0, 5)}
	c := newCoupled(rng, s, trees, joins)
	c.factor(t)
	for _, to := range []Side{Forward, Transposed} {
		bias, rhs := load(rng, s, c.t)
		c.g.Solve(to)
		compare(t, c.dense, c.solve(bias, rhs, to), to, "islands with fixed bodies")
	}
}

// TestIslandSingular: a pivot that is not a number is reported, wherever it is, and does no harm afterwards.
func TestIslandSingular(t *testing.T) {
	rng := rand.New(rand.NewPCG(12, 8))
	s, spans := build(rng, specs[5], specs[3], specs[10])
	joins := []rows3{join(rng, 4, spans[1].First+3), join(rng, 2, spans[2].First), join(rng, spans[1].Last-1, spans[2].First)}
	c := newCoupled(rng, s, spans, joins)
	for n := range joins {
		c.assemble()
		ab, _ := c.g.Blocks(n)
		ab[8] = nan()
		if c.g.Factor() {
			t.Errorf("pair %d that is not a number is factored", n)
		}
	}
	for i := range s.Bodies {
		c.assemble()
		s.A[i][14] = nan()
		if c.g.Factor() {
			t.Errorf("body %d that is not a number is factored", i)
		}
	}
	c.factor(t)
	bias, rhs := load(rng, s, c.t)
	c.g.Solve(Forward)
	compare(t, c.dense, c.solve(bias, rhs, Forward), Forward, "after singular ones")
}

// TestIslandNoAllocation: none of it allocates once the island has been as large, whether its couplings change or not.
func TestIslandNoAllocation(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 6))
	s, spans := build(rng, specs[5], specs[4], specs[10])
	var joins []rows3
	for range 12 {
		if a, b := rng.IntN(len(s.Bodies)), rng.IntN(len(s.Bodies)); a != b {
			joins = append(joins, join(rng, a, b))
		}
	}
	c := newCoupled(rng, s, spans, joins)
	sets := [][]Pair{pairs(joins), pairs(joins)[:3], nil, pairs(joins)[2:6]}
	orders := 0
	n := testing.AllocsPerRun(20, func() {
		for k, set := range sets {
			c.g.Couple(spans, set)
			c.joins = joins[:0]
			if k == 0 {
				c.joins = joins
			}
			c.assemble()
			if !c.g.Factor() {
				t.Fatal("singular")
			}
			c.g.Solve(Forward)
			c.g.Solve(Transposed)
			c.g.Climb(4)
			c.g.Down(Forward)
			orders++
		}
	})
	if n != 0 || orders == 0 {
		t.Errorf("%g allocations", n)
	}
}

// TestIslandStack: six free boxes on each other, each face with four sticking contacts of three rows, twelve for six
// freedoms. The contacts push both ways, so whatever W is, the impulses of all boxes make up for what was put in.
func TestIslandStack(t *testing.T) {
	for w := 1.0; w < 2e12; w *= 100 {
		c, _ := stack(6, w)
		c.factor(t)
		rng := rand.New(rand.NewPCG(1, 9))
		bias, rhs := load(rng, c.s, c.t)
		clear(rhs)
		clear(c.s.RHS)
		c.g.Solve(Forward)
		var left, size spatial.Wrench
		for i := range c.s.Bodies {
			var p spatial.Wrench
			c.a[i].MulTwist(&p, &c.s.Twist[i])
			left.Force, left.Torque = spatial.Add(left.Force, spatial.Add(p.Force, bias[i].Force)), spatial.Add(left.Torque, spatial.Add(p.Torque, bias[i].Torque))
			size.Force, size.Torque = spatial.Add(size.Force, bias[i].Force), spatial.Add(size.Torque, bias[i].Torque)
		}
		e := (spatial.Norm(left.Force) + spatial.Norm(left.Torque)) / (spatial.Norm(size.Force) + spatial.Norm(size.Torque))
		t.Logf("W = %g: %.1e", w, e)
		tol.Within(t, e, 2e-14, "momentum, W = %g", w)
	}
}
