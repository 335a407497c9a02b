package main

import (
	"math"

	"github.com/ukemi-sim/ukemi/sim"
)

// hold is how long a random force stays (s), for any time step.
const hold = 0.02

// inputs returns the inputs of n steps.
func (s scene) inputs(m *sim.Model, start sim.State, n int, h float64) [][]float64 {
	amps := amplitudes(m)
	all := make([][]float64, n)
	for k := range all {
		all[k] = make([]float64, m.NU())
		switch s.control {
		case servo:
			servoTargets(all[k], m, start)
		case noise:
			for i := range all[k] {
				all[k][i] = amps[i] * random(uint64(i), uint64(float64(k)*h/hold+1e-9))
			}
		}
	}
	return all
}

// servoTargets holds every driven joint where it starts.
func servoTargets(u []float64, m *sim.Model, start sim.State) {
	i := 0
	for _, j := range m.Joints() {
		for a := range j.Axes {
			if j.Axes[a].Drive != sim.Passive {
				u[i] = start.Q[j.Q+a]
				i++
			}
		}
	}
}

// amplitudes returns the size of the random force of every input: 0.3 √(mass beyond the joint × whole mass),
// in N m. It moves every joint of every robot without throwing the robot about.
func amplitudes(m *sim.Model) []float64 {
	joints := m.Joints()
	beyond := make([]float64, len(joints))
	for i := len(joints) - 1; i >= 0; i-- {
		beyond[i] += m.BodyInertia(i).Mass
		if p := joints[i].Parent; p >= 0 {
			beyond[p] += beyond[i]
		}
	}
	var a []float64
	for i, j := range joints {
		for _, x := range j.Axes {
			if x.Drive != sim.Passive {
				a = append(a, 0.3*math.Sqrt(beyond[i]*m.TotalMass()))
			}
		}
	}
	return a
}

// random returns number n of sequence k, in [−1, 1): the finalizer of SplitMix64 [Steele, Lea and Flood 2014],
// so that any engine's motion can be repeated without a generator's state.
func random(k, n uint64) float64 {
	z := (k+1)*0x9E3779B97F4A7C15 + (n+1)*0xBF58476D1CE4E5B9
	z ^= z >> 30
	z *= 0xBF58476D1CE4E5B9
	z ^= z >> 27
	z *= 0x94D049BB133111EB
	z ^= z >> 31
	return float64(z>>11)*(2.0/(1<<53)) - 1
}
