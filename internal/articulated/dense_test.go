package articulated

import (
	"math"
	"math/rand/v2"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/mat"
)

// A random system and the same thing as a dense matrix: all that the tests of this package compare with.

func vec(rng *rand.Rand) spatial.Vec {
	return spatial.Vec{X: rng.NormFloat64(), Y: rng.NormFloat64(), Z: rng.NormFloat64()}
}

func twist(rng *rand.Rand) spatial.Twist   { return spatial.Twist{Lin: vec(rng), Ang: vec(rng)} }
func wrench(rng *rand.Rand) spatial.Wrench { return spatial.Wrench{Force: vec(rng), Torque: vec(rng)} }

// matrix is any matrix, not symmetric, whose symmetric part is mostly positive, as that of a body is. Without that, pivots
// would now and then be next to zero, and errors would say more about the matrix than about the recursion.
func matrix(rng *rand.Rand) (m spatial.Mat6) {
	for i := range m {
		m[i] = 0.5 * rng.NormFloat64()
	}
	for i := 0; i < 36; i += 7 {
		m[i] += 3
	}
	return m
}

// spec says what a random tree looks like.
type spec struct {
	name   string
	bodies int
	reach  int  // how far back a parent may be: 1 is a chain, many a bush
	free   bool // whether the root is a free base
	dofs   int  // of every joint; 0 draws 1 to 6
	ball   bool // whether joints with room for it have a spherical rotation
}

var specs = []spec{
	{"chain of hinges", 9, 1, false, 1, false},
	{"chain on a free base", 9, 1, true, 1, false},
	{"bush of hinges", 12, 12, false, 1, false},
	{"chain of all joints", 8, 1, false, 0, true},
	{"bush of all joints", 10, 10, false, 0, true},
	{"bush of all joints on a free base", 10, 10, true, 0, true},
	{"bush without spherical blocks", 10, 10, false, 0, false},
	{"six degrees each, no free base", 4, 2, false, 6, true},
	{"one hinge", 1, 1, false, 1, false},
	{"one spherical joint", 1, 1, false, 3, true},
	{"one free base", 1, 1, true, 0, false},
}

// build returns a system of one random tree per spec, with its spans.
func build(rng *rand.Rand, trees ...spec) (*System, []Span) {
	var bodies []Body
	var spans []Span
	v, bases := 0, 0
	for _, sp := range trees {
		t := Span{First: len(bodies), V0: v}
		for i := range sp.bodies {
			b := Body{Parent: World, V: v, N: sp.dofs, Ball: -1, Base: -1}
			if i > 0 {
				b.Parent = t.First + i - 1 - rng.IntN(min(i, sp.reach))
			}
			switch {
			case i == 0 && sp.free:
				b.N, b.Ball, b.Base = 6, 3, bases
				bases++
			case b.N == 0:
				b.N = 1 + rng.IntN(6)
			}
			if sp.ball && b.Base < 0 && b.N >= 3 {
				b.Ball = b.N - 3
			}
			v += b.N
			bodies = append(bodies, b)
		}
		t.Last, t.V1 = len(bodies), v
		spans = append(spans, t)
	}
	s := New(bodies)
	for i := range s.Bodies {
		fill(s, rng, i)
	}
	return s, spans
}

// fill draws screws and joint terms of the joint of body i. Those that nobody may read are not numbers.
func fill(s *System, rng *rand.Rand, i int) {
	b := &s.Bodies[i]
	nan := math.NaN()
	for j := b.V; j < b.V+b.N; j++ {
		s.Screw2[j] = twist(rng)
		d := twist(rng)
		s.Screw3[j] = s.Screw2[j] // knots are close to each other
		s.Screw3[j].Lin, s.Screw3[j].Ang = spatial.AddScaled(s.Screw3[j].Lin, 0.3, d.Lin), spatial.AddScaled(s.Screw3[j].Ang, 0.3, d.Ang)
		s.D[j] = rng.Float64()
	}
	for c := range s.Ball[i] {
		s.Ball[i][c] = nan
		if b.Ball >= 0 && b.Base < 0 {
			s.Ball[i][c] = 0.3 * rng.NormFloat64()
		}
	}
	if b.Base < 0 {
		return
	}
	not := spatial.Vec{X: nan, Y: nan, Z: nan}
	for j := b.V; j < b.V+6; j++ {
		s.Screw2[j], s.Screw3[j], s.D[j] = spatial.Twist{Lin: not, Ang: not}, spatial.Twist{Lin: not, Ang: not}, nan
	}
	f := &s.Base[b.Base]
	*f = Base{X2: vec(rng), X3: vec(rng), Turn: spatial.Scale(0.3, vec(rng))}
	q, _ := spatial.Normalize(spatial.Quat{Real: rng.NormFloat64(), Imag: rng.NormFloat64(), Jmag: rng.NormFloat64(), Kmag: rng.NormFloat64()})
	f.Rot.Set(q)
	n, _ := spatial.Unit(vec(rng))
	f.Axes[0], f.Axes[1] = spatial.Tangents(n)
	f.Axes[2] = n
}

// dense is one tree of a system as a matrix, with the screws of all its degrees of freedom.
type dense struct {
	s      *System
	t      Span
	h      *mat.Dense
	s2, s3 []spatial.Twist // by degree of freedom of the tree
}

// newDense draws the bodies' matrices, stores them in s and returns what the tree's matrix is by its definition.
func newDense(rng *rand.Rand, s *System, t Span) *dense {
	n := t.V1 - t.V0
	d := &dense{s: s, t: t, h: mat.NewDense(n, n, nil), s2: make([]spatial.Twist, n), s3: make([]spatial.Twist, n)}
	copy(d.s2, s.Screw2[t.V0:t.V1])
	copy(d.s3, s.Screw3[t.V0:t.V1])
	for i := t.First; i < t.Last; i++ {
		b := &s.Bodies[i]
		if b.Base >= 0 {
			d.base(b)
		}
		s.A[i] = matrix(rng)
		path := d.path(i)
		for _, r := range path {
			for _, c := range path {
				var w spatial.Wrench
				s.A[i].MulTwist(&w, &d.s3[c])
				d.h.Set(r, c, d.h.At(r, c)+d.s2[r].Power(&w))
			}
		}
		v := b.V - t.V0
		for j := 0; j < b.N && b.Base < 0; j++ {
			d.h.Set(v+j, v+j, d.h.At(v+j, v+j)+s.D[b.V+j])
		}
		for j := 0; j < 9 && b.Ball >= 0 && b.Base < 0; j++ {
			r, c := v+b.Ball+j/3, v+b.Ball+j%3
			d.h.Set(r, c, d.h.At(r, c)+s.Ball[i][j])
		}
	}
	return d
}

// base fills in the screws of a free base, which the system does not need: unit translations along its axes, unit rotations
// about its body axes through its origin.
func (d *dense) base(b *Body) {
	f := &d.s.Base[b.Base]
	for j := range 3 {
		a2 := f.Rot.Col(j)
		a3 := spatial.Rotate(f.Turn, a2)
		v := b.V - d.t.V0
		d.s2[v+j], d.s3[v+j] = spatial.Twist{Lin: f.Axes[j]}, spatial.Twist{Lin: f.Axes[j]}
		d.s2[v+3+j] = spatial.Twist{Lin: spatial.Cross(f.X2, a2), Ang: a2}
		d.s3[v+3+j] = spatial.Twist{Lin: spatial.Cross(f.X3, a3), Ang: a3}
	}
}

// path lists the degrees of freedom that move body i, of the tree.
func (d *dense) path(i int) (dofs []int) {
	for ; i != World; i = d.s.Bodies[i].Parent {
		for j := range d.s.Bodies[i].N {
			dofs = append(dofs, d.s.Bodies[i].V+j-d.t.V0)
		}
	}
	return dofs
}

// screws returns those that a side pairs with wrenches, and those along which it moves.
func (d *dense) screws(to Side) (in, out []spatial.Twist) {
	if to == Transposed {
		return d.s3, d.s2
	}
	return d.s2, d.s3
}

// solve returns x of H x = −(Sᵀ bias + rhs), or with Hᵀ; bias per body of the system, rhs per degree of freedom of the system.
func (d *dense) solve(bias []spatial.Wrench, rhs []float64, to Side) *mat.VecDense {
	n := d.t.V1 - d.t.V0
	in, _ := d.screws(to)
	y, x := mat.NewVecDense(n, nil), mat.NewVecDense(n, nil)
	for i := range n {
		y.SetVec(i, -rhs[d.t.V0+i])
	}
	for i := d.t.First; i < d.t.Last; i++ {
		for _, j := range d.path(i) {
			y.SetVec(j, y.AtVec(j)-in[j].Power(&bias[i]))
		}
	}
	var lu mat.LU
	lu.Factorize(d.h)
	if err := lu.SolveVecTo(x, to == Transposed, y); err != nil {
		panic(err)
	}
	return x
}

// twist returns the motion of body i that belongs to x.
func (d *dense) twist(i int, x *mat.VecDense, to Side) (t spatial.Twist) {
	_, out := d.screws(to)
	for _, j := range d.path(i) {
		t.Lin = spatial.AddScaled(t.Lin, x.AtVec(j), out[j].Lin)
		t.Ang = spatial.AddScaled(t.Ang, x.AtVec(j), out[j].Ang)
	}
	return t
}

// inverse returns H⁻¹.
func (d *dense) inverse() *mat.Dense {
	var inv mat.Dense
	if err := inv.Inverse(d.h); err != nil {
		panic(err)
	}
	return &inv
}
