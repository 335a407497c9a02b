package sim_test
import ("testing";"math/rand/v2";"fmt"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
)
func TestZZ(t *testing.T) {
	seed:=2; ground := rough(uint64(seed), 0.1)
	s := terrainShapes[0]
	m := onTerrain(t, s, ground, 0.6, 0.01)
	rng := rand.New(rand.NewPCG(uint64(seed), 2))
	for throw := range 2 {
		x := m.NewState()
		x.Q[0], x.Q[1], x.Q[2] = rng.Float64()-0.5, rng.Float64()-0.5, 0.5
		q := quat.Number{Real: rng.NormFloat64(), Imag: rng.NormFloat64(), Jmag: rng.NormFloat64(), Kmag: rng.NormFloat64()}
		q = quat.Scale(1/quat.Abs(q), q)
		x.Q[3], x.Q[4], x.Q[5], x.Q[6] = q.Real, q.Imag, q.Jmag, q.Kmag
		for k := range x.V { x.V[k] = 2 * rng.NormFloat64() }
		step := m.NewStepper(sim.Options{})
		for k := range 150 {
			r, err := step.Step(&x, x, nil)
			if throw==1 && k>85 { fmt.Println(k, x.Q[:3], x.V[:3], r.Iterations, r.Halvings)
			for _,c := range step.Contacts() { fmt.Printf("   kind %d A %d cell %d n %.3f gap %.3g f %.3g\n", c.ID.Feature>>48, c.ID.Feature>>32&0xffff, c.ID.Feature&0xffffffff, c.Normal, c.Gap, c.Force) } }
			if err != nil { t.Fatal(err) }
		}
	}
}
