package mjcf

import (
	"errors"
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// builder turns a description into what the engine simulates. It alone knows what the engine can do: each thing
// of the file that it cannot take is a note.
type builder struct {
	m       *Model
	opt     Options
	b       *sim.Builder
	notes   notes
	errs    []error
	moving  []bool     // whether each body can move
	top     []int      // the body next to the world from which each hangs
	link    []sim.Link // that carries each body
	frame   []sim.Pose // of each body in its link
	inertia []sim.Inertia
	bodies  []string        // names of the links of bodies
	joints  []string        // names of joints
	links   map[string]bool // names of links in use
	taken   map[string]bool // names of joints in use
	mimics  []mimic         // of each joint
	unbound []bool          // joints whose limits are dropped
	drives  []drive
	pulled  map[int]*pull      // of joints, by tendons
	inputs  map[string]bool    // names of inputs in use
	corners map[int][][]r3.Vec // of the convex solids of meshes, once they are needed
	shown   []bool             // whether a body has geoms of groups that MuJoCo draws
	planes  []int              // geoms
	rough   []rough            // geoms of meshes

	thrusters []int // actuators on sites, in the order of inputs
}

// Robot returns m as far as the engine can simulate it.
func (m *Model) Robot(opt Options) (*Robot, error) {
	if opt.Timestep == 0 {
		opt.Timestep = 0.01
	}
	if !(opt.Decompose >= 0) || math.IsInf(opt.Decompose, 1) {
		return nil, fmt.Errorf("mjcf: Options.Decompose is %g, want a length in meters, or 0 for hulls", opt.Decompose)
	}
	c := &builder{m: m, opt: opt, b: sim.NewBuilder(m.Name), corners: map[int][][]r3.Vec{}, inputs: map[string]bool{}, pulled: map[int]*pull{}}
	c.notes.list = append(c.notes.list, m.notes.list...)
	c.world()
	c.names()
	c.couplings()
	c.rooms()
	c.pulls()
	c.actuators()
	c.masses()
	c.tree()
	c.sites()
	c.loops()
	c.shapes()
	c.tellRough()
	c.left()
	if len(c.errs) > 0 {
		return nil, fmt.Errorf("mjcf: %w", errors.Join(c.errs...))
	}
	return &Robot{Name: m.Name, Model: m, Builder: c.b, Notes: c.notes.sorted(m.main), HasPlane: len(c.planes) > 0, drives: c.drives, thrusters: c.thrusters}, nil
}

func (c *builder) errorf(at Place, format string, args ...any) {
	c.errs = append(c.errs, fmt.Errorf("%s:%d: %w", at.File, at.Line, fmt.Errorf(format, args...)))
}

func (c *builder) notef(at Place, element, name, format string, args ...any) {
	c.notes.add(at, element, name, fmt.Sprintf(format, args...))
}

func (c *builder) world() {
	c.b.SetTimestep(c.opt.Timestep)
	g := c.m.Option.Gravity
	if c.m.off.gravity {
		g = r3.Vec{}
	}
	if c.opt.Gravity != nil {
		g = *c.opt.Gravity
	}
	c.b.SetGravity(g)
	c.moving, c.top = make([]bool, len(c.m.Bodies)), make([]int, len(c.m.Bodies))
	for i := 1; i < len(c.m.Bodies); i++ {
		b := &c.m.Bodies[i]
		c.moving[i] = b.NumJoints > 0 || c.moving[b.Parent]
		if c.top[i] = i; b.Parent > 0 {
			c.top[i] = c.top[b.Parent]
		}
	}
}

// masses finds the inertia of every link. What is welded to a moving body keeps its own, which sensors in the weld
// feel; parts that the engine would refuse alone, such as points, are summed into what they are welded to.
func (c *builder) masses() {
	c.inertia = make([]sim.Inertia, len(c.m.Bodies))
	weighs := make([]bool, len(c.m.Bodies)) // itself or what is welded to it
	for i := len(c.m.Bodies) - 1; i > 0; i-- {
		b := &c.m.Bodies[i]
		in := c.inertia[i].Plus(b.Inertia)
		weighs[i] = weighs[i] || in.Mass > 0
		if c.moving[i] && b.NumJoints == 0 {
			weighs[b.Parent] = weighs[b.Parent] || weighs[i]
			if in.Mass > 0 && in.Check() != nil {
				c.inertia[b.Parent] = c.inertia[b.Parent].Plus(in.Placed(b.Pose))
				in = sim.Inertia{}
			}
		}
		c.inertia[i] = in
		c.unknownMass(i, weighs[i])
	}
	c.mend()
}

// unknownMass reports bodies whose mass should come from meshes that could not be read.
func (c *builder) unknownMass(i int, weighs bool) {
	b := &c.m.Bodies[i]
	if len(b.unknown) == 0 || !c.moving[i] {
		return
	}
	g := &c.m.Geoms[b.unknown[0]]
	mesh := c.m.Meshes[g.Mesh].Name
	if weighs || b.NumJoints == 0 {
		c.notef(g.Place, "geom", g.Name, "the mass of mesh %q is not known and left out of body %q%s", clip(mesh), clip(c.bodies[i]), changes)
		return
	}
	if !c.opt.Repair {
		c.errorf(g.Place, "<geom>: the mass of body %q should come from mesh %q, which could not be read (%w); bring the mesh, give the body an <inertial>, or load with Repair to give it a ball of 1 g and 1 cm radius",
			clip(c.bodies[i]), clip(mesh), c.m.Meshes[g.Mesh].err)
		return
	}
	c.inertia[i] = sim.SphereInertia(1e-3, 0.01)
	c.notef(g.Place, "geom", g.Name, "repaired: body %q has no mass but that of mesh %q, which could not be read; it got that of a ball of 1 g and 1 cm radius%s", clip(c.bodies[i]), clip(mesh), changes)
}

// names gives bodies and joints names that the engine takes: none empty, none twice.
func (c *builder) names() {
	taken := map[string]bool{"world": true}
	for i := range c.m.Bodies {
		c.bodies = append(c.bodies, unique(taken, c.m.Bodies[i].Name, fmt.Sprintf("body%d", i)))
	}
	c.links = taken
	taken = map[string]bool{}
	for i := range c.m.Joints {
		j := &c.m.Joints[i]
		c.joints = append(c.joints, unique(taken, j.Name, fmt.Sprintf("%s/%s%d", c.bodies[j.Body], j.Type, i-c.m.Bodies[j.Body].Joint)))
	}
	c.taken = taken
}

// unique returns the name, or the stand-in when there is none, changed where it is taken.
func unique(taken map[string]bool, name, standIn string) string {
	if name == "" {
		name = standIn
	}
	out := name
	for k := 2; taken[out]; k++ {
		out = fmt.Sprintf("%s_%d", name, k)
	}
	taken[out] = true
	return out
}

// tree adds a link for each body and each joint. A body with several joints hangs on a chain of links without
// mass. The frame of a link is where its last joint is, turned like the body. Where MuJoCo has the frame of the
// body elsewhere, that one is named BODY/body. Sites are frames as well.
func (c *builder) tree() {
	n := len(c.m.Bodies)
	if n == 1 { // a scene without bodies is a model in which nothing moves, as a URDF file of one link "world" is
		c.b.AddJoint(sim.Joint{Name: "world/fixed", Type: sim.Fixed(), Parent: sim.World, Child: c.b.AddLink("world", sim.Inertia{}), Origin: sim.IdentityPose})
	}
	c.link, c.frame = make([]sim.Link, n), make([]sim.Pose, n)
	c.link[0], c.frame[0] = sim.World, sim.IdentityPose
	for i := 1; i < n; i++ {
		b := &c.m.Bodies[i]
		at, body := c.link[b.Parent], c.frame[b.Parent].Mul(b.Pose)
		if b.NumJoints == 0 {
			l := c.b.AddLink(c.bodies[i], c.inertia[i])
			c.b.AddJoint(sim.Joint{Name: unique(c.taken, "", c.bodies[i]+"/fixed"), Type: sim.Fixed(), Parent: at, Child: l, Origin: body})
			c.link[i], c.frame[i] = l, sim.IdentityPose
			continue
		}
		var anchor r3.Vec
		for k := b.Joint; k < b.Joint+b.NumJoints; k++ {
			typ, origin := c.joint(&c.m.Joints[k], body, &anchor)
			body = sim.Pose{Pos: r3.Scale(-1, anchor), Rot: quat.Number{Real: 1}}
			name, in := c.bodies[i], c.inertia[i].Placed(body)
			if k < b.Joint+b.NumJoints-1 {
				name, in = unique(c.links, "", c.bodies[i]+"/"+c.joints[k]), sim.Inertia{}
			}
			l := c.b.AddLink(name, in)
			c.b.AddJoint(sim.Joint{Name: c.joints[k], Type: typ, Parent: at, Child: l, Origin: origin, Axes: c.axes(k), Mimic: c.mimicOf(k)})
			at = l
		}
		c.link[i], c.frame[i] = at, body
		if body.Pos != (r3.Vec{}) {
			c.namedFrame(c.bodies[i]+"/body", at, body)
		}
	}
	for i := range c.m.Sites {
		if s := &c.m.Sites[i]; s.Name != "" {
			c.namedFrame(s.Name, c.link[s.Body], c.frame[s.Body].Mul(s.Pose))
		}
	}
}

// namedFrame adds a frame fixed to a link.
func (c *builder) namedFrame(name string, l sim.Link, p sim.Pose) {
	name = unique(c.links, name, "")
	f := c.b.AddLink(name, sim.Inertia{})
	c.b.AddJoint(sim.Joint{Name: unique(c.taken, "", name+"/fixed"), Type: sim.Fixed(), Parent: l, Child: f, Origin: p})
}

// joint returns the type of a joint and its frame in the link that carries it, where body is the pose of the
// body frame. It moves the anchor, the point of the body at which the new link has its frame.
func (c *builder) joint(j *Joint, body sim.Pose, anchor *r3.Vec) (sim.JointType, sim.Pose) {
	if j.Type == FreeJoint {
		*anchor = r3.Vec{}
		return sim.Free(), sim.IdentityPose
	}
	if j.Type != SlideJoint {
		*anchor = j.Pos
	}
	origin := body.Mul(sim.Pose{Pos: *anchor, Rot: quat.Number{Real: 1}})
	switch j.Type {
	case SlideJoint:
		back := sim.Pose{Pos: r3.Scale(-j.Ref, j.Axis), Rot: quat.Number{Real: 1}}
		return sim.Prismatic(j.Axis), origin.Mul(back)
	case HingeJoint:
		return sim.Revolute(j.Axis), origin.Mul(sim.Pose{Rot: spatial.AxisAngle(j.Axis, -j.Ref)})
	}
	return sim.Spherical(), origin
}

// farAway is the position limit (m or rad) from which on it is none.
const farAway = 1e6

// axes returns the properties of a joint's free motions.
func (c *builder) axes(i int) []sim.Axis {
	j := &c.m.Joints[i]
	_, nv := j.Type.size()
	a := sim.Axis{Damping: j.Damping[0], Stiffness: j.Stiffness[0], Friction: j.FrictionLoss, Armature: j.Armature}
	off := &c.m.off
	if off.damper {
		a.Damping = 0
	}
	if off.spring {
		a.Stiffness = 0
	}
	if off.friction || off.constraint {
		a.Friction = 0
	}
	if j.Damping[1] != 0 || j.Damping[2] != 0 || j.Stiffness[1] != 0 || j.Stiffness[2] != 0 {
		c.notef(j.Place, "joint", j.Name, "only the linear part of stiffness and damping is simulated%s", changes)
	}
	if j.Type == FreeJoint && a.Stiffness != 0 {
		c.notef(j.Place, "joint", j.Name, "the stiffness of a free joint is not simulated%s", changes)
		a.Stiffness = 0
	}
	switch {
	case j.Type == HingeJoint || j.Type == SlideJoint:
		a.Rest = j.SpringRef
	case j.Type == BallJoint && a.Stiffness != 0:
		c.notef(j.Place, "joint", j.Name, "the spring of a ball joint pulls back with the sine of the angle here, in MuJoCo with the angle"+changes)
	}
	if j.Limited && !c.unbound[i] && !off.limit && !off.constraint {
		c.limit(j, &a)
	}
	c.addPull(i, &a)
	if d := c.drive(i); d != nil {
		a.Damping += d.damping
		a.Armature += d.armature
		a.Drive = sim.Torque
		if !math.IsInf(d.effort, 1) {
			a.Effort = d.effort
		}
		if d.kp > 0 {
			a.Drive, a.Kp, a.Kd = sim.Servo, d.kp, d.kd
		} else {
			a.Damping += d.kd
		}
	}
	axes := make([]sim.Axis, nv)
	for k := range axes {
		axes[k] = a
	}
	return axes
}

func (c *builder) limit(j *Joint, a *sim.Axis) {
	a.Limited, a.Lower, a.Upper = true, j.Range[0], j.Range[1]
	if j.Type == BallJoint {
		if a.Upper >= math.Pi {
			*a = sim.Axis{Damping: a.Damping, Stiffness: a.Stiffness, Friction: a.Friction, Armature: a.Armature}
			c.notef(j.Place, "joint", j.Name, "a range of half a turn and more is none for a ball joint")
		}
		return
	}
	if a.Lower <= -farAway {
		a.Lower = math.Inf(-1)
	}
	if a.Upper >= farAway {
		a.Upper = math.Inf(1)
	}
	if math.IsInf(a.Lower, -1) && math.IsInf(a.Upper, 1) {
		a.Limited, a.Lower, a.Upper = false, 0, 0
	}
}
