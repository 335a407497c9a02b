package sysid

import (
	"fmt"
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
)

// use gives the worker the model of x. It comes from the problem's own model every time: no rounding stays behind from what
// a worker did before.
func (w *worker) use(set *Set, x []float64) error {
	if w.x != nil && slices.Equal(w.x, x) {
		return w.err
	}
	m := set.m
	w.x, w.err = append([]float64{}, x...), nil
	if len(x) > 0 {
		if m, w.err = set.Model(x); w.err != nil {
			return w.err
		}
	}
	w.err = w.stepper.SetModel(m)
	return w.err
}

// residual simulates a window and compares it with the measurements: a row for each measured number of each sample, then
// the priors of the start.
func (f *fit) residual(w *worker, win window, x, y []float64, derivatives bool) (Block, error) {
	t := &f.Trajectories[win.trajectory]
	if err := w.use(f.set, x); err != nil {
		return Block{}, err
	}
	start, err := f.start(win, y)
	if err != nil {
		return Block{}, err
	}
	var b Block
	if derivatives {
		b, err = f.sensitivity(w, win, start, x, y)
	} else {
		b, err = f.simulate(w, win, start, x)
	}
	if err != nil {
		return b, fmt.Errorf("%s, from sample %d: %w", t.Name, win.first, err)
	}
	for k, i := range f.free {
		if s := f.startNoise[i]; !math.IsInf(s, 1) {
			b.R = append(b.R, y[k]/s)
			b.Priors++
		}
	}
	if derivatives && b.Priors > 0 {
		rows, _ := b.Y.Dims()
		b.Y, b.X = grown(b.Y, len(b.R)), grown(b.X, len(b.R))
		for k, i := range f.free {
			if s := f.startNoise[i]; !math.IsInf(s, 1) {
				b.Y.Set(rows, k, 1/s)
				rows++
			}
		}
	}
	return b, nil
}

// grown returns a matrix with rows of zeros added, or nil for none.
func grown(m *mat.Dense, rows int) *mat.Dense {
	if m == nil {
		return nil
	}
	r, c := m.Dims()
	return m.Grow(rows-r, 0).(*mat.Dense).Slice(0, rows, 0, c).(*mat.Dense)
}

// start returns the state that a window starts from: the measured one, moved by y.
func (f *fit) start(win window, y []float64) (sim.State, error) {
	measured := f.Trajectories[win.trajectory].States[win.first]
	if len(y) == 0 {
		return measured, nil
	}
	nv := f.Model.NV()
	d, s := make([]float64, 2*nv), sim.State{}
	for k, i := range f.free {
		d[i] = y[k]
	}
	implicit.Displace(f.Model, &s, measured, implicit.Tangent{Q: d[:nv], V: d[nv:]})
	return s, f.Model.CheckState(s)
}

// sample returns what was measured after k steps of a window: a state, readings of sensors, or nil.
func (f *fit) sample(win window, k int) (*sim.State, []float64) {
	if k == 0 || k%f.substeps() != 0 {
		return nil, nil
	}
	t, i := &f.Trajectories[win.trajectory], win.first+k/f.substeps()
	state, readings := &t.States[i], []float64(nil)
	if state.Q == nil || len(f.rows) == 0 {
		state = nil
	}
	if t.Readings != nil {
		readings = t.Readings[i]
	}
	return state, readings
}

// count returns how many residuals a window has, without those of its start.
func (f *fit) count(win window) (rows int) {
	for k := range (win.last-win.first)*f.substeps() + 1 {
		state, readings := f.sample(win, k)
		if state != nil {
			rows += len(f.rows)
		}
		for i := range f.sensed {
			if s := &f.sensed[i]; s.has(readings) {
				rows += s.Kind.rows()
			}
		}
	}
	return rows
}

// says returns scale and offset of a sensor at x.
func (f *fit) says(s *sensor, x []float64) (scale float64, offset [3]float64) {
	scale = 1
	if s.scale >= 0 {
		scale, _ = f.set.unknowns[s.scale].value(x[s.scale])
	}
	for k, i := range s.offset {
		if i >= 0 {
			offset[k], _ = f.set.unknowns[i].value(x[i])
		}
	}
	return scale, offset
}

// compare appends the residuals of a sensor's reading on the robot m, and their derivatives by its own unknowns to the
// rows of own that belong to them.
func (f *fit) compare(b *Block, m *sim.Model, s *sensor, state sim.State, forces implicit.Forces, readings, x []float64, own *mat.Dense) {
	var truth [3]float64
	s.truth(m, state, forces, readings, truth[:])
	scale, offset := f.says(s, x)
	for k := range s.Kind.rows() {
		r := truth[k] // of an orientation the difference
		if s.Kind != Orientation {
			r = scale*truth[k] + offset[k] - readings[s.first+k]
		}
		if own != nil && s.scale >= 0 {
			own.Set(len(b.R), s.scale, truth[k]*f.set.Slope(x, s.scale)/s.Noise)
		}
		if i := s.offset[k]; own != nil && i >= 0 {
			own.Set(len(b.R), i, f.set.Slope(x, i)/s.Noise)
		}
		b.R = append(b.R, r/s.Noise)
	}
}

// simulate is sensitivity without derivatives.
func (f *fit) simulate(w *worker, win window, start sim.State, x []float64) (Block, error) {
	var b Block
	var forces implicit.Forces
	state := start.Clone()
	nv := f.Model.NV()
	r := make([]float64, 2*nv)
	inputs, _ := f.inputs(win, x)
	for k, u := range inputs {
		if _, err := w.stepper.Step(&state, state, u); err != nil {
			return b, fmt.Errorf("step %d: %w", k, err)
		}
		s, readings := f.sample(win, k+1)
		if s != nil {
			implicit.Difference(f.Model, implicit.Tangent{Q: r[:nv], V: r[nv:]}, state, *s)
			for _, i := range f.rows {
				b.R = append(b.R, r[i]*f.inverse[i])
			}
		}
		if readings != nil && f.forces() {
			forces.Contacts = forces.Contacts[:0]
			for _, c := range w.stepper.Contacts() {
				forces.Contacts = append(forces.Contacts, implicit.ContactForce{ID: c.ID, Force: c.Force})
			}
		}
		for i := range f.sensed {
			if s := &f.sensed[i]; s.has(readings) {
				f.compare(&b, w.stepper.Model(), s, state, forces, readings, x, nil)
			}
		}
	}
	return b, nil
}

// forces reports whether a sensor measures forces.
func (f *fit) forces() bool {
	return slices.ContainsFunc(f.sensed, func(s sensor) bool { return s.Kind == ContactForce })
}

// unknowns returns what trajectories are differentiated by: starts, parameters of the model, then the delay.
func (f *fit) unknowns(win window, start sim.State, x []float64) (by implicit.Unknowns, err error) {
	m, nv := f.Model, f.Model.NV()
	by.Params = f.set.Params()
	if len(f.free) > 0 {
		turn, err := f.startJacobian(win, start)
		if err != nil {
			return by, err
		}
		for _, i := range f.free {
			d := implicit.NewTangent(m)
			for r := range nv {
				d.Q[r], d.V[r] = turn.At(r, i), turn.At(nv+r, i)
			}
			by.Start = append(by.Start, d)
		}
	}
	if _, du := f.inputs(win, x); du != nil {
		by.Inputs = append(by.Inputs, du)
	} else if by.Len() == 0 { // only scales and offsets are sought, by which no state moves
		by.Inputs = append(by.Inputs, make([][]float64, (win.last-win.first)*f.substeps()))
	}
	return by, nil
}

// sensitivity simulates a window and pushes the derivatives by the unknowns along.
func (f *fit) sensitivity(w *worker, win window, start sim.State, x, y []float64) (Block, error) {
	m, nv := f.Model, f.Model.NV()
	if len(x)+len(y) == 0 {
		return f.simulate(w, win, start, x) // nothing to differentiate by
	}
	by, err := f.unknowns(win, start, x)
	if err != nil {
		return Block{}, err
	}
	ny, np, n := len(by.Start), len(by.Params), by.Len()
	rows := f.count(win)
	b, all, own := Block{R: make([]float64, 0, rows)}, mat.NewDense(max(rows, 1), n, nil), (*mat.Dense)(nil)
	if len(x) > 0 {
		own = mat.NewDense(max(rows, 1), len(x), nil)
	}
	r, dr, out := make([]float64, 2*nv), mat.NewDense(2*nv, 2*nv, nil), mat.NewDense(2*nv, n, nil)
	each := func(k int, state sim.State, dx *mat.Dense, forces implicit.Forces, df []implicit.Forces) error {
		s, readings := f.sample(win, k)
		if s != nil {
			compare, err := implicit.StateResidual(m, []sim.State{*s}, f.inverse)
			if err != nil {
				return err
			}
			dr.Zero()
			if err := compare(0, state, r, dr); err != nil {
				return err
			}
			out.Mul(dr, dx)
			for _, i := range f.rows {
				copy(all.RawRowView(len(b.R)), out.RawRowView(i))
				b.R = append(b.R, r[i])
			}
		}
		for i := range f.sensed {
			s := &f.sensed[i]
			if !s.has(readings) {
				continue
			}
			part := all.Slice(len(b.R), len(b.R)+s.Kind.rows(), 0, n).(*mat.Dense)
			if err := s.jacobian(w.stepper.Model(), state, dx, df, by.Params, ny, readings, part); err != nil {
				return err
			}
			scale, _ := f.says(s, x)
			part.Scale(scale/s.Noise, part)
			f.compare(&b, w.stepper.Model(), s, state, forces, readings, x, own)
		}
		return nil
	}
	inputs, _ := f.inputs(win, x)
	if f.forces() {
		err = w.gradient.ForceSensitivity(start, inputs, by, each)
	} else {
		err = w.gradient.Sensitivity(start, inputs, by, func(k int, state sim.State, dx *mat.Dense) error {
			return each(k, state, dx, implicit.Forces{}, nil)
		})
	}
	if err != nil {
		return b, err
	}
	if ny > 0 {
		b.Y = mat.DenseCopyOf(all.Slice(0, max(rows, 1), 0, ny))
	}
	if len(x) > 0 {
		b.X = own
		f.chain(b.X, all, ny, np, x)
	}
	return b, nil
}

// chain adds to dst, by x, the derivatives by the parameters of the model and the delay, which all has behind those of the start.
func (f *fit) chain(dst, all *mat.Dense, ny, np int, x []float64) {
	rows, n := dst.Dims()
	if np > 0 {
		d := mat.NewDense(rows, n, nil)
		f.set.Chain(d, all.Slice(0, rows, ny, ny+np).(*mat.Dense), x)
		dst.Add(dst, d)
	}
	if f.late >= 0 {
		for r := range rows {
			dst.Set(r, f.late, all.At(r, ny+np)*f.set.Slope(x, f.late))
		}
	}
}

// startJacobian returns how the start turns with its unknowns: the start is measured ⊞ y, and its tangent space is that at
// the start, not that at the measurement. The inverse of the derivative of start ⊟ measured = y.
func (f *fit) startJacobian(win window, start sim.State) (*mat.Dense, error) {
	n := 2 * f.Model.NV()
	compare, err := implicit.StateResidual(f.Model, f.Trajectories[win.trajectory].States[win.first:win.first+1], nil)
	if err != nil {
		return nil, err
	}
	dr, inverse := mat.NewDense(n, n, nil), mat.NewDense(n, n, nil)
	if err := compare(0, start, make([]float64, n), dr); err != nil {
		return nil, err
	}
	return inverse, inverse.Inverse(dr)
}

// misfits returns how far the trajectories are from what was measured, at the parameters and starts found.
func (f *fit) misfits(found *Minimum) ([]Misfit, error) {
	squares, counts := make([]float64, len(f.Trajectories)), make([]float64, len(f.Trajectories))
	for i, win := range f.windows {
		b, err := f.residual(f.workers[0], win, found.X, found.Y[i], false)
		if err != nil {
			return nil, err
		}
		for _, r := range b.R[:len(b.R)-b.Priors] {
			squares[win.trajectory] += r * r
			counts[win.trajectory]++
		}
	}
	var out []Misfit
	for i, t := range f.Trajectories {
		out = append(out, Misfit{t.Name, Number(math.Sqrt(squares[i] / counts[i]))})
	}
	return out, nil
}
