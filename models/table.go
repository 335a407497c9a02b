package models

import (
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// part is a row of a robot's table: a link, the joint that carries it, and its shapes. Parents stand before their children.
type part struct {
	name, joint string
	on          string // the link that carries it; "" is the world
	typ         sim.JointType
	pose        sim.Pose
	inertia     sim.Inertia
	axis        sim.Axis        // of a joint of one motion
	shapes      []solid         // that touch
	tip         contact.Surface // of the last of them: a foot that resists spinning and rolling
	looks       []solid         // that are only drawn
}

// solid is a shape and where it is.
type solid struct {
	shape contact.Shape
	pose  sim.Pose
}

// at and turned are poses in tables, positions in meters and quaternions w, x, y, z.
func at(x, y, z float64) sim.Pose { return sim.At(x, y, z) }

func turned(x, y, z, w, i, j, k float64) sim.Pose {
	q := quat.Number{Real: w, Imag: i, Jmag: j, Kmag: k}
	return sim.Pose{Pos: r3.Vec{X: x, Y: y, Z: z}, Rot: quat.Scale(1/quat.Abs(q), q)}
}

// inPlane slides along x and z and turns about y, as robots of planar studies do.
func inPlane() sim.JointType {
	return sim.JointType{Trans: []r3.Vec{{X: 1}, {Z: 1}}, Rot: []r3.Vec{{Y: 1}}}
}

// tabled is the builder of a family that is a table and nothing else.
func tabled(name string, mu float64, parts []part) func(o Options, n int) *sim.Builder {
	return func(o Options, _ int) *sim.Builder { return o.assembled(name, mu, parts) }
}

// assembled returns the builder of a table; mu is the friction of all shapes.
func (o Options) assembled(name string, mu float64, parts []part) *sim.Builder {
	b := o.builder(name)
	links := map[string]sim.Link{"": sim.World}
	colors := [2]sim.Color{slate, dark}
	for i, p := range parts {
		color := colors[i%2]
		if p.on == "" {
			color = orange
		}
		l := b.AddLink(p.name, o.mass(p.inertia))
		links[p.name] = l
		parent, ok := links[p.on]
		if !ok {
			b.Fail(fmt.Errorf("models: %s: part %q hangs on %q, which is not there", name, p.name, p.on))
			return b
		}
		j := sim.Joint{Name: p.joint, Type: p.typ, Parent: parent, Child: l, Origin: p.pose}
		if p.typ.NV() == 1 {
			j.Axes = []sim.Axis{o.scaled(p.axis)}
		}
		b.AddJoint(j)
		for k, s := range p.shapes {
			c := sim.Collider{Link: l, Shape: s.shape, Pose: s.pose, Friction: o.friction(mu), Color: color}
			if k == len(p.shapes)-1 {
				c.Surface = p.tip
			}
			b.AddCollider(c)
		}
		looks := p.looks
		if len(p.shapes)+len(looks) == 0 {
			looks = bones(p.name, parts[i+1:])
		}
		for _, s := range looks {
			b.AddVisual(sim.Visual{Link: l, Shape: s.shape, Pose: s.pose, Color: color})
		}
	}
	return b
}

// bones returns what is drawn of a link without shapes: capsules from its joint to those of the links that hang on it.
func bones(name string, parts []part) (looks []solid) {
	for _, c := range parts {
		length := r3.Norm(c.pose.Pos)
		if c.on != name || length < 0.02 {
			continue
		}
		radius := math.Min(0.2*length, 0.04)
		up, along := r3.Vec{Z: 1}, r3.Scale(1/length, c.pose.Pos)
		turn := quat.Number{Imag: 1}
		if along.Z > -1+1e-9 {
			axis := r3.Cross(up, along)
			turn = quat.Number{Real: 1 + along.Z, Imag: axis.X, Jmag: axis.Y, Kmag: axis.Z}
		}
		looks = append(looks, solid{contact.Capsule(radius, length/2), sim.Pose{Pos: r3.Scale(0.5, c.pose.Pos), Rot: quat.Scale(1/quat.Abs(turn), turn)}})
	}
	return looks
}

// scaled is axis for the properties that tables hold besides.
func (o Options) scaled(a sim.Axis) sim.Axis {
	a = o.axis(a)
	k := o.MassScale
	a.Stiffness, a.Armature, a.Kp, a.Kd = k*a.Stiffness, k*a.Armature, k*a.Kp, k*a.Kd
	return a
}

// floating returns a start of a floating base and its joints at q, with the lowest point at a height (m).
func floating(height float64, q ...float64) func(*sim.Model) sim.State {
	return func(m *sim.Model) sim.State {
		s := m.NewState()
		copy(s.Q[7:], q)
		PlaceAbove(m, s.Q, height)
		return s
	}
}

// posed returns a start with joints of one motion at named coordinates, the others at zero, and the lowest point of a
// floating base at a height (m).
func posed(height float64, q map[string]float64) func(*sim.Model) sim.State {
	return func(m *sim.Model) sim.State {
		s := m.NewState()
		for _, j := range m.Joints() {
			if j.NV == 1 {
				s.Q[j.Q] = q[j.Name]
			}
		}
		PlaceAbove(m, s.Q, height)
		return s
	}
}

// bolted returns a start with joints at q.
func bolted(q ...float64) func(*sim.Model) sim.State {
	return func(m *sim.Model) sim.State {
		s := m.NewState()
		copy(s.Q, q)
		return s
	}
}

// assembledAt is bolted with loops closed.
func assembledAt(q ...float64) func(*sim.Model) sim.State {
	return func(m *sim.Model) sim.State {
		s := bolted(q...)(m)
		if err := m.Assemble(&s); err != nil {
			panic("models: " + err.Error()) // the tables' loops close, a test sees to it
		}
		return s
	}
}

// planarAt returns a start of a planar base with its lowest point at a height (m).
func planarAt(height float64) func(*sim.Model) sim.State {
	return func(m *sim.Model) sim.State {
		s := m.NewState()
		PlaceAbove(m, s.Q, height)
		return s
	}
}
