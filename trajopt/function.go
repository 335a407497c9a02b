package trajopt

import (
	"errors"
	"fmt"
	"slices"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// Function is a vector function of a state and the input of the step from there, with its derivative. It becomes a cost by
// [Function.Weigh], or a constraint of a [Problem]. The functions of this package that return one remember mistakes, which
// solvers report all together.
type Function struct {
	Name string
	Dim  int // how many numbers it has

	// Eval stores the value at state x of step k under the input u in r (Dim), and, unless dx is nil, the derivative
	// by the state in dx (Dim×2NV, columns (q, v) of the tangent space) and by the input in du (Dim×NU). All of them are
	// zero on entry. At the last state u and du are nil. Several goroutines call it at the same time.
	Eval func(k int, x sim.State, u, r []float64, dx, du *mat.Dense)

	// EvalForces is there instead of Eval in a function of the mean forces of step k: it stores the value in r (Dim)
	// and, unless d is nil, the derivative of number i in d[i], which lists the contacts and joints of f, zero on
	// entry. A limit or cost of all steps; the last state has no forces.
	EvalForces func(k int, f implicit.Forces, r []float64, d []implicit.Forces)

	input   bool // needs the input: not for the last state
	targets int  // how many it was given; 0 for none
	err     error
}

// states returns for how many states a function has a value: of n steps the last state has no input, and no forces.
func (f *Function) states(n int) int {
	if f.input || f.EvalForces != nil {
		return n
	}
	return n + 1
}

// Cost is the cost ½ Σ w r² of the numbers of a function.
type Cost struct {
	Function
	Weight []float64 // Dim, or one for all; not negative
}

// Weigh makes a cost of f: one weight for each of its numbers, or one for all.
func (f Function) Weigh(w ...float64) Cost { return Cost{Function: f, Weight: w} }

// Named returns f with a name to be reported by.
func (f Function) Named(name string) Function {
	f.Name = name
	return f
}

// State is the difference of the state from a target in the tangent space, 2NV numbers (q, v): one target for all steps, or
// one for each state 0 … Steps.
func State(m *sim.Model, target ...sim.State) Function {
	f := Function{Name: "state", Dim: 2 * m.NV(), targets: len(target)}
	target = slices.Clone(target) // what the caller does with his states later is no matter of the cost
	for i := range target {
		target[i] = target[i].Clone()
	}
	residual, err := implicit.StateResidual(m, target, nil)
	if f.err = err; err != nil {
		return f
	}
	if len(target) == 0 {
		f.err = errors.New("no target given")
		return f
	}
	f.Eval = func(k int, x sim.State, _, r []float64, dx, _ *mat.Dense) {
		if dx == nil {
			d := implicit.Tangent{Q: r[:m.NV()], V: r[m.NV():]}
			implicit.Difference(m, d, x, target[min(k, len(target)-1)])
			return
		}
		// it cannot fail: k is one of its states
		_ = residual(min(k, len(target)-1), x, r, dx)
	}
	return f
}

// Input is the difference of the input from a target (NU; none is zero): one target for all steps, or one for each.
func Input(m *sim.Model, target ...[]float64) Function {
	f := Function{Name: "input", Dim: m.NU(), input: true, targets: len(target)}
	for k, t := range target {
		if len(t) != m.NU() {
			f.err = fmt.Errorf("target %d has %d inputs, want %d", k, len(t), m.NU())
		}
	}
	f.Eval = func(k int, _ sim.State, u, r []float64, _, du *mat.Dense) {
		copy(r, u)
		if len(target) > 0 {
			for i, t := range target[min(k, len(target)-1)] {
				r[i] -= t
			}
		}
		if du != nil {
			for i := range r {
				du.Set(i, i, 1)
			}
		}
	}
	return f
}

// Position is where the origin of a frame (a link's name) is in the world, less a target (m, 3 numbers): one for all steps or one
// for each state 0 … Steps.
func Position(m *sim.Model, frame string, target ...r3.Vec) Function {
	f, at := ofFrame(m, "position of ", frame, 3)
	f.targets = len(target)
	if f.err == nil && len(target) == 0 {
		f.err = errors.New("no target given")
	}
	f.Eval = func(k int, x sim.State, _, r []float64, dx, _ *mat.Dense) {
		e := r3.Sub(implicit.FramePose(m, x.Q, at).Pos, target[min(k, len(target)-1)])
		copy(r, []float64{e.X, e.Y, e.Z})
		if dx != nil {
			j, _ := implicit.FrameJacobian(m, x.Q, at) // a frame of m
			copyBlock(dx, j, 0)
		}
	}
	return f
}

// Orientation is how far a frame is turned from a target (a unit quaternion from frame to world axes): 2 sin(θ/2) times the axis in
// world axes, 3 numbers. To third order that is the rotation vector (rad), and unlike it smooth for all angles below half a turn and
// back.
func Orientation(m *sim.Model, frame string, target quat.Number) Function {
	f, at := ofFrame(m, "orientation of ", frame, 3)
	if a := quat.Abs(target); f.err == nil && !(a > 0.999 && a < 1.001) {
		f.err = fmt.Errorf("target %v is no unit quaternion", target)
	}
	f.Eval = func(_ int, x sim.State, _, r []float64, dx, _ *mat.Dense) {
		q := quat.Mul(implicit.FramePose(m, x.Q, at).Rot, quat.Conj(target))
		if q.Real < 0 {
			q = quat.Scale(-1, q)
		}
		copy(r, []float64{2 * q.Imag, 2 * q.Jmag, 2 * q.Kmag})
		if dx == nil {
			return
		}
		// a rotation dφ on the left changes 2v by w dφ + dφ × v
		j, _ := implicit.FrameJacobian(m, x.Q, at)
		for c := range m.NV() {
			a := r3.Vec{X: j.At(3, c), Y: j.At(4, c), Z: j.At(5, c)}
			d := r3.Add(r3.Scale(q.Real, a), r3.Cross(a, r3.Vec{X: q.Imag, Y: q.Jmag, Z: q.Kmag}))
			dx.Set(0, c, d.X)
			dx.Set(1, c, d.Y)
			dx.Set(2, c, d.Z)
		}
	}
	return f
}

// Velocity is the velocity of a frame in world axes, linear (m/s) and angular (rad/s), 6 numbers, as
// [implicit.FrameVelocity] gives it, less a target.
func Velocity(m *sim.Model, frame string, linear, angular r3.Vec) Function {
	f, at := ofFrame(m, "velocity of ", frame, 6)
	f.Eval = func(_ int, x sim.State, _, r []float64, dx, _ *mat.Dense) {
		v, w, _ := implicit.FrameVelocity(m, x, at)
		v, w = r3.Sub(v, linear), r3.Sub(w, angular)
		copy(r, []float64{v.X, v.Y, v.Z, w.X, w.Y, w.Z})
		if dx != nil {
			j, _ := implicit.FrameVelocityJacobian(m, x, at)
			copyBlock(dx, j, 0)
		}
	}
	return f
}

func ofFrame(m *sim.Model, what, frame string, dim int) (Function, sim.Frame) {
	at, err := m.Frame(frame)
	return Function{Name: what + frame, Dim: dim, err: err}, at
}

// copyBlock stores the rows of src from first on in dst, whose further columns stay.
func copyBlock(dst, src *mat.Dense, first int) {
	rows, _ := dst.Dims()
	_, cols := src.Dims()
	for i := range rows {
		copy(dst.RawRowView(i)[:cols], src.RawRowView(first+i))
	}
}

// Rows returns the function of some of the numbers of f, in the given order.
func (f Function) Rows(rows ...int) Function {
	g := f
	g.Dim = len(rows)
	for _, i := range rows {
		if i < 0 || i >= f.Dim {
			g.err = errors.Join(g.err, fmt.Errorf("row %d of %d", i, f.Dim))
			return g
		}
	}
	if f.EvalForces != nil {
		g.EvalForces = func(k int, forces implicit.Forces, r []float64, d []implicit.Forces) {
			v, all := make([]float64, f.Dim), []implicit.Forces(nil)
			if d != nil {
				all = zeros(f.Dim, forces)
			}
			f.EvalForces(k, forces, v, all)
			for i, from := range rows {
				if r[i] = v[from]; d != nil {
					d[i] = all[from]
				}
			}
		}
		return g
	}
	g.Eval = func(k int, x sim.State, u, r []float64, dx, du *mat.Dense) {
		v, a, b := f.values(k, x, u, dx, du)
		for i, from := range rows {
			r[i] = v[from]
			if dx != nil {
				dx.SetRow(i, a.RawRowView(from))
			}
			if du != nil {
				du.SetRow(i, b.RawRowView(from))
			}
		}
	}
	return g
}

// values returns what Eval stores, in memory of its own, with derivatives of the widths of dx and du unless these are nil.
func (f Function) values(k int, x sim.State, u []float64, dx, du *mat.Dense) (v []float64, a, b *mat.Dense) {
	v = make([]float64, f.Dim)
	like := func(d *mat.Dense) *mat.Dense {
		if d == nil {
			return nil
		}
		_, cols := d.Dims()
		return mat.NewDense(f.Dim, cols, nil)
	}
	a, b = like(dx), like(du)
	f.Eval(k, x, u, v, a, b)
	return v, a, b
}

// AtMost is f − bound, a limit: one bound for each number of f, or one for all.
func (f Function) AtMost(bound ...float64) Function { return f.against(1, " at most", bound) }

// AtLeast is bound − f, a limit: one bound for each number of f, or one for all.
func (f Function) AtLeast(bound ...float64) Function { return f.against(-1, " at least", bound) }

func (f Function) against(sign float64, how string, bound []float64) Function {
	g := f
	g.Name = fmt.Sprintf("%s%s %g", f.Name, how, bound)
	if len(bound) != f.Dim && len(bound) != 1 {
		g.err = errors.Join(g.err, fmt.Errorf("%d bounds for %d numbers", len(bound), f.Dim))
		return g
	}
	off := func(r []float64) {
		for i := range r {
			r[i] = sign * (r[i] - bound[min(i, len(bound)-1)])
		}
	}
	if f.EvalForces != nil {
		g.EvalForces = func(k int, forces implicit.Forces, r []float64, d []implicit.Forces) {
			f.EvalForces(k, forces, r, d)
			off(r)
			for i := range d {
				for _, x := range components(d[i]) {
					*x *= sign
				}
			}
		}
		return g
	}
	g.Eval = func(k int, x sim.State, u, r []float64, dx, du *mat.Dense) {
		f.Eval(k, x, u, r, dx, du)
		off(r)
		if dx != nil {
			dx.Scale(sign, dx)
		}
		if du != nil {
			du.Scale(sign, du)
		}
	}
	return g
}
