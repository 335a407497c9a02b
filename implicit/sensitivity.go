package implicit

import (
	"errors"
	"fmt"

	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
)

// Unknowns are what [Gradient.Sensitivity] differentiates by. Its columns are in this order.
type Unknowns struct {
	Start  []Tangent     // directions of the first state; Directions gives all of them
	Params []Param       // per unit of the parameter
	Inputs [][][]float64 // directions of the inputs: Inputs[j][k] is how that of step k changes (NU), nil is zero
}

// Len returns the number of unknowns.
func (u Unknowns) Len() int { return len(u.Start) + len(u.Params) + len(u.Inputs) }

// Directions returns the 2NV unit tangents of a state, in the order (q, v).
func Directions(m *sim.Model) []Tangent {
	nv := m.NV()
	ds := make([]Tangent, 2*nv)
	for i := range nv {
		ds[i], ds[nv+i] = NewTangent(m), NewTangent(m)
		ds[i].Q[i], ds[nv+i].V[i] = 1, 1
	}
	return ds
}

// Sensitivity takes len(inputs) steps from start (nil inputs are zero) and pushes the derivatives by all unknowns forward.
// It calls each with every state of the trajectory, k = 0 the start and k = len(inputs) the last, and with the
// derivative dx of the state by the unknowns, 2NV×n, rows (q, v) in the tangent space. Both belong to the Gradient: copy
// what shall last. An error of each ends the rollout. A step that has no derivative is an error that names it.
//
// It costs a forward product per unknown and step, and suits least squares and long rollouts of few unknowns; for the
// gradient of a cost by many, [Gradient.Rollout] is faster. Steps do not allocate.
func (g *Gradient) Sensitivity(start sim.State, inputs [][]float64, by Unknowns, each func(k int, x sim.State, dx *mat.Dense) error) error {
	return g.sensitivity(start, inputs, by, nil, each)
}

// ForceSensitivity is [Gradient.Sensitivity] with the mean forces f of the step that led to state k besides, and their
// derivatives: df[j] by unknown j, of the same contacts and joints in the same order. No step led to the start: there f
// and df are empty.
func (g *Gradient) ForceSensitivity(start sim.State, inputs [][]float64, by Unknowns, each func(k int, x sim.State, dx *mat.Dense, f Forces, df []Forces) error) error {
	c := &forceColumns{by: make([]Forces, by.Len())}
	return g.sensitivity(start, inputs, by, c, func(k int, x sim.State, dx *mat.Dense) error { return each(k, x, dx, c.now, c.by) })
}

// forceColumns are the forces of a step and their derivatives by the unknowns.
type forceColumns struct {
	now  Forces
	by   []Forces
	part Forces // of a parameter alone
}

// tangent stores the change of the forces for the last forward product over t.
func (c *forceColumns) tangent(t *taken, dst *Forces) {
	dst.zeroOf(c.now)
	t.contactTangent(dst.Contacts)
	t.jointTangent(dst.Joints)
	t.loopTangent(dst.Loops)
}

// add adds it to what the state before has changed.
func (c *forceColumns) add(t *taken, dst *Forces) {
	c.tangent(t, &c.part)
	for i, p := range c.part.Contacts {
		d := &dst.Contacts[i]
		d.Force, d.Torque = r3.Add(d.Force, p.Force), r3.Add(d.Torque, p.Torque)
	}
	addWrenches(dst.Joints, c.part.Joints, 1)
	addWrenches(dst.Loops, c.part.Loops, 1)
}

// sensitivity pushes the forces along as well when forces is not nil.
func (g *Gradient) sensitivity(start sim.State, inputs [][]float64, by Unknowns, forces *forceColumns, each func(k int, x sim.State, dx *mat.Dense) error) error {
	m := g.s.Model()
	if err := errors.Join(m.CheckState(start), by.check(m, len(inputs)), g.checkKappa()); err != nil {
		return err
	}
	nv, n := m.NV(), by.Len()
	t, dx := g.newTape(1), mat.NewDense(2*nv, n, nil)
	x, next, out := start.Clone(), m.NewState(), NewTangent(m)
	cols := make([]Tangent, n)
	for j := range cols {
		cols[j] = NewTangent(m)
		if j < len(by.Start) {
			copy(cols[j].Q, by.Start[j].Q)
			copy(cols[j].V, by.Start[j].V)
		}
	}
	for k := 0; ; k++ {
		for j, c := range cols {
			for i := range c.Q {
				dx.Set(i, j, c.Q[i])
				dx.Set(nv+i, j, c.V[i])
			}
		}
		if err := each(k, x, dx); err != nil {
			return err
		}
		if k == len(inputs) {
			return nil
		}
		if err := t.step(0, k, &next, x, inputs[k]); err != nil {
			return fmt.Errorf("step %d: %w", k, err)
		}
		if forces != nil {
			forces.now.read(t.steppers[0])
		}
		for j := range cols {
			if err := by.push(&t.taken[0], forces, cols[j], out, j, k); err != nil {
				return fmt.Errorf("step %d: %w", k, err)
			}
			if !finite(cols[j].Q) || !finite(cols[j].V) {
				return fmt.Errorf("step %d: %w", k, errOverflow)
			}
		}
		x, next = next, x
	}
}

// push takes column j over step k.
func (u Unknowns) push(t *taken, forces *forceColumns, col, out Tangent, j, k int) error {
	var du []float64
	if i := j - len(u.Start) - len(u.Params); i >= 0 {
		du = u.Inputs[i][k]
	}
	t.jvp(out, col, du)
	if forces != nil {
		forces.tangent(t, &forces.by[j])
	}
	if i := j - len(u.Start); i >= 0 && i < len(u.Params) {
		if err := t.paramColumn(col, u.Params[i]); err != nil {
			return err
		}
		if forces != nil {
			if t.opened {
				return fmt.Errorf("%w (%s)", ErrOpens, u.Params[i].Name)
			}
			forces.add(t, &forces.by[j])
		}
	} else {
		clear(col.Q)
		clear(col.V)
	}
	for i := range out.Q {
		col.Q[i] += out.Q[i]
		col.V[i] += out.V[i]
	}
	return nil
}

func (u Unknowns) check(m *sim.Model, steps int) error {
	if u.Len() == 0 {
		return errors.New("implicit: no unknowns to differentiate by")
	}
	for _, d := range u.Start {
		if err := d.check(m.NV()); err != nil {
			return err
		}
	}
	for j, d := range u.Inputs {
		if len(d) != steps {
			return fmt.Errorf("implicit: direction %d of the inputs has %d steps, the rollout %d", j, len(d), steps)
		}
		for k, du := range d {
			if du != nil && len(du) != m.NU() {
				return fmt.Errorf("implicit: direction %d of the inputs has length %d at step %d, want %d", j, len(du), k, m.NU())
			}
		}
	}
	return checkParams(m, u.Params)
}
