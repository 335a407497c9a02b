package implicit

import (
	"errors"
	"fmt"

	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// Forces are the mean forces of one step in world axes, or tangents or cotangents of them. In a cotangent a nil slice
// is zero.
type Forces struct {
	Contacts []r3.Vec     // on the body, one per contact in the order of [sim.Model.Contacts] (N)
	Joints   []sim.Wrench // one per joint, as [sim.Stepper.JointWrench] (N, N m)
}

// NewForces returns forces of zero.
func NewForces(m *sim.Model) Forces {
	return Forces{Contacts: make([]r3.Vec, m.NumContacts()), Joints: make([]sim.Wrench, len(m.Joints()))}
}

func (f Forces) check(m *sim.Model) error {
	if n := m.NumContacts(); f.Contacts != nil && len(f.Contacts) != n {
		return fmt.Errorf("implicit: forces of %d contacts, the model has %d", len(f.Contacts), n)
	}
	if n := len(m.Engine().Bodies); f.Joints != nil && len(f.Joints) != n {
		return fmt.Errorf("implicit: wrenches of %d joints, the model has %d", len(f.Joints), n)
	}
	return nil
}

func (f Forces) clear() {
	clear(f.Contacts)
	clear(f.Joints)
}

func (f Forces) finite() bool {
	ok := true
	for _, c := range f.Contacts {
		ok = ok && finite([]float64{c.X, c.Y, c.Z})
	}
	for _, w := range f.Joints {
		ok = ok && finite([]float64{w.Force.X, w.Force.Y, w.Force.Z, w.Torque.X, w.Torque.Y, w.Torque.Z})
	}
	return ok
}

// read stores the forces of the last step of s.
func (f Forces) read(s *sim.Stepper) {
	for i := range f.Contacts {
		f.Contacts[i] = s.Contact(i).Force
	}
	for i := range f.Joints {
		f.Joints[i] = s.JointWrench(i)
	}
}

// ForceVJP is [Gradient.VJP] with cotangents of the step's forces besides: it stores yᵀ∂next/∂x + fᵀ∂forces/∂x in
// state, and the same by the input in u (length NU). One transposed solve.
func (g *Gradient) ForceVJP(state Tangent, u []float64, next Tangent, f Forces) error {
	if err := g.last.check(); err != nil {
		return err
	}
	m := g.last.m
	if err := errors.Join(next.check(m.NV()), state.check(m.NV()), f.check(m)); err != nil {
		return err
	}
	if nu := m.NU(); len(u) != nu {
		return fmt.Errorf("implicit: input cotangent has length %d, want %d", len(u), nu)
	}
	g.last.vjp(state, u, next, f)
	return nil
}

// ParamForceVJP is [Gradient.ParamVJP] with cotangents of the step's forces besides: it adds yᵀ∂next/∂p + fᵀ∂forces/∂p.
func (g *Gradient) ParamForceVJP(out []float64, params []Param, next Tangent, f Forces) error {
	if err := g.last.check(); err != nil {
		return err
	}
	m := g.last.m
	if err := errors.Join(next.check(m.NV()), f.check(m), checkParams(m, params)); err != nil {
		return err
	}
	if len(out) != len(params) {
		return fmt.Errorf("implicit: destination has length %d for %d parameters", len(out), len(params))
	}
	return g.last.paramVJP(out, params, next, f)
}

// ContactTangent stores the change of every contact's force (mean over the step, world axes, N) for the
// tangent of the last [Gradient.JVP] or [Gradient.ParamJVP]; len(dst) is the number of contacts.
func (g *Gradient) ContactTangent(dst []r3.Vec) error {
	if err := g.checkTangent(); err != nil {
		return err
	}
	if n := g.last.m.NumContacts(); len(dst) != n {
		return fmt.Errorf("implicit: destination has length %d, the model has %d contacts", len(dst), n)
	}
	g.last.contactTangent(dst)
	return nil
}

// JointTangent stores the change of every joint's force and torque (as [sim.Stepper.JointWrench]) for the
// tangent of the last [Gradient.JVP] or [Gradient.ParamJVP]; len(dst) is the number of bodies.
func (g *Gradient) JointTangent(dst []sim.Wrench) error {
	if err := g.checkTangent(); err != nil {
		return err
	}
	if n := len(g.last.m.Engine().Bodies); len(dst) != n {
		return fmt.Errorf("implicit: destination has length %d, the model has %d joints", len(dst), n)
	}
	g.last.jointTangent(dst)
	return nil
}

// checkTangent returns an error when there is no tangent of forces.
func (g *Gradient) checkTangent() error {
	if err := g.last.check(); err != nil {
		return err
	}
	if g.last.pushed == pushNone {
		return ErrNotPush
	}
	return nil
}
