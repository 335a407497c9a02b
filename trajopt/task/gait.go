package task

import (
	"fmt"

	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

const (
	gaitStep  = 0.02 // s
	gaitKappa = 1e-5
)

// gait is what a quadruped shall do: where trunk and feet are to be at step k, from where they are at the start (m).
type gait struct {
	name, summary string
	steps         int
	bend          float64 // of the thighs at the start (rad)
	trunk         func(k int) r3.Vec
	foot          func(leg, k int) r3.Vec
	check         func(m *sim.Model, states []sim.State) error // whether it was done
}

var gaits = []gait{
	{"trot", "a quadruped trots 0.6 m forward", half * halves, 0.9, trotTrunk, trotFoot, trots},
	{"leap", "a quadruped leaps 0.3 m", 60, 0.9, leapTrunk, leapFoot, leaps},
	{"rise", "a quadruped stands up from bent legs", 40, 1.25, riseTrunk, func(int, int) r3.Vec { return r3.Vec{} }, rises},
}

// smooth goes from 0 to 1, and stays there, without a jump in speed.
func smooth(s float64) float64 {
	s = max(0, min(s, 1))
	return s * s * (3 - 2*s)
}

// arc goes from 0 up to 1 and back, without a jump in speed.
func arc(s float64) float64 {
	s = max(0, min(s, 1))
	return 16 * s * s * (1 - s) * (1 - s)
}

// The trot: in each half cycle one diagonal pair of feet swings.
const half, halves, trotted = 10, 8, 0.6 // steps, half cycles, m

func way(k float64) float64 { return trotted * smooth(k/(half*halves)) }

func trotTrunk(k int) r3.Vec { return r3.Vec{X: way(float64(k))} }

// trotFoot swings to below the hip as it will be in the middle of the stance to come.
func trotFoot(leg, k int) r3.Vec {
	from := 0.0
	for h := range halves {
		if s := float64(k-h*half) / half; swings(leg, h) && s > 0 {
			to := way((float64(h) + 1.5) * half)
			if s < 1 {
				return r3.Vec{X: from + (to-from)*smooth(s), Z: 0.05 * arc(s)}
			}
			from = to
		}
	}
	return r3.Vec{X: from}
}

// swings reports whether a leg swings in half cycle h: FR with RL, FL with RR.
func swings(leg, h int) bool { return (h+leg+leg/2)%2 == 0 }

// trots returns an error unless each foot is off the ground in the middle of its swings, and stands while the others swing.
func trots(m *sim.Model, states []sim.State) error {
	for h := range halves {
		at, err := footholds(m, states[h*half+half/2])
		if err != nil {
			return err
		}
		for i, p := range at {
			if (p.Z > 0.04) != swings(i, h) {
				return fmt.Errorf("foot %s is %.3f m high in the middle of half cycle %d", legs[i], p.Z, h)
			}
		}
	}
	return nil
}

// The leap: down, off the ground from one step to another, and to rest again.
const (
	down, off, on = 15, 22, 36
	leapt, dip    = 0.3, 0.06 // m
)

func leapTrunk(k int) r3.Vec {
	const g = 9.81 * gaitStep * gaitStep / 2 // m per square of a step
	z := 0.0
	switch {
	case k < down:
		z = -dip * smooth(float64(k)/down)
	case k < off:
		z = dip * (2*smooth(float64(k-down)/(off-down)) - 1)
	case k < on:
		z = dip + g*float64((k-off)*(on-k))
	default:
		z = dip * (1 - smooth(float64(k-on)/10))
	}
	return r3.Vec{X: leapt * smooth(float64(k-down)/(on+3-down)), Z: z}
}

func leapFoot(_, k int) r3.Vec {
	s := float64(k-off) / (on - off)
	return r3.Vec{X: leapt * smooth(s), Z: 0.12 * arc(s)}
}

// leaps returns an error unless all feet are off the ground together.
func leaps(m *sim.Model, states []sim.State) error {
	at, err := footholds(m, states[(off+on)/2])
	for i, p := range at {
		if p.Z < 0.05 {
			return fmt.Errorf("foot %s is %.3f m high in the middle of the leap", legs[i], p.Z)
		}
	}
	return err
}

// The rise: from deeply bent legs to upright ones.
func riseTrunk(k int) r3.Vec { return r3.Vec{Z: 0.14 * smooth(float64(k)/30)} }

// rises returns an error unless the feet have stayed where they were.
func rises(m *sim.Model, states []sim.State) error {
	first, err := footholds(m, states[0])
	if err != nil {
		return err
	}
	last, err := footholds(m, states[len(states)-1])
	for i := range last {
		if d := r3.Norm(r3.Sub(last[i], first[i])); d > 0.01 {
			return fmt.Errorf("foot %s has moved by %.3f m", legs[i], d)
		}
	}
	return err
}
