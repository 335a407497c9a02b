package spatial

// The kernels of this package are loops over 6×6 matrices that a step spends its time in. Each is several operations in
// one, so that a matrix is loaded once, and has a plain text in Go, which is what to read. Processors with AVX run a
// translation of it into vectors: in the same order of operations and without fused multiply-adds, so with the same bits.
// Sums are never split over lanes; the lanes are different sums.

// avx says whether processor and operating system keep 256-bit registers.
var avx = hasAVX()

func hasAVX() bool

//go:noescape
func eliminateAVX(p, a *Mat6, u, v *Wrench, s3, s2 *Twist, dj float64) (inv float64)

//go:noescape
func respondAVX(o, q *Mat6, u, v *Wrench, s3, s2 *Twist, inv float64) (k float64)

//go:noescape
func addRank3AVX(m *Mat6, n, grad *[3]Wrench, w *[9]float64)

//go:noescape
func momentumJacAVX(a *Mat6, w *Vec, j *Sym3, x, dc *Vec, k *spinFactors, m float64)

//go:noescape
func answersAVX(a *[9]float64, m *Mat6, n, grad *[3]Wrench)

//go:noescape
func downdateAVX(m *Mat6, u, v []Wrench)

//go:noescape
func addMulAVX(m *Mat6, x, u []Wrench)

//go:noescape
func addTMulAVX(m *Mat6, z, y []Wrench)

//go:noescape
func solveRowsAVX(lu *[36]float64, order *[6]int, y, v *[6]Wrench)

//go:noescape
func solveNumbersAVX(lu *[36]float64, order *[6]int, y, v *[6][6]float64)

//go:noescape
func factorAVX(lu *[36]float64, perm *[6]uint8) (ok bool)
