package main

import (
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/examples/internal/toss"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// setup is what a simulation of the tosses depends on.
type setup struct {
	mu       float64
	substeps int // of one interval of the data
	kappa    float64
	scale    float64 // measured lengths over true ones
}

// cube builds the cube of the experiment, in SI units, on the ground.
func cube(ex toss.Experiment, s setup) (*sim.Model, error) {
	b := sim.NewBuilder("cube")
	b.SetTimestep(ex.DT / float64(s.substeps))
	b.SetGravity(r3.Vec{Z: -s.gravity(ex)})
	b.AddGround()
	half := s.scale * toss.HalfWidth
	i := ex.Inertia * half * half
	l := b.AddLink("cube", sim.Inertia{Mass: ex.Mass, Ixx: i, Iyy: i, Izz: i})
	b.AddFree("free", l)
	b.AddCollider(sim.Collider{Name: "box", Link: l, Shape: contact.Box(r3.Vec{X: half, Y: half, Z: half}), Friction: s.mu})
	return b.Build()
}

// gravity returns the acceleration of gravity in measured meters.
func (s setup) gravity(ex toss.Experiment) float64 { return s.scale * ex.G * toss.HalfWidth }

// start returns the first measured state as a state of the simulation.
//
// A simulation velocity belongs to the interval that ends at the state, here the data's: State.H says so, and
// gravity acts between the middles of that one and of the first substep.
//
// A measured corner may lie below the board: lengths carry a scale error of 2 %. The engine ends every
// step outside the ground, so it would leave at the speed depth/h: 1 mm at h = 1/148 s is 0.15 m/s from
// nowhere. So a start that is too low is lifted until its lowest corner touches. (No start of the 400
// published tosses needs it.)
func start(m *sim.Model, ex toss.Experiment, set setup, p toss.Sample) sim.State {
	s := m.NewState()
	copy(s.Q, p.Pos[:])
	copy(s.Q[3:], p.Quat[:])
	copy(s.V, p.Vel[:])
	copy(s.V[3:], p.Omg[:])
	s.H = ex.DT
	if low := lowest(p, set.scale*toss.HalfWidth); low < 0 {
		s.Q[2] -= low
	}
	return s
}

// lowest returns the height of the lowest corner of a cube of the given half width.
func lowest(p toss.Sample, half float64) float64 {
	w, x, y, z := p.Quat[0], p.Quat[1], p.Quat[2], p.Quat[3]
	reach := math.Abs(2*(x*z-w*y)) + math.Abs(2*(y*z+w*x)) + math.Abs(1-2*(x*x+y*y)) // third row of the rotation
	return p.Pos[2] - half*reach
}

// outcome is how far a rollout is from the toss, averaged over the samples after the first.
type outcome struct {
	position float64 // percent of the cube's width
	rotation float64 // degrees
	z        []float64
}

// rollOut simulates every toss on all cores. Errors follow Acosta, Yang and Posa (RA-L 2022): the distance
// of the centers over the width of the cube and the angle between the orientations, each averaged over the
// samples of a toss.
func rollOut(ex toss.Experiment, tosses []toss.Toss, set setup) ([]outcome, error) {
	m, err := cube(ex, set)
	if err != nil {
		return nil, err
	}
	out := make([]outcome, len(tosses))
	err = m.NewBatch(sim.Options{Kappa: set.kappa}, 0).Each(len(tosses), func(i int, s *sim.Stepper) error {
		t := &tosses[i]
		cur := start(m, ex, set, t.Samples[0])
		o := &out[i]
		o.z = append(o.z, cur.Q[2])
		for k, p := range t.Samples[1:] {
			for range set.substeps {
				if _, err := s.Step(&cur, cur, nil); err != nil {
					return fmt.Errorf("%s, sample %d: %w", t.Name, k+1, err)
				}
			}
			position, rotation := toss.Distance(cur.Q, p)
			o.position += position
			o.rotation += rotation
			o.z = append(o.z, cur.Q[2])
		}
		n := float64(len(t.Samples) - 1)
		o.position *= 100 / (2 * toss.HalfWidth) / n
		o.rotation *= 180 / math.Pi / n
		return nil
	}, nil)
	return out, err
}

// meanStd returns mean and standard deviation.
func meanStd(out []outcome, value func(outcome) float64) (mean, std float64) {
	n := float64(len(out))
	for _, o := range out {
		mean += value(o) / n
	}
	for _, o := range out {
		std += (value(o) - mean) * (value(o) - mean) / n
	}
	return mean, math.Sqrt(std)
}

func position(o outcome) float64 { return o.position }
func rotation(o outcome) float64 { return o.rotation }
