package gap

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Two balls: ball, capsule end or vertex against another. With d = a − b,
//
//	n = d/‖d‖,   gap = ‖d‖ − r_a − r_b,   dn = (I − nnᵀ) dd/‖d‖

func (x *near) meetPointPoint(a, b *placed, toward r3.Vec) {
	x.fa, x.fb, x.d = a.p, b.p, spatial.Sub(a.p, b.p)
	if l := spatial.Norm(x.d); l > closest {
		x.inv = 1 / l
		x.n = spatial.Scale(x.inv, x.d)
	} else {
		x.tie, x.n = true, toward
	}
	x.gap = spatial.Dot(x.n, x.d) - (a.radius + b.radius)
	x.middle(a, b)
}

func (x *near) varyPointPoint(dx *step, a, b *placed, u, v *Change) {
	dx.fa, dx.fb = u.Center, v.Center
	dd := spatial.Sub(dx.fa, dx.fb)
	dx.gap = spatial.Dot(x.n, dd) - (u.Radius + v.Radius)
	dx.n = spatial.Scale(x.inv, spatial.Across(dd, x.n))
	dx.middle(x, a, b, u, v)
}

func (x *near) pullPointPoint(u, v *pulled, a, b *placed, q r3.Vec) {
	y := spatial.Scale((b.radius-a.radius)*x.inv, spatial.Across(q, x.n))
	u.p = spatial.Scale(0.5, spatial.Add(q, y))
	v.p = spatial.Scale(0.5, spatial.Sub(q, y))
}
