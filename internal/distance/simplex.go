package distance

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// simplex is up to four corners of the difference.
type simplex struct {
	p [4]corner
	n int
}

// with is reduce with one corner more.
func (s *simplex) with(w corner, apart bool) (x corner, inside bool) {
	s.p[s.n] = w
	s.n++
	return s.reduce(apart)
}

// reduce returns the point of s nearest to the origin and drops the corners that it does not need; inside says that the
// origin is in s, unless it is known to be apart. Of the nearest points of all planes, lines and corners it takes the
// nearest that lies between its corners: where rounding makes one of them useless, others are as near.
func (s *simplex) reduce(apart bool) (x corner, inside bool) {
	least, needed := math.Inf(1), 0
	for set := 1; set < 1<<s.n; set++ {
		var p [4]corner
		n := 0
		for i := range s.n {
			if set>>i&1 != 0 {
				p[n] = s.p[i]
				n++
			}
		}
		var u [4]float64
		switch n {
		case 1:
			u[0] = 1
		case 2:
			u[0], u[1] = line(p[0].v, p[1].v)
		case 3:
			u[0], u[1], u[2] = plane(p[0].v, p[1].v, p[2].v)
		case 4:
			if !apart && contains(p[0].v, p[1].v, p[2].v, p[3].v) {
				return x, true
			}
			continue
		}
		if !(min(u[0], u[1], u[2]) >= 0) { // also where it is not a number
			continue
		}
		y := mix(p[:n], u[:n])
		if l := spatial.Dot(y.v, y.v); l < least {
			least, needed, x = l, set, y
		}
	}
	n := 0
	for i := range s.n {
		if needed>>i&1 != 0 {
			s.p[n] = s.p[i]
			n++
		}
	}
	s.n = n
	return x, false
}

// mix returns the corner with the given weights.
func mix(p []corner, w []float64) (x corner) {
	for i := range p {
		x.a = spatial.AddScaled(x.a, w[i], p[i].a)
		x.b = spatial.AddScaled(x.b, w[i], p[i].b)
		x.v = spatial.AddScaled(x.v, w[i], p[i].v)
	}
	return x
}

// line and plane return the weights of the corners in the point of their line or plane nearest to the origin: NaN where there is none.
func line(a, b r3.Vec) (u, v float64) {
	d := spatial.Sub(b, a)
	v = -spatial.Dot(a, d) / spatial.Dot(d, d)
	return 1 - v, v
}

func plane(a, b, c r3.Vec) (u, v, w float64) {
	n := spatial.Cross(spatial.Sub(b, a), spatial.Sub(c, a))
	l := spatial.Dot(n, n)
	u = spatial.Dot(n, spatial.Cross(spatial.Sub(b, foot(n, l, a)), spatial.Sub(c, foot(n, l, a)))) / l
	v = spatial.Dot(n, spatial.Cross(spatial.Sub(c, foot(n, l, a)), spatial.Sub(a, foot(n, l, a)))) / l
	return u, v, 1 - u - v
}

// foot returns the point of the plane with the normal n, n·n = l, through a nearest to the origin.
func foot(n r3.Vec, l float64, a r3.Vec) r3.Vec { return spatial.Scale(spatial.Dot(n, a)/l, n) }

// contains reports whether the origin is in a tetrahedron.
func contains(a, b, c, d r3.Vec) bool {
	side := func(a, b, c, d r3.Vec) bool { // whether it is on that of d of a, b, c
		n := spatial.Cross(spatial.Sub(b, a), spatial.Sub(c, a))
		return -spatial.Dot(n, a)*spatial.Dot(n, spatial.Sub(d, a)) > 0
	}
	return side(a, b, c, d) && side(a, b, d, c) && side(a, c, d, b) && side(b, c, d, a)
}
