package articulated

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// World is the parent of bodies whose joint hangs on the world.
const World = -1

// Body is a body and the joint that carries it: N degrees of freedom from V on. Parents come before children.
type Body struct {
	Parent int // or World
	V, N   int
	Ball   int // which of its degrees of freedom begins a spherical rotation, whose joint terms are a 3×3 matrix; −1: none
	Base   int // index into System.Base of a free base, −1 for other joints
}

// Base is a root joint of three translations and a spherical rotation without joint terms. It needs no screws: its pivot is
// the whole matrix of the tree, in world axes, and coordinates are changed at the end. Those at knot 3 are not numbers until
// somebody stores some, so that whoever reads them without having asked for them is found out.
type Base struct {
	Axes   [3]spatial.Vec // of the translations
	Rot    spatial.Mat3   // body axes → world axes at knot 2
	X2, X3 spatial.Vec    // origin at knots 2 and 3 about the reference point
	Turn   spatial.Vec    // Gibbs vector from knot 2 to 3
}

// System is the matrix of some trees, its factors, and the vectors of a solve. The exported slices are filled in by the
// caller: structure once, screws and matrices before Factor, which turns A into articulated matrices.
type System struct {
	Bodies         []Body
	Base           []Base
	Screw2, Screw3 []spatial.Twist // motions of the degrees of freedom at knots 2 (rows) and 3 (columns)
	A              []spatial.Mat6  // of the bodies
	D              []float64       // joint terms, on the diagonal
	Ball           []spatial.Mat3  // joint terms of spherical rotations, per body
	Origin         []spatial.Vec   // reference points, the same for all bodies of a tree; only islands compare them

	Bias  []spatial.Wrench // right side per body, consumed by a solve
	RHS   []float64        // right side per degree of freedom
	X     []float64        // solution
	Twist []spatial.Twist  // and the twists of the bodies that go with it

	Response []spatial.Mat6 // what a body's twist answers to a wrench on it, see Respond
	Self     []float64      // what a degree of freedom answers to a force on itself
	BallSelf []spatial.Mat3 // and a spherical rotation, per body

	hinges []hinge
	pivots []spatial.LU6 // of joints with several degrees of freedom; the whole matrix of a free base
}

// hinge holds U = A s(q₃), V = Aᵀ s(q₂) of a degree of freedom and the inverse pivot of a single one.
type hinge struct {
	u, v spatial.Wrench
	inv  float64
}

// Span is the part of a system that is one tree: bodies First ≤ b < Last with the degrees of freedom V0 ≤ i < V1.
type Span struct{ First, Last, V0, V1 int }

// New returns a system of the given bodies.
func New(bodies []Body) *System {
	nb, nv, bases := len(bodies), 0, 0
	for i := range bodies {
		nv = max(nv, bodies[i].V+bodies[i].N)
		bases = max(bases, bodies[i].Base+1)
	}
	s := &System{
		Bodies: bodies, Base: make([]Base, bases),
		Screw2: make([]spatial.Twist, nv), Screw3: make([]spatial.Twist, nv),
		A: make([]spatial.Mat6, nb), D: make([]float64, nv), Ball: make([]spatial.Mat3, nb), Origin: make([]spatial.Vec, nb),
		Bias: make([]spatial.Wrench, nb), RHS: make([]float64, nv), X: make([]float64, nv), Twist: make([]spatial.Twist, nb),
		Response: make([]spatial.Mat6, nb), Self: make([]float64, nv), BallSelf: make([]spatial.Mat3, nb),
		hinges: make([]hinge, nv), pivots: make([]spatial.LU6, nb),
	}
	nan := math.NaN()
	not := spatial.Vec{X: nan, Y: nan, Z: nan}
	for i := range bodies {
		if b := &bodies[i]; b.Base >= 0 {
			for j := b.V; j < b.V+b.N; j++ {
				s.Screw3[j] = spatial.Twist{Lin: not, Ang: not}
			}
		}
	}
	return s
}
