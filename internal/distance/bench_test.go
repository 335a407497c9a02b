package distance_test

import (
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/distance"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

func BenchmarkBetween(b *testing.B) {
	box, can, pill := contact.Box(r3.Vec{X: 0.1, Y: 0.2, Z: 0.3}), contact.Cylinder(0.1, 0.2), contact.Capsule(0.1, 0.2)
	for _, c := range []struct {
		name string
		a, b *contact.Shape
		x    float64
	}{{"capsules", &pill, &pill, 0.7}, {"boxes", &box, &box, 0.7}, {"cylinders", &can, &can, 0.7}, {"boxes in each other", &box, &box, 0.1}, {"cylinders in each other", &can, &can, 0.1}} {
		b.Run(c.name, func(b *testing.B) {
			var f distance.Finder
			s := distance.Solid{Shape: c.a, At: spatial.Pose{Rot: spatial.RPY(0.3, 0.5, 0.7)}}
			o := distance.Solid{Shape: c.b, At: spatial.Pose{Pos: r3.Vec{X: c.x, Y: 0.1, Z: 0.05}, Rot: spatial.RPY(1, 2, 3)}}
			for b.Loop() {
				f.Between(&s, &o)
			}
		})
	}
}
