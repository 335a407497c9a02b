package rows

import (
	"errors"
	"fmt"

	"github.com/ukemi-sim/ukemi/sim"
)

// Next is where steps leave their results; what comes after Status may be nil.
type Next struct {
	X          []float64 // n×nx
	H          []float64 // n
	Status     []Status  // n
	Iterations []int32   // n, summed over the sub steps

	// Forces of the last sub step, means over it (N, N m).
	Contacts []float64 // n×room×[ContactSize]
	Room     int
	Count    []int32   // n: how many contacts there are, which may be more than there is room for
	Wrenches []float64 // n×joints×6: force and torque that each joint transmits to its child, world axes
	Sensors  []float64 // n×sensors×6: their readings, force and torque
	Drives   []float64 // n×nu: what the inputs' drives gave
	Parts    []int32   // n: how many parts the step was divided into, 1 where it was not
}

// ContactSize is how many numbers tell of a contact: A, B, feature, point (3), normal (3), force (3), gap, slide, torque (3).
const ContactSize = 17

var errSub = errors.New("no sub steps, want at least one")

// Step advances every row by sub steps, each under the same input.
func (b *Batch) Step(r Rows, sub int, stop *int32, out Next) (Fails, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.check(r, 1, stop); err != nil {
		return Fails{}, err
	}
	if sub < 1 {
		return Fails{}, errSub
	}
	return b.each(r, out.Status, func(i int, s *sim.Stepper, w *worker) (Status, error) {
		code, err := Solved, error(nil)
		iterations := 0
		for range sub {
			if stopped(stop) {
				code, err = Canceled, errCanceled
				break
			}
			res, e := s.Step(&w.cur, w.cur, b.input(r, i, 0, 1))
			if e != nil {
				code, err = Failed, e
				break
			}
			iterations += res.Iterations
		}
		note(out.Iterations, i, iterations)
		if code == Failed || code == Canceled { // a row is where all its sub steps lead, or where it was
			_ = b.load(&w.cur, r, i)
		}
		b.store(out.X[i*b.nx:(i+1)*b.nx], w.cur)
		out.H[i] = w.cur.H
		if code == Solved {
			out.forces(i, s, w, b.joints)
		}
		return code, err
	})
}

// note stores a count where one is asked for.
func note(counts []int32, i, n int) {
	if counts != nil {
		counts[i] = int32(n)
	}
}

// forces stores what contacts, joints, sensors and drives of row i did.
func (out Next) forces(i int, s *sim.Stepper, w *worker, joints int) {
	if out.Contacts != nil {
		cs := s.Contacts()
		out.Count[i] = int32(len(cs))
		for k, c := range cs[:min(len(cs), out.Room)] {
			copy(out.Contacts[(i*out.Room+k)*ContactSize:], []float64{
				float64(c.ID.A), float64(c.ID.B), float64(c.ID.Feature), c.Point.X, c.Point.Y, c.Point.Z, c.Normal.X, c.Normal.Y, c.Normal.Z,
				c.Force.X, c.Force.Y, c.Force.Z, c.Gap, c.Slide, c.Torque.X, c.Torque.Y, c.Torque.Z})
		}
	}
	if out.Wrenches != nil {
		for j := range joints {
			put6(out.Wrenches, i*joints+j, s.JointWrench(j))
		}
	}
	if out.Sensors != nil {
		for k, x := range w.sensors {
			put6(out.Sensors, i*len(w.sensors)+k, x.Reading())
		}
	}
	if out.Drives != nil {
		nu := s.Model().NU()
		s.DriveForces(out.Drives[i*nu : (i+1)*nu])
	}
	note(out.Parts, i, max(1, len(s.Parts())))
}

func put6(dst []float64, i int, w sim.Wrench) {
	copy(dst[6*i:], []float64{w.Force.X, w.Force.Y, w.Force.Z, w.Torque.X, w.Torque.Y, w.Torque.Z})
}

// Path is where rollouts leave their states.
type Path struct {
	X      []float64 // n×(t+1)×nx
	H      []float64 // n×(t+1)
	Status []Status  // n
	Steps  []int32   // n: how many were taken, may be nil; the states after that repeat the last one, those of a canceled call are left alone
}

// Rollout takes t steps from every row, r.U holding the inputs of all.
func (b *Batch) Rollout(r Rows, t int, stop *int32, out Path) (Fails, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.check(r, t, stop); err != nil {
		return Fails{}, err
	}
	return b.each(r, out.Status, func(i int, s *sim.Stepper, w *worker) (Status, error) {
		if stopped(stop) { // before the first touch of memory, which costs as much as steps
			return Canceled, errCanceled
		}
		code, err := Solved, error(nil)
		x, h := out.X[i*(t+1)*b.nx:(i+1)*(t+1)*b.nx], out.H[i*(t+1):(i+1)*(t+1)]
		b.store(x, w.cur)
		h[0] = w.cur.H
		taken := 0
		defer func() { note(out.Steps, i, taken) }()
		for k := range t {
			if stopped(stop) { // what is left stays as the caller had it: nobody waits for it
				return Canceled, errCanceled
			}
			if code == Solved {
				if _, e := s.Step(&w.cur, w.cur, b.input(r, i, k, t)); e != nil {
					code, err = Failed, fmt.Errorf("step %d: %w", k, e)
				} else {
					taken++
				}
			}
			b.store(x[(k+1)*b.nx:(k+2)*b.nx], w.cur)
			h[k+1] = w.cur.H
		}
		return code, err
	})
}

// Energy stores kinetic energy, potential of gravity and of springs (J) of every row in out, n×3.
func (b *Batch) Energy(r Rows, out []float64) (Fails, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.check(r, 1, nil); err != nil {
		return Fails{}, err
	}
	return b.each(r, make([]Status, r.N), func(i int, s *sim.Stepper, w *worker) (Status, error) {
		e, err := s.Energy(w.cur)
		if err != nil {
			return Failed, err
		}
		parts := []float64{e.Kinetic, e.Gravity, e.Spring}
		if !finite(parts) {
			return Failed, fmt.Errorf("the energy is not finite: %+v", e)
		}
		copy(out[3*i:], parts)
		return Solved, nil
	})
}
