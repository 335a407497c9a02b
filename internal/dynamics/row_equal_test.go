package dynamics_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// closing returns two chains of hinges and balls with loops of one kind between both, within the first and to the world, all closed in the
// neutral configuration.
func closing(t *testing.T, rng *rand.Rand, kind dynamics.LoopKind) *dynamics.Model {
	t.Helper()
	b := sim.NewBuilder("closing")
	b.SetGravity(r3.Vec{X: 0.3, Z: -9.81})
	b.SetTimestep(0.01)
	for _, chain := range []string{"a", "b"} {
		parent := sim.World
		types := []sim.JointType{sim.Free(), sim.Spherical(), sim.Revolute(gauss(rng, 1)), sim.Prismatic(gauss(rng, 1)), sim.Revolute(gauss(rng, 1)), sim.Universal(r3.Vec{X: 1}, r3.Vec{Z: 1, Y: 0.1})}
		for i, jt := range types {
			l := b.AddLink(chain+string(rune('0'+i)), anyInertia(rng))
			b.AddJoint(sim.Joint{Name: chain + string(rune('0'+i)), Type: jt, Parent: parent, Child: l, Origin: sim.Pose{Pos: gauss(rng, 0.3), Rot: attitude(rng)}})
			parent = l
		}
	}
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	d := m.Engine()
	q, poses := make([]float64, d.NQ), make([]spatial.Pose, len(d.Bodies))
	d.Neutral(q)
	d.Kinematics(poses, q)
	for _, ends := range [][2]int{{5, 11}, {0, 4}, {8, dynamics.World}} {
		here := spatial.Pose{Pos: gauss(rng, 0.3), Rot: attitude(rng)}
		l := dynamics.Loop{Kind: kind, A: ends[0], B: ends[1], OnA: poses[ends[0]].Inv().Mul(here), OnB: here}
		if l.B != dynamics.World {
			l.OnB = poses[l.B].Inv().Mul(here)
		}
		d.Loops = append(d.Loops, l)
	}
	d.SetScales()
	return d
}

func (c *rowCheck) loopName(r *dynamics.RowState) string {
	m := c.x.m
	name := []string{"point", "hinge", "weld"}[r.Loop]
	switch a, b := r.Bodies[0], r.Bodies[1]; {
	case b == dynamics.World:
		return name + " world"
	case m.Bodies[a].Tree == m.Bodies[b].Tree:
		return name + " self"
	}
	return name + " trees"
}

// holds checks that multiplier i of a closure pushes both bodies with opposite wrenches, and, where the loop is closed,
// along the gradient of the value at knot 2: that at knot 3 of a step that moves nothing.
func (c *rowCheck) holds(n, k, i int, w [2]spatial.Wrench) {
	r := &c.states[n]
	if r.Bodies[1] != dynamics.World {
		sum := []float64{}
		for _, x := range flat(w[0]) {
			sum = append(sum, -x)
		}
		c.agree(n, flat(w[1]), sum, 1, "λ%d on the other body", i)
	}
	if r3.Norm(r.Past) > 1e-2 {
		return
	}
	still := c.x
	still.q3 = still.q2
	var u [2]r3.Vec
	for j, d := range []float64{third, -third} {
		u[j] = still.moved(3, k, d).probe(c, c.tree).RowStates()[n].Value
	}
	du := r3.Scale(1/(2*third), r3.Sub(u[0], u[1]))
	if got := c.p.Power(n, k, i); math.Abs(got-list(du)[i]) > 3*r3.Norm(r.Past)+1e-8 {
		c.Errorf("row of kind %d, %s: λ%d does the work %g along dof %d, its value changes by %g", r.Kind, c.name(n), i, got, k, list(du)[i])
	}
}

// TestLoopGapOfFrames: how far a loop is open is told by its frames.
func TestLoopGapOfFrames(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 5))
	for kind := range dynamics.LoopKind(3) {
		m := closing(t, rng, kind)
		q, poses := make([]float64, m.NQ), make([]spatial.Pose, len(m.Bodies))
		m.Neutral(q)
		m.Kinematics(poses, q)
		l := &m.Loops[0]
		l.OnA.Pos = r3.Add(l.OnA.Pos, spatial.QuatRotate(l.OnA.Rot, r3.Vec{X: 0.3, Y: 0.4}))
		l.OnA.Rot = quat.Mul(l.OnA.Rot, spatial.AxisAngle(r3.Vec{X: 1}, 0.7))
		d, angle := m.LoopGap(0, poses)
		if want := []float64{0, 0.7, 0.7}[kind]; math.Abs(d-0.5) > 1e-12 || math.Abs(angle-want) > 1e-12 {
			t.Errorf("kind %d: %g m and %g rad open, want 0.5 and %g", kind, d, angle, want)
		}
	}
}
