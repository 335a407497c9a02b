package urdf

import (
	"fmt"

	"github.com/ukemi-sim/ukemi/sim"
)

func (r *reader) root() *link {
	for _, l := range r.links {
		if l.carrier == nil {
			return l
		}
	}
	return nil
}

// group returns the mass of l with all links fixed to it, and the moving joints that leave them.
func group(l *link) (mass float64, leaving []*joint) {
	stack := []*link{l}
	for len(stack) > 0 {
		l := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		mass += l.inertia.Mass
		for _, j := range l.children {
			if j.kind == "fixed" {
				stack = append(stack, j.child)
			} else {
				leaving = append(leaving, j)
			}
		}
	}
	return mass, leaving
}

// chooseBase decides how the root is attached, by the rule documented at [AutoBase].
func (r *reader) chooseBase() {
	root := r.root()
	mass, leaving := group(root)
	roams := true // whether all that leaves the root describes motion over the ground
	for _, j := range leaving {
		roams = roams && (j.kind == "planar" || j.kind == "planaraxis" || j.kind == "floating")
	}
	if i, ok := r.byName["world"]; ok && r.links[i].carrier != nil {
		r.notef(Reading, r.links[i].node, "the link called world hangs on joint %q and is a link like any other; what shall be bolted to the world is its child", r.links[i].carrier.name)
	}
	r.base = FixedBase
	switch {
	case r.opt.Base != AutoBase:
		r.base, r.baseWhy = r.opt.Base, "as asked for"
	case root.name == "world":
		r.baseWhy = `the root link is called "world"`
	case mass == 0:
		r.baseWhy = fmt.Sprintf("the root link %q has no mass", root.name)
	case roams && len(leaving) > 0:
		r.baseWhy = fmt.Sprintf("only planar and floating joints leave the root link %q", root.name)
	default:
		r.base, r.baseWhy = FloatingBase, fmt.Sprintf("the root link %q has mass and hangs on nothing", root.name)
	}
}

// emit hands everything to the builder. Links and joints keep the order of the file.
func (r *reader) emit() {
	b := r.b
	b.SetTimestep(r.opt.Timestep)
	b.SetGravity(*r.opt.Gravity)
	if r.opt.Ground {
		b.AddGround()
	}
	for _, l := range r.links {
		l.id = b.AddLink(l.name, l.inertia)
		for _, c := range l.colliders {
			c.Link = l.id
			b.AddCollider(c)
		}
		for _, v := range l.visuals {
			v.Link = l.id
			b.AddVisual(v)
		}
	}
	typ, name := sim.Free(), "floating_base"
	if r.base == FixedBase {
		typ, name = sim.Fixed(), "fixed_base"
	}
	for taken := true; taken; {
		taken = false
		for _, j := range r.joints {
			if j.name == name {
				taken, name = true, name+"_"
			}
		}
	}
	b.AddJoint(sim.Joint{Name: name, Type: typ, Parent: sim.World, Child: r.root().id})
	for _, j := range r.joints {
		b.AddJoint(sim.Joint{
			Name: j.name, Type: j.typ, Parent: j.parent.id, Child: j.child.id,
			Origin: j.origin, Axes: j.axes, Mimic: j.mimic,
		})
	}
}
