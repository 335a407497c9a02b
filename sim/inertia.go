package sim

import (
	"errors"
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
)

// Inertia is the mass distribution of a link: mass (kg), center of mass in the link frame (m) and
// rotational inertia about the center of mass in axes parallel to the link frame (kg m²).
type Inertia struct {
	Mass                         float64
	COM                          r3.Vec
	Ixx, Ixy, Ixz, Iyy, Iyz, Izz float64
}

// SphereInertia returns the inertia of a solid sphere.
func SphereInertia(mass, radius float64) Inertia {
	i := 0.4 * mass * radius * radius
	return Inertia{Mass: mass, Ixx: i, Iyy: i, Izz: i}
}

// EllipsoidInertia returns the inertia of a solid ellipsoid with the given radii.
func EllipsoidInertia(mass float64, radii r3.Vec) Inertia {
	x, y, z := radii.X*radii.X, radii.Y*radii.Y, radii.Z*radii.Z
	return Inertia{Mass: mass, Ixx: mass * (y + z) / 5, Iyy: mass * (x + z) / 5, Izz: mass * (x + y) / 5}
}

// BoxInertia returns the inertia of a solid box with the given half extents.
func BoxInertia(mass float64, half r3.Vec) Inertia {
	x, y, z := half.X*half.X, half.Y*half.Y, half.Z*half.Z
	return Inertia{Mass: mass, Ixx: mass * (y + z) / 3, Iyy: mass * (x + z) / 3, Izz: mass * (x + y) / 3}
}

// CylinderInertia returns the inertia of a solid cylinder along z.
func CylinderInertia(mass, radius, halfLength float64) Inertia {
	t := mass * (radius*radius/4 + halfLength*halfLength/3)
	return Inertia{Mass: mass, Ixx: t, Iyy: t, Izz: mass * radius * radius / 2}
}

// CapsuleInertia returns the inertia of a solid capsule along z; halfLength does not count the caps.
func CapsuleInertia(mass, radius, halfLength float64) Inertia {
	r, l := radius, halfLength
	vc, vs := 2*math.Pi*r*r*l, 4*math.Pi*r*r*r/3 // volumes of the cylinder and of both caps
	mc, ms := mass*vc/(vc+vs), mass*vs/(vc+vs)
	// each half ball: own center 3r/8 from its flat face
	t := mc*(r*r/4+l*l/3) + ms*(0.4*r*r+l*l+0.75*l*r)
	return Inertia{Mass: mass, Ixx: t, Iyy: t, Izz: mc*r*r/2 + ms*0.4*r*r}
}

// Placed returns the inertia seen from a frame in which the inertia's own frame has the pose p.
func (in Inertia) Placed(p Pose) Inertia {
	var r spatial.Mat3
	r.Set(p.Rot)
	j := in.sym()
	j.Conjugate(&r, &j)
	out := Inertia{Mass: in.Mass, COM: p.Apply(in.COM)}
	out.setSym(j)
	return out
}

// Plus returns the inertia of both links rigidly joined, both given in the same frame.
func (in Inertia) Plus(o Inertia) Inertia {
	m := in.Mass + o.Mass
	if m == 0 {
		out := Inertia{}
		out.setSym(in.sym().Add(o.sym()))
		return out
	}
	c := spatial.Scale(1/m, spatial.Add(spatial.Scale(in.Mass, in.COM), spatial.Scale(o.Mass, o.COM)))
	j := in.sym().Add(o.sym())
	j = j.Add(spatial.PointInertia(in.Mass, spatial.Sub(in.COM, c)))
	j = j.Add(spatial.PointInertia(o.Mass, spatial.Sub(o.COM, c)))
	out := Inertia{Mass: m, COM: c}
	out.setSym(j)
	return out
}

func (in Inertia) sym() spatial.Sym3 {
	return spatial.Sym3{XX: in.Ixx, XY: in.Ixy, XZ: in.Ixz, YY: in.Iyy, YZ: in.Iyz, ZZ: in.Izz}
}

func (in *Inertia) setSym(s spatial.Sym3) {
	in.Ixx, in.Ixy, in.Ixz, in.Iyy, in.Iyz, in.Izz = s.XX, s.XY, s.XZ, s.YY, s.YZ, s.ZZ
}

// triangleSlack is how far, relative to the largest moment, a published inertia may miss the triangle
// inequality by rounding of its digits.
const triangleSlack = 1e-4

// Check returns nil when in can belong to a real body: positive finite mass, finite center of mass,
// positive definite inertia whose principal moments obey the triangle inequality.
func (in Inertia) Check() error {
	if !(in.Mass > 0) || math.IsInf(in.Mass, 0) {
		return fmt.Errorf("mass is %g kg, want a positive number", in.Mass)
	}
	if !spatial.Finite(in.COM) {
		return errors.New("center of mass is not finite")
	}
	p, _, err := in.principal()
	if err != nil {
		return err
	}
	if !(p[0] > 0) {
		return fmt.Errorf("inertia is not positive definite (principal moments %.4g, %.4g, %.4g kg m²)", p[0], p[1], p[2])
	}
	if p[0]+p[1] < p[2]*(1-triangleSlack) {
		return fmt.Errorf("inertia breaks the triangle inequality (principal moments %.4g + %.4g < %.4g kg m²)", p[0], p[1], p[2])
	}
	return nil
}

// numbers returns an error for what no link can have, not even one that does not move: numbers that are not finite, negative
// mass or moments.
func (in Inertia) numbers() error {
	switch {
	case !nonNegative(in.Mass):
		return fmt.Errorf("mass is %g kg, want a positive number", in.Mass)
	case !spatial.Finite(in.COM):
		return errors.New("center of mass is not finite")
	case !finite(in.Ixx, in.Ixy, in.Ixz, in.Iyy, in.Iyz, in.Izz):
		return errors.New("inertia is not finite")
	case in.Ixx < 0 || in.Iyy < 0 || in.Izz < 0:
		return fmt.Errorf("moments of inertia are %g, %g, %g kg m², want none negative", in.Ixx, in.Iyy, in.Izz)
	}
	return nil
}

// principal returns the principal moments in ascending order and their axes as columns.
func (in Inertia) principal() ([3]float64, *mat.Dense, error) {
	for _, v := range []float64{in.Ixx, in.Ixy, in.Ixz, in.Iyy, in.Iyz, in.Izz} {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return [3]float64{}, nil, errors.New("inertia is not finite")
		}
	}
	var eig mat.EigenSym
	if !eig.Factorize(mat.NewSymDense(3, []float64{in.Ixx, in.Ixy, in.Ixz, in.Ixy, in.Iyy, in.Iyz, in.Ixz, in.Iyz, in.Izz}), true) {
		return [3]float64{}, nil, errors.New("inertia has no principal axes")
	}
	v := eig.Values(nil)
	var vec mat.Dense
	eig.VectorsTo(&vec)
	return [3]float64{v[0], v[1], v[2]}, &vec, nil
}

// Box returns the box of uniform density that has the mass distribution of in: its pose in the link frame and its half extents, one of
// which is zero where mass lies in a plane. ok is false without mass and where the inertia is none.
func (in Inertia) Box() (pose Pose, half r3.Vec, ok bool) {
	p, vec, err := in.principal()
	if err != nil || !(in.Mass > 0) || !spatial.Finite(in.COM) {
		return IdentityPose, half, false
	}
	edge := func(a, b, c float64) float64 { return math.Sqrt(math.Max(0, 1.5/in.Mass*(b+c-a))) } // of I_a = m/3 (b² + c²) and so on
	half = r3.Vec{X: edge(p[0], p[1], p[2]), Y: edge(p[1], p[2], p[0]), Z: edge(p[2], p[0], p[1])}
	var axes spatial.Mat3
	sign := math.Copysign(1, mat.Det(vec)) // a rotation, no reflection
	for i := range 3 {
		for k := range 3 {
			axes[3*i+k] = vec.At(i, k)
		}
		axes[3*i+2] *= sign
	}
	return Pose{Pos: in.COM, Rot: axes.Quat()}, half, true
}

// inside keeps a repaired inertia off the border of the possible set, where the log-Cholesky chart ends.
const inside = 1e-3

// Repair returns the nearest inertia that passes [Inertia.Check], keeping mass (at least 1 g), center of
// mass and principal axes: moments are raised to 1e-6 kg m² per kg and the smallest to 0.2 % of the
// next, then the largest is lowered to just below the sum of the others. The second result says what was changed, or is empty.
func (in Inertia) Repair() (Inertia, string) {
	if in.Check() == nil {
		return in, ""
	}
	out, note := in, ""
	if !(out.Mass > 0) || math.IsInf(out.Mass, 0) {
		out.Mass = 1e-3
		note = "mass set to 1 g; "
	}
	if !spatial.Finite(out.COM) {
		out.COM = r3.Vec{}
		note += "center of mass set to the origin; "
	}
	p, vec, err := out.principal()
	if err != nil {
		i := 1e-6 * out.Mass
		out.setSym(spatial.Sym3{XX: i, YY: i, ZZ: i})
		return out, note + "inertia set to 1e-6 kg m² per kg"
	}
	was := p
	for k := range p {
		p[k] = math.Max(p[k], 1e-6*out.Mass)
	}
	p[0] = math.Max(p[0], 2*inside*p[1])
	p[2] = math.Min(p[2], (p[0]+p[1])*(1-inside))
	if p != was {
		note += fmt.Sprintf("principal moments %.4g, %.4g, %.4g changed to %.4g, %.4g, %.4g kg m²", was[0], was[1], was[2], p[0], p[1], p[2])
		var d, j mat.Dense
		d.Mul(vec, mat.NewDiagDense(3, p[:]))
		j.Mul(&d, vec.T())
		out.setSym(spatial.Sym3{XX: j.At(0, 0), XY: j.At(0, 1), XZ: j.At(0, 2), YY: j.At(1, 1), YZ: j.At(1, 2), ZZ: j.At(2, 2)})
	}
	return out, note
}
