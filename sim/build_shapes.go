package sim

import (
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// shapes checks colliders and visuals and, when the bodies are known, places them.
func (c *compiler) shapes(placed bool) {
	c.addColliders(placed)
	c.addVisuals(placed)
	if placed {
		c.m.dyn.PlaceContacts()
		if len(c.errs) == 0 {
			c.pairs()
		}
		c.nameContacts()
	}
}

func (c *compiler) addColliders(placed bool) {
	d := c.m.dyn
	seen := map[string]bool{}
	for i, s := range c.colliders {
		if s.Link < 0 || int(s.Link) >= len(c.links) {
			if s.Link != World {
				c.errorf("collider %d %q: link %d does not exist", i, s.Name, s.Link)
				continue
			}
		}
		s.Name = c.colliderName(i, seen)
		if seen[s.Name] {
			c.errorf("collider %q: the name is used twice", s.Name)
		}
		seen[s.Name] = true
		if err := s.Shape.Check(); err != nil {
			c.errorf("collider %q: %w", s.Name, err)
		}
		if err := s.Surface.Check(); err != nil {
			c.errorf("collider %q: %w", s.Name, err)
		}
		if !(s.Friction >= 0) || math.IsInf(s.Friction, 0) {
			c.errorf("collider %q: friction coefficient is %g, want a finite number ≥ 0", s.Name, s.Friction)
		}
		if s.Friction > steepest {
			c.m.warnings = append(c.m.warnings, fmt.Sprintf("collider %q: friction coefficient %g acts as %g", s.Name, s.Friction, float64(steepest)))
			s.Friction = steepest
		}
		if err := fillPose(&s.Pose); err != nil {
			c.errorf("collider %q: %w", s.Name, err)
		}
		if !s.Color.finite() {
			c.errorf("collider %q: its color is not finite", s.Name)
		}
		if !placed {
			continue
		}
		body, pose := dynamics.World, s.Pose
		if s.Link != World {
			body, pose = c.body[s.Link], c.pose[s.Link].Mul(s.Pose)
		}
		if s.Shape.Kind == contact.KindTerrain && body != dynamics.World {
			c.errorf("collider %q: terrain cannot move with link %q: add it to sim.World (AddTerrain)", s.Name, c.links[s.Link].name)
		}
		d.Colliders = append(d.Colliders, dynamics.Collider{Body: body, Pose: spatial.Pose(pose), Shape: s.Shape, Friction: s.Friction, ShapesOnly: s.ShapesOnly, Surface: s.Surface})
		c.m.colliders = append(c.m.colliders, s.Name)
		c.m.visuals = append(c.m.visuals, Drawn{Name: s.Name, Body: body, Pose: pose, Shape: s.Shape, Color: s.Color, Collides: true})
	}
}

func (c *compiler) addVisuals(placed bool) {
	for _, v := range c.visuals {
		if v.Link != World && (v.Link < 0 || int(v.Link) >= len(c.links)) {
			c.errorf("visual %q: link %d does not exist", v.Name, v.Link)
			continue
		}
		if err := fillPose(&v.Pose); err != nil {
			c.errorf("visual %q: %w", v.Name, err)
		}
		if v.Mesh == "" {
			if err := v.Shape.Check(); err != nil {
				c.errorf("visual %q: %w", v.Name, err)
			}
		}
		if !v.Color.finite() || !spatial.Finite(v.Scale) {
			c.errorf("visual %q: its color or scale is not finite", v.Name)
		}
		if !placed {
			continue
		}
		body, pose := dynamics.World, v.Pose
		if v.Link != World {
			body, pose = c.body[v.Link], c.pose[v.Link].Mul(v.Pose)
		}
		c.m.visuals = append(c.m.visuals, Drawn{Name: v.Name, Body: body, Pose: pose, Shape: v.Shape, Mesh: v.Mesh, Scale: v.Scale, Color: v.Color})
	}
}

// nameContacts names every contact by its collider, with the number of its feature where there are several, and its half-space.
func (c *compiler) nameContacts() {
	d := c.m.dyn
	first := 0 // contact of the collider at hand
	for i := range d.Contacts {
		k := &d.Contacts[i]
		if k.Collider != d.Contacts[first].Collider {
			first = i
		}
		name := c.m.colliders[k.Collider]
		if d.NumFeatures(k.Collider) > 1 {
			name = fmt.Sprintf("%s[%d]", name, (i-first)/len(d.Planes))
		}
		c.m.contacts = append(c.m.contacts, name+"/"+c.m.planes[k.Plane])
	}
}
