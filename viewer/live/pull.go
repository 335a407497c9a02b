package live

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// pull is what the user's hand does to a body: a damped spring, or a force for some time.
type pull struct {
	body   int // −1 for none
	local  r3.Vec
	target r3.Vec
	mass   float64 // that the spring is made for (kg)

	last  r3.Vec // where the point was before the last step
	moved bool   // whether last is known

	force r3.Vec
	left  float64 // s; above 0 selects the force
}

func (p *pull) grab(m *sim.Model, g *grab) {
	if p.body != g.Body || p.left > 0 {
		*p = pull{body: g.Body, mass: math.Sqrt(m.TotalMass() * m.BodyInertia(g.Body).Mass)}
	}
	p.local, p.target = vec(g.Local), vec(g.Target)
}

// stiffness of the spring per kilogram (1/s²) and its damping (1/s), near critical: a body that carries its
// own weight hangs 3 cm below the hand. Both forces are constant over a step, so a light body gets less
// damping, or it would be thrown back and forth.
const (
	stiffness = 300.0
	damping   = 30.0
)

func (p *pull) wrench(m *sim.Model, poses []sim.Pose, h float64) sim.Wrench {
	if p.left > 0 {
		return sim.Wrench{Force: p.force}
	}
	pose := poses[p.body]
	at := pose.Apply(p.local)
	var v r3.Vec
	if p.moved {
		v = spatial.Scale(1/h, spatial.Sub(at, p.last))
	}
	p.last, p.moved = at, true
	body := m.BodyInertia(p.body)
	c := math.Min(damping, 0.5/h*body.Mass/p.mass)
	f := spatial.Scale(p.mass*stiffness, spatial.Sub(p.target, at))
	f = spatial.AddScaled(f, -p.mass*c, v)
	arm := spatial.Sub(at, pose.Apply(body.COM))
	return sim.Wrench{Force: f, Torque: spatial.Cross(arm, f)}
}

// pass lets h seconds of a push go by.
func (p *pull) pass(h float64) {
	if p.left > 0 {
		if p.left -= h; p.left <= 1e-9 {
			*p = pull{body: -1}
		}
	}
}
