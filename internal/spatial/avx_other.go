//go:build !amd64

package spatial

const avx = false

func eliminateAVX(p, a *Mat6, u, v *Wrench, s3, s2 *Twist, dj float64) (inv float64) {
	return eliminate(p, a, u, v, s3, s2, dj)
}

func respondAVX(o, q *Mat6, u, v *Wrench, s3, s2 *Twist, inv float64) (k float64) {
	return respond(o, q, u, v, s3, s2, inv)
}

func addRank3AVX(m *Mat6, n, grad *[3]Wrench, w *[9]float64) { addRank3(m, n, grad, w) }

func momentumJacAVX(a *Mat6, w *Vec, j *Sym3, x, dc *Vec, k *spinFactors, m float64) {
	momentumJac(a, w, j, x, dc, k, m)
}

func answersAVX(a *[9]float64, m *Mat6, n, grad *[3]Wrench) { answers(a, m, n, grad) }

func downdateAVX(m *Mat6, u, v []Wrench) { downdate(m, u, v) }

func addMulAVX(m *Mat6, x, u []Wrench) { addMul(m, x, u) }

func addTMulAVX(m *Mat6, z, y []Wrench) { addTMul(m, z, y) }

func solveRowsAVX(*[36]float64, *[6]int, *[6]Wrench, *[6]Wrench) {}

func solveNumbersAVX(*[36]float64, *[6]int, *[6][6]float64, *[6][6]float64) {}

func factorAVX(*[36]float64, *[6]uint8) bool { return false }
