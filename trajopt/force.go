package trajopt

import (
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
)

// Contact is the sum of the contact forces on a collider, or on all colliders of a body, in a step (N, world axes, mean
// of the step, 3 numbers), less a target: one for all steps or one for each.
func Contact(m *sim.Model, name string, target ...r3.Vec) Function {
	touch, err := implicit.FindTouch(m, name)
	f := Function{Name: "contact force on " + name, Dim: 3, targets: len(target), err: err}
	f.EvalForces = func(k int, forces implicit.Forces, r []float64, d []implicit.Forces) {
		sum := touch.Force(forces)
		if len(target) > 0 {
			sum = r3.Sub(sum, target[min(k, len(target)-1)])
		}
		copy(r, []float64{sum.X, sum.Y, sum.Z})
		for i := range d {
			touch.Add(d[i], [3]r3.Vec{{X: 1}, {Y: 1}, {Z: 1}}[i])
		}
	}
	return f
}

// Wrench is what a joint transmits to its child in a step, force (N) and torque (N m, about the child's body frame
// origin) in world axes, mean of the step, 6 numbers (see [sim.Stepper.JointWrench]).
func Wrench(m *sim.Model, joint string) Function {
	at, err := m.Joint(joint)
	f := Function{Name: "wrench of " + joint, Dim: 6, err: err}
	f.EvalForces = func(_ int, forces implicit.Forces, r []float64, d []implicit.Forces) {
		w := forces.Joints[at.Child]
		copy(r, []float64{w.Force.X, w.Force.Y, w.Force.Z, w.Torque.X, w.Torque.Y, w.Torque.Z})
		for i := range d {
			w := &d[i].Joints[at.Child]
			*[]*float64{&w.Force.X, &w.Force.Y, &w.Force.Z, &w.Torque.X, &w.Torque.Y, &w.Torque.Z}[i]++
		}
	}
	return f
}

// forces reads those of the last step of a stepper.
func forces(f *implicit.Forces, s *sim.Stepper) {
	f.Contacts, f.Joints = f.Contacts[:0], f.Joints[:0]
	for _, c := range s.Contacts() {
		f.Contacts = append(f.Contacts, implicit.ContactForce{ID: c.ID, Force: c.Force, Torque: c.Torque})
	}
	for i := range s.Model().Bodies() {
		f.Joints = append(f.Joints, s.JointWrench(i))
	}
}

// zeros returns n cotangents of the forces f.
func zeros(n int, f implicit.Forces) []implicit.Forces {
	d := make([]implicit.Forces, n)
	for i := range d {
		d[i].Joints = make([]sim.Wrench, len(f.Joints))
		for _, c := range f.Contacts {
			d[i].Contacts = append(d[i].Contacts, implicit.ContactForce{ID: c.ID})
		}
	}
	return d
}

// ofForces stores the derivative of a term of the forces f of the step that g has just differentiated, by the state and the
// input from which that step went: one transposed solve for each number.
func (t *term) ofForces(k int, g *implicit.Gradient, f implicit.Forces, dx, du *mat.Dense) error {
	r, d := make([]float64, t.Dim), zeros(t.Dim, f)
	t.EvalForces(k, f, r, d)
	_, n := dx.Dims()
	next := implicit.Tangent{Q: make([]float64, n/2), V: make([]float64, n/2)}
	for i := range d {
		row := dx.RawRowView(i)
		if err := g.ForceVJP(implicit.Tangent{Q: row[:n/2], V: row[n/2:]}, du.RawRowView(i), next, d[i]); err != nil {
			return fmt.Errorf("%s: %w", t.Name, err)
		}
	}
	return nil
}

// checkForces compares the derivative of f by the forces of a step with differences.
func (f *Function) checkForces(k int, at implicit.Forces) error {
	r, plain, d := make([]float64, f.Dim), make([]float64, f.Dim), zeros(f.Dim, at)
	f.EvalForces(k, at, r, d)
	f.EvalForces(k, at, plain, nil)
	for i := range r {
		if !(math.Abs(r[i]-plain[i]) <= 1e-12*(1+math.Abs(r[i]))) {
			return fmt.Errorf("number %d is %g with derivatives and %g without", i, r[i], plain[i])
		}
	}
	numbers := components(at)
	given := mat.NewDense(f.Dim, max(len(numbers), 1), nil)
	for i := range d {
		for c, x := range components(d[i]) {
			given.Set(i, c, *x)
		}
	}
	return compare("component of the forces", given, func(c int, eps float64) []float64 {
		out := make([]float64, f.Dim)
		if c < len(numbers) {
			defer func(old float64) { *numbers[c] = old }(*numbers[c])
			*numbers[c] += eps
		}
		f.EvalForces(k, at, out, nil)
		return out
	})
}

// components returns all numbers of forces, to be changed: of contacts, then of joints.
func components(f implicit.Forces) (l []*float64) {
	add := func(v *r3.Vec) { l = append(l, &v.X, &v.Y, &v.Z) }
	for i := range f.Contacts {
		add(&f.Contacts[i].Force)
		add(&f.Contacts[i].Torque)
	}
	for i := range f.Joints {
		add(&f.Joints[i].Force)
		add(&f.Joints[i].Torque)
	}
	return l
}
