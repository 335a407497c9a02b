package collide_test

import (
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/collide"
	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestWeightsByTerrainVertices: gaps, weights and what slides along edges and rims change with every vertex of terrain, a
// stair of a mesh and heights of a field, as differences say, for shapes that lie level, nearly so or lean.
func TestWeightsByTerrainVertices(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 1))
	vertices := []r3.Vec{{X: -0.5, Y: -0.4}, {X: -0.5, Y: 0.4}, {Y: -0.4}, {Y: 0.4}, {Y: -0.4, Z: 0.2}, {Y: 0.4, Z: 0.2}, {X: 0.5, Y: -0.4, Z: 0.2}, {X: 0.5, Y: 0.4, Z: 0.2}, {X: 0.5, Y: -0.4, Z: -0.1}, {X: 0.5, Y: 0.4, Z: -0.1}}
	for i := range vertices {
		vertices[i] = r3.Add(vertices[i], gauss(rng, 0.005))
	}
	var triangles [][3]int32
	for k := int32(0); k < 8; k += 2 {
		triangles = append(triangles, [3]int32{k, k + 2, k + 3}, [3]int32{k, k + 3, k + 1})
	}
	heights := make([]float64, 16)
	for i := range heights {
		heights[i] = 0.05 * rng.NormFloat64()
	}
	kinds := map[gap.Kind]int{}
	for name, shape := range map[string]contact.Shape{"stair": contact.Mesh(vertices, triangles), "field": contact.HeightField(4, 4, 0.3, 0.3, heights)} {
		for upper, a := range laid {
			t.Run(upper+" on "+name, func(t *testing.T) {
				rng := rand.New(rand.NewPCG(uint64(len(name)), uint64(len(upper))))
				all := tally{terrain: true}
				for n := range 30 {
					tilt := []float64{1e-3, 0.02, 0.1, 0.3, 1}[n%5]
					yaw := []float64{0.03, 6}[n%2]
					rot := spatial.RotationVector(a.turn)
					for _, v := range []r3.Vec{{Z: yaw * rng.NormFloat64()}, gauss(rng, tilt)} {
						rot = quat.Mul(spatial.RotationVector(v), rot)
					}
					at := r3.Vec{X: 0.2 * rng.NormFloat64(), Y: 0.1 * rng.NormFloat64(), Z: 0.2*rng.Float64() + 0.05 + 0.2*min(tilt, 0.3)}
					pose, on := spatial.Pose{Pos: gauss(rng, 0.1), Rot: attitude(rng)}, spatial.Pose{Pos: gauss(rng, 0.1), Rot: attitude(rng)}
					p := &two{
						a: collide.Collider{Index: 4, Body: 4, Shape: &a.shape, Hull: hullOf(&a.shape), Pose: pose, At: on.Mul(spatial.Pose{Pos: at, Rot: rot}).Mul(pose.Inv())},
						b: collide.Collider{Index: 7, Body: gap.World, Shape: &shape, Hull: hullOf(&shape), Pose: on, At: spatial.IdentityPose},
					}
					p.a.Seen = p.a.Middle()
					for _, c := range p.find(0.3) {
						kinds[c.Kind]++
					}
					all.differ(t, p, 2e-7)
				}
				t.Logf("%d derivatives, %d across changes of features", all.seen, all.gone)
			})
		}
	}
	t.Log(kinds)
}
