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
