package urdf

import (
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// The parts of a robot's mass, and of the moment of inertia that moves with its parent, below which what a joint
// moves is too little to solve for beside the rest.
const (
	speck   = 1e-6
	spindle = 1e-6
)

// specks reports joints that move next to nothing beside the rest of the robot.
func (r *reader) specks(all []*piece, total, ball float64) {
	for i := len(all) - 1; i > 0; i-- {
		p := all[i]
		if p.above == 0 || p.above >= speck*total || p.mass == 0 {
			continue
		}
		if !r.opt.Repair {
			r.notef(Physics, p.link.node, "moves with a mass of %.3g kg, %.1g of the robot's %.3g kg: steps may take hundreds of iterations or fail; fix it to its parent, give it a real mass, or load with Repair to make it %.3g kg", p.above, p.above/total, total, ball)
			continue
		}
		k := ball / p.above
		for _, l := range p.links {
			l.inertia = scaled(l.inertia, k)
		}
		r.notef(Physics, p.link.node, "repaired: it moves with a mass of %.3g kg, %.1g of the robot's %.3g kg: mass and inertia are made %.3g times as large", p.above, p.above/total, total, k)
		for q := p.parent; q != nil; q = q.parent {
			q.above += p.mass * (k - 1)
		}
	}
	r.spindles(all)
}

// spindles is specks for hinges whose links have mass, but nearly all of it on the axis.
func (r *reader) spindles(all []*piece) {
	body := make(map[*piece]sim.Inertia, len(all)) // of a piece with all that hangs on it, in the root's frame
	for i := len(all) - 1; i >= 0; i-- {
		p := all[i]
		for k, l := range p.links {
			if p.moves {
				body[p] = body[p].Plus(l.inertia.Placed(p.poses[k]))
			}
		}
		if p.parent != nil {
			body[p.parent] = body[p.parent].Plus(body[p])
		}
	}
	whole := body[all[0]]
	least := 10e-12 * (whole.Ixx + whole.Iyy + whole.Izz) / 2 // a tenth of it and sim.Builder refuses the joint
	for _, p := range all[1:] {
		if len(p.in) != 1 || p.in[0].ang == (r3.Vec{}) || p.above == 0 {
			continue
		}
		rest, name := body[p.parent], p.parent.link.name // all that its parent moves
		if !p.parent.moves {
			rest, name = body[p], p.link.name
		}
		i, size := about(body[p], p.in[0].ang, p.frame.Pos), (rest.Ixx+rest.Iyy+rest.Izz)/2
		small := math.Max(spindle*size, least)
		if i >= small {
			continue
		}
		wrong := fmt.Sprintf("turns with an inertia of %.3g kg m² about its joint, %.1g of the %.3g kg m² of link %q and all it carries", i, i/size, size, clip(name))
		if !r.opt.Repair {
			r.notef(Physics, p.link.node, "%s: steps may take hundreds of iterations or fail; fix it to its parent, give it a real inertia, or load with Repair to make it %.3g kg m²", wrong, 10*small)
			continue
		}
		for _, l := range p.heaviest().links {
			if l.inertia.Mass > 0 {
				l.inertia.Ixx += 10 * small
				l.inertia.Iyy += 10 * small
				l.inertia.Izz += 10 * small
				break
			}
		}
		r.notef(Physics, p.link.node, "repaired: it %s: %.3g kg m² are added", wrong, 10*small)
	}
}

// about returns the moment of inertia about the axis along the unit vector a through x.
func about(in sim.Inertia, a, x r3.Vec) float64 {
	own := a.X*a.X*in.Ixx + a.Y*a.Y*in.Iyy + a.Z*a.Z*in.Izz + 2*(a.X*a.Y*in.Ixy+a.X*a.Z*in.Ixz+a.Y*a.Z*in.Iyz)
	return own + in.Mass*r3.Norm2(r3.Cross(a, r3.Sub(in.COM, x)))
}
