package implicit

import (
	"errors"
	"math"
)

// The log-Cholesky chart of the inertial parameters (Rucker and Wensing, "Smooth Parameterization of Rigid
// Body Inertia", RA-L 7(2), 2022, section III): the pseudo-inertia
//
//	P = [ Σ   m c ]      Σ = ½ tr(I) 1 − I
//	    [ m cᵀ m  ]
//
// of any physically possible body is U Uᵀ with
//
//	U = e^α [ e^d1 s12  s13  t1 ]
//	        [      e^d2 s23  t2 ]
//	        [           e^d3 t3 ]
//	        [                1  ]
//
// so an optimizer over (α, d1, d2, d3, s12, s23, s13, t1, t2, t3) can never leave the possible set.

// upper returns U without the factor e^α.
func upper(c [10]float64) [4][4]float64 {
	return [4][4]float64{
		{math.Exp(c[1]), c[4], c[6], c[7]},
		{0, math.Exp(c[2]), c[5], c[8]},
		{0, 0, math.Exp(c[3]), c[9]},
		{0, 0, 0, 1},
	}
}

// inertialOf returns the ten parameters of the pseudo-inertia P.
func inertialOf(p [4][4]float64) [10]float64 {
	t := p[0][0] + p[1][1] + p[2][2]
	return [10]float64{
		p[3][3], p[0][3], p[1][3], p[2][3],
		t - p[0][0], -p[0][1], t - p[1][1], -p[0][2], -p[1][2], t - p[2][2],
	}
}

// FromLogCholesky returns the inertial parameters (m, m·cx, m·cy, m·cz, Ixx, Ixy, Iyy, Ixz, Iyz, Izz) about
// the body frame origin of the log-Cholesky coordinates (α, d1, d2, d3, s12, s23, s13, t1, t2, t3).
func FromLogCholesky(c [10]float64) [10]float64 {
	u := upper(c)
	e := math.Exp(2 * c[0])
	var p [4][4]float64
	for i := range p {
		for j := range p {
			for k := range u {
				p[i][j] += e * u[i][k] * u[j][k]
			}
		}
	}
	return inertialOf(p)
}

// LogCholesky returns the coordinates of inertial parameters, or an error when no body can have them.
func LogCholesky(v [10]float64) ([10]float64, error) {
	h := (v[4] + v[6] + v[9]) / 2
	p := [4][4]float64{
		{h - v[4], -v[5], -v[7], v[1]},
		{-v[5], h - v[6], -v[8], v[2]},
		{-v[7], -v[8], h - v[9], v[3]},
		{v[1], v[2], v[3], v[0]},
	}
	// P = U Uᵀ with U upper triangular: Cholesky from the last row up
	var u [4][4]float64
	for j := 3; j >= 0; j-- {
		d := p[j][j]
		for k := j + 1; k < 4; k++ {
			d -= u[j][k] * u[j][k]
		}
		if !(d > 0) {
			return [10]float64{}, errors.New("inertia is not physically possible: mass and second moments must be positive")
		}
		u[j][j] = math.Sqrt(d)
		for i := 0; i < j; i++ {
			s := p[i][j]
			for k := j + 1; k < 4; k++ {
				s -= u[i][k] * u[j][k]
			}
			u[i][j] = s / u[j][j]
		}
	}
	a := u[3][3]
	return [10]float64{
		math.Log(a), math.Log(u[0][0] / a), math.Log(u[1][1] / a), math.Log(u[2][2] / a),
		u[0][1] / a, u[1][2] / a, u[0][2] / a, u[0][3] / a, u[1][3] / a, u[2][3] / a,
	}, nil
}

// LogCholeskyJacobian returns ∂(inertial parameters)/∂(coordinates): rows are parameters.
func LogCholeskyJacobian(c [10]float64) [10][10]float64 {
	u := upper(c)
	e := math.Exp(2 * c[0])
	at := [10][2]int{{}, {0, 0}, {1, 1}, {2, 2}, {0, 1}, {1, 2}, {0, 2}, {0, 3}, {1, 3}, {2, 3}}
	var j [10][10]float64
	for k := 0; k < 10; k++ {
		var p [4][4]float64 // dP = e(dU Uᵀ + U dUᵀ)
		if k == 0 {
			v := FromLogCholesky(c)
			for i := range v {
				j[i][0] = 2 * v[i]
			}
			continue
		}
		r, q := at[k][0], at[k][1]
		d := 1.0
		if k < 4 {
			d = u[r][q]
		}
		for i := range p {
			p[r][i] += e * d * u[i][q]
			p[i][r] += e * d * u[i][q]
		}
		for i, x := range inertialOf(p) {
			j[i][k] = x
		}
	}
	return j
}
