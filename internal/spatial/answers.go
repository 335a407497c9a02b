package spatial

// Answers stores G m Nᵀ in a: what the values with the gradients G answer to their multipliers, which act by the wrenches N,
// on a body whose twist answers m w to a wrench w.
func (m *Mat6) Answers(a *[9]float64, n, g *[3]Wrench) {
	if avx {
		answersAVX(a, m, n, g)
		return
	}
	answers(a, m, n, g)
}

func answers(a *[9]float64, m *Mat6, n, g *[3]Wrench) {
	for c := range 3 {
		var y Wrench
		m.MulTwist(&y, &Twist{Lin: n[c].Force, Ang: n[c].Torque})
		t := Twist{Lin: y.Force, Ang: y.Torque}
		a[c], a[3+c], a[6+c] = t.Power(&g[0]), t.Power(&g[1]), t.Power(&g[2])
	}
}
