package sim

import (
	"fmt"
	"slices"

	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/mat"
)

// Inverse finds the forces that make a given motion: inverse dynamics, of the discrete step and of continuous time. A force has
// one number per velocity (N, of rotations N m), which is what drives must give beside what joints do by themselves:
// damping, springs, armature, and the dry friction of joints that move (of one at rest it could be anything within its
// bound, and counts as none). Inputs, servos, limits and contacts of the model play no part; a motion that touches has the
// generalized forces of its contacts in the result, unless they are given by SetWrench. The force on a joint that mimics
// another is moved to that.
//
// It holds scratch memory: use one per goroutine.
type Inverse struct {
	m    *Model
	dyn  *dynamics.Stepper // of m without drives
	zero []float64         // input
	v    []float64         // scratch: two velocities
	y    []float64         // scratch: regressor by inertial parameters
	done bool              // whether Step succeeded last
}

// NewInverse returns the inverse dynamics of m.
func (m *Model) NewInverse() *Inverse {
	d := m.dyn.Clone()
	for i := range d.Dofs {
		d.Dofs[i].Drive = dynamics.Passive
	}
	d.Thrusters = nil
	n := max(d.NV, 1)
	return &Inverse{m: m, dyn: dynamics.NewStepper(d), zero: make([]float64, d.NU), v: make([]float64, 2*n), y: make([]float64, n*10*len(d.Bodies))}
}

// SetWrench sets an external force and torque on body i, acting at its center of mass in world axes, for all calls to come.
func (d *Inverse) SetWrench(i int, w Wrench) { d.dyn.SetWrench(i, spatial.Wrench(w)) }

// Step stores in tau (length NV) the force over one timestep that takes the state cur to the velocity next (length NV) of
// the coming interval: the balance of momentum of [Stepper.Step], solved for the force. A step under it gives next back,
// unless limits or contacts act.
func (d *Inverse) Step(tau []float64, cur State, next []float64) error {
	d.done = false
	if err := d.check(cur, tau, next); err != nil {
		return err
	}
	if !d.dyn.Load(cur.Q, cur.V, d.zero, d.m.dyn.Timestep, cur.H) || !d.dyn.Inverse(tau, next) {
		return fmt.Errorf("sim: inverse dynamics of model %q: a body turns by half a turn or more in a step of %g s", d.m.name, d.m.dyn.Timestep)
	}
	d.done = true
	return nil
}

// Knots is Step for three configurations (length NQ) one timestep apart: the force at the middle one.
func (d *Inverse) Knots(tau, before, now, after []float64) error {
	d.done = false
	if err := d.looped(); err != nil {
		return err
	}
	for _, q := range [][]float64{before, now, after} {
		if err := d.m.CheckState(State{Q: q, V: d.v[:d.m.dyn.NV]}); err != nil {
			return err
		}
	}
	h, n := d.m.dyn.Timestep, d.m.dyn.NV
	cur, next := State{Q: now, V: d.v[:n], H: h}, d.v[n:2*n]
	d.m.dyn.Difference(cur.V, now, before)
	d.m.dyn.Difference(next, after, now)
	for i := range next {
		cur.V[i] /= h
		next[i] /= h
	}
	return d.Step(tau, cur, next)
}

// At stores in tau (length NV) the force that gives the configuration q and the velocity v the acceleration a = dv/dt: the
// limit of Step for short intervals, which are symmetric about the instant.
func (d *Inverse) At(tau, q, v, a []float64) error {
	if err := d.instant(q, v, a, tau); err != nil {
		return err
	}
	d.dyn.InverseAt(tau, d.y, a)
	return nil
}

// Columns returns the number of columns of a regressor: the ten inertial parameters of each body about its frame origin (see
// docs/conventions.md), bodies in order; then armature, damping and dry friction of each velocity, three in a row.
func (d *Inverse) Columns() int { return 10*len(d.m.bodies) + 3*d.m.dyn.NV }

// Regressor stores in y, NV×[Inverse.Columns], the derivative of the force of At by the inertial parameters of the bodies and by
// armature, damping and dry friction of the joints. The force is linear in them: y times their values is that force, without
// springs and external wrenches (Atkeson, An, Hollerbach, 1986).
func (d *Inverse) Regressor(y *mat.Dense, q, v, a []float64) error {
	if err := d.instant(q, v, a, d.v[:d.m.dyn.NV]); err != nil {
		return err
	}
	nv, n := d.m.dyn.NV, 10*len(d.m.bodies)
	d.dyn.InverseAt(d.v[:nv], d.y, a)
	y.ReuseAs(nv, d.Columns())
	for i := range nv {
		copy(y.RawRowView(i), d.y[i*n:(i+1)*n])
		for k, x := range [3]float64{a[i], v[i], d.dyn.SlideSign(i)} {
			y.Set(i, n+3*i+k, x)
		}
	}
	for i, c := range d.m.dyn.Mimics { // see foldMimics
		lead := d.dyn.Lead(i)
		for k := range 3 {
			y.Set(c.Of, n+3*c.Dof+k, lead*y.At(c.Dof, n+3*c.Dof+k))
			y.Set(c.Dof, n+3*c.Dof+k, 0)
		}
	}
	return nil
}

// StepRegressor stores in y, NV×[Inverse.Columns], the derivative of the force of the last call of Step or Knots, which must have
// succeeded. The force of a step is linear in the parameters of joints, and in inertial parameters but for terms of second
// order in the angle that a body turns in it: the derivative is that at the model's own values.
func (d *Inverse) StepRegressor(y *mat.Dense) error {
	if !d.done {
		return fmt.Errorf("sim: inverse dynamics of model %q: there is no step to differentiate", d.m.name)
	}
	nv := d.m.dyn.NV
	y.ReuseAs(nv, d.Columns())
	col := d.v[:nv]
	set := func(c int, p dynamics.Param) {
		d.dyn.InverseColumn(col, p)
		y.SetCol(c, col)
	}
	for i := range d.m.bodies {
		for c := range 10 {
			if d.m.dyn.Bodies[i].Mass > 0 {
				set(10*i+c, dynamics.Param{Kind: dynamics.ParamInertia, Index: i, Comp: c})
			}
		}
	}
	for i := range nv {
		for k, kind := range [3]dynamics.ParamKind{dynamics.ParamArmature, dynamics.ParamDamping, dynamics.ParamDry} {
			set(10*len(d.m.bodies)+3*i+k, dynamics.Param{Kind: kind, Index: i})
		}
	}
	return nil
}

// looped returns an error where loops share the forces: they are not determined by the motion.
func (d *Inverse) looped() error {
	if len(d.m.loops) > 0 {
		return fmt.Errorf("sim: inverse dynamics of model %q: loop %s also pushes, and by how much the motion does not say; take the loops out, and their forces as external wrenches", d.m.name, d.m.loops[0])
	}
	return nil
}

// check returns an error for what is no state, or no vector of NV finite numbers.
func (d *Inverse) check(cur State, vs ...[]float64) error {
	if err := d.looped(); err != nil {
		return err
	}
	if err := d.m.CheckState(cur); err != nil {
		return err
	}
	for k, v := range vs {
		if len(v) != d.m.dyn.NV {
			return fmt.Errorf("sim: inverse dynamics of model %q: a vector has length %d, want %d", d.m.name, len(v), d.m.dyn.NV)
		}
		if i := slices.IndexFunc(v, func(x float64) bool { return x-x != 0 }); k > 0 && i >= 0 {
			return fmt.Errorf("sim: inverse dynamics of model %q: motion %d is %g", d.m.name, i, v[i])
		}
	}
	return nil
}

// instant loads a configuration and the velocity there. No time passes: the length of the step only scales what comes after.
func (d *Inverse) instant(q, v, a, tau []float64) error {
	d.done = false
	cur := State{Q: q, V: v}
	if err := d.check(cur, tau, a); err != nil {
		return err
	}
	if !d.dyn.Load(q, v, d.zero, d.m.dyn.Timestep, 0) {
		return fmt.Errorf("sim: inverse dynamics of model %q: %s", d.m.name, d.m.halfTurn(d.dyn.HalfTurn()))
	}
	return nil
}
