package scene

import (
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Bounds returns the corners of a box along the world axes around the moving parts at configuration q;
// of everything when nothing moves.
func (f *Figure) Bounds(q []float64) (low, high r3.Vec) {
	f.model.Poses(f.poses, q)
	low, high = emptyBox()
	for i := range f.parts {
		if p := &f.parts[i]; p.Body >= 0 {
			f.grow(&low, &high, p)
		}
	}
	for _, p := range f.poses {
		low, high = minVec(low, p.Pos), maxVec(high, p.Pos)
	}
	if low.X > high.X {
		for i := range f.parts {
			f.grow(&low, &high, &f.parts[i])
		}
	}
	if low.X > high.X {
		return r3.Vec{}, r3.Vec{}
	}
	return low, high
}

// grow extends a box by a part.
func (f *Figure) grow(low, high *r3.Vec, p *Part) {
	center, half := p.extent()
	at := f.place(p)
	c := at.Apply(center)
	x := absVec(spatial.QuatRotate(at.Rot, r3.Vec{X: half.X}))
	y := absVec(spatial.QuatRotate(at.Rot, r3.Vec{Y: half.Y}))
	z := absVec(spatial.QuatRotate(at.Rot, r3.Vec{Z: half.Z}))
	h := spatial.Add(spatial.Add(x, y), z)
	*low, *high = minVec(*low, spatial.Sub(c, h)), maxVec(*high, spatial.Add(c, h))
}

// extent returns the center and half extents of a box around a part in its own frame.
func (p *Part) extent() (center, half r3.Vec) {
	s := &p.Shape
	switch {
	case p.Mesh != nil:
		low, high := p.Mesh.Bounds()
		k := Stretch(p.Scale)
		c, h := spatial.Scale(0.5, spatial.Add(low, high)), spatial.Scale(0.5, spatial.Sub(high, low))
		return r3.Vec{X: c.X * k.X, Y: c.Y * k.Y, Z: c.Z * k.Z}, absVec(r3.Vec{X: h.X * k.X, Y: h.Y * k.Y, Z: h.Z * k.Z})
	case s.Kind == contact.KindSphere:
		half = r3.Vec{X: s.Radius, Y: s.Radius, Z: s.Radius}
	case s.Kind == contact.KindCapsule:
		half = r3.Vec{X: s.Radius, Y: s.Radius, Z: s.HalfLength + s.Radius}
	case s.Kind == contact.KindCylinder:
		half = r3.Vec{X: s.Radius, Y: s.Radius, Z: s.HalfLength}
	case s.Kind == contact.KindBox, s.Kind == contact.KindEllipsoid:
		half = s.Half
	case len(s.Vertices) > 0:
		low, high := spatial.Bounds(s.Vertices)
		return spatial.Scale(0.5, spatial.Add(low, high)), spatial.Scale(0.5, spatial.Sub(high, low))
	}
	return center, half
}

// Fit points c at the middle of the box and moves it so far away that the box fills a picture of the given
// width / height, with some air around. Azimuth and elevation stay.
func (c *Camera) Fit(low, high r3.Vec, aspect float64) {
	c.Target = spatial.Scale(0.5, spatial.Add(low, high))
	half := spatial.Scale(0.5, spatial.Sub(high, low))
	v := c.View()
	const air = 1.18
	dist := 0.0
	for i := range 8 {
		p := r3.Vec{X: half.X * sign(i&1), Y: half.Y * sign(i&2), Z: half.Z * sign(i&4)}
		near := -spatial.Dot(p, v.Forward)
		dist = math.Max(dist, near+air*math.Abs(spatial.Dot(p, v.Up))/v.TanHalf)
		dist = math.Max(dist, near+air*math.Abs(spatial.Dot(p, v.Right))/(v.TanHalf*aspect))
	}
	c.Distance = math.Max(dist, 1e-3)
}

// Follow moves the camera's target toward at, with the time constant tau over dt seconds: a camera that
// does not shake with every step of a robot. Its height follows four times slower.
func (c *Camera) Follow(at r3.Vec, dt, tau float64) {
	k, kz := 1-math.Exp(-dt/tau), 1-math.Exp(-dt/(4*tau))
	d := spatial.Sub(at, c.Target)
	c.Target = spatial.Add(c.Target, r3.Vec{X: k * d.X, Y: k * d.Y, Z: kz * d.Z})
}

func emptyBox() (low, high r3.Vec) {
	inf := math.Inf(1)
	return r3.Vec{X: inf, Y: inf, Z: inf}, r3.Vec{X: -inf, Y: -inf, Z: -inf}
}

func sign(bit int) float64 {
	if bit == 0 {
		return -1
	}
	return 1
}

func minVec(a, b r3.Vec) r3.Vec {
	return r3.Vec{X: math.Min(a.X, b.X), Y: math.Min(a.Y, b.Y), Z: math.Min(a.Z, b.Z)}
}

func maxVec(a, b r3.Vec) r3.Vec {
	return r3.Vec{X: math.Max(a.X, b.X), Y: math.Max(a.Y, b.Y), Z: math.Max(a.Z, b.Z)}
}

func absVec(a r3.Vec) r3.Vec { return r3.Vec{X: math.Abs(a.X), Y: math.Abs(a.Y), Z: math.Abs(a.Z)} }

// Aim points c so that everything is seen that the moving parts of f sweep over in the given
// configurations. When that is much more than the model itself, as when a robot walks away, it fits the
// first configuration only and returns true: the camera should follow. Azimuth and elevation stay.
func (f *Figure) Aim(c *Camera, aspect float64, configurations [][]float64) (follow bool) {
	if len(configurations) == 0 {
		configurations = [][]float64{f.model.NewState().Q}
	}
	low, high := emptyBox()
	for i, q := range configurations {
		l, h := f.Bounds(q)
		low, high = minVec(low, l), maxVec(high, h)
		if d := spatial.Sub(high, low); i > 0 && r3.Norm(d) > 3*f.size {
			low, high = f.Bounds(configurations[0])
			c.Fit(low, high, aspect)
			return true
		}
	}
	c.Fit(low, high, aspect)
	return false
}
