package sim_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// tie is a loop of a dense mechanism: frames of two links, −1 the world, that coincide.
type tie struct {
	typ    sim.LoopType
	a, b   int
	pa, pb sim.Pose
}

func (c *tie) rows() int { return [...]int{3, 5, 6}[c.typ] }

func (c *tie) frames(z []sim.Pose) (a, b sim.Pose) {
	a, b = c.pa, c.pb
	if c.a >= 0 {
		a = z[c.a].Mul(a)
	}
	if c.b >= 0 {
		b = z[c.b].Mul(b)
	}
	return a, b
}

// gap is what is left of the equations: directions by products of axes, unlike in the engine.
func (c *tie) gap(z []sim.Pose) []float64 {
	a, b := c.frames(z)
	d := r3.Sub(a.Pos, b.Pos)
	out := []float64{d.X, d.Y, d.Z}
	axis := func(p sim.Pose, k int) r3.Vec { return turn(p.Rot, [3]r3.Vec{{X: 1}, {Y: 1}, {Z: 1}}[k]) }
	if c.typ != sim.LoopPoint {
		out = append(out, r3.Dot(axis(a, 2), axis(b, 0)), r3.Dot(axis(a, 2), axis(b, 1)))
	}
	if c.typ == sim.LoopWeld {
		out = append(out, r3.Dot(axis(a, 0), axis(b, 1)))
	}
	return out
}

// push returns the force on A at a place and the torque for the multipliers x.
func (c *tie) push(z []sim.Pose, x []float64) (force, torque, at r3.Vec) {
	a, _ := c.frames(z)
	for k, l := range x[3:] {
		torque = r3.Add(torque, r3.Scale(l, turn(a.Rot, [3]r3.Vec{{X: 1}, {Y: 1}, {Z: 1}}[k])))
	}
	return vecOf(x), torque, a.Pos
}

// tie adds n loops that are closed at the joint coordinates q, between links with enough free motions between them.
func (m *mechanism) tie(rng *rand.Rand, q [][]float64, n int) {
	z := m.forward(q)
	used := make([]bool, len(m.parts))
	for tries := 0; len(m.ties) < n && tries < 1000; tries++ {
		c := tie{typ: sim.LoopType(rng.IntN(3)), a: rng.IntN(len(m.parts)), b: rng.IntN(len(m.parts)+1) - 1}
		between, free := map[int]bool{}, 0
		for _, end := range []int{c.a, c.b} {
			for p := end; p >= 0; p = m.parts[p].parent {
				between[p] = !between[p]
			}
		}
		taken := false
		for p, on := range between {
			if on {
				free += m.parts[p].nv()
				taken = taken || used[p]
			}
		}
		if taken || free <= c.rows() {
			continue
		}
		for p, on := range between {
			used[p] = used[p] || on
		}
		here := sim.Pose{Pos: randomVec(rng, 0.5), Rot: randomQuat(rng)}
		c.pa, c.pb = z[c.a].Inv().Mul(here), here
		if c.b >= 0 {
			c.pb = z[c.b].Inv().Mul(here)
		}
		m.ties = append(m.ties, c)
	}
}

// tied takes a step from a random state with n loops, closed there, with the engine and with the oracle, and returns
// how far poses (m and rad) and joint impulses (N s and N m s) differ.
func (m *mechanism) tied(t *testing.T, rng *rand.Rand, n int) (diff, wd float64) {
	b := m.builder()
	st, q, v, u := m.scatter(t, rng, mustModel(t, b))
	m.tie(rng, q, n)
	for i, c := range m.ties {
		b.AddLoop(sim.Loop{Name: fmt.Sprint("loop", i), Type: c.typ, LinkA: sim.Link(c.a), LinkB: sim.Link(c.b), PoseA: c.pa, PoseB: c.pb})
	}
	model := mustModel(t, b)
	s, out := model.NewStepper(sim.Options{Tolerance: 1e-13}), st.Clone()
	if _, err := s.Step(&out, st, u); err != nil {
		t.Fatal(err)
	}
	want, wrench := m.step(t, q, v)
	poses := make([]sim.Pose, len(model.Bodies()))
	model.Poses(poses, out.Q)
	for i := range m.parts {
		f, err := model.Frame(m.parts[i].name)
		if err != nil {
			t.Fatal(err)
		}
		got := poses[f.Body].Mul(f.Pose)
		d := quat.Mul(quat.Conj(got.Rot), want[i].Rot)
		diff = max(diff, r3.Norm(r3.Sub(got.Pos, want[i].Pos)), 2*math.Sqrt(d.Imag*d.Imag+d.Jmag*d.Jmag+d.Kmag*d.Kmag))
	}
	for i, j := range model.Joints() {
		for c := range m.parts {
			if m.parts[c].name == j.Name {
				f := s.JointWrench(i)
				wd = max(wd, r3.Norm(r3.Sub(r3.Scale(m.h, f.Force), vecOf(wrench[c]))), r3.Norm(r3.Sub(r3.Scale(m.h, f.Torque), vecOf(wrench[c][3:]))))
			}
		}
	}
	return diff, wd
}

// TestLoopsEqualDenseSolver: steps of 20 random mechanisms with loops of all types are those of the oracle.
func TestLoopsEqualDenseSolver(t *testing.T) {
	rng := seeded(17)
	var seen [3]int
	world := 0
	var worst, worstW float64
	for k := 0; k < 20; k++ {
		mech := randomMechanism(rng, 4+rng.IntN(4), func() (int, int) { return rng.IntN(3), 1 + rng.IntN(3) }, k%2 == 0)
		diff, wd := mech.tied(t, rng, 2)
		for _, c := range mech.ties {
			seen[c.typ]++
			if c.b < 0 {
				world++
			}
		}
		worst, worstW = max(worst, diff), max(worstW, wd)
		if diff > 1e-9 {
			t.Errorf("mechanism %d: poses differ by %.3g, loops %+v", k, diff, mech.ties)
		}
		if wd > 1e-8 {
			t.Errorf("mechanism %d: joint impulses differ by %.3g N s", k, wd)
		}
	}
	if min(seen[0], seen[1], seen[2], world) == 0 {
		t.Errorf("loops of the types %v, %d to the world: some were not tested", seen, world)
	}
	t.Logf("20 mechanisms with %v points, hinges, welds, %d of them to the world: poses differ by at most %.2g, joint impulses by %.2g N s", seen, world, worst, worstW)
}
