package implicit_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// crooked are the terrains of terrains, every vertex moved a little: of coplanar triangles the derivative by a vertex is
// one-sided.
func crooked() map[string]contact.Shape {
	rng := rand.New(rand.NewPCG(4, 2))
	l := terrains()
	stairs := l["stairs"].Terrain
	vertices := append([]r3.Vec{}, stairs.Vertices...)
	for i := range vertices {
		vertices[i] = r3.Add(vertices[i], normal(rng, 0.01))
	}
	l["stairs"] = contact.Mesh(vertices, stairs.Triangles)
	return l
}

// TestTerrainVertices: derivatives by the heights of a height field and by the corners of a mesh of steps in which every shape
// meets them at random, against differences of models with other vertices.
func TestTerrainVertices(t *testing.T) {
	opt := sim.Options{Kappa: 1e-3, Tolerance: 1e-12, Centrality: 1e-10}
	for name, ground := range crooked() {
		for k, shape := range resting {
			rng, worst, moved := rand.New(rand.NewPCG(6, uint64(k))), 0.0, 0
			b := world("vertices", 9.81)
			b.AddTerrain(name, ground, sim.Pose{Pos: r3.Vec{X: 0.01, Z: 0.02}, Rot: sim.RPY(0.05, -0.03, 0.4)})
			b.AddFree("free", b.AddLink("body", sim.BoxInertia(1, r3.Vec{X: 0.1, Y: 0.08, Z: 0.06})))
			b.AddCollider(sim.Collider{Name: "body", Link: 0, Shape: shape.shape, Friction: 0.5})
			m := must(t, b)
			var params []implicit.Param
			for _, p := range implicit.Params(m) {
				if strings.HasPrefix(p.Name, name+".height") || strings.HasPrefix(p.Name, name+".point") {
					params = append(params, p)
				}
			}
			q, x, next := m.NewQuery(), m.NewState(), m.NewState()
			for range 5 {
				lower(t, m, q, &x, rng, shape.turns)
				g := gradient(t, m.NewStepper(opt), implicit.Options{})
				if r, err := g.Step(&next, x, nil); err != nil || r.Halvings > 0 {
					t.Fatalf("%v on %s: %+v %v", shape.shape.Kind, name, r, err)
				}
				columns, largest := make([]implicit.Tangent, len(params)), 0.0
				for i, p := range params {
					columns[i] = implicit.NewTangent(m)
					if err := g.ParamJVP(columns[i], p); err != nil {
						t.Fatal(err)
					}
					for _, v := range both(columns[i]) {
						largest = math.Max(largest, math.Abs(v))
					}
				}
				for i, p := range params {
					if largestOf(both(columns[i])) == 0 && rng.IntN(20) > 0 {
						continue
					}
					moved++
					e := differ(both(columns[i]), largest, ofParam(t, m, opt, x, p), 1e-4, 1e-5, 1e-6, 1e-7)
					if worst = math.Max(worst, e); !(e < 1e-6) {
						t.Errorf("%v on %s, by %s: off by %g", shape.shape.Kind, name, p.Name, e)
					}
				}
			}
			t.Logf("%v on %s: %d columns within %.1e", shape.shape.Kind, name, moved, worst)
		}
	}
}

// TestVerticesOfFlatGround: the corners of stairs are no parameters, as every one is a corner of coplanar triangles, and
// one asked for is told so.
func TestVerticesOfFlatGround(t *testing.T) {
	b := world("flat", 9.81)
	b.AddTerrain("stairs", terrains()["stairs"], sim.Pose{Rot: sim.RPY(0, 0, 0)})
	addBox(b, "box", 1, r3.Vec{X: 0.1, Y: 0.1, Z: 0.1}, 0.5)
	m := must(t, b)
	for _, p := range implicit.Params(m) {
		if strings.HasPrefix(p.Name, "stairs.point") {
			t.Fatalf("%s is a parameter", p.Name)
		}
	}
	if _, err := implicit.FindParam(m, "stairs.point3_z"); err == nil || !strings.Contains(err.Error(), `around point3_z of terrain "stairs"`) {
		t.Errorf("asked for a vertex of flat ground: %v", err)
	}
}

// lower turns the body of m at random and puts it where it nearly touches the terrain.
func lower(t *testing.T, m *sim.Model, q *sim.Query, x *sim.State, rng *rand.Rand, turns []r3.Vec) {
	tilt := []float64{0.01, 0.1, 0.5}[rng.IntN(3)]
	turn := turns[rng.IntN(len(turns))]
	at := sim.RPY(tilt*rng.NormFloat64(), tilt*rng.NormFloat64(), 6*rng.Float64())
	pose := sim.Pose{Rot: at}.Mul(sim.Pose{Rot: sim.RPY(turn.X, turn.Y, turn.Z)})
	copy(x.Q, []float64{0.15 * rng.NormFloat64(), 0.15 * rng.NormFloat64(), 0, pose.Rot.Real, pose.Rot.Imag, pose.Rot.Jmag, pose.Rot.Kmag})
	want, low, high := 1e-4+3e-3*rng.Float64(), -0.3, 1.0
	for range 50 {
		if x.Q[2] = (low + high) / 2; distance(t, m, q, *x) > want {
			high = x.Q[2]
		} else {
			low = x.Q[2]
		}
	}
	for i := range x.V {
		x.V[i] = 0.2 * rng.NormFloat64()
	}
	x.V[2] -= 0.3
}

// ofParam returns the next state, as seen from that of m, by how much p is more.
func ofParam(t *testing.T, m *sim.Model, opt sim.Options, x sim.State, p implicit.Param) func(eps float64) []float64 {
	base, x0 := step(t, m.NewStepper(opt), x, nil), value(t, m, p)
	return func(eps float64) []float64 {
		n, err := implicit.With(m, p, x0+eps)
		if err != nil {
			t.Fatal(err)
		}
		return seenFrom(m, base, step(t, n.NewStepper(opt), x, nil))
	}
}
