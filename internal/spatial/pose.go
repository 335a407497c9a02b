package spatial

import "gonum.org/v1/gonum/num/quat"

// Pose places a frame: a point p of the frame is at Pos + Rot p in the parent frame.
type Pose struct {
	Pos Vec
	Rot Quat
}

// IdentityPose is the pose of a frame that coincides with its parent.
var IdentityPose = Pose{Rot: Identity}

// Apply returns the point p of the frame in parent coordinates.
func (a Pose) Apply(p Vec) Vec { return Add(a.Pos, QuatRotate(a.Rot, p)) }

// Mul returns the pose a∘b: b given in the frame a.
func (a Pose) Mul(b Pose) Pose { return Pose{Pos: a.Apply(b.Pos), Rot: quat.Mul(a.Rot, b.Rot)} }

// Compose makes p a∘b, in its place: a pose that was just written number by number is slow to copy.
func (p *Pose) Compose(a, b *Pose) {
	p.Pos = Add(a.Pos, QuatRotate(a.Rot, b.Pos))
	p.Rot = quat.Mul(a.Rot, b.Rot)
}

// Inv returns the inverse pose.
func (a Pose) Inv() Pose {
	r := quat.Conj(a.Rot)
	return Pose{Pos: Scale(-1, QuatRotate(r, a.Pos)), Rot: r}
}

// Twist is a velocity or infinitesimal motion: linear part at the reference point, angular part.
type Twist struct{ Lin, Ang Vec }

// Wrench is a force or impulse and its torque about the reference point.
type Wrench struct{ Force, Torque Vec }

// WrenchOf returns the wrench of six numbers, force first.
func WrenchOf(v *[6]float64) Wrench {
	return Wrench{Force: Vec{X: v[0], Y: v[1], Z: v[2]}, Torque: Vec{X: v[3], Y: v[4], Z: v[5]}}
}

// Array returns the six numbers of w, force first.
func (w *Wrench) Array() [6]float64 {
	return [6]float64{w.Force.X, w.Force.Y, w.Force.Z, w.Torque.X, w.Torque.Y, w.Torque.Z}
}

// Scaled returns k w.
func (w *Wrench) Scaled(k float64) Wrench {
	return Wrench{Force: Scale(k, w.Force), Torque: Scale(k, w.Torque)}
}

// Scaled returns k t.
func (t *Twist) Scaled(k float64) Twist { return Twist{Lin: Scale(k, t.Lin), Ang: Scale(k, t.Ang)} }

// Cross returns t × s, the change of the motion s as it is carried along by t.
func (t *Twist) Cross(s *Twist) Twist {
	return Twist{Lin: Sub(Cross(t.Ang, s.Lin), Cross(s.Ang, t.Lin)), Ang: Cross(t.Ang, s.Ang)}
}

// Power returns the pairing of a wrench and a twist.
func (t *Twist) Power(w *Wrench) float64 { return Dot(t.Lin, w.Force) + Dot(t.Ang, w.Torque) }
