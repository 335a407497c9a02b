package spatial

// AddRank3 adds Nᵀ W G to m, the wrenches N and the gradients G by rows. W is in row-major order and its first row is
// (w₀, 0, 0): what a contact's stiffness is, whose normal force does not depend on sliding.
func (m *Mat6) AddRank3(n, g *[3]Wrench, w *[9]float64) {
	if avx {
		addRank3AVX(m, n, g, w)
		return
	}
	addRank3(m, n, g, w)
}

func addRank3(m *Mat6, n, g *[3]Wrench, w *[9]float64) {
	row := g[0].Scaled(w[0]) // of W G
	m.AddOuter(&n[0], &row)
	for k := 1; k < 3; k++ {
		x, y, z := w[3*k], w[3*k+1], w[3*k+2]
		row.Force = AddScaled(AddScaled(Scale(x, g[0].Force), y, g[1].Force), z, g[2].Force)
		row.Torque = AddScaled(AddScaled(Scale(x, g[0].Torque), y, g[1].Torque), z, g[2].Torque)
		m.AddOuter(&n[k], &row)
	}
}
