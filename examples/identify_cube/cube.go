package main

import (
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/examples/internal/toss"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/sysid"
	"gonum.org/v1/gonum/spatial/r3"
)

// Where searches of what nobody has published start, and how many steps a soft contact takes of an interval of the samples, about as
// long as it lasts. All were chosen on tosses that are fitted.
const (
	roundness = 0.002 // radius of the corners (m)
	stiffness = 6e4   // of a corner in contact (N/m)
	damping   = 40    // of it (N s/m)
	substeps  = 4
)

// cube is the published cube in SI units, its corners balls: a point has no radius to find. Soft corners are springs
// with dampers against the board, in steps short enough to see them work: that is how the cube bounces, and how it is
// slow to turn back.
func cube(ex toss.Experiment, gravity float64, com r3.Vec, soft bool) (*sim.Model, error) {
	b := sim.NewBuilder("cube")
	b.SetTimestep(ex.DT)
	b.SetGravity(r3.Vec{Z: -gravity})
	b.AddGround()
	i := ex.Inertia * toss.HalfWidth * toss.HalfWidth
	l := b.AddLink("core", sim.Inertia{Mass: ex.Mass, COM: com, Ixx: i, Iyy: i, Izz: i})
	b.AddFree("free", l)
	surface := contact.Surface{}
	if soft {
		b.SetTimestep(ex.DT / substeps)
		surface = contact.Surface{Stiffness: stiffness, Damping: damping}
	}
	for k := range 8 {
		s := signs(k)
		at := toss.HalfWidth - roundness
		b.AddCollider(sim.Collider{Name: corner(k), Link: l, Shape: contact.Sphere(roundness), Pose: sim.At(at*s[0], at*s[1], at*s[2]), Friction: ex.Mu, Surface: surface})
	}
	return b.Build()
}

// stepsPerSample returns how many steps a model takes of an interval of the samples.
func stepsPerSample(m *sim.Model, ex toss.Experiment) int {
	return int(math.Round(ex.DT / m.Timestep()))
}

func corner(k int) string { return fmt.Sprintf("corner%d", k) }

// signs returns on which side of the cube corner k is, along x, y and z.
func signs(k int) [3]float64 {
	s := [3]float64{1, 1, 1}
	for c := range s {
		if k>>c&1 == 1 {
			s[c] = -1
		}
	}
	return s
}

// same is a parameter that others are tied to.
func same(first string, others ...string) sysid.Parameter {
	p := sysid.Parameter{Name: first}
	for _, o := range others {
		p.Ties = append(p.Ties, sysid.Tie{Name: o, Ratio: 1})
	}
	return p
}

// corners names a property of the first corner and ties those of the other seven to it.
func corners(property string) sysid.Parameter {
	var names []string
	for k := range 8 {
		names = append(names, corner(k)+property)
	}
	return same(names[0], names[1:]...)
}

// width is half the distance between the centers of the corners: one number for 24 coordinates.
func width() sysid.Parameter {
	p := sysid.Parameter{Name: corner(0) + ".x", Lower: 0.04, Upper: 0.06}
	for k := range 8 {
		for c, s := range signs(k) {
			if k+c > 0 {
				p.Ties = append(p.Ties, sysid.Tie{Name: corner(k) + "." + string("xyz"[c]), Ratio: s})
			}
		}
	}
	return p
}

// states returns a toss as measured states of a model. Velocities are means of the interval that ends at the sample.
func states(m *sim.Model, ex toss.Experiment, t toss.Toss) []sim.State {
	var out []sim.State
	for _, p := range t.Samples {
		s := m.NewState()
		copy(s.Q, p.Pos[:])
		copy(s.Q[3:], p.Quat[:])
		copy(s.V, p.Vel[:])
		copy(s.V[3:], p.Omg[:])
		s.H = ex.DT
		out = append(out, s)
	}
	return out
}

// flight returns how many of the first samples of a toss are free flight: until a corner comes near the board.
func flight(t toss.Toss) int {
	for k, p := range t.Samples {
		w, x, y, z := p.Quat[0], p.Quat[1], p.Quat[2], p.Quat[3]
		reach := math.Abs(2*(x*z-w*y)) + math.Abs(2*(y*z+w*x)) + math.Abs(1-2*(x*x+y*y)) // third row of the rotation
		if p.Pos[2]-toss.HalfWidth*reach < 0.002 {
			return k
		}
	}
	return len(t.Samples)
}

// outcome is how far a simulation is from a toss, averaged over the samples after the first.
type outcome struct {
	position float64 // percent of the cube's width
	rotation float64 // degrees
	height   []float64
}

// rollOut simulates every toss from its start. Errors follow Acosta, Yang and Posa (RA-L 2022).
func rollOut(m *sim.Model, ex toss.Experiment, tosses []toss.Toss, starts []sim.State) ([]outcome, error) {
	out := make([]outcome, len(tosses))
	err := m.NewBatch(sim.Options{Kappa: kappa}, 0).Each(len(tosses), func(i int, s *sim.Stepper) error {
		o, cur := &out[i], starts[i].Clone()
		o.height = append(o.height, cur.Q[2])
		for k, p := range tosses[i].Samples[1:] {
			for range stepsPerSample(m, ex) {
				if _, err := s.Step(&cur, cur, nil); err != nil {
					return fmt.Errorf("%s, sample %d: %w", tosses[i].Name, k+1, err)
				}
			}
			d, a := toss.Distance(cur.Q, p)
			o.position += d
			o.rotation += a
			o.height = append(o.height, cur.Q[2])
		}
		n := float64(len(tosses[i].Samples) - 1)
		o.position *= 100 / (2 * toss.HalfWidth) / n
		o.rotation *= 180 / math.Pi / n
		return nil
	}, nil)
	return out, err
}

// errors are the mean errors of many tosses.
type errors struct {
	Position float64 `json:"position_error_percent_mean"`
	Rotation float64 `json:"rotation_error_deg_mean"`
}

func mean(out []outcome) (e errors) {
	for _, o := range out {
		e.Position += o.position / float64(len(out))
		e.Rotation += o.rotation / float64(len(out))
	}
	return e
}
