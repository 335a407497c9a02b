package sim

import (
	"errors"
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// Build checks everything that was added and returns the model. All mistakes are reported together.
// Links joined by fixed joints become one body; their names stay usable as frames. The builder stays as it was.
func (b *Builder) Build() (*Model, error) {
	own := *b // what is normalized and filled in is its own
	c := compiler{Builder: &own, m: &Model{name: b.name, dyn: &dynamics.Model{}}}
	c.errs = append([]error(nil), b.errs...)
	c.world()
	c.names()
	order := c.tree()
	placed := len(c.errs) == 0 // shapes need bodies to sit on, but their own mistakes are reported either way
	if placed {
		c.bodies(order)
	} else {
		for l := range c.links {
			if in := c.links[l].inertia; in != (Inertia{}) {
				if err := in.Check(); err != nil {
					c.errorf("link %q: %w", c.links[l].name, err)
				}
			}
		}
	}
	c.shapes(placed)
	if placed {
		c.mimics()
		c.closeLoops()
		c.propel()
	}
	if len(c.errs) == 0 {
		c.pieces()
	}
	if len(c.errs) == 0 {
		c.scales()
	}
	if len(c.errs) > 0 {
		return nil, fmt.Errorf("model %q: %w", b.name, errors.Join(c.errs...))
	}
	c.m.setStructure()
	return c.m, nil
}

type compiler struct {
	*Builder
	m      *Model
	errs   []error
	parent []int  // joint that carries each link, −1 for none
	body   []int  // body of each link
	pose   []Pose // of each link in its body
	joint  []int  // joint of each body
	odd    []oddLink
}

func (c *compiler) errorf(format string, args ...any) {
	c.errs = append(c.errs, fmt.Errorf(format, args...))
}

func (c *compiler) world() {
	d := c.m.dyn
	if !(c.timestep > 0) || math.IsInf(c.timestep, 0) {
		c.errorf("timestep is %g s, want a positive number (SetTimestep)", c.timestep)
	}
	if !c.hasG {
		c.errorf("gravity is not set (SetGravity; the zero vector is allowed)")
	}
	if !spatial.Finite(c.gravity) {
		c.errorf("gravity (%g, %g, %g) is not finite", c.gravity.X, c.gravity.Y, c.gravity.Z)
	}
	if c.law > Frictionless {
		c.errorf("unknown friction law %d", c.law)
	}
	d.Timestep, d.Gravity, d.Law = c.timestep, c.gravity, dynamics.Friction(c.law)
	d.Planes = append(d.Planes, c.planes...)
	c.m.planes = append(c.m.planes, c.planeName...)
}

// names checks that links and joints have unique names.
func (c *compiler) names() {
	links, joints := map[string]bool{}, map[string]bool{}
	for i, l := range c.links {
		c.name(links, "link", i, l.name, "the name is used twice")
	}
	for i, j := range c.joints {
		c.name(joints, "joint", i, j.Name, "the name is used twice")
	}
	if len(c.links) == 0 {
		c.errorf("there are no links")
	}
}

// name checks the name of the i-th of a kind, and adds it to those seen; twice is what to say of one that is among them.
func (c *compiler) name(seen map[string]bool, kind string, i int, name, twice string) {
	switch {
	case name == "":
		c.errorf("%s %d has no name", kind, i)
	case seen[name]:
		c.errorf("%s %q: %s", kind, name, twice)
	}
	seen[name] = true
}

// tree checks joints and returns the links in depth-first order, parents before children.
func (c *compiler) tree() []Link {
	c.joints = append([]Joint(nil), c.joints...)
	c.parent = make([]int, len(c.links))
	for i := range c.parent {
		c.parent[i] = -1
	}
	children := make([][]Link, len(c.links)+1) // the last is the world's
	for i := range c.joints {
		j := &c.joints[i]
		if j.Child < 0 || int(j.Child) >= len(c.links) {
			c.errorf("joint %q: child link %d does not exist", j.Name, j.Child)
			continue
		}
		if j.Parent < World || int(j.Parent) >= len(c.links) {
			c.errorf("joint %q: parent link %d does not exist", j.Name, j.Parent)
			continue
		}
		if k := c.parent[j.Child]; k >= 0 {
			c.errorf("link %q is the child of joints %q and %q; close a loop with AddLoop", c.links[j.Child].name, c.joints[k].Name, j.Name)
			continue
		}
		c.parent[j.Child] = i
		at := len(c.links)
		if j.Parent != World {
			at = int(j.Parent)
		}
		children[at] = append(children[at], j.Child)
		if err := j.Type.check(); err != nil {
			c.errorf("joint %q %w", j.Name, err)
		}
		if err := fillPose(&j.Origin); err != nil {
			c.errorf("joint %q: origin: %w", j.Name, err)
		}
		c.axes(j)
	}
	var order []Link
	stack := reversed(children[len(c.links)])
	for len(stack) > 0 {
		l := stack[len(stack)-1]
		stack = append(stack[:len(stack)-1], reversed(children[l])...)
		order = append(order, l)
	}
	reached := make([]bool, len(c.links))
	for _, l := range order {
		reached[l] = true
	}
	for i := range c.links {
		switch {
		case c.parent[i] < 0:
			c.errorf("link %q hangs on nothing; add a joint from sim.World (AddFree for a floating base)", c.links[i].name)
		case !reached[i] && c.inCycle(i):
			c.errorf("link %q is in a cycle of joints (joint %q)", c.links[i].name, c.joints[c.parent[i]].Name)
		}
	}
	return order
}

func reversed(l []Link) []Link {
	r := make([]Link, 0, len(l))
	for i := len(l) - 1; i >= 0; i-- {
		r = append(r, l[i])
	}
	return r
}

func (c *compiler) inCycle(i int) bool {
	l := Link(i)
	for n := 0; n <= len(c.links); n++ {
		j := c.parent[l]
		if j < 0 {
			return false
		}
		if l = c.joints[j].Parent; l == World {
			return false
		} else if int(l) == i {
			return true
		}
	}
	return false
}

// axes checks the properties of a joint's axes and fills the list.
func (c *compiler) axes(j *Joint) {
	n := j.Type.NV()
	if len(j.Axes) == 0 {
		j.Axes = make([]Axis, n)
	}
	if len(j.Axes) != n {
		c.errorf("joint %q: %d axes described, it has %d free motions", j.Name, len(j.Axes), n)
		return
	}
	j.Axes = append([]Axis(nil), j.Axes...)
	for k := range j.Axes {
		a := &j.Axes[k]
		bad := func(field string, v float64) {
			c.errorf("joint %q, axis %d: %s is %g, want a finite number ≥ 0", j.Name, k, field, v)
		}
		for _, f := range []struct {
			name string
			v    float64
		}{{"damping", a.Damping}, {"stiffness", a.Stiffness}, {"dry friction", a.Friction}, {"armature", a.Armature}, {"effort", a.Effort}, {"bound on the speed", a.MaxSpeed}, {"kp", a.Kp}, {"kd", a.Kd}} {
			if !(f.v >= 0) || math.IsInf(f.v, 0) {
				bad(f.name, f.v)
			}
		}
		if !finite(a.Rest) {
			c.errorf("joint %q, axis %d: rest position is not finite", j.Name, k)
		}
		if math.IsNaN(a.Lower) || math.IsInf(a.Lower, 1) || math.IsNaN(a.Upper) || math.IsInf(a.Upper, -1) {
			c.errorf("joint %q, axis %d: limits from %g to %g leave no room", j.Name, k, a.Lower, a.Upper)
		} else if a.Limited && a.Lower == a.Upper {
			c.errorf("joint %q, axis %d: lower and upper limit are both %g, which locks it: leave the axis out, its position in Origin", j.Name, k, a.Lower)
		} else if a.Limited && !(a.Lower < a.Upper) {
			c.errorf("joint %q, axis %d: lower limit %g is not below upper limit %g", j.Name, k, a.Lower, a.Upper)
		} else if !a.Limited && (a.Lower != 0 || a.Upper != 0) && !unbounded(a.Lower, a.Upper) {
			c.m.warnings = append(c.m.warnings, fmt.Sprintf("joint %q, axis %d: limits from %g to %g do not hold, for Limited is not set", j.Name, k, a.Lower, a.Upper))
		}
		if a.Drive > Servo {
			c.errorf("joint %q, axis %d: unknown drive %d", j.Name, k, a.Drive)
		}
		if a.Drive == Servo && !(a.Kp+a.Kd > 0) {
			c.errorf("joint %q, axis %d: a servo needs a gain kp or kd", j.Name, k)
		}
	}
	if r := len(j.Type.Trans); len(j.Type.Rot) == 3 {
		c.spherical(j, j.Axes[r:])
	}
}

// unbounded reports limits that limit nothing.
func unbounded(lower, upper float64) bool { return math.IsInf(lower, -1) && math.IsInf(upper, 1) }

// spherical checks that the three axes of a spherical joint agree; a limit on it is a cone of angle.
func (c *compiler) spherical(j *Joint, a []Axis) {
	for k := 1; k < 3; k++ {
		if a[k] != a[0] {
			c.errorf("joint %q: the three axes of a spherical rotation must have the same properties", j.Name)
			return
		}
	}
	if a[0].Limited && !(a[0].Lower == 0 && a[0].Upper > 0 && a[0].Upper < math.Pi) {
		c.errorf("joint %q: a spherical limit is an angle: lower 0, upper in (0, π)", j.Name)
	}
	if a[0].MaxSpeed != 0 {
		c.errorf("joint %q: a spherical rotation has no bound on its speed", j.Name)
	}
	if a[0].Rest != 0 {
		c.errorf("joint %q: a spherical spring rests at the zero orientation; turn the joint's origin instead", j.Name)
	}
}

// bodies merges fixed joints and fills the kinematic trees.
func (c *compiler) bodies(order []Link) {
	d := c.m.dyn
	c.body = make([]int, len(c.links))
	c.pose = make([]Pose, len(c.links))
	var inertia []Inertia
	for _, l := range order {
		j := &c.joints[c.parent[l]]
		parent, origin := dynamics.World, j.Origin
		if j.Parent != World {
			parent = c.body[j.Parent]
			origin = c.pose[j.Parent].Mul(origin)
		}
		if j.Type.NV() == 0 {
			c.body[l], c.pose[l] = parent, origin
			in := c.links[l].inertia
			if parent == dynamics.World || in.Mass == 0 { // what it weighs does not matter
				if err := in.numbers(); err != nil {
					c.errorf("link %q: %w", c.links[l].name, err)
				}
				continue
			}
			if c.checkInertia(l, parent) {
				inertia[parent] = inertia[parent].Plus(in.Placed(origin))
			}
			continue
		}
		i := len(d.Bodies)
		c.body[l], c.pose[l] = i, IdentityPose
		c.joint = append(c.joint, c.parent[l])
		b := dynamics.Body{Parent: parent, Origin: spatial.Pose(origin), NT: len(j.Type.Trans), NR: len(j.Type.Rot), Q: d.NQ, V: d.NV}
		if parent == dynamics.World {
			b.Tree = len(d.Trees)
			d.Trees = append(d.Trees, dynamics.Tree{First: i, V0: d.NV})
		} else {
			b.Tree = d.Bodies[parent].Tree
		}
		for k, a := range append(append([]spatial.Vec(nil), j.Type.Trans...), j.Type.Rot...) {
			b.Axes[k], _ = spatial.Unit(a)
			c.dof(j, k, i)
		}
		if b.NR == 3 {
			b.Axes[b.NT], b.Axes[b.NT+1], b.Axes[b.NT+2] = ex, ey, ez
		}
		d.NQ += b.NQ()
		d.NV += b.NV()
		d.Bodies = append(d.Bodies, b)
		tr := &d.Trees[b.Tree]
		tr.Last, tr.V1 = i+1, d.NV
		if c.links[l].inertia != (Inertia{}) {
			c.checkInertia(l, i)
		}
		inertia = append(inertia, c.links[l].inertia)
		c.m.bodies = append(c.m.bodies, c.links[l].name)
		c.m.joints = append(c.m.joints, JointInfo{Name: j.Name, Type: j.Type, Parent: parent, Child: i, Q: b.Q, NQ: b.NQ(), V: b.V, NV: b.NV(), Axes: j.Axes})
	}
	c.settle(inertia)
	hasMass := make([]bool, len(d.Bodies))
	for i := len(d.Bodies) - 1; i >= 0; i-- {
		b := &d.Bodies[i]
		b.Mass, b.COM, b.Inertia = inertia[i].Mass, inertia[i].COM, inertia[i].sym()
		hasMass[i] = hasMass[i] || b.Mass > 0
		if !hasMass[i] {
			c.errorf("link %q: mass is %g kg, want a positive number: joint %q moves nothing that has mass", c.m.bodies[i], b.Mass, c.m.joints[i].Name)
		} else if b.Parent != dynamics.World {
			hasMass[b.Parent] = true
		}
	}
	for l, k := range c.links {
		c.m.frames = append(c.m.frames, Frame{Name: k.name, Body: c.body[l], Pose: c.pose[l]})
	}
}

// oddLink is a link of an inertia that no body has, in a body.
type oddLink struct {
	link Link
	body int
	err  error
}

// checkInertia checks the inertia of a link of a moving body. One that no body has by itself is an error if the whole body has none that
// is possible, see settle.
func (c *compiler) checkInertia(l Link, body int) bool {
	in := &c.links[l].inertia
	err := in.Check()
	if err == nil {
		return true
	}
	if in.numbers() != nil || in.Mass == 0 {
		c.errorf("link %q: %w", c.links[l].name, err)
		return false
	}
	c.odd = append(c.odd, oddLink{l, body, err})
	return true
}

// settle decides about links of an inertia that no body has: cameras and feet that were exported as points, fixed to others. What moves is
// the sum.
func (c *compiler) settle(bodies []Inertia) {
	for _, o := range c.odd {
		name := c.links[o.link].name
		if bodies[o.body].Check() != nil {
			c.errorf("link %q: %w", name, o.err)
			continue
		}
		c.m.warnings = append(c.m.warnings, fmt.Sprintf("link %q: %v, which no body has by itself; what it is fixed to makes it possible", name, o.err))
	}
}

func (c *compiler) dof(j *Joint, k, body int) {
	d, a := c.m.dyn, j.Axes[k]
	f := dynamics.Dof{
		Body: body, Lower: math.Inf(-1), Upper: math.Inf(1), Damping: a.Damping, Stiffness: a.Stiffness, Rest: a.Rest,
		Friction: a.Friction, Armature: a.Armature, Effort: a.Effort, MaxSpeed: a.MaxSpeed, Kp: a.Kp, Kd: a.Kd, Drive: dynamics.Drive(a.Drive), Input: -1,
	}
	if a.Limited {
		f.Lower, f.Upper = a.Lower, a.Upper
	}
	if f.Effort == 0 {
		f.Effort = math.Inf(1)
	}
	if f.MaxSpeed == 0 {
		f.MaxSpeed = math.Inf(1)
	}
	if a.Drive != Passive {
		f.Input = d.NU
		d.NU++
		name := j.Name
		if j.Type.NV() > 1 {
			name = fmt.Sprintf("%s[%d]", j.Name, k)
		}
		c.m.inputs = append(c.m.inputs, name)
	}
	d.Dofs = append(d.Dofs, f)
	at := d.NQ + k
	if nt := len(j.Type.Trans); len(j.Type.Rot) == 3 && k > nt {
		at = d.NQ + nt // all three belong to one quaternion
	}
	d.QIndex = append(d.QIndex, at)
}
