package task

import (
	"math"

	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// legs are in the order of the inputs: three joints each.
var legs = [4]string{"FR", "FL", "RR", "RL"}

// plan returns the way of the trunk, and of each foot, in world coordinates: the start and what the gait adds to it.
func (g *gait) plan(m *sim.Model, start sim.State) (trunk []r3.Vec, feet [4][]r3.Vec, err error) {
	home, err := footholds(m, start)
	if err != nil {
		return nil, feet, err
	}
	for k := range g.steps + 1 {
		trunk = append(trunk, r3.Add(trunkOf(start), g.trunk(k)))
		for i := range legs {
			feet[i] = append(feet[i], r3.Add(home[i], g.foot(i, k)))
		}
	}
	return trunk, feet, nil
}

// footholds returns where the centers of the feet are.
func footholds(m *sim.Model, x sim.State) (at [4]r3.Vec, err error) {
	poses := make([]sim.Pose, len(m.Bodies()))
	m.Poses(poses, x.Q)
	for i, leg := range legs {
		f, err := m.Frame(leg + "_foot")
		if err != nil {
			return at, err
		}
		at[i] = f.Placed(poses).Pos
	}
	return at, nil
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
