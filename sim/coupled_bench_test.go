package sim_test

import (
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// BenchmarkCoupled times what contact between bodies costs: a quadruped with shapes all over, dropped on its legs,
// which fold, without and with contact among its own links; an arm of seven joints and two fingers, held by servos,
// without and with a cube between these.
func BenchmarkCoupled(b *testing.B) {
	for _, self := range []bool{false, true} {
		b.Run([]string{"quadruped", "quadruped with itself"}[itob(self)], func(b *testing.B) {
			e, err := models.Find("quadruped24")
			if err != nil {
				b.Fatal(err)
			}
			builder := e.Builder(models.Options{})
			builder.SetSelfContact(self)
			m := mustModel(b, builder)
			benchModel(b, m, e.Start(m), nil, 20, 40)
		})
	}
	for _, cube := range []bool{false, true} {
		b.Run([]string{"arm", "arm with cube"}[itob(cube)], func(b *testing.B) {
			m, x, u := armWith(b, cube)
			benchModel(b, m, x, u, 20, 40)
		})
	}
}

func itob(b bool) int {
	if b {
		return 1
	}
	return 0
}

// armWith returns the Panda, held by servos, and between its fingers, which press with 10 N, a cube if asked for.
func armWith(b testing.TB, cube bool) (m *sim.Model, x sim.State, u []float64) {
	e, err := models.Find("panda")
	if err != nil {
		b.Fatal(err)
	}
	builder := e.Builder(models.Options{})
	for i := range 7 {
		builder.ChangeJoint("panda_joint"+itoa(i+1), func(j *sim.Joint) {
			j.Axes[0].Drive, j.Axes[0].Kp, j.Axes[0].Kd = sim.Servo, 600, 60
		})
	}
	half := r3.Vec{X: 0.02, Y: 0.02, Z: 0.02}
	if cube {
		l := builder.AddLink("cube", sim.BoxInertia(0.1, half))
		builder.AddFree("cube", l)
		builder.AddCollider(sim.Collider{Name: "cube", Link: l, Shape: contact.Box(half), Friction: 1})
	}
	m = mustModel(b, builder)
	alone, err := e.Builder(models.Options{}).Build()
	if err != nil {
		b.Fatal(err)
	}
	x, u = m.NewState(), make([]float64, m.NU())
	n := copy(x.Q, e.Start(alone).Q)
	copy(u, x.Q[:7])
	u[7] = -10
	x.Q[7], x.Q[8] = 0.0205, 0.0205
	if cube {
		poses, at := make([]sim.Pose, len(m.Bodies())), r3.Vec{}
		m.Poses(poses, x.Q)
		for k, body := range m.Bodies() {
			if body == "panda_leftfinger" || body == "panda_rightfinger" {
				at = r3.Add(at, r3.Scale(0.5, poses[k].Apply(r3.Vec{X: 0.001, Z: 0.045})))
				q := poses[k].Rot
				copy(x.Q[n+3:], []float64{q.Real, q.Imag, q.Jmag, q.Kmag})
			}
		}
		copy(x.Q[n:], []float64{at.X, at.Y, at.Z})
	}
	return m, x, u
}
