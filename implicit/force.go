package implicit

import (
	"errors"
	"fmt"
	"slices"

	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// ContactForce is the force of one contact, on body A in world axes (N), and the torque by which it resists turning (N m,
// [sim.Contact]), or a tangent or cotangent of them.
type ContactForce struct {
	ID            sim.ContactID
	Force, Torque r3.Vec
}

// Forces are the mean forces of one step in world axes, or tangents or cotangents of them. Contacts are named by their
// IDs, since every step may have others; in a cotangent those that are not listed are zero, and so are joints and loops
// when nil. Shapes that are not near each other in a step have no force, and no derivative of it.
type Forces struct {
	Contacts []ContactForce
	Joints   []sim.Wrench // one per joint, as [sim.Stepper.JointWrench] (N, N m)
	Loops    []sim.Wrench // one per loop, as [sim.Stepper.LoopForce], on body A about a place that moves with the loop (N, N m)
}

// NewForces returns forces of zero of the contacts that the last step had, in the order of [sim.Stepper.Contacts], and of all
// joints and loops.
func (g *Gradient) NewForces() Forces {
	var f Forces
	f.read(g.s)
	f.clear()
	return f
}

// find returns the engine's index of a contact with a half-space that a step of m has; −1 and the engine's name of one between shapes.
func find(m *sim.Model, id sim.ContactID) (int, dynamics.Key, error) {
	key := dynamics.Key{A: id.A, B: id.B, Feature: uint64(id.Feature)}
	if m.HasContact(id) {
		if k, ok := id.HalfSpace(); ok {
			return m.Engine().FindContact(id.A, k, id.Feature), key, nil
		}
		return -1, key, nil
	}
	return -1, key, fmt.Errorf("implicit: the step has no contact %s; sim.Stepper.Contacts lists those it has", m.ContactName(id))
}

func (f Forces) check(m *sim.Model) error {
	for i := range f.Contacts {
		if _, _, err := find(m, f.Contacts[i].ID); err != nil {
			return err
		}
	}
	if n := len(m.Engine().Bodies); f.Joints != nil && len(f.Joints) != n {
		return fmt.Errorf("implicit: wrenches of %d joints, the model has %d", len(f.Joints), n)
	}
	if n := len(m.Engine().Loops); f.Loops != nil && len(f.Loops) != n {
		return fmt.Errorf("implicit: wrenches of %d loops, the model has %d", len(f.Loops), n)
	}
	return nil
}

// checkGiven returns an error for cotangents of forces that no product has either.
func (f Forces) checkGiven(m *sim.Model) error {
	if !f.finite() {
		return errors.New("implicit: a cotangent of forces is not finite")
	}
	return f.check(m)
}

// clear makes all forces zero.
func (f Forces) clear() {
	for i := range f.Contacts {
		f.Contacts[i].Force, f.Contacts[i].Torque = r3.Vec{}, r3.Vec{}
	}
	clear(f.Joints)
	clear(f.Loops)
}

func (f Forces) finite() bool {
	ok := true
	for _, c := range f.Contacts {
		ok = ok && finite([]float64{c.Force.X, c.Force.Y, c.Force.Z, c.Torque.X, c.Torque.Y, c.Torque.Z})
	}
	for _, l := range [][]sim.Wrench{f.Joints, f.Loops} {
		for _, w := range l {
			ok = ok && finite([]float64{w.Force.X, w.Force.Y, w.Force.Z, w.Torque.X, w.Torque.Y, w.Torque.Z})
		}
	}
	return ok
}

// read makes f the forces of the last step of s.
func (f *Forces) read(s *sim.Stepper) {
	f.Contacts = f.Contacts[:0]
	for _, c := range s.Contacts() {
		f.Contacts = append(f.Contacts, ContactForce{c.ID, c.Force, c.Torque})
	}
	f.Joints = slices.Grow(f.Joints[:0], len(s.Model().Engine().Bodies))[:len(s.Model().Engine().Bodies)]
	for i := range f.Joints {
		f.Joints[i] = s.JointWrench(i)
	}
	f.Loops = slices.Grow(f.Loops[:0], len(s.Model().Engine().Loops))[:len(s.Model().Engine().Loops)]
	for i := range f.Loops {
		f.Loops[i] = s.LoopForce(i).Wrench
	}
}

// zeroOf makes f zero, with the contacts and joints of o.
func (f *Forces) zeroOf(o Forces) {
	f.Contacts, f.Joints, f.Loops = append(f.Contacts[:0], o.Contacts...), append(f.Joints[:0], o.Joints...), append(f.Loops[:0], o.Loops...)
	f.clear()
}

// ForceVJP is [Gradient.VJP] with cotangents of the step's forces besides: it stores yᵀ∂next/∂x + fᵀ∂forces/∂x in
// state, and the same by the input in u (length NU). One transposed solve.
func (g *Gradient) ForceVJP(state Tangent, u []float64, next Tangent, f Forces) error {
	if err := g.last.check(); err != nil {
		return err
	}
	m := g.last.m
	if err := errors.Join(next.checkGiven(m.NV(), state), state.check(m.NV()), f.checkGiven(m)); err != nil {
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
	if err := errors.Join(next.checkGiven(m.NV(), Tangent{}), f.checkGiven(m), checkParams(m, params)); err != nil {
		return err
	}
	if len(out) != len(params) {
		return fmt.Errorf("implicit: destination has length %d for %d parameters", len(out), len(params))
	}
	return g.last.paramVJP(out, params, next, f)
}

// ContactTangent stores in every entry of dst the change of force and torque (means over the step) of the contact that its ID names,
// for the tangent of the last [Gradient.JVP] or [Gradient.ParamJVP]. [Gradient.NewForces] lists all contacts of a step. A contact
// that the step does not have is an error.
func (g *Gradient) ContactTangent(dst []ContactForce) error {
	if err := g.checkTangent(); err != nil {
		return err
	}
	if err := (Forces{Contacts: dst}).check(g.last.m); err != nil {
		return err
	}
	g.last.contactTangent(dst)
	return nil
}

// JointTangent stores the change of every joint's force and torque (as [sim.Stepper.JointWrench]) for the
// tangent of the last [Gradient.JVP] or [Gradient.ParamJVP]; len(dst) is the number of bodies.
func (g *Gradient) JointTangent(dst []sim.Wrench) error {
	if err := g.checkWrenches(dst, "joints", func(m *dynamics.Model) int { return len(m.Bodies) }); err != nil {
		return err
	}
	g.last.jointTangent(dst)
	return nil
}

// LoopTangent stores the change of the force and torque of every loop (as [sim.Stepper.LoopForce], its place aside) for the tangent of the
// last [Gradient.JVP] or [Gradient.ParamJVP]; len(dst) is the number of loops.
func (g *Gradient) LoopTangent(dst []sim.Wrench) error {
	if err := g.checkWrenches(dst, "loops", func(m *dynamics.Model) int { return len(m.Loops) }); err != nil {
		return err
	}
	g.last.loopTangent(dst)
	return nil
}

// checkWrenches returns an error when there is no tangent of forces, or dst does not hold one for each of what the model has.
func (g *Gradient) checkWrenches(dst []sim.Wrench, what string, count func(*dynamics.Model) int) error {
	if err := g.checkTangent(); err != nil {
		return err
	}
	if n := count(g.last.m.Engine()); len(dst) != n {
		return fmt.Errorf("implicit: destination has length %d, the model has %d %s", len(dst), n, what)
	}
	if g.last.opened {
		return ErrOpens
	}
	return nil
}

// checkTangent returns an error when there is no tangent of forces.
func (g *Gradient) checkTangent() error {
	if err := g.last.check(); err != nil {
		return err
	}
	if !g.last.pushed {
		return ErrNoTangent
	}
	return nil
}
