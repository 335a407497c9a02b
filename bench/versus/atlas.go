package main

import (
	"fmt"
	"slices"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
)

// ball is a contact sphere of Atlas: its body, center in the body's frame and radius (m).
type ball struct {
	body    string
	x, y, z float64
	radius  float64
}

// atlasBalls returns the spheres that Dojo's environment [Howell et al. 2022] gives Atlas, whose description
// has no shapes that can touch.
func atlasBalls() []ball {
	balls := []ball{
		{"pelvis", 0, 0, .05, .19},
		{"head", 0, 0, 0, .175},
		{"utorso", -.095, 0, .25, .15},
		{"utorso", -.095, 0, -.2, .15},
	}
	for _, side := range []string{"l_", "r_"} {
		for _, p := range [][2]float64{{-.08, -.04}, {.12, -.02}, {-.08, .04}, {.12, .02}} {
			balls = append(balls, ball{side + "foot", p[0], p[1], .015, .025})
		}
		balls = append(balls,
			ball{side + "hand", 0, 0, 0, .06},
			ball{side + "lleg", .025, 0, .175, .075},
			ball{side + "clav", 0, -.05, -.075, .11},
			ball{side + "uarm", 0, -.185, 0, .085},
		)
	}
	return balls
}

// atlasContacts adds the spheres to the links of b. A builder does not tell the names of its links; a model
// built before the spheres are added does, in the order of the joints that carry them.
func atlasContacts(b *sim.Builder) error {
	probe, err := b.Build()
	if err != nil {
		return err
	}
	links := map[string]sim.Link{}
	for i, name := range probe.Bodies() {
		joint := probe.Joints()[i].Name
		k := slices.IndexFunc(b.Joints(), func(j sim.Joint) bool { return j.Name == joint })
		links[name] = b.Joints()[k].Child
	}
	for _, s := range atlasBalls() {
		l, ok := links[s.body]
		if !ok {
			return fmt.Errorf("%s has no body %s to put a contact sphere on", atlas, s.body)
		}
		b.AddCollider(sim.Collider{Link: l, Shape: contact.Sphere(s.radius), Pose: sim.At(s.x, s.y, s.z), Friction: friction})
	}
	return nil
}
