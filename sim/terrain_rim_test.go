package sim_test

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
)

// TestLeaningCanTouchesWithItsRims: on a floor of triangles a cylinder that leans has its rims for contacts, not the 64
// corners of the prism inside them; standing it has four vertices and the rim as on a half-space, not 32, and however
// it is turned about its axis a step takes about as many iterations as there: what falls over one of its vertices takes
// most.
func TestLeaningCanTouchesWithItsRims(t *testing.T) {
	can := contact.Cylinder(0.05, 0.06)
	flat := fieldOf(func(x, y float64) float64 { return 0 })
	const turns = 8 // of a quarter
	for _, lean := range []float64{0, 0.4, 1.2, math.Pi / 2} {
		n, iterations := [2]int{}, [2]int{}
		for i, terrain := range []contact.Shape{{}, flat} {
			m := onTerrain(t, can, terrain, 0.5, 0.01)
			for turn := range turns {
				x, s := m.NewState(), m.NewStepper(sim.Options{})
				x.Q[0], x.Q[1], x.Q[2] = 0.03, 0.02, 0.05*math.Sin(lean)+0.06*math.Cos(lean)
				half := math.Pi / 4 * float64(turn) / turns
				q := quat.Mul(quat.Number{Real: math.Cos(lean / 2), Jmag: math.Sin(lean / 2)}, quat.Number{Real: math.Cos(half), Kmag: math.Sin(half)})
				x.Q[3], x.Q[4], x.Q[5], x.Q[6] = q.Real, q.Imag, q.Jmag, q.Kmag
				for range 30 {
					res, err := s.Step(&x, x, nil)
					if err != nil {
						t.Fatal(err)
					}
					iterations[i] += res.Iterations
					n[i] = max(n[i], len(s.Contacts()))
				}
			}
		}
		t.Logf("lean %.2g: %d contacts, on a half-space %d; %d iterations, on a half-space %d", lean, n[1], n[0], iterations[1], iterations[0])
		if n[1] > 10 {
			t.Errorf("leaning by %g it has %d contacts", lean, n[1])
		}
		if iterations[1] > iterations[0]+30*turns {
			t.Errorf("leaning by %g it takes %d iterations, on a half-space %d", lean, iterations[1], iterations[0])
		}
	}
}

// TestCansMoveOnTrianglesAsOnAHalfSpace: what stands, wobbles, spins on its rim or starts in flat ground does so whatever
// the ground is made of. The rim of an end was a contact that faded out as it came to lie flat, and alone where the end
// leaned: cans that spun on it took a quarter more iterations on triangles, and what started in them turned over about
// its rim instead of coming out as it stood, with the weight of what leans on a point instead of its own.
func TestCansMoveOnTrianglesAsOnAHalfSpace(t *testing.T) {
	zero := func(x, y float64) float64 { return 0 }
	grounds := []contact.Shape{{}, fieldOf(zero), smallField(31, 0.04, zero), contact.Mesh(fieldOf(zero).Terrain.Surface())}
	for _, can := range []contact.Shape{contact.Cylinder(0.1, 0.07), contact.Cylinder(0.066, 0.166), contact.Cylinder(0.05, 0.1)} {
		for _, lean := range []float64{0, 1e-3, 0.03, 0.15, 0.3} {
			for _, deep := range []float64{0, 1e-3, 0.02} {
				for _, spin := range []float64{0, 10} {
					var ends [4]sim.State
					var iterations, halvings [4]int
					for i, ground := range grounds {
						m := onTerrain(t, can, ground, 0.5, 0.01)
						x, s := m.NewState(), m.NewStepper(sim.Options{})
						x.Q[0], x.Q[1] = 0.013, 0.0171
						x.Q[2] = can.Radius*math.Sin(lean) + can.HalfLength*math.Cos(lean) - deep
						q := quat.Mul(quat.Number{Real: math.Cos(0.3), Kmag: math.Sin(0.3)}, sim.RPY(lean, 0, 0))
						x.Q[3], x.Q[4], x.Q[5], x.Q[6] = q.Real, q.Imag, q.Jmag, q.Kmag
						x.V[5] = spin
						for range 20 {
							r, err := s.Step(&x, x, nil)
							if err != nil {
								t.Fatal(err)
							}
							iterations[i] += r.Iterations
							halvings[i] += r.Halvings
						}
						ends[i] = x
					}
					for i := 1; i < len(grounds); i++ {
						worst := 0.0
						for k := range ends[0].Q {
							worst = math.Max(worst, math.Abs(ends[i].Q[k]-ends[0].Q[k]))
						}
						limit := 1e-7
						if lean > 0.1 {
							limit = 5e-4 // its vertices above the ground push with their part of κ on a half-space alone
						}
						if worst > limit || iterations[i] > iterations[0]*11/10+5 || halvings[i] > halvings[0] {
							t.Errorf("can of %g by %g m leaning by %g, %g m deep, spinning with %g rad/s, on ground %d: ends %.2g from where it does on a half-space, %d iterations (%d), %d halvings",
								can.Radius, can.HalfLength, lean, deep, spin, i, worst, iterations[i], iterations[0], halvings[i])
						}
					}
				}
			}
		}
	}
}
