package distance

import (
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// sunk takes the corners of a, or the balls that it is made of, that are deeper below the surface of the solid than
// best says. What is round has points all over: to go down from some of them to the deepest would end here or there,
// and leap from pose to pose.
func (f *Finder) sunk(a *Solid) {
	s := a.Shape
	switch s.Kind {
	case contact.KindSphere:
		f.sink(a, r3.Vec{})
	case contact.KindCapsule:
		for i := range 5 {
			f.sink(a, r3.Vec{Z: s.HalfLength * float64(i-2) / 2})
		}
	case contact.KindBox:
		for i := range 27 { // corners, middles of edges, of faces, and of all
			f.sink(a, r3.Vec{X: s.Half.X * float64(i%3-1), Y: s.Half.Y * float64(i/3%3-1), Z: s.Half.Z * float64(i/9-1)})
		}
	case contact.KindEllipsoid:
		for _, u := range sphere {
			f.sink(a, r3.Vec{X: s.Half.X * u.X, Y: s.Half.Y * u.Y, Z: s.Half.Z * u.Z})
		}
	case contact.KindCylinder:
		for _, u := range rim {
			f.sink(a, r3.Vec{X: s.Radius * u.X, Y: s.Radius * u.Y, Z: s.HalfLength})
			f.sink(a, r3.Vec{X: s.Radius * u.X, Y: s.Radius * u.Y, Z: -s.HalfLength})
		}
	default:
		for _, v := range s.Vertices {
			f.sink(a, v)
		}
	}
}

// sink takes the depth of the ball about a point of the shape if it is deeper.
func (f *Finder) sink(a *Solid, p r3.Vec) {
	t := &f.terrain
	if p = a.At.Apply(p); !t.ground.Inside(p) {
		return
	}
	r := round(a.Shape)
	at, face, d := t.ground.Nearest(p)
	if -r-d >= t.best.Gap {
		return
	}
	n, ok := spatial.Unit(spatial.Sub(at, p))
	if !ok {
		n = t.ground.Faces[face].Normal
	}
	t.best = Near{Gap: -r - d, Normal: n, A: spatial.AddScaled(p, -r, n), B: at}
}

// rim and sphere are points of the unit circle, and of the unit sphere: in rings, of the golden angle from one to the
// next (Vogel, "A better way to construct the sunflower head", 1979).
var (
	rim = func() (l [32]r3.Vec) {
		for i := range l {
			l[i].Y, l[i].X = math.Sincos(2 * math.Pi * float64(i) / float64(len(l)))
		}
		return l
	}()
	sphere = func() (l [128]r3.Vec) {
		for i := range l {
			z := 1 - (2*float64(i)+1)/float64(len(l))
			y, x := math.Sincos(math.Pi * (3 - math.Sqrt(5)) * float64(i))
			r := math.Sqrt(1 - z*z)
			l[i] = r3.Vec{X: r * x, Y: r * y, Z: z}
		}
		return l
	}()
)
