package sim_test

import (
	"fmt"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
)

// slider is a ball of 2 kg on a rail along x, 1 m above the ground, beside a post.
func slider() *sim.Model {
	b := sim.NewBuilder("slider")
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{Z: -10})
	l, hand := b.AddLink("ball", sim.Inertia{Mass: 2, Ixx: 1, Iyy: 1, Izz: 1}), b.AddLink("hand", sim.Inertia{Mass: 1, Ixx: 1, Iyy: 1, Izz: 1})
	b.AddJoint(sim.Joint{Name: "rail", Type: sim.Prismatic(r3.Vec{X: 1}), Parent: sim.World, Child: l, Origin: sim.At(0, 0, 1)})
	b.AddJoint(sim.Joint{Name: "weld", Type: sim.Fixed(), Parent: l, Child: hand, Origin: sim.At(0, 0, 0.5)})
	b.AddCollider(sim.Collider{Name: "ball", Link: l, Shape: contact.Sphere(0.2)})
	b.AddCollider(sim.Collider{Name: "post", Link: sim.World, Shape: contact.Cylinder(0.1, 2), Pose: sim.At(1, 0, 0)})
	b.AddGround()
	m, err := b.Build()
	if err != nil {
		panic(err)
	}
	return m
}

func ExampleQuery() {
	m := slider()
	q := m.NewQuery()
	if err := q.At([]float64{0.5}); err != nil { // half a meter along the rail
		panic(err)
	}
	x, _ := q.Nearest(nil)
	slope := make([]float64, m.NV())
	q.Gradient(slope, &x)
	fmt.Printf("%s and %s are %.2f m apart, and %.0f m nearer per meter\n", m.Colliders()[x.A], m.Colliders()[x.B], x.Gap, -slope[0])
	hit, _ := q.Ray(r3.Vec{X: -1, Z: 1}, r3.Vec{X: 1})
	fmt.Printf("a ray meets %s after %.2f m\n", m.Colliders()[hit.Collider], hit.Distance)
	var j mat.Dense
	hand, _ := m.Frame("hand")
	q.Jacobian(&j, hand)
	fmt.Println("the hand moves by", mat.Formatted(j.T()))
	// Output:
	// ball and post are 0.20 m apart, and 1 m nearer per meter
	// a ray meets ball after 1.30 m
	// the hand moves by [1  0  0  0  0  0]
}

func ExampleStepper_AddSensor() {
	m := slider()
	s := m.NewStepper(sim.Options{})
	wrist, err := s.AddSensor("hand", sim.IdentityPose) // in the joint that welds the hand to the ball
	if err != nil {
		panic(err)
	}
	x := m.NewState()
	if _, err := s.Step(&x, x, nil); err != nil {
		panic(err)
	}
	fmt.Printf("the hand of 1 kg is carried by %.1f N\n", wrist.Reading().Force.Z)
	// Output: the hand of 1 kg is carried by 10.0 N
}
