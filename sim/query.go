package sim

import (
	"fmt"

	"github.com/ukemi-sim/ukemi/internal/distance"
	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
)

// Query answers questions about a model in one configuration, without a step: how far shapes are apart, what a ray meets, how frames
// move, what the mechanism weighs. It holds scratch memory and allocates nothing after the first call of each kind: use one per goroutine.
type Query struct {
	m      *Model
	q      []float64 // the configuration
	rest   []float64 // no velocity
	poses  []spatial.Pose
	axes   []r3.Vec         // of the degrees of freedom
	solids []distance.Solid // the colliders
	finder distance.Finder
	pairs  []Pair            // that may touch
	whole  []spatial.Mat6    // scratch of MassMatrix
	mass   []float64         // the same
	bare   *dynamics.Stepper // of the mechanism without what joints do, see Bias
	y, a   []float64         // scratch of Bias
}

// NewQuery returns a Query of m, in the neutral configuration.
func (m *Model) NewQuery() *Query {
	d := m.dyn
	q := &Query{m: m, q: m.NewState().Q, rest: make([]float64, d.NV), poses: make([]spatial.Pose, len(d.Bodies)), axes: make([]r3.Vec, d.NV), solids: make([]distance.Solid, len(d.Colliders))}
	for _, p := range m.Pairs() {
		q.pairs = append(q.pairs, p.Pair)
	}
	for i := range d.Colliders {
		c := &d.Colliders[i]
		q.solids[i] = distance.Solid{Shape: &c.Shape, At: c.Pose}
	}
	q.place()
	return q
}

// At makes the questions to come about the configuration x (length NQ).
func (q *Query) At(x []float64) error {
	if err := q.m.CheckState(State{Q: x, V: q.rest}); err != nil {
		return err
	}
	copy(q.q, x)
	q.place()
	return nil
}

func (q *Query) place() {
	d := q.m.dyn
	d.Kinematics(q.poses, q.q)
	d.Axes(q.axes, q.poses)
	for i := range d.Colliders {
		if c := &d.Colliders[i]; c.Body != dynamics.World {
			q.solids[i].At = q.poses[c.Body].Mul(c.Pose)
		}
	}
}

// Pose returns the world pose of a frame.
func (q *Query) Pose(f Frame) Pose {
	if f.Body < 0 {
		return f.Pose
	}
	return Pose(q.poses[f.Body]).Mul(f.Pose)
}

// Jacobian stores the derivative of the motion of a frame by the velocity in dst, 6×NV or empty: three rows of the
// velocity of its origin, three of its angular velocity, both in world axes. Columns belong to velocities as [State.V]
// has them, which are tangents of the configuration.
func (q *Query) Jacobian(dst *mat.Dense, f Frame) { q.jacobian(dst, f, spatial.Identity) }

// BodyJacobian is Jacobian with the rows in the axes of the frame.
func (q *Query) BodyJacobian(dst *mat.Dense, f Frame) {
	r := q.Pose(f).Rot
	q.jacobian(dst, f, spatial.Quat{Real: r.Real, Imag: -r.Imag, Jmag: -r.Jmag, Kmag: -r.Kmag})
}

func (q *Query) jacobian(dst *mat.Dense, f Frame, turn spatial.Quat) {
	if n := q.m.dyn.NV; dst.IsEmpty() {
		dst.ReuseAs(6, n)
	} else if r, c := dst.Dims(); r != 6 || c != n {
		panic(fmt.Sprintf("sim: the Jacobian of a frame is 6×%d, not %d×%d", n, r, c))
	}
	dst.Zero()
	o := q.Pose(f).Pos
	for i := f.Body; i >= 0; i = q.m.dyn.Bodies[i].Parent {
		b := &q.m.dyn.Bodies[i]
		for j := b.V; j < b.V+b.NV(); j++ {
			t := q.m.dyn.Screw(i, j, q.axes, q.poses, o)
			lin, ang := spatial.QuatRotate(turn, t.Lin), spatial.QuatRotate(turn, t.Ang)
			for r, x := range [6]float64{lin.X, lin.Y, lin.Z, ang.X, ang.Y, ang.Z} {
				dst.Set(r, j, x)
			}
		}
	}
}

// MassMatrix stores the mass matrix M (kg, kg m, kg m²) of continuous time in dst, NV×NV or empty: ½ vᵀM v is the kinetic energy, armature
// included. Joints that mimic another, and loops, count as free.
func (q *Query) MassMatrix(dst *mat.SymDense) {
	n := q.m.dyn.NV
	if q.mass == nil {
		q.mass, q.whole = make([]float64, n*n), make([]spatial.Mat6, len(q.poses))
	}
	q.m.dyn.MassMatrix(q.mass, q.axes, q.poses, q.whole)
	if dst.IsEmpty() {
		dst.ReuseAsSym(n)
	} else if dst.SymmetricDim() != n {
		panic(fmt.Sprintf("sim: the mass matrix is %d×%d, not %d×%d", n, n, dst.SymmetricDim(), dst.SymmetricDim()))
	}
	for i := range n {
		for j := i; j < n; j++ {
			dst.SetSym(i, j, q.mass[i*n+j])
		}
	}
}

// Bias stores in dst (length NV; N, of rotations N m) the force that keeps the velocity v (length NV) as it is: of continuous time,
//
//	M(q) dv/dt + Bias(q, v) = τ
//
// Coriolis and centrifugal forces and gravity; springs, dampers and dry friction of joints are in τ, where [Inverse.At] puts them on
// the other side. Joints that mimic another, and loops, count as free.
func (q *Query) Bias(dst, v []float64) error {
	n := q.m.dyn.NV
	if len(dst) != n || len(v) != n {
		return fmt.Errorf("sim: bias force of model %q: vectors have lengths %d and %d, want %d", q.m.name, len(dst), len(v), n)
	}
	if !finite(v...) {
		return fmt.Errorf("sim: bias force of model %q: a velocity is not finite", q.m.name)
	}
	if q.bare == nil {
		d := q.m.dyn.Clone()
		d.Mimics, d.Loops = nil, nil
		for i := range d.Dofs {
			f := &d.Dofs[i]
			f.Drive, f.Damping, f.Stiffness, f.Friction = dynamics.Passive, 0, 0, 0
		}
		q.bare = dynamics.NewStepper(d)
		q.y, q.a = make([]float64, max(n, 1)*10*len(d.Bodies)), make([]float64, n+d.NU)
	}
	if !q.bare.Load(q.q, v, q.a[n:], q.m.dyn.Timestep, 0) {
		return fmt.Errorf("sim: bias force of model %q: %s", q.m.name, q.m.halfTurn(q.bare.HalfTurn()))
	}
	q.bare.InverseAt(dst, q.y, q.a[:n])
	return nil
}
