package main

import (
	"math"

	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// legs are in the order of the inputs: three joints each.
var legs = [4]string{"FR", "FL", "RR", "RL"}

// plan is the way of the trunk, and of each foot.
func plan(m *sim.Model, start sim.State) (trunk []r3.Vec, feet [4][]r3.Vec, err error) {
	poses := make([]sim.Pose, len(m.Bodies()))
	m.Poses(poses, start.Q)
	way := func(k int) float64 { return distance * smooth(float64(k)/steps) }
	for k := range steps + 1 {
		trunk = append(trunk, r3.Vec{X: start.Q[0] + way(k), Y: start.Q[1], Z: start.Q[2]})
	}
	for i, leg := range legs {
		frame, err := m.Frame(leg + "_foot")
		if err != nil {
			return nil, feet, err
		}
		home, from := frame.Placed(poses).Pos, 0.0
		for h := range halves {
			to := from
			if swings(i, h) { // to below the hip as it will be in the middle of the stance to come
				to = way((h+1)*half + half/2)
			}
			for k := range half {
				s := float64(k) / half
				p := r3.Add(home, r3.Vec{X: from + (to-from)*smooth(s)})
				if swings(i, h) {
					p.Z += lift * 16 * s * s * (1 - s) * (1 - s)
				}
				feet[i] = append(feet[i], p)
			}
			from = to
		}
		feet[i] = append(feet[i], r3.Add(home, r3.Vec{X: from}))
	}
	return trunk, feet, nil
}

// smooth goes from 0 to 1, and stays there, without a jump in speed.
func smooth(s float64) float64 {
	s = min(s, 1)
	return s * s * (3 - 2*s)
}

// follow changes the targets of the joints by what the legs have to bend when trunk and feet go their ways.
func follow(targets [][]float64, trunk []r3.Vec, feet [4][]r3.Vec) {
	bend := func(leg, k int) (thigh, calf float64) {
		const link = 0.2                                                                    // m: both have this length
		d := r3.Sub(r3.Sub(feet[leg][k], trunk[k]), r3.Vec{X: feet[leg][0].X - trunk[0].X}) // below the hip at the start
		calf = -2 * math.Acos(min(1, math.Hypot(d.X, d.Z)/(2*link)))
		return math.Atan2(-d.X, -d.Z) - calf/2, calf
	}
	for leg := range legs {
		thigh0, calf0 := bend(leg, 0)
		for k, u := range targets {
			thigh, calf := bend(leg, k+1)
			u[3*leg+1] += thigh - thigh0
			u[3*leg+2] += calf - calf0
		}
	}
}
