package sysid

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// SensorKind is what a [Sensor] measures.
type SensorKind uint8

// Kinds of sensors, with what they are on and the numbers of a reading.
const (
	Encoder      SensorKind = iota // the coordinate of a hinge or slider: 1 number (rad or m)
	Position                       // where the origin of a frame is: 3 numbers, world axes (m)
	Orientation                    // how a frame is turned: a unit quaternion, 4 numbers w, x, y, z
	ContactForce                   // the sum of all contact forces on a body or collider, mean over the step that ends at the sample: 3 numbers, world axes (N)
	sensorKinds
)

// Sensor is something measured besides the coordinates and velocities of all joints. What it says is scale·truth +
// offset; both are sought by parameters with Own set, of the name of the sensor and .scale (that starts from 1),
// .offset or, of three numbers, .offset_x, .offset_y and .offset_z. An orientation has neither.
type Sensor struct {
	Name  string
	Kind  SensorKind
	On    string  // name of the joint, frame, or body or collider
	Noise float64 // standard deviation of each number; of an orientation that of its angle (rad)
}

// numbers returns how many a reading has, rows how many residuals.
func (k SensorKind) numbers() int { return [sensorKinds]int{1, 3, 4, 3}[k] }
func (k SensorKind) rows() int    { return [sensorKinds]int{1, 3, 3, 3}[k] }

// delay is the name of the parameter, Own, by which the robot acts later than its inputs were recorded (s).
const delay = "delay"

// sensor is a Sensor made ready.
type sensor struct {
	Sensor
	first      int // of its numbers in a row of readings
	coordinate int // in q, and
	velocity   int // in v
	frame      sim.Frame
	on         implicit.Touch // colliders
	scale      int            // unknowns of the set, −1 for none
	offset     [3]int
}

// sensors finds what the sensors are on and which unknowns are theirs. An own unknown that belongs to nothing is an error.
func (p *Problem) sensors(set *Set) (all []sensor, late int, err error) {
	var errs []error
	used := map[string]bool{}
	own := func(name string) int {
		used[name] = true
		return slices.IndexFunc(set.unknowns, func(u unknown) bool { return u.Own && u.Name == name })
	}
	late = own(delay)
	first, names := 0, map[string]bool{}
	for i, s := range p.Sensors {
		if s.Kind >= sensorKinds || !(s.Noise > 0) || math.IsInf(s.Noise, 1) || s.Name == "" || names[s.Name] {
			errs = append(errs, fmt.Errorf("sysid: Problem.Sensors[%d] is %q of kind %d with the noise %g: want a name of its own, a kind and a positive number", i, s.Name, s.Kind, s.Noise))
			continue
		}
		names[s.Name] = true
		r := sensor{Sensor: s, first: first, scale: -1, offset: [3]int{-1, -1, -1}}
		errs = append(errs, r.find(p.Model))
		switch s.Kind {
		case Encoder:
			r.scale, r.offset[0] = own(s.Name+".scale"), own(s.Name+".offset")
		case Position, ContactForce:
			r.scale = own(s.Name + ".scale")
			for k, axis := range []string{"x", "y", "z"} {
				r.offset[k] = own(s.Name + ".offset_" + axis)
			}
		}
		first += s.Kind.numbers()
		all = append(all, r)
	}
	for _, q := range set.Params() {
		if late >= 0 && q.Kind == "timestep" {
			errs = append(errs, errors.New("sysid: delay and timestep are both sought: inputs are held over steps, so fix one of them"))
		}
	}
	for _, u := range set.unknowns {
		if u.Own && !used[u.Name] {
			errs = append(errs, fmt.Errorf("sysid: parameter %q belongs to no sensor: it is %q, or the name of a sensor and .scale, .offset (encoder) or .offset_x, .offset_y, .offset_z (position, contact force)", u.Name, delay))
		}
	}
	return all, late, errors.Join(errs...)
}

// find finds what the sensor is on.
func (s *sensor) find(m *sim.Model) (err error) {
	switch s.Kind {
	case Encoder:
		var j sim.JointInfo
		if j, err = m.Joint(s.On); err == nil && (j.NV != 1 || j.NQ != 1) {
			err = fmt.Errorf("joint %q has %d motions; an encoder is on a hinge or slider", s.On, j.NV)
		}
		s.coordinate, s.velocity = j.Q, j.V
	case Position, Orientation:
		s.frame, err = m.Frame(s.On)
	case ContactForce:
		s.on, err = implicit.FindTouch(m, s.On)
	}
	if err != nil {
		return fmt.Errorf("sysid: sensor %q: %w", s.Name, err)
	}
	return nil
}

// numbers returns how many numbers a row of readings has.
func (p *Problem) numbers() (n int) {
	for _, s := range p.Sensors {
		n += s.Kind.numbers()
	}
	return n
}

// has reports whether a row of readings has one of the sensor.
func (s *sensor) has(readings []float64) bool {
	return readings != nil && !slices.ContainsFunc(readings[s.first:s.first+s.Kind.numbers()], math.IsNaN)
}

// truth stores what the sensor would say without scale and offset: 1 or 3 numbers; of an orientation twice the vector part of
// the rotation from the reading to the frame, world axes, which for small angles is the rotation vector.
func (s *sensor) truth(m *sim.Model, x sim.State, f implicit.Forces, readings []float64, dst []float64) {
	switch s.Kind {
	case Encoder:
		dst[0] = x.Q[s.coordinate]
	case Position:
		put(dst, implicit.FramePose(m, x.Q, s.frame).Pos)
	case Orientation:
		q := s.turn(m, x, readings)
		put(dst, r3.Vec{X: 2 * q.Imag, Y: 2 * q.Jmag, Z: 2 * q.Kmag})
	case ContactForce:
		put(dst, s.on.Force(f))
	}
}

// turn returns the rotation from the reading to the frame, of at most half a turn.
func (s *sensor) turn(m *sim.Model, x sim.State, readings []float64) quat.Number {
	r := readings[s.first:]
	q := quat.Mul(implicit.FramePose(m, x.Q, s.frame).Rot, quat.Conj(quat.Number{Real: r[0], Imag: r[1], Jmag: r[2], Kmag: r[3]}))
	if q.Real < 0 {
		q = quat.Scale(-1, q)
	}
	return q
}

// jacobian stores the derivative of truth by the columns of dx (of the state) and df (of the forces), and by the parameters of the model
// at a given state in the columns from np on.
func (s *sensor) jacobian(m *sim.Model, x sim.State, dx *mat.Dense, df []implicit.Forces, params []implicit.Param, from int, readings []float64, dst *mat.Dense) error {
	switch s.Kind {
	case Encoder:
		dst.Copy(dx.Slice(s.velocity, s.velocity+1, 0, len(dx.RawRowView(0))))
	case Position, Orientation:
		j, err := implicit.FrameJacobian(m, x.Q, s.frame)
		if err != nil {
			return err
		}
		direct, err := implicit.FrameParamJacobian(m, x.Q, s.frame, params)
		if err != nil {
			return err
		}
		rows, cols := dst.Dims()
		var pose mat.Dense
		pose.Mul(j, dx.Slice(0, m.NV(), 0, cols))
		for r := range 6 {
			for k := range params {
				pose.Set(r, from+k, pose.At(r, from+k)+direct.At(r, k))
			}
		}
		if s.Kind == Position {
			dst.Copy(pose.Slice(0, rows, 0, cols))
			return nil
		}
		q := s.turn(m, x, readings)
		for c := range cols { // q turns by ½(0, δ)q
			d := r3.Vec{X: pose.At(3, c), Y: pose.At(4, c), Z: pose.At(5, c)}
			d = r3.Add(r3.Scale(q.Real, d), r3.Cross(d, r3.Vec{X: q.Imag, Y: q.Jmag, Z: q.Kmag}))
			dst.SetCol(c, []float64{d.X, d.Y, d.Z})
		}
	case ContactForce:
		for c := range df {
			f := s.on.Force(df[c])
			dst.SetCol(c, []float64{f.X, f.Y, f.Z})
		}
	}
	return nil
}

func put(dst []float64, v r3.Vec) { dst[0], dst[1], dst[2] = v.X, v.Y, v.Z }

// checkReadings returns an error for readings of a trajectory that belong to no sensors or are no numbers.
func (p *Problem) checkReadings(t *Trajectory, name string) error {
	if t.Readings == nil {
		return nil
	}
	if len(t.Readings) != len(t.States) {
		return fmt.Errorf("sysid: %s has readings of %d samples, want %d", name, len(t.Readings), len(t.States))
	}
	for k, row := range t.Readings {
		if row == nil {
			continue
		}
		if len(row) != p.numbers() || slices.ContainsFunc(row, func(v float64) bool { return math.IsInf(v, 0) }) {
			return fmt.Errorf("sysid: %s, sample %d: the readings are %g, want %d numbers, NaN for what is missing", name, k, row, p.numbers())
		}
		at := 0
		for _, s := range p.Sensors {
			r := row[at : at+s.Kind.numbers()]
			n := 0.0
			for _, v := range r {
				n += v * v
			}
			if s.Kind == Orientation && math.Abs(n-1) > 1e-3 {
				return fmt.Errorf("sysid: %s, sample %d: sensor %q says %g, which is no unit quaternion", name, k, s.Name, r)
			}
			at += len(r)
		}
	}
	return nil
}
