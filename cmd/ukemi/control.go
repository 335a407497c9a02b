package main

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
)

// rng returns the generator of the given seed for one purpose, so that adding a purpose changes no other.
func rng(seed, purpose uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, purpose)) }

const (
	forController = 1 + iota
	forStart
)

// controller returns the named controller; nil leaves every input zero.
func controller(name string, m *sim.Model, start sim.State, seed uint64) (sim.Controller, error) {
	switch name {
	case "none":
		return nil, nil
	case "hold":
		u := models.HoldInputs(m, start)
		return func(dst []float64, _ int, _ sim.State) { copy(dst, u) }, nil
	case "random":
		return aim(m, start, babble(m, seed)), nil
	}
	return nil, fmt.Errorf("--controller is %q, want none, hold or random", name)
}

// brisk is the acceleration of joints without effort limit (rad/s² or m/s²).
const brisk = 30

// babble drives every input with a smooth random signal: three sines of 0.2 to 2 Hz whose sum stays within the
// reference force of its joint, see reference. A joint without effort limit might whirl a light link around with that:
// it gets what accelerates its own links by brisk. A thruster runs over its range, without one up to the weight of what
// it pushes.
func babble(m *sim.Model, seed uint64) sim.Controller {
	type wave struct{ amplitude, omega, phase float64 }
	r := rng(seed, forController)
	joints := m.Joints()
	waves, middle := make([][3]wave, m.NU()), make([]float64, m.NU())
	for i := range waves {
		in, most := m.InputInfo(i), 0.0
		if in.Thruster >= 0 {
			middle[i], most = span(m, in)
		} else if j := &joints[in.Joint]; j.Axes[in.Axis].Effort == 0 {
			most = math.Min(models.DriveForce(m, j, in.Axis), brisk*m.AxisInertia(j.V+in.Axis))
		} else {
			most = models.DriveForce(m, j, in.Axis)
		}
		for k := range waves[i] {
			waves[i][k] = wave{most / 3, 2 * math.Pi * (0.2 + 1.8*r.Float64()), 2 * math.Pi * r.Float64()}
		}
	}
	h := m.Timestep()
	return func(u []float64, k int, _ sim.State) {
		t := float64(k) * h
		for i := range u {
			u[i] += middle[i]
			for _, w := range waves[i] {
				u[i] += w.amplitude * math.Sin(w.omega*t+w.phase)
			}
		}
	}
}

// span returns the middle and half the width of what a thruster's input may be.
func span(m *sim.Model, in sim.InputInfo) (middle, half float64) {
	most := m.Mechanism(m.Thrusters()[in.Thruster].Body).Weight()
	low, high := math.Max(in.Lower, -most), math.Min(in.Upper, most)
	return (low + high) / 2, math.Max(0, high-low) / 2
}

// perturb changes a start a little, a different way for every seed: hinges by up to 0.05 rad and sliders by
// up to 1 cm within their limits, the rotation of floating bases by up to 0.1 rad, velocities by up to 0.1
// (m/s, rad/s). Mimic joints keep to what they follow.
func perturb(m *sim.Model, s *sim.State, seed uint64) {
	r := rng(seed, forStart)
	joints := m.Joints()
	d := make([]float64, m.NV())
	for _, j := range joints {
		for k := range j.NV {
			i := j.V + k
			x, dv := 2*r.Float64()-1, 2*r.Float64()-1
			switch {
			case len(j.Type.Trans) > 1 && k < len(j.Type.Trans):
				x = 0 // position of a floating base: its height is chosen
			case k < len(j.Type.Trans):
				x *= 0.01
			case len(j.Type.Rot) == 3:
				x *= 0.1
			default:
				x *= 0.05
			}
			ball := len(j.Type.Rot) == 3 && k >= len(j.Type.Trans)
			if a := j.Axes[k]; a.Limited && !ball {
				outside := func(q float64) bool { return q < a.Lower || q > a.Upper }
				if q := s.Q[j.Q+k]; outside(q + x) {
					if x = -x; outside(q + x) {
						x = 0
					}
				}
			}
			d[i] = x
			s.V[i] += 0.1 * dv
		}
	}
	for _, c := range m.Mimics() {
		i, of := joints[c.Joint].V, joints[c.Of].V
		x := s.Q[joints[c.Of].Q]
		slope := c.Ratio + x*(2*c.Curve[0]+x*(3*c.Curve[1]+x*4*c.Curve[2]))
		d[i], s.V[i] = slope*d[of], slope*s.V[of]
	}
	m.Displace(s.Q, s.Q, d)
}
