package sim_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// An independent solver of the same discrete mechanics: six unknowns per link, one multiplier per joint
// constraint, a dense matrix of central differences and gonum's LU. It shares no code with the engine: it
// knows neither trees, screws nor Gibbs vectors of chains. Links on fixed joints keep their own six unknowns
// and six constraints, but lend their mass to the body they are fixed to, as in the engine: the spin of two
// rigidly joined halves differs from that of the whole in second order of the turn per step, since each half
// takes the chord of its own center of mass. [TestFixedJointEqualsRigidHalves] measures it.

// step solves for the poses at the end of the next interval and the joint impulses on the links about
// their frame origins, by Newton's method.
func (m *mechanism) step(t *testing.T, q, v [][]float64) ([]sim.Pose, [][]float64) {
	n := len(m.parts)
	q1 := m.back(q, v)
	z1, z2 := m.forward(q1), m.forward(q)
	type carried struct{ free, held [][]float64 }
	joints := make([]carried, n)
	size := 6 * n
	for i := range m.parts {
		s := m.motions(i, z2, q)
		joints[i] = carried{s, complement(s, 6)}
		size += len(joints[i].held)
	}
	first := size // of the impulses of contacts
	size += len(m.hits)
	loops := size
	for i := range m.ties {
		size += m.ties[i].rows()
	}
	com := func(i int, p sim.Pose) r3.Vec { return r3.Add(p.Pos, turn(p.Rot, m.parts[i].in.COM)) }

	posesAt := func(x []float64) []sim.Pose {
		z := make([]sim.Pose, n)
		for i := range z {
			w := vecOf(x[6*i+3:])
			d := quat.Number{Real: 1, Imag: w.X, Jmag: w.Y, Kmag: w.Z}
			z[i] = sim.Pose{Pos: r3.Add(z2[i].Pos, vecOf(x[6*i:])), Rot: quat.Mul(quat.Scale(1/quat.Abs(d), d), z2[i].Rot)}
		}
		return z
	}
	impulses := func(x []float64, z3 []sim.Pose) [][]float64 {
		at := 6 * n
		out := make([][]float64, n)
		for i := range m.parts {
			w := make([]float64, 6)
			for _, c := range joints[i].held {
				for k := range w {
					w[k] += x[at] * c[k]
				}
				at++
			}
			if nv := len(joints[i].free); nv > 0 { // S (SᵀS)⁻¹ τ does the work τ and nothing else
				s := mat.NewDense(6, nv, nil)
				for c, col := range joints[i].free {
					s.SetCol(c, col)
				}
				var ss mat.Dense
				ss.Mul(s.T(), s)
				var y, f mat.VecDense
				if err := y.SolveVec(&ss, mat.NewVecDense(nv, m.drive(i, q1[i], q[i], v[i], z3))); err != nil {
					t.Fatal(err)
				}
				f.MulVec(s, &y)
				for k := range w {
					w[k] += f.AtVec(k)
				}
			}
			out[i] = w
		}
		return out
	}
	residual := func(x []float64) []float64 {
		z3 := posesAt(x)
		out := make([]float64, 0, size)
		f, l := make([]r3.Vec, n), make([]r3.Vec, n)
		for i := range m.parts {
			in := m.parts[i].in
			c1, c2, c3 := com(i, z1[i]), com(i, z2[i]), com(i, z3[i])
			f[i] = r3.Scale(in.Mass/m.h, r3.Add(r3.Sub(c3, c2), r3.Sub(c1, c2)))
			f[i] = r3.Sub(f[i], r3.Scale(m.h*in.Mass, m.g))
			l[i] = r3.Sub(spin(in, z2[i].Rot, z3[i].Rot, m.h, false), spin(in, z1[i].Rot, z2[i].Rot, m.h, true))
		}
		for i, w := range impulses(x, z3) {
			force, torque, at := vecOf(w), vecOf(w[3:]), z2[i].Pos
			f[i] = r3.Sub(f[i], force)
			l[i] = r3.Sub(l[i], r3.Add(torque, r3.Cross(r3.Sub(at, com(i, z2[i])), force)))
			if p := m.parts[i].parent; p >= 0 {
				f[p] = r3.Add(f[p], force)
				l[p] = r3.Add(l[p], r3.Add(torque, r3.Cross(r3.Sub(at, com(p, z2[p])), force)))
			}
		}
		for k := range m.hits {
			c := &m.hits[k]
			x2 := c.centers(z2)
			force := r3.Scale(x[first+k], r3.Unit(r3.Sub(x2[0], x2[1])))
			for side, i := range c.link {
				if i >= 0 {
					f[i] = r3.Sub(f[i], force)
					l[i] = r3.Sub(l[i], r3.Cross(r3.Sub(x2[side], com(i, z2[i])), force))
				}
				force = r3.Scale(-1, force)
			}
		}
		at := loops
		for i := range m.ties {
			c := &m.ties[i]
			force, torque, where := c.push(z2, x[at:at+c.rows()])
			at += c.rows()
			for side, p := range [2]int{c.a, c.b} {
				if sign := float64(1 - 2*side); p >= 0 {
					f[p] = r3.Sub(f[p], r3.Scale(sign, force))
					l[p] = r3.Sub(l[p], r3.Scale(sign, r3.Add(torque, r3.Cross(r3.Sub(where, com(p, z2[p])), force))))
				}
			}
		}
		for i := range m.parts {
			out = append(out, f[i].X, f[i].Y, f[i].Z, l[i].X, l[i].Y, l[i].Z)
		}
		for k := range m.hits { // both positive with the product c, for any start (Fischer and Burmeister)
			a, b := x[first+k], m.hits[k].gap(z3)/m.h
			out = append(out, a+b-math.Sqrt(a*a+b*b+2*m.hits[k].c/m.h))
		}
		for i := range m.parts {
			out = append(out, m.manifold(i, z3)...)
		}
		for i := range m.ties {
			out = append(out, m.ties[i].gap(z3)...)
		}
		return out
	}

	x := make([]float64, size)
	var res float64
	for it := 0; it < 25; it++ {
		r := residual(x)
		res = mat.Norm(mat.NewVecDense(size, r), math.Inf(1))
		if res < 1e-14 {
			break
		}
		jac := mat.NewDense(size, size, nil)
		const eps = 1e-6
		for c := range x {
			y := append([]float64(nil), x...)
			y[c] += eps
			hi := residual(y)
			y[c] -= 2 * eps
			lo := residual(y)
			for k := range hi {
				jac.Set(k, c, (hi[k]-lo[k])/(2*eps))
			}
		}
		var lu mat.LU
		lu.Factorize(jac)
		var d mat.VecDense
		if err := lu.SolveVecTo(&d, false, mat.NewVecDense(size, r)); err != nil {
			if c, ok := err.(mat.Condition); !ok || math.IsInf(float64(c), 1) {
				t.Fatal(err)
			}
		}
		for k := range x {
			x[k] -= d.AtVec(k)
		}
	}
	if res > 1e-11 {
		t.Fatalf("the dense solver did not converge: residual %g", res)
	}
	z3 := posesAt(x)
	return z3, impulses(x, z3)
}

// randomMechanism returns n links whose joints have the numbers of translations and rotations combo deals.
func randomMechanism(rng *rand.Rand, n int, combo func() (nt, nr int), floating bool) mechanism {
	m := mechanism{h: 0.005 + 0.02*rng.Float64(), g: randomVec(rng, 6)}
	for i := 0; i < n; i++ {
		p := part{name: fmt.Sprintf("link%d", i), parent: rng.IntN(i+1) - 1, in: randomInertia(rng)}
		if i > 0 && rng.IntN(4) > 0 && p.parent < 0 {
			p.parent = i - 1
		}
		p.origin = sim.Pose{Pos: randomVec(rng, 0.3), Rot: randomQuat(rng)}
		nt, nr := combo()
		if i == 0 && floating {
			nt, nr = 3, 3
			p.origin = sim.IdentityPose
		}
		for len(p.trans) < nt {
			a := randomUnit(rng)
			ok := true
			for _, b := range p.trans {
				ok = ok && r3.Norm(r3.Cross(a, b)) > 0.4
			}
			if len(p.trans) == 2 {
				ok = ok && math.Abs(r3.Dot(a, r3.Cross(p.trans[0], p.trans[1]))) > 0.3
			}
			if ok {
				p.trans = append(p.trans, a)
			}
		}
		if i == 0 && floating {
			p.trans = []r3.Vec{{X: 1}, {Y: 1}, {Z: 1}}
		}
		for len(p.rot) < nr {
			a := randomUnit(rng)
			if len(p.rot) == 0 || r3.Norm(r3.Cross(a, p.rot[0])) > 0.5 {
				p.rot = append(p.rot, a)
			}
		}
		if nr == 3 {
			p.rot = []r3.Vec{{X: 1}, {Y: 1}, {Z: 1}}
		}
		p.axes, p.tau = make([]sim.Axis, p.nv()), make([]float64, p.nv())
		for k := range p.axes {
			p.axes[k].Drive = sim.Torque
			p.tau[k] = rng.NormFloat64()
			if nr < 3 && rng.IntN(2) == 0 {
				p.axes[k] = sim.Axis{Drive: sim.Torque, Damping: 0.3 * rng.Float64(), Stiffness: 5 * rng.Float64(), Rest: rng.NormFloat64(), Armature: 0.05 * rng.Float64()}
			}
		}
		m.parts = append(m.parts, p)
	}
	return m
}

// builder returns the model of the mechanism.
func (m *mechanism) builder() *sim.Builder {
	b := sim.NewBuilder("mechanism")
	b.SetTimestep(m.h)
	b.SetGravity(m.g)
	links := map[int]sim.Link{-1: sim.World}
	for i := range m.parts {
		links[i] = b.AddLink(m.parts[i].name, m.parts[i].in)
	}
	for i := range m.parts {
		p := &m.parts[i]
		b.AddJoint(sim.Joint{Name: p.name, Type: sim.JointType{Trans: p.trans, Rot: p.rot}, Parent: links[p.parent], Child: links[i], Origin: p.origin, Axes: p.axes})
	}
	for k := range m.hits {
		for side, l := range m.hits[k].link {
			b.AddCollider(sim.Collider{Name: fmt.Sprintf("ball %d of %d", side, k), Link: links[l], Shape: contact.Sphere(0.1), Pose: sim.Pose{Pos: m.hits[k].at[side]}})
		}
	}
	return b
}

// scatter draws a state, and scatters it and the input to the model's order.
func (m *mechanism) scatter(t *testing.T, rng *rand.Rand, model *sim.Model) (st sim.State, q, v [][]float64, u []float64) {
	st = model.NewState()
	st.H = m.h // the oracle knows intervals, not instants
	q, v = make([][]float64, len(m.parts)), make([][]float64, len(m.parts))
	u = make([]float64, model.NU())
	next := 0
	for _, j := range model.Joints() {
		for i := range m.parts {
			p := &m.parts[i]
			if p.name != j.Name {
				continue
			}
			q[i], v[i] = st.Q[j.Q:j.Q+j.NQ], st.V[j.V:j.V+j.NV]
			for c := range q[i] {
				q[i][c] = 0.8 * rng.NormFloat64()
			}
			if at := j.QuaternionOf(); at >= 0 {
				r := randomQuat(rng)
				copy(st.Q[at:], []float64{r.Real, r.Imag, r.Jmag, r.Kmag})
			}
			for c := range v[i] {
				v[i][c] = 3 * rng.NormFloat64()
			}
			next += copy(u[next:], p.tau)
		}
	}
	for i := range q {
		if len(q[i]) != m.parts[i].nq() {
			t.Fatalf("joint %s has %d coordinates, want %d", m.parts[i].name, len(q[i]), m.parts[i].nq())
		}
	}
	return st, q, v, u
}

func TestJointEliminationEqualsDenseSolver(t *testing.T) {
	// a deck of all 16 combinations, dealt again when it is empty
	rng := seeded(11)
	var deck [][2]int
	seen := map[[2]int]int{}
	combo := func() (int, int) {
		if len(deck) == 0 {
			for i := 0; i < 16; i++ {
				deck = append(deck, [2]int{i / 4, i % 4})
			}
			rng.Shuffle(16, func(i, j int) { deck[i], deck[j] = deck[j], deck[i] })
		}
		c := deck[0]
		deck = deck[1:]
		seen[c]++
		return c[0], c[1]
	}
	var worst, worstV, worstW float64
	for k := 0; k < 10; k++ {
		mech := randomMechanism(rng, 3+rng.IntN(5), combo, k%2 == 0)
		b := mech.builder()
		m := mustModel(t, b)
		s := m.NewStepper(sim.Options{Tolerance: 1e-13})

		st, q, v, u := mech.scatter(t, rng, m)
		mech.merge()
		want, wrench := mech.step(t, q, v)

		out := st.Clone()
		if _, err := s.Step(&out, st, u); err != nil {
			t.Fatal(err)
		}
		poses := make([]sim.Pose, len(m.Bodies()))
		m.Poses(poses, out.Q)
		diff := 0.0
		for i := range mech.parts {
			f, err := m.Frame(mech.parts[i].name)
			if err != nil {
				t.Fatal(err)
			}
			got := f.Pose
			if f.Body >= 0 {
				got = poses[f.Body].Mul(f.Pose)
			}
			diff = math.Max(diff, r3.Norm(r3.Sub(got.Pos, want[i].Pos)))
			d := quat.Mul(quat.Conj(got.Rot), want[i].Rot)
			diff = math.Max(diff, 2*math.Sqrt(d.Imag*d.Imag+d.Jmag*d.Jmag+d.Kmag*d.Kmag))
		}
		worst, worstV = math.Max(worst, diff), math.Max(worstV, diff/mech.h)
		if diff > 1e-9 {
			t.Errorf("mechanism %d: poses differ by %.3g", k, diff)
		}
		// what a joint transmits, from the engine's leaf-to-root sums and from the oracle's multipliers; a
		// pose error of 1e-9 over h = 5 ms moves kilograms by 2e-7 N s, and the dense Newton stops at 1e-11
		wd := 0.0
		for i, j := range m.Joints() {
			for c := range mech.parts {
				if mech.parts[c].name == j.Name {
					f := s.JointWrench(i)
					wd = math.Max(wd, r3.Norm(r3.Sub(r3.Scale(mech.h, f.Force), vecOf(wrench[c]))))
					wd = math.Max(wd, r3.Norm(r3.Sub(r3.Scale(mech.h, f.Torque), vecOf(wrench[c][3:]))))
				}
			}
		}
		worstW = math.Max(worstW, wd)
		if wd > 1e-8 {
			t.Errorf("mechanism %d: joint impulses differ by %.3g N s", k, wd)
		}
	}
	for i := 0; i < 16; i++ {
		if seen[[2]int{i / 4, i % 4}] == 0 {
			t.Errorf("no joint with %d translations and %d rotations was tested", i/4, i%4)
		}
	}
	t.Logf("10 mechanisms: poses differ by at most %.2g (velocities %.2g), joint impulses by %.2g N s", worst, worstV, worstW)
}

// TestFixedJointEqualsRigidHalves splits a tumbling body into two halves on a fixed joint, once merged by
// the engine and once held together by six constraints: one step apart by O(h³) in the pose.
func TestFixedJointEqualsRigidHalves(t *testing.T) {
	rng := seeded(5)
	a, c := randomInertia(rng), randomInertia(rng)
	origin := sim.Pose{Pos: randomVec(rng, 0.3), Rot: randomQuat(rng)}
	var hs, diffs []float64
	for _, h := range []float64{0.01, 0.005, 0.0025, 0.00125} {
		m := mechanism{h: h, parts: []part{
			{name: "a", parent: -1, origin: sim.IdentityPose, in: a, trans: []r3.Vec{{X: 1}, {Y: 1}, {Z: 1}}, rot: []r3.Vec{{X: 1}, {Y: 1}, {Z: 1}}, tau: make([]float64, 6), axes: make([]sim.Axis, 6)},
			{name: "b", parent: 0, origin: origin, in: c},
		}}
		q := [][]float64{{0, 0, 0, 1, 0, 0, 0}, nil}
		v := [][]float64{{0.1, 0.2, -0.3, 4, -7, 5}, nil}
		halves, _ := m.step(t, q, v)
		m.merge()
		whole, _ := m.step(t, q, v)
		d := quat.Mul(quat.Conj(halves[0].Rot), whole[0].Rot)
		hs, diffs = append(hs, h), append(diffs, math.Sqrt(d.Imag*d.Imag+d.Jmag*d.Jmag+d.Kmag*d.Kmag))
	}
	// δω per step is O(h³)·ω³ (a third-order difference of momenta that are consistent to second order),
	// so the pose moves by O(h⁴) or more slowly by O(h³); at 1e-11 the dense solver ends
	if k := slope(hs, diffs); k < 2.8 {
		t.Errorf("difference of merged and constrained halves falls as h^%.2f, want at least h³: %v", k, diffs)
	} else {
		t.Logf("difference of merged and constrained halves over one step: %.2g at h = 10 ms, falls as h^%.2f", diffs[0], k)
	}
}
