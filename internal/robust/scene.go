package robust

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// Scenes are the models of the zoo whose bodies touch each other or close loops.
var Scenes = []string{
	"stack5", "pyramid3", "dominoes5", "balls10", "eggs8", "gripper", "fourbar", "fivebar", "delta", "cardtower", "tippetop", "rolling", "pusher", "necklace", "conveyor",
}

// scene returns the named scene. mass multiplies its masses and the forces of its joints.
func scene(name string, h, mass, mu float64) (*sim.Model, error) {
	e, err := models.Find(name)
	if err != nil {
		return nil, err
	}
	return e.Builder(models.Options{Timestep: h, MassScale: mass, Friction: &mu}).Build()
}

// disturb returns the start of a scene with everything pushed, at up to a few m/s and rad/s, more often by little than by much. What is
// loose is thrown in a heap in every other toss; mechanisms without contact begin elsewhere. No bodies begin in each other.
func disturb(name string, m *sim.Model, r *rand.Rand) (sim.State, error) {
	e, err := models.Find(name)
	if err != nil {
		return sim.State{}, err
	}
	x := e.Start(m)
	by := r.Float64()
	by *= by
	for i := range x.V {
		x.V[i] += 2 * by * r.NormFloat64()
	}
	loose := m.NQ() == 7*len(m.Bodies())
	for _, d := range m.Drawn() {
		loose = loose && !(d.Collides && d.Body < 0) // a heap would begin in what stands there
	}
	switch touching := m.Pairs(); {
	case loose && r.IntN(2) == 0:
		heap(m, x.Q, r)
	case len(touching) == 0 || touching[len(touching)-1].B < 0:
		return elsewhere(m, x, by, r)
	}
	if len(m.Loops()) > 0 {
		err = m.Assemble(&x)
	}
	return x, err
}

// elsewhere moves hinges and sliders from where they start. A place in the ground is drawn anew: legs on a rail began up to 0.28 m in it.
func elsewhere(m *sim.Model, from sim.State, by float64, r *rand.Rand) (sim.State, error) {
	st := m.NewStepper(sim.Options{})
	for range 100 {
		x := from.Clone()
		for _, j := range m.Joints() {
			for i := 0; j.NQ == j.NV && i < j.NQ; i++ {
				x.Q[j.Q+i] += 0.2 * by * r.NormFloat64()
			}
		}
		if len(m.Loops()) > 0 {
			if err := m.Assemble(&x); err != nil {
				return x, err
			}
		}
		if _, depth := st.Deepest(x.Q); depth == 0 {
			return x, nil
		}
	}
	return from, fmt.Errorf("robust: none of 100 places for model %q is outside the ground", m.Name())
}

// heap places free bodies in layers of two by two, in any attitude, with a tenth of their size between them.
func heap(m *sim.Model, q []float64, r *rand.Rand) {
	size := 0.0
	for _, d := range m.Drawn() {
		if d.Collides && d.Body >= 0 {
			size = math.Max(size, d.Shape.Extent()+spatial.Norm(d.Pose.Pos))
		}
	}
	for i := range len(m.Bodies()) {
		at := r3.Scale(2.1*size, r3.Vec{X: float64(i % 2), Y: float64(i / 2 % 2), Z: float64(i/4) + 0.5})
		rot, _ := spatial.Normalize(spatial.Quat{Real: r.NormFloat64(), Imag: r.NormFloat64(), Jmag: r.NormFloat64(), Kmag: r.NormFloat64()})
		copy(q[7*i:], []float64{at.X, at.Y, at.Z, rot.Real, rot.Imag, rot.Jmag, rot.Kmag})
	}
}
