package urdf

import "github.com/ukemi-sim/ukemi/sim"

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

// base decides how the root is attached, by the rule documented at [AutoBase].
func (r *reader) base() Base {
	if r.opt.Base != AutoBase {
		return r.opt.Base
	}
	root := r.root()
	mass, leaving := group(root)
	if root.name == "world" || mass == 0 {
		return FixedBase
	}
	for _, j := range leaving {
		if j.kind != "planar" && j.kind != "planaraxis" && j.kind != "floating" {
			return FloatingBase
		}
	}
	if len(leaving) > 0 {
		return FixedBase
	}
	return FloatingBase
}

// leaves finds links at the end of a moving chain that have no mass: no force could move them.
func (r *reader) leaves(base Base) {
	for _, l := range r.links {
		floating := l.carrier == nil && base == FloatingBase
		if !floating && (l.carrier == nil || l.carrier.kind == "fixed") {
			continue
		}
		mass, leaving := group(l)
		if mass > 0 || len(leaving) > 0 && !floating {
			continue
		}
		why := "moves, and ends a chain"
		if floating {
			why = "is a floating base"
		}
		if !r.opt.Repair {
			r.errorf(l.node, "has no mass but %s; give it an <inertial>, or load with Repair to give it a ball of 1 g and 1 cm radius", why)
			continue
		}
		l.inertia = sim.SphereInertia(1e-3, 0.01)
		r.notef(l.node, "repaired: the link has no mass but %s; it got that of a ball of 1 g and 1 cm radius", why)
	}
}

// emit hands everything to the builder. Links and joints keep the order of the file.
func (r *reader) emit(base Base) {
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
	if base == FixedBase {
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
