package mjcf

import (
	"fmt"
	"path/filepath"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// shapes adds planes, collision shapes and what is only drawn.
func (c *builder) shapes() {
	m := c.m
	for i := range m.Geoms {
		if m.Geoms[i].Type == PlaneGeom {
			c.plane(i)
		}
	}
	if len(c.planes) == 0 && c.opt.Ground {
		c.b.AddGround()
	}
	c.findShown()
	for _, e := range m.Excludes {
		c.b.Exclude(c.link[e.Bodies[0]], c.link[e.Bodies[1]])
	}
	if c.opt.SelfContact {
		c.b.SetSelfContact(true)
		c.apartFromParents()
	}
	taken, solid, meets := map[string]bool{}, map[int][]sim.Collider{}, c.meets()
	for i := range m.Geoms {
		g := &m.Geoms[i]
		if g.Type == PlaneGeom {
			continue
		}
		name := unique(taken, g.Name, fmt.Sprintf("%s/geom%d", c.bodies[g.Body], i))
		pose := c.frame[g.Body].Mul(g.Pose)
		if t, ok := c.terrain(i, name, pose); ok {
			solid[i] = []sim.Collider{t}
			c.b.AddCollider(t)
			continue
		}
		friction, others, touches := c.ground(i)
		if touches = touches && c.moving[g.Body]; touches || meets[i] {
			shapes, ok := c.touching(g)
			if ok {
				if !touches {
					friction = c.friction(g.Friction, g.Condim)
				}
				for k, shape := range shapes {
					piece := name
					if k > 0 {
						piece = unique(taken, "", fmt.Sprintf("%s_%d", name, k+1))
					}
					s := sim.Collider{ShapesOnly: !touches, Name: piece, Link: c.link[g.Body], Shape: shape, Pose: pose, Friction: friction[0], Surface: turning(friction), Color: g.Color, Filter: &contact.Filter{Groups: g.Contype, Touches: g.Conaffinity}}
					solid[i] = append(solid[i], s)
					c.collide(s, touches, others)
				}
				if shapes[0].Kind == contact.KindPoints {
					c.draw(g, name, pose)
				}
				continue
			}
			c.notes.add(g.Place, "geom", g.Name, fmt.Sprintf("this %s cannot touch anything%s", g.Type, changes))
		}
		c.draw(g, name, pose)
	}
	c.betweenBodies(solid)
}

// collide adds a collider, with its friction on planes where it touches those.
func (c *builder) collide(s sim.Collider, touches bool, others []footing) {
	c.b.AddCollider(s)
	if !touches {
		return
	}
	for _, o := range others {
		c.b.SetPairFriction(s.Name, o.plane, o.friction[0])
		c.b.SetPairTurning(s.Name, o.plane, o.friction[1], o.friction[2])
	}
}

// hidden is the first group of geoms that MuJoCo does not draw: by custom, shapes for collisions alone. Here they are drawn
// where their body has nothing else to show.
const hidden = 3

func (c *builder) findShown() {
	c.shown = make([]bool, len(c.m.Bodies))
	for i := range c.m.Geoms {
		g := &c.m.Geoms[i]
		_, ok := primitive(g)
		ok = ok || g.Mesh >= 0 && c.m.Meshes[g.Mesh].Surface != nil
		c.shown[g.Body] = c.shown[g.Body] || ok && g.Group < hidden
	}
}

// draw adds a geom that is only drawn.
func (c *builder) draw(g *Geom, name string, pose sim.Pose) {
	if g.wrong || g.Group >= hidden && c.shown[g.Body] {
		return
	}
	v := sim.Visual{Name: name, Link: c.link[g.Body], Pose: pose, Color: g.Color}
	shape, ok := primitive(g)
	switch {
	case ok:
		v.Shape = shape
	case g.Mesh < 0:
		c.notes.add(g.Place, "geom", g.Name, fmt.Sprintf("a %s is not drawn", g.Type))
		return
	default:
		mesh := &c.m.Meshes[g.Mesh]
		if mesh.Surface == nil || mesh.File == "" || mesh.placed {
			return // reported where it was read, or there is no file that holds it
		}
		v.Mesh, v.Scale = filepath.Join(c.m.dir, filepath.FromSlash(mesh.File)), mesh.scale
	}
	c.b.AddVisual(v)
}

// primitive returns the shape of a geom that the engine knows.
func primitive(g *Geom) (contact.Shape, bool) {
	switch g.Type {
	case SphereGeom:
		return contact.Sphere(g.Size.X), true
	case CapsuleGeom:
		return contact.Capsule(g.Size.X, g.Size.Y), true
	case CylinderGeom:
		return contact.Cylinder(g.Size.X, g.Size.Y), true
	case BoxGeom:
		return contact.Box(g.Size), true
	case EllipsoidGeom:
		return contact.Ellipsoid(g.Size.X, g.Size.Y, g.Size.Z), true
	}
	return contact.Shape{}, false
}

// plane adds the half-space below a plane.
func (c *builder) plane(i int) {
	g := &c.m.Geoms[i]
	p := sim.IdentityPose
	for b := g.Body; b > 0; b = c.m.Bodies[b].Parent {
		p = c.m.Bodies[b].Pose.Mul(p)
	}
	p = p.Mul(g.Pose)
	normal := rotate(p, r3.Vec{Z: 1})
	c.b.AddHalfSpace(c.planeName(i), normal, r3.Dot(normal, p.Pos))
	c.planes = append(c.planes, i)
}

func (c *builder) planeName(i int) string {
	if name := c.m.Geoms[i].Name; name != "" {
		return name
	}
	return fmt.Sprintf("plane%d", i)
}

// footing is the friction of a geom on a plane that is another than that on the first one it touches.
type footing struct {
	plane    string
	friction [3]float64
}

// ground returns whether a geom touches the planes of the file, or the ground that others may add, and its
// friction there, that on the first plane it touches, and where it is another.
func (c *builder) ground(i int) (friction [3]float64, others []footing, found bool) {
	m, g := c.m, &c.m.Geoms[i]
	if m.off.contact || m.off.constraint {
		return friction, nil, false
	}
	if len(c.planes) == 0 { // a ground to come has MuJoCo's default masks, and leaves friction to the shape
		return c.friction(g.Friction, g.Condim), nil, masks(g, &Geom{Contype: 1, Conaffinity: 1})
	}
	missed := false
	for _, k := range c.planes {
		f, ok := c.touch(i, k)
		switch {
		case !ok:
			missed = true
		case found && f != friction:
			others = append(others, footing{c.planeName(k), f})
		case !found:
			found, friction = true, f
		}
	}
	if found && missed {
		c.notes.add(g.Place, "geom", g.Name, "touches some planes of the file and not others: here it touches all"+changes)
	}
	return friction, others, found
}

// touch returns the friction between geoms i and plane, and whether they touch at all.
func (c *builder) touch(i, plane int) ([3]float64, bool) {
	for k := range c.m.Pairs {
		p := &c.m.Pairs[k]
		if p.Geoms == [2]int{i, plane} || p.Geoms == [2]int{plane, i} {
			return c.pairFriction(p), true
		}
	}
	a, b := &c.m.Geoms[i], &c.m.Geoms[plane]
	if c.excluded(a.Body, b.Body) {
		return [3]float64{}, false
	}
	return c.friction(mixedFriction(a, b)), masks(a, b)
}

// masks reports whether the masks of two geoms let them touch.
func masks(a, b *Geom) bool { return a.Contype&b.Conaffinity != 0 || b.Contype&a.Conaffinity != 0 }

// friction returns what a contact of a dimension has of the numbers of friction: 1 nothing, 3 sliding, 4 torsion (m)
// too, 6 all, rolling (m) included.
func (c *builder) friction(f [3]float64, condim int) [3]float64 {
	if c.opt.Friction != nil {
		f[0] = *c.opt.Friction
	}
	for k, least := range [...]int{3, 4, 6} {
		if condim < least {
			f[k] = 0
		}
	}
	return f
}

// turning returns the surface of a shape whose contacts have this friction.
func turning(f [3]float64) contact.Surface { return contact.Surface{Torsion: f[1], Rolling: f[2]} }
