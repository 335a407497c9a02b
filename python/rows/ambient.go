package rows

import (
	"math"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
)

// Derivatives of the engine live in the tangent space: a quaternion Q moves as Q exp(δ/2), so that dQ = ½E(Q) δ, E the last
// three columns of the left multiplication by Q. A step reads Q/‖Q‖, so that δ = 2E(Q/‖Q‖)ᵀ dQ/‖Q‖: E has orthonormal columns,
// orthogonal to Q. With these two maps derivatives are by the numbers of a row, which is what automatic differentiation and
// differences in numpy see.

// quaternion is where a quaternion lies among coordinates and velocities.
type quaternion struct {
	q, v  int
	joint string
}

func quaternions(m *sim.Model) (all []quaternion) {
	for _, j := range m.Joints() {
		if k := j.QuaternionOf(); k >= 0 {
			all = append(all, quaternion{k, j.V + j.NV - 3, j.Name})
		}
	}
	return all
}

func norm(q []float64) float64 { return math.Sqrt(q[0]*q[0] + q[1]*q[1] + q[2]*q[2] + q[3]*q[3]) }

// turn returns E(q), row by row.
func turn(q []float64) [4][3]float64 {
	w, x, y, z := q[0], q[1], q[2], q[3]
	return [4][3]float64{{-x, -y, -z}, {w, -z, y}, {z, w, -x}, {-y, x, w}}
}

// spread calls scalar for every coordinate that is its own tangent and quat for every quaternion.
func (b *Batch) spread(scalar, quat func(iq, iv int)) {
	iq, iv := 0, 0
	quats := b.quats
	for iq < b.m.NQ() {
		if len(quats) > 0 && quats[0].q == iq {
			quat(iq, iv)
			iq, iv, quats = iq+4, iv+3, quats[1:]
			continue
		}
		scalar(iq, iv)
		iq, iv = iq+1, iv+1
	}
}

// pull stores the cotangent of the state at configuration q of the cotangent gx of its row.
func (b *Batch) pull(d implicit.Tangent, q, gx []float64) {
	b.spread(func(iq, iv int) { d.Q[iv] = gx[iq] }, func(iq, iv int) {
		e := turn(q[iq : iq+4])
		for c := range 3 {
			d.Q[iv+c] = (e[0][c]*gx[iq] + e[1][c]*gx[iq+1] + e[2][c]*gx[iq+2] + e[3][c]*gx[iq+3]) / 2
		}
	})
	copy(d.V, gx[b.m.NQ():])
}

// push stores the cotangent of a row of the cotangent d of its state, which is at the unit quaternions of q; row holds the
// quaternions as they were given.
func (b *Batch) push(gx, q, row []float64, d implicit.Tangent) {
	b.spread(func(iq, iv int) { gx[iq] = d.Q[iv] }, func(iq, iv int) {
		e, n := turn(q[iq:iq+4]), norm(row[iq:iq+4])
		for r := range 4 {
			gx[iq+r] = 2 * (e[r][0]*d.Q[iv] + e[r][1]*d.Q[iv+1] + e[r][2]*d.Q[iv+2]) / n
		}
	})
	copy(gx[b.m.NQ():], d.V)
}

// rowsOut maps the rows of a derivative of n columns from the tangent space at the configuration q of the next state.
func (b *Batch) rowsOut(dst, src, q []float64, n int) {
	b.spread(func(iq, iv int) { copy(dst[iq*n:(iq+1)*n], src[iv*n:]) }, func(iq, iv int) {
		for r, e := range turn(q[iq : iq+4]) {
			for c := range n {
				dst[(iq+r)*n+c] = 0.5 * (e[0]*src[iv*n+c] + e[1]*src[(iv+1)*n+c] + e[2]*src[(iv+2)*n+c])
			}
		}
	})
	nq, nv := b.m.NQ(), b.m.NV()
	copy(dst[nq*n:(nq+nv)*n], src[nv*n:])
}
