package mjcf

import (
	"math"
	"strings"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// placement is where an element is, as the file says it. Angles are in the file's unit.
type placement struct {
	pos    r3.Vec
	how    string // the attribute that gives the orientation, "" for none
	turn   [6]float64
	fromto [6]float64
	ends   bool // fromto is given; it then overrides the rest
}

var turnings = map[string]int{"quat": 4, "axisangle": 4, "xyaxes": 6, "zaxis": 3, "euler": 3}

// place reads position and orientation of n over p, which holds the default's.
func (r *reader) place(n *node, p *placement) {
	r.vec(n, "pos", &p.pos)
	given := ""
	for _, how := range []string{"quat", "axisangle", "xyaxes", "zaxis", "euler"} {
		var v [6]float64
		if !r.exact(n, how, v[:turnings[how]]) {
			continue
		}
		if given != "" {
			r.errorf(n, "attributes %s and %s both give the orientation; keep one", given, how)
			return
		}
		given, p.how, p.turn = how, how, v
	}
}

// placeEnds is place for elements that can be given by two end points.
func (r *reader) placeEnds(n *node, p *placement) {
	r.place(n, p)
	if r.exact(n, "fromto", p.fromto[:]) {
		p.ends = true
	}
}

// pose returns the pose that p means, without regard to fromto. The conventions are MuJoCo's: the z axis
// is turned the shortest way, the y axis made orthogonal to x, small letters of eulerseq are axes that turn
// with the frame and capital ones those of the parent.
func (r *reader) pose(n *node, p *placement) sim.Pose {
	out := sim.Pose{Pos: p.pos, Rot: quat.Number{Real: 1}}
	v := p.turn
	ok := true
	switch p.how {
	case "quat":
		out.Rot, ok = spatial.Normalize(quat.Number{Real: v[0], Imag: v[1], Jmag: v[2], Kmag: v[3]})
	case "axisangle":
		var axis r3.Vec
		axis, ok = spatial.Unit(vec3(v[:3]))
		out.Rot = spatial.AxisAngle(axis, r.angle(v[3]))
	case "xyaxes":
		out.Rot, ok = fromAxes(vec3(v[:3]), vec3(v[3:]))
	case "zaxis":
		var z r3.Vec
		z, ok = spatial.Unit(vec3(v[:3]))
		out.Rot = toZ(z)
	case "euler":
		out.Rot = r.euler(v[:3])
	}
	if !ok {
		r.errorf(n, "attribute %s is no orientation", p.how)
		out.Rot = quat.Number{Real: 1}
	}
	return out
}

// angle returns an angle of the file in radians.
func (r *reader) angle(v float64) float64 {
	if r.compiler.radian {
		return v
	}
	return v / 180 * math.Pi
}

func (r *reader) euler(v []float64) quat.Number {
	q := quat.Number{Real: 1}
	axes := [3]r3.Vec{{X: 1}, {Y: 1}, {Z: 1}}
	for i, c := range strings.ToLower(r.compiler.eulerseq) {
		turn := spatial.AxisAngle(axes[c-'x'], r.angle(v[i]))
		if r.compiler.eulerseq[i] >= 'x' {
			q = quat.Mul(q, turn)
		} else {
			q = quat.Mul(turn, q)
		}
	}
	return q
}

func fromAxes(x, y r3.Vec) (quat.Number, bool) {
	x, ok := spatial.Unit(x)
	y = r3.Sub(y, r3.Scale(r3.Dot(x, y), x))
	y, ok2 := spatial.Unit(y)
	if !ok || !ok2 {
		return quat.Number{Real: 1}, false
	}
	z := r3.Cross(x, y)
	m := spatial.Mat3{x.X, y.X, z.X, x.Y, y.Y, z.Y, x.Z, y.Z, z.Z}
	return m.Quat(), true
}

// toZ returns the shortest rotation that takes the z axis to the unit vector z.
func toZ(z r3.Vec) quat.Number {
	axis := r3.Cross(r3.Vec{Z: 1}, z)
	s := r3.Norm(axis)
	if s < 1e-10 {
		axis, s = r3.Vec{X: 1}, 0
	} else {
		axis = r3.Scale(1/s, axis)
	}
	return spatial.AxisAngle(axis, math.Atan2(s, z.Z))
}

// betweenEnds returns the pose of an element given by its end points, z from the second to the first, and half
// their distance.
func (r *reader) betweenEnds(n *node, p *placement) (sim.Pose, float64) {
	a, b := vec3(p.fromto[:3]), vec3(p.fromto[3:])
	along := r3.Sub(a, b)
	z, ok := spatial.Unit(along)
	if !ok {
		r.errorf(n, "the two points of fromto are the same")
		z = r3.Vec{Z: 1}
	}
	return sim.Pose{Pos: r3.Scale(0.5, r3.Add(a, b)), Rot: toZ(z)}, r3.Norm(along) / 2
}
