package mjcf

import (
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/models/internal/xmltree"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
)

// inertias gives every body its mass and inertia, in the order in which MuJoCo's compiler applies its rules:
// from geoms where wanted, bounds below, balance of the moments, total mass.
func (r *reader) inertias() {
	m := r.model
	geoms := make([][]int, len(m.Bodies))
	for i := range m.Geoms {
		b := m.Geoms[i].Body
		geoms[b] = append(geoms[b], i)
	}
	for i := 1; i < len(m.Bodies); i++ { // the world has no mass
		b := &m.Bodies[i]
		if c := r.compiler.inertiaFromGeom; c == "true" || c == "auto" && !b.Stated {
			r.inferInertia(b, geoms[i])
		}
		r.boundInertia(b)
	}
	r.totalMass()
}

// inferInertia sums the geoms of a body whose group counts.
func (r *reader) inferInertia(b *Body, geoms []int) {
	sum := sim.Inertia{}
	for _, i := range geoms {
		g := &r.model.Geoms[i]
		if g.Group < r.compiler.groups[0] || g.Group > r.compiler.groups[1] {
			continue
		}
		if g.unknown {
			b.unknown = append(b.unknown, i)
		}
		if g.Mass > 1e-15 {
			sum = sum.Plus(g.inertia.Placed(g.Pose))
		}
	}
	if b.Stated && sum.Mass == 0 {
		return // nothing to infer it from
	}
	if sum.Mass == 0 { // MuJoCo then takes the place of the body for that of its mass, should boundmass give it one
		sum.COM = b.Pose.Pos
	}
	b.Inertia, b.Stated = sum, false
}

// boundInertia raises mass and principal moments to the compiler's bounds and balances moments that no body
// can have, or reports them.
func (r *reader) boundInertia(b *Body) {
	c := &r.compiler
	in := &b.Inertia
	n := &node{name: "body", at: b.Place, attrs: xmltree.Attrs{{Name: "name", Value: b.Name}}}
	if in.Mass < 0 {
		r.errorf(n, "mass is %g kg, want a number ≥ 0", in.Mass)
		return
	}
	in.Mass = math.Max(in.Mass, c.boundMass)
	p, axes, ok := principal(*in)
	if !ok {
		r.errorf(n, "the inertia is not finite")
		return
	}
	if was := p; c.boundInertia > 0 || c.balance {
		for k := range p {
			p[k] = math.Max(p[k], c.boundInertia)
		}
		if c.balance && p[0]+p[1] < p[2] {
			mean := (p[0] + p[1] + p[2]) / 3
			p = [3]float64{mean, mean, mean}
		}
		if p != was {
			setPrincipal(in, p, axes)
		}
	}
}

// principal returns the principal moments in ascending order and their axes as columns.
func principal(in sim.Inertia) ([3]float64, *mat.Dense, bool) {
	v := []float64{in.Ixx, in.Ixy, in.Ixz, in.Ixy, in.Iyy, in.Iyz, in.Ixz, in.Iyz, in.Izz}
	for _, x := range v {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return [3]float64{}, nil, false
		}
	}
	var eig mat.EigenSym
	if !eig.Factorize(mat.NewSymDense(3, v), true) {
		return [3]float64{}, nil, false
	}
	w := eig.Values(nil)
	var axes mat.Dense
	eig.VectorsTo(&axes)
	return [3]float64{w[0], w[1], w[2]}, &axes, true
}

func setPrincipal(in *sim.Inertia, p [3]float64, axes *mat.Dense) {
	var d, j mat.Dense
	d.Mul(axes, mat.NewDiagDense(3, p[:]))
	j.Mul(&d, axes.T())
	in.Ixx, in.Ixy, in.Ixz = j.At(0, 0), j.At(0, 1), j.At(0, 2)
	in.Iyy, in.Iyz, in.Izz = j.At(1, 1), j.At(1, 2), j.At(2, 2)
}

// totalMass scales all bodies to the mass that <compiler settotalmass> wants.
func (r *reader) totalMass() {
	want, sum := r.compiler.totalMass, 0.0
	if !(want > 0) {
		return
	}
	for i := range r.model.Bodies {
		sum += r.model.Bodies[i].Inertia.Mass
	}
	if sum == 0 {
		r.errs = append(r.errs, fmt.Errorf("%s: <compiler>: settotalmass is %g, but nothing has mass", r.main, want))
		return
	}
	for i := range r.model.Bodies {
		in := &r.model.Bodies[i].Inertia
		k := want / sum
		*in = sim.Inertia{Mass: k * in.Mass, COM: in.COM, Ixx: k * in.Ixx, Ixy: k * in.Ixy, Ixz: k * in.Ixz, Iyy: k * in.Iyy, Iyz: k * in.Iyz, Izz: k * in.Izz}
	}
}
