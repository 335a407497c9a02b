package sim

import (
	"fmt"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Model is a compiled world: immutable, safe to share between goroutines. Make one with a [Builder].
type Model struct {
	name      string
	dyn       *dynamics.Model
	bodies    []string // name of the link that gives each body its frame
	joints    []JointInfo
	inputs    []string
	frames    []Frame
	pieces    []dynamics.Piece // of bodies, one per frame, see Sensor
	planes    []string
	colliders []string
	contacts  []string // names, in the engine's order
	loops     []string
	visuals   []Drawn
	warnings  []string
	structure uint64 // see Structure
}

// Frame is a named frame fixed to a body, such as a link that was merged by a fixed joint.
type Frame struct {
	Name string
	Body int  // body index, −1 for the world
	Pose Pose // in the body frame
}

// JointInfo describes a joint of a model. Joint i carries body i.
type JointInfo struct {
	Name   string
	Type   JointType
	Parent int // body, −1 for the world
	Child  int // body
	Q, NQ  int // its coordinates are q[Q : Q+NQ]
	V, NV  int // its velocities are v[V : V+NV]
	Axes   []Axis
}

// Drawn is a shape or mesh to draw, placed in a body frame (body −1 is the world).
type Drawn struct {
	Name     string
	Body     int
	Pose     Pose
	Shape    contact.Shape
	Mesh     string
	Scale    r3.Vec
	Color    Color
	Collides bool
}

// Name returns the name given to the builder.
func (m *Model) Name() string { return m.name }

// NQ returns the number of configuration coordinates.
func (m *Model) NQ() int { return m.dyn.NQ }

// NV returns the number of velocities (degrees of freedom).
func (m *Model) NV() int { return m.dyn.NV }

// NU returns the number of inputs.
func (m *Model) NU() int { return m.dyn.NU }

// NB returns the number of moving bodies, which is that of joints.
func (m *Model) NB() int { return len(m.bodies) }

// Timestep returns the step length in seconds.
func (m *Model) Timestep() float64 { return m.dyn.Timestep }

// Gravity returns the acceleration of gravity (m/s²).
func (m *Model) Gravity() r3.Vec { return m.dyn.Gravity }

// Bodies returns the names of the moving bodies, in depth-first order.
func (m *Model) Bodies() []string { return append([]string(nil), m.bodies...) }

// Joints returns the joints; joint i carries body i.
func (m *Model) Joints() []JointInfo { return append([]JointInfo(nil), m.joints...) }

// Inputs returns the names of the inputs.
func (m *Model) Inputs() []string { return append([]string(nil), m.inputs...) }

// Frames returns all named frames: every link that was added.
func (m *Model) Frames() []Frame { return append([]Frame(nil), m.frames...) }

// Colliders returns the names of the collision shapes.
func (m *Model) Colliders() []string { return append([]string(nil), m.colliders...) }

// HalfSpaces returns the half-spaces and their names.
func (m *Model) HalfSpaces() ([]contact.HalfSpace, []string) {
	return append([]contact.HalfSpace(nil), m.dyn.Planes...), append([]string(nil), m.planes...)
}

// Drawn returns what a viewer draws.
func (m *Model) Drawn() []Drawn { return append([]Drawn(nil), m.visuals...) }

// Warnings returns what the builder accepted but the user should know.
func (m *Model) Warnings() []string { return append([]string(nil), m.warnings...) }

// Frame returns the frame of the given name.
func (m *Model) Frame(name string) (Frame, error) {
	for _, f := range m.frames {
		if f.Name == name {
			return f, nil
		}
	}
	return Frame{}, fmt.Errorf("sim: model %q has no frame %q", m.name, name)
}

// Joint returns the joint of the given name.
func (m *Model) Joint(name string) (JointInfo, error) {
	for _, j := range m.joints {
		if j.Name == name {
			return j, nil
		}
	}
	return JointInfo{}, fmt.Errorf("sim: model %q has no joint %q", m.name, name)
}

// BodyInertia returns mass, center of mass and inertia of body i, with what fixed links add to it.
func (m *Model) BodyInertia(i int) Inertia {
	b := &m.dyn.Bodies[i]
	in := Inertia{Mass: b.Mass, COM: b.COM}
	in.setSym(b.Inertia)
	return in
}

// TotalMass returns the mass of all bodies (kg).
func (m *Model) TotalMass() float64 {
	s := 0.0
	for i := range m.dyn.Bodies {
		s += m.dyn.Bodies[i].Mass
	}
	return s
}

// Poses stores the world poses of all body frames at configuration q; len(poses) is the number of bodies.
func (m *Model) Poses(poses []Pose, q []float64) {
	for i := range m.dyn.Bodies {
		var parent *spatial.Pose
		if p := m.dyn.Bodies[i].Parent; p != dynamics.World {
			parent = (*spatial.Pose)(&poses[p])
		}
		m.dyn.Bodies[i].Place((*spatial.Pose)(&poses[i]), parent, q)
	}
}

// KappaUnit returns what κ = 1 means for the gaps of collider i: the complementarity product m g h ℓ in joule seconds, with
// the timestep h, the radius of gyration ℓ of its mechanism and the mass m that a force at the collider's center moves,
// 3/tr(J M⁻¹Jᵀ), all when the model was built; in free space g = 9.81 m/s². A contact that carries m g rests at the gap κℓ.
// It is 0 for colliders fixed to the world.
func (m *Model) KappaUnit(i int) float64 { return m.dyn.ColliderUnit(i) }

// DofKappaUnit is KappaUnit for the limits, dry friction and drives of velocity i, with the mass 1/(M⁻¹)ᵢᵢ, of a rotation over
// ℓ².
func (m *Model) DofKappaUnit(i int) float64 { return m.dyn.DofUnit(i) }

// WithEngine returns a copy of m around other parameters, for the engine's own packages. What the model
// tells about joints and shapes follows them.
func (m *Model) WithEngine(d *dynamics.Model) *Model {
	c := *m
	c.dyn = d
	c.visuals = append([]Drawn(nil), m.visuals...)
	n := 0
	for i := range c.visuals {
		if v := &c.visuals[i]; v.Collides {
			v.Shape, v.Pose = d.Colliders[n].Shape, Pose(d.Colliders[n].Pose)
			n++
		}
	}
	c.joints = append([]JointInfo(nil), m.joints...)
	for i := range c.joints {
		j := &c.joints[i]
		j.Axes = append([]Axis(nil), j.Axes...)
		for k := range j.Axes {
			f, a := &d.Dofs[j.V+k], &j.Axes[k]
			a.Damping, a.Stiffness, a.Rest, a.Friction, a.Armature, a.Kp, a.Kd = f.Damping, f.Stiffness, f.Rest, f.Friction, f.Armature, f.Kp, f.Kd
			if a.Limited {
				a.Lower, a.Upper = f.Lower, f.Upper
			}
			if a.Effort != 0 {
				a.Effort = f.Effort
			}
			if a.MaxSpeed != 0 {
				a.MaxSpeed = f.MaxSpeed
			}
		}
	}
	return &c
}

// Engine gives the engine's own packages access to the compiled model.
func (m *Model) Engine() *dynamics.Model { return m.dyn }
