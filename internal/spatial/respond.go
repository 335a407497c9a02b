package spatial

// Respond is the step from parent to child over a joint of one degree of freedom of what a body's twist answers to a wrench
// on it. From that of the parent, q, and what Eliminate left it stores
//
//	(I − s₃ Vᵀ/d) q (I − U s₂ᵀ/d) + s₃ s₂ᵀ/d = q + (k s₃ − x/d) s₂ᵀ − s₃ yᵀ/d,   x = q U,   y = qᵀ V
//
// in o and returns k = (1 + Vᵀx/d)/d, what the joint answers to a force on itself.
func Respond(o, q *Mat6, u, v *Wrench, s3, s2 *Twist, inv float64) (k float64) {
	if avx {
		return respondAVX(o, q, u, v, s3, s2, inv)
	}
	return respond(o, q, u, v, s3, s2, inv)
}

func respond(o, q *Mat6, u, v *Wrench, s3, s2 *Twist, inv float64) (k float64) {
	var x, y Wrench
	q.MulTwist(&x, &Twist{Lin: u.Force, Ang: u.Torque})
	q.TMulTwist(&y, &Twist{Lin: v.Force, Ang: v.Torque})
	k = inv * (1 + (Dot(x.Force, v.Force)+Dot(x.Torque, v.Torque))*inv)
	*o = *q
	o.AddOuter(
		&Wrench{Force: AddScaled(Scale(k, s3.Lin), -inv, x.Force), Torque: AddScaled(Scale(k, s3.Ang), -inv, x.Torque)},
		&Wrench{Force: s2.Lin, Torque: s2.Ang})
	o.AddOuter(&Wrench{Force: Scale(-inv, s3.Lin), Torque: Scale(-inv, s3.Ang)}, &y)
	return k
}
