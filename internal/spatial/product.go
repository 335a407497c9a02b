package spatial

// AddMul adds m u_j to x_j for every j, AddTMul adds mᵀ y_j to z_j. The numbers of a wrench stand for those of a column.
func (m *Mat6) AddMul(x, u []Wrench) {
	if len(u) == 0 {
		return
	}
	if x = x[:len(u)]; avx {
		addMulAVX(m, x, u)
		return
	}
	addMul(m, x, u)
}

// AddTMul: see AddMul.
func (m *Mat6) AddTMul(z, y []Wrench) {
	if len(y) == 0 {
		return
	}
	if z = z[:len(y)]; avx {
		addTMulAVX(m, z, y)
		return
	}
	addTMul(m, z, y)
}

func addMul(m *Mat6, x, u []Wrench) {
	var w Wrench
	for j := range u {
		m.MulTwist(&w, &Twist{Lin: u[j].Force, Ang: u[j].Torque})
		x[j].Force, x[j].Torque = Add(x[j].Force, w.Force), Add(x[j].Torque, w.Torque)
	}
}

func addTMul(m *Mat6, z, y []Wrench) {
	var w Wrench
	for j := range y {
		m.TMulTwist(&w, &Twist{Lin: y[j].Force, Ang: y[j].Torque})
		z[j].Force, z[j].Torque = Add(z[j].Force, w.Force), Add(z[j].Torque, w.Torque)
	}
}
