package dynamics

import (
	"fmt"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// ParamKind is the kind of a physical parameter.
type ParamKind uint8

// The kinds of parameters. Index and Comp of a Param mean:
const (
	ParamInertia   ParamKind = iota // body; (m, m·cx, m·cy, m·cz, Ixx, Ixy, Iyy, Ixz, Iyz, Izz) about the body frame origin
	ParamFriction                   // collider
	ParamSurface                    // collider; number of its surface
	ParamPair                       // pair of colliders; friction, torsion or rolling of its own
	ParamFooting                    // collider and half-space; the same
	ParamShape                      // collider; size of its shape
	ParamPlace                      // collider; position (3), rotation vector (3) of the shape in the body frame
	ParamNormal                     // half-space; component of the normal, which stays unit
	ParamOffset                     // half-space
	ParamBelt                       // half-space; component of the velocity, then of the spin of its surface
	ParamDamping                    // dof
	ParamStiffness                  // dof
	ParamRest                       // dof
	ParamDry                        // dof: dry friction
	ParamArmature                   // dof
	ParamLower                      // dof
	ParamUpper                      // dof
	ParamEffort                     // dof
	ParamMaxSpeed                   // dof
	ParamKp                         // dof
	ParamKd                         // dof
	ParamOrigin                     // body; position (3), rotation vector (3) of its joint in the parent
	ParamGravity                    // component
	ParamTimestep
	ParamLoopA    // loop; position (3), rotation vector (3) of its frame in body A
	ParamLoopB    // the same in body B
	ParamMimic    // mimic; ratio, offset, the three numbers of its curve
	ParamThruster // thruster; point, force and torque (3 each) in the body frame, lower and upper limit of the input
	ParamForce    // body; external force (3) and torque (3) at its center of mass. Its value lives in the stepper
	ParamKinds
)

// Posed reports whether the parameter is one of a pose, position and rotation vector.
func (k ParamKind) Posed() bool {
	return k == ParamPlace || k == ParamOrigin || k == ParamLoopA || k == ParamLoopB
}

// Param is one scalar physical parameter.
type Param struct {
	Kind        ParamKind
	Index, Comp int
}

// Value returns the value of p. Rotation vectors are those of the present pose.
func (m *Model) Value(p Param) float64 {
	switch p.Kind {
	case ParamInertia:
		return m.Bodies[p.Index].Inertial()[p.Comp]
	case ParamFriction:
		return m.Colliders[p.Index].Friction
	case ParamSurface:
		return *m.Colliders[p.Index].Surface.Param(p.Comp)
	case ParamPair:
		return *m.Pairs[p.Index].param(p.Comp)
	case ParamFooting:
		return *m.Footings[p.Index].param(p.Comp)
	case ParamShape:
		return *m.Colliders[p.Index].Shape.Param(p.Comp)
	case ParamPlace:
		return poseParam(m.Colliders[p.Index].Pose, p.Comp)
	case ParamOrigin:
		return poseParam(m.Bodies[p.Index].Origin, p.Comp)
	case ParamLoopA, ParamLoopB:
		return poseParam(*m.loopFrame(p), p.Comp)
	case ParamNormal:
		return *axisOf(&m.Planes[p.Index].Normal, p.Comp)
	case ParamOffset:
		return m.Planes[p.Index].Offset
	case ParamBelt:
		return *belt(&m.Planes[p.Index], p.Comp)
	case ParamGravity:
		return *axisOf(&m.Gravity, p.Comp)
	case ParamTimestep:
		return m.Timestep
	case ParamMimic:
		return *m.Mimics[p.Index].param(p.Comp)
	case ParamThruster:
		return *m.Thrusters[p.Index].param(p.Comp)
	case ParamForce:
		return 0
	}
	return *m.Dofs[p.Index].param(p.Kind)
}

// SetValue changes p and everything derived from it. The units of κ (mass and length of the trees) and the speeds at which
// joints leave what is beyond their limits stay those of the model as built.
func (m *Model) SetValue(p Param, x float64) {
	switch p.Kind {
	case ParamInertia:
		v := m.Bodies[p.Index].Inertial()
		v[p.Comp] = x
		m.Bodies[p.Index].SetInertial(v)
	case ParamFriction:
		m.Colliders[p.Index].Friction = x
	case ParamSurface:
		*m.Colliders[p.Index].Surface.Param(p.Comp) = x
	case ParamPair:
		*m.Pairs[p.Index].param(p.Comp) = x
	case ParamFooting:
		*m.Footings[p.Index].param(p.Comp) = x
	case ParamShape:
		m.Colliders[p.Index].Shape.SetParam(p.Comp, x)
		m.PlaceContacts()
	case ParamPlace:
		setPoseParam(&m.Colliders[p.Index].Pose, p.Comp, x)
		m.PlaceContacts()
	case ParamOrigin:
		setPoseParam(&m.Bodies[p.Index].Origin, p.Comp, x)
	case ParamLoopA, ParamLoopB:
		setPoseParam(m.loopFrame(p), p.Comp, x)
	case ParamNormal:
		n := &m.Planes[p.Index].Normal
		*axisOf(n, p.Comp) = x
		*n, _ = spatial.Unit(*n)
	case ParamOffset:
		m.Planes[p.Index].Offset = x
	case ParamBelt:
		*belt(&m.Planes[p.Index], p.Comp) = x
	case ParamGravity:
		*axisOf(&m.Gravity, p.Comp) = x
	case ParamTimestep:
		m.Timestep = x
	case ParamMimic:
		m.fixLeaving()
		*m.Mimics[p.Index].param(p.Comp) = x
	case ParamThruster:
		*m.Thrusters[p.Index].param(p.Comp) = x
	case ParamForce:
	default:
		*m.Dofs[p.Index].param(p.Kind) = x
		if m.Ball(p.Index) { // the three axes share their properties
			b := &m.Bodies[m.Dofs[p.Index].Body]
			for k := b.V + b.NT; k < b.V+b.NT+3; k++ {
				*m.Dofs[k].param(p.Kind) = x
			}
		}
	}
}

// SetVector sets the three numbers that belong together with p: those of a half-space's normal or of a
// rotation vector. One after the other would normalize or wrap what is half set. It reports false when
// p belongs to no such vector.
func (m *Model) SetVector(p Param, v spatial.Vec) bool {
	switch {
	case p.Kind == ParamNormal:
		m.Planes[p.Index].Normal, _ = spatial.Unit(v)
	case p.Kind == ParamPlace && p.Comp >= 3:
		m.Colliders[p.Index].Pose.Rot = spatial.RotationVector(v)
		m.PlaceContacts()
	case p.Kind == ParamOrigin && p.Comp >= 3:
		m.Bodies[p.Index].Origin.Rot = spatial.RotationVector(v)
	case (p.Kind == ParamLoopA || p.Kind == ParamLoopB) && p.Comp >= 3:
		m.loopFrame(p).Rot = spatial.RotationVector(v)
	default:
		return false
	}
	return true
}

// loopFrame returns the frame that p is a number of.
func (m *Model) loopFrame(p Param) *spatial.Pose {
	if p.Kind == ParamLoopA {
		return &m.Loops[p.Index].OnA
	}
	return &m.Loops[p.Index].OnB
}

func (d *Dof) param(k ParamKind) *float64 {
	switch k {
	case ParamDamping:
		return &d.Damping
	case ParamStiffness:
		return &d.Stiffness
	case ParamRest:
		return &d.Rest
	case ParamDry:
		return &d.Friction
	case ParamArmature:
		return &d.Armature
	case ParamLower:
		return &d.Lower
	case ParamUpper:
		return &d.Upper
	case ParamEffort:
		return &d.Effort
	case ParamMaxSpeed:
		return &d.MaxSpeed
	case ParamKp:
		return &d.Kp
	}
	return &d.Kd
}

func axisOf(v *spatial.Vec, c int) *float64 { return [3]*float64{&v.X, &v.Y, &v.Z}[c] }

func poseParam(p spatial.Pose, c int) float64 {
	if c < 3 {
		return *axisOf(&p.Pos, c)
	}
	r := spatial.LogQuat(p.Rot)
	return *axisOf(&r, c-3)
}

func setPoseParam(p *spatial.Pose, c int, x float64) {
	if c < 3 {
		*axisOf(&p.Pos, c) = x
		return
	}
	r := spatial.LogQuat(p.Rot)
	*axisOf(&r, c-3) = x
	p.Rot = spatial.RotationVector(r)
}

// Inertial returns the ten inertial parameters (m, m·cx, m·cy, m·cz, Ixx, Ixy, Iyy, Ixz, Iyz, Izz) about
// the body frame origin.
func (b *Body) Inertial() [10]float64 {
	i := b.Inertia.Add(spatial.PointInertia(b.Mass, b.COM))
	return [10]float64{b.Mass, b.Mass * b.COM.X, b.Mass * b.COM.Y, b.Mass * b.COM.Z, i.XX, i.XY, i.YY, i.XZ, i.YZ, i.ZZ}
}

// SetInertial sets the ten inertial parameters. Whether they are physically possible is the caller's
// business.
func (b *Body) SetInertial(v [10]float64) {
	b.Mass = v[0]
	b.COM = spatial.Scale(1/v[0], spatial.Vec{X: v[1], Y: v[2], Z: v[3]})
	b.Inertia = spatial.Sym3{XX: v[4], XY: v[5], YY: v[6], XZ: v[7], YZ: v[8], ZZ: v[9]}.Add(spatial.PointInertia(-b.Mass, b.COM))
}

// inertialShift returns how mass, center of mass and central inertia change with a change w of the
// inertial parameters.
func (b *Body) inertialShift(w *[10]float64) (dm float64, dc spatial.Vec, dj spatial.Sym3) {
	dm = w[0]
	dc = spatial.Scale(1/b.Mass, spatial.AddScaled(spatial.Vec{X: w[1], Y: w[2], Z: w[3]}, -dm, b.COM))
	// J = I − m(c·c I − ccᵀ)
	x, m := b.COM, b.Mass
	dj = spatial.Sym3{XX: w[4], XY: w[5], YY: w[6], XZ: w[7], YZ: w[8], ZZ: w[9]}.Add(spatial.PointInertia(-dm, x))
	k := -2 * m * spatial.Dot(x, dc)
	dj.XX += k + 2*m*x.X*dc.X
	dj.YY += k + 2*m*x.Y*dc.Y
	dj.ZZ += k + 2*m*x.Z*dc.Z
	dj.XY += m * (x.X*dc.Y + x.Y*dc.X)
	dj.XZ += m * (x.X*dc.Z + x.Z*dc.X)
	dj.YZ += m * (x.Y*dc.Z + x.Z*dc.Y)
	return dm, dc, dj
}

// Differentiable reports whether the step depends smoothly on p and p has a value to differentiate by: not
// an infinite limit, the gain of a drive that is none, or the inertia of a body without mass.
func (m *Model) Differentiable(p Param) bool {
	switch p.Kind {
	case ParamInertia:
		return m.Bodies[p.Index].Mass > 0
	case ParamFriction:
		return m.Law != Frictionless && m.Colliders[p.Index].Friction > 0
	case ParamSurface:
		return m.Colliders[p.Index].Surface.Differentiable(p.Comp) && (m.Law != Frictionless || p.Comp >= 3 && p.Comp < surfaceSpin)
	case ParamPair:
		return m.Pairs[p.Index].differentiable(p.Comp, m.Law)
	case ParamFooting:
		return m.Footings[p.Index].differentiable(p.Comp, m.Law)
	case ParamBelt:
		if h := &m.Planes[p.Index]; p.Comp < 3 {
			return m.Law != Frictionless && h.Velocity != spatial.Vec{}
		}
		return m.Law != Frictionless && m.Planes[p.Index].Spin != spatial.Vec{}
	case ParamShape:
		s := &m.Colliders[p.Index].Shape
		vertex, _, _ := s.VertexOf(p.Comp)
		return !m.OfTerrain(p) || !s.Terrain.Tied(vertex)
	case ParamPlace, ParamGravity, ParamTimestep, ParamForce, ParamOrigin, ParamLoopA, ParamLoopB, ParamMimic, ParamNormal, ParamOffset:
		return true
	case ParamThruster:
		t := &m.Thrusters[p.Index]
		if p.Comp < thrustForce {
			return t.Force != spatial.Vec{}
		}
		x := *t.param(p.Comp)
		return x-x == 0
	}
	d := &m.Dofs[p.Index]
	b := &m.Bodies[d.Body]
	if m.Ball(p.Index) && p.Index != b.V+b.NT {
		return false // the first speaks for all three
	}
	finite := func(x float64) bool { return x-x == 0 }
	switch p.Kind {
	case ParamRest:
		return d.Stiffness > 0 && !m.Ball(p.Index)
	case ParamDry:
		return d.Friction > 0
	case ParamLower:
		return finite(d.Lower) && !m.Ball(p.Index)
	case ParamUpper:
		return finite(d.Upper)
	case ParamEffort:
		return d.Drive != Passive && finite(d.Effort)
	case ParamMaxSpeed:
		return d.slowed()
	case ParamKp, ParamKd:
		return d.Drive == Servo
	}
	return true
}

// OfTerrain reports whether p is a coordinate of a vertex of terrain.
func (m *Model) OfTerrain(p Param) bool {
	return p.Kind == ParamShape && m.Colliders[p.Index].Shape.Kind == contact.KindTerrain
}

// CheckParams returns an error that says what is wrong with the first parameter that has an impossible value. Whose it
// is those know who set it.
func (m *Model) CheckParams() error {
	if !(m.Timestep > 0) {
		return fmt.Errorf("timestep %g s is not positive", m.Timestep)
	}
	for i := range m.Bodies {
		if b := &m.Bodies[i]; !(b.Mass >= 0) {
			return fmt.Errorf("mass %g kg is negative", b.Mass)
		}
	}
	for i := range m.Colliders {
		c := &m.Colliders[i]
		if !(c.Friction >= 0) {
			return fmt.Errorf("friction coefficient %g is negative", c.Friction)
		}
		if err := c.Shape.Check(); err != nil {
			return err
		}
		if err := c.Surface.Check(); err != nil {
			return err
		}
	}
	for _, list := range [2][]Pair{m.Pairs, m.Footings} {
		for i := range list {
			if p := &list[i]; !(p.Friction >= 0 && p.Torsion >= 0 && p.Rolling >= 0) {
				return fmt.Errorf("friction %g, torsion %g m or rolling %g m is negative", p.Friction, p.Torsion, p.Rolling)
			}
		}
	}
	for i := range m.Thrusters {
		if t := &m.Thrusters[i]; !(t.Lower <= t.Upper) {
			return fmt.Errorf("limits %g and %g are in the wrong order", t.Lower, t.Upper)
		}
	}
	for i := range m.Dofs {
		d := &m.Dofs[i]
		for _, x := range [...]float64{d.Damping, d.Stiffness, d.Friction, d.Armature, d.Effort, d.Kp, d.Kd} {
			if x < 0 {
				return fmt.Errorf("%g is negative", x)
			}
		}
		if !(d.MaxSpeed > 0) {
			return fmt.Errorf("the bound %g on a speed is not positive", d.MaxSpeed)
		}
		if !(d.Lower < d.Upper) {
			return fmt.Errorf("limits %g and %g are in the wrong order", d.Lower, d.Upper)
		}
	}
	return nil
}
