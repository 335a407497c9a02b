package spatial

// SolveWrenches is SolveRows for wrenches as rows, as many as the matrix has: it stores a⁻¹ v in y.
func (f *LU6) SolveWrenches(y, v []Wrench) {
	if avx && f.n == 6 {
		order := f.order()
		solveRowsAVX(&f.lu, &order, (*[6]Wrench)(y), (*[6]Wrench)(v))
		return
	}
	f.solveWrenches(y, v)
}

// order returns where the rows of the right side of six equations are, in bytes.
func (f *LU6) order() [6]int {
	const size = 48
	order := [6]int{0, size, 2 * size, 3 * size, 4 * size, 5 * size}
	for k, p := range f.perm {
		order[k], order[p] = order[p], order[k]
	}
	return order
}

func (f *LU6) solveWrenches(y, v []Wrench) {
	var x [6][6]float64
	for j := range v {
		x[j] = v[j].Array()
	}
	f.solveRows(&x)
	for j := range y {
		y[j] = WrenchOf(&x[j])
	}
}
