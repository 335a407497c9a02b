package spatial

// Downdate subtracts Σ u_j v_jᵀ, one after the other, from m.
func (m *Mat6) Downdate(u, v []Wrench) {
	if len(u) == 0 {
		return
	}
	if v = v[:len(u)]; avx {
		downdateAVX(m, u, v)
		return
	}
	downdate(m, u, v)
}

func downdate(m *Mat6, u, v []Wrench) {
	for j := range u {
		w := v[j].Scaled(-1)
		m.AddOuter(&u[j], &w)
	}
}
