package sim

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// ContactWrench returns the mean force and torque that the contacts of body i, −1 for the world, exerted on it in the last step: apart from
// what its joints, drives and loops do. World axes, about the world point o.
func (s *Stepper) ContactWrench(i int, o r3.Vec) Wrench {
	return s.sumContacts(o, func(c *Contact) float64 { return is(c.BodyA == i) - is(c.BodyB == i) })
}

// ContactWrenchFrom is ContactWrench of the contacts with body j alone, −1 for the world: what j does to i. It is the opposite of what i
// does to j.
func (s *Stepper) ContactWrenchFrom(i, j int, o r3.Vec) Wrench {
	return s.sumContacts(o, func(c *Contact) float64 {
		return is(c.BodyA == i && c.BodyB == j) - is(c.BodyB == i && c.BodyA == j)
	})
}

// PairWrench is ContactWrench of the contacts of two colliders, or of a collider and a half-space: what B does to A. They may be in
// any order.
func (s *Stepper) PairWrench(p Pair, o r3.Vec) Wrench {
	q := Pair{p.B, p.A}
	return s.sumContacts(o, func(c *Contact) float64 { return is(c.ID.Pair == p) - is(c.ID.Pair == q) })
}

func is(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

// sumContacts adds up the forces and torques of all contacts, each as often as of says.
func (s *Stepper) sumContacts(o r3.Vec, of func(c *Contact) float64) (w Wrench) {
	for i := range s.Contacts() {
		c := &s.list[i]
		k := of(c)
		if k == 0 {
			continue
		}
		w.Force = spatial.AddScaled(w.Force, k, c.Force)
		w.Torque = spatial.AddScaled(w.Torque, k, spatial.Add(c.Torque, spatial.Cross(spatial.Sub(c.Point, o), c.Force)))
	}
	return w
}

// In returns w, in world axes about the origin of the frame, in the axes of the frame, which is at the pose f in the world.
func (w Wrench) In(f Pose) Wrench {
	r := Pose{Rot: f.Inv().Rot}
	return Wrench{Force: r.Apply(w.Force), Torque: r.Apply(w.Torque)}
}
