package sim_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
)

// zooOfShapes is an arm with joints of every kind, two free bodies and a shape of the world: of every kind of shape, on both sides.
func zooOfShapes(t testing.TB) *sim.Model {
	b := newWorld("shapes", 0.01)
	rng := rand.New(rand.NewPCG(5, 5))
	parent := sim.World
	shapes := []contact.Shape{
		contact.Sphere(0.1), contact.Capsule(0.05, 0.2), contact.Box(r3.Vec{X: 0.1, Y: 0.07, Z: 0.2}), contact.Cylinder(0.1, 0.15),
		contact.Points([]r3.Vec{{}, {X: 0.2}, {Y: 0.3}, {Z: 0.25}, {X: 0.1, Y: 0.1, Z: -0.1}}),
	}
	kinds := []sim.JointType{sim.Free(), sim.Universal(r3.Vec{X: 1}, r3.Vec{Y: 1, Z: 0.3}), sim.Spherical(), sim.Prismatic(r3.Vec{X: 1, Z: 1}), sim.Cylindrical(r3.Vec{Y: 1})}
	for i, s := range shapes {
		name := string(rune('a' + i))
		l := b.AddLink(name, randomInertia(rng))
		axes := make([]sim.Axis, kinds[i].NV())
		for k := range axes {
			axes[k] = sim.Axis{Armature: 0.1 * float64(i), Damping: 0.3, Stiffness: 2, Friction: 0.1}
		}
		b.AddJoint(sim.Joint{Name: name, Type: kinds[i], Parent: parent, Child: l, Origin: sim.Pose{Pos: randomVec(rng, 0.3), Rot: randomQuat(rng)}, Axes: axes})
		b.AddCollider(sim.Collider{Name: name, Link: l, Shape: s, Pose: sim.Pose{Pos: randomVec(rng, 0.1), Rot: randomQuat(rng)}})
		parent = l
	}
	for i, s := range shapes {
		name := string(rune('A' + i))
		l := b.AddLink(name, randomInertia(rng))
		b.AddFree(name, l)
		b.AddCollider(sim.Collider{Name: name, Link: l, Shape: s})
	}
	b.AddCollider(sim.Collider{Name: "rock", Link: sim.World, Shape: contact.Sphere(0.3), Pose: sim.At(1, 0, 0)})
	b.AddGround()
	return mustModel(t, b)
}

func anyConfiguration(m *sim.Model, rng *rand.Rand) []float64 {
	q, d := m.NewState().Q, make([]float64, m.NV())
	for i := range d {
		d[i] = 0.7 * rng.NormFloat64()
	}
	m.Displace(q, q, d)
	return q
}

// TestDistanceGradient compares the derivative of the distance of every two colliders by the configuration with central differences,
// where no feature changes between them, and that is most of the places.
func TestDistanceGradient(t *testing.T) {
	m := zooOfShapes(t)
	q, rng := m.NewQuery(), rand.New(rand.NewPCG(8, 9))
	n := len(m.Colliders())
	grad, step := make([]float64, m.NV()), make([]float64, m.NV())
	compared, deep := 0, 0
	for trial := range 6 {
		at := anyConfiguration(m, rng)
		for a := range n {
			for b := -1; b < n; b++ {
				p := sim.Pair{A: a, B: b}
				if a == b {
					continue
				}
				gap := func(eps float64) sim.Distance { // along the direction of step
					x := make([]float64, len(at))
					d := make([]float64, len(step))
					for i := range d {
						d[i] = eps * step[i]
					}
					m.Displace(x, at, d)
					if err := q.At(x); err != nil {
						t.Fatal(err)
					}
					y, err := q.Distance(p)
					if err != nil {
						t.Fatal(err)
					}
					return y
				}
				for i := range step {
					step[i] = rng.NormFloat64()
				}
				x := gap(0)
				q.Gradient(grad, &x)
				want := 0.0
				for i := range grad {
					want += grad[i] * step[i]
				}
				const eps = 1e-5
				hi, lo := gap(eps), gap(-eps)
				if r3.Norm(r3.Sub(hi.Normal, lo.Normal)) > 1e-2 {
					continue // another feature is nearest: a kink
				}
				jump := math.Abs(hi.Gap+lo.Gap-2*x.Gap) / eps // of the slope
				if jump > 1e-3 {
					continue
				}
				compared++
				if x.Gap < 0 {
					deep++
				}
				slope := (hi.Gap - lo.Gap) / (2 * eps)
				limit := 1e-7
				if x.Gap < 0 { // inside the search is coarser where an axis is deep in something
					limit = 1e-5
				}
				tol.Within(t, math.Abs(slope-want)/(1+math.Abs(slope)), limit, "trial %d: %s to %d, gap %g: slope %g, said %g", trial, m.Colliders()[a], b, x.Gap, slope, want)
			}
		}
	}
	if all := 6 * n * n; compared < all*9/10 || deep < all/50 {
		t.Errorf("of %d pairs %d are compared, %d in each other", all, compared, deep)
	}
}

// TestNearestPair is the least of the distances of all pairs.
func TestNearestPair(t *testing.T) {
	m := zooOfShapes(t)
	q, rng := m.NewQuery(), rand.New(rand.NewPCG(1, 2))
	for range 20 {
		if err := q.At(anyConfiguration(m, rng)); err != nil {
			t.Fatal(err)
		}
		least := math.Inf(1)
		for _, p := range m.Pairs() {
			x, err := q.Distance(p.Pair)
			if err != nil {
				t.Fatal(err)
			}
			if x.BodyA != p.BodyA || x.BodyB != p.BodyB {
				t.Errorf("%s: bodies %d and %d", p.Name, x.BodyA, x.BodyB)
			}
			least = min(least, x.Gap)
		}
		x, err := q.Nearest(nil)
		if err != nil || x.Gap != least {
			t.Errorf("nearest pair %g apart, %v; the least distance is %g", x.Gap, err, least)
		}
		y, err := q.Nearest([]sim.Pair{x.Pair})
		if err != nil || y != x {
			t.Errorf("the pair alone: %v, %v", y, err)
		}
	}
}

// TestRayMeetsTheFirst: what the ray meets is at distance zero there, and nothing that the ray enters comes before.
func TestRayMeetsTheFirst(t *testing.T) {
	m := zooOfShapes(t)
	q, rng := m.NewQuery(), rand.New(rand.NewPCG(4, 2))
	hits := map[int]bool{}
	for range 300 {
		if err := q.At(anyConfiguration(m, rng)); err != nil {
			t.Fatal(err)
		}
		from := randomVec(rng, 3)
		from.Z = math.Abs(from.Z)
		d := r3.Sub(r3.Add(q.Pose(m.Frames()[rng.IntN(10)]).Pos, randomVec(rng, 0.1)), from)
		h, err := q.Ray(from, d)
		if err != nil {
			t.Fatal(err)
		}
		if math.IsInf(h.Distance, 1) {
			continue
		}
		hits[h.Collider] = true
		tol.Within(t, r3.Norm(r3.Sub(h.Point, r3.Add(from, r3.Scale(h.Distance, r3.Unit(d))))), 1e-12, "point of the ray")
		if r3.Dot(h.Normal, d) > 0 {
			t.Errorf("a ray that leaves what it enters: normal %v", h.Normal)
		}
		again, err := q.Ray(r3.Sub(h.Point, r3.Scale(1e-3, r3.Unit(d))), d)
		if err != nil || again.Collider != h.Collider || math.Abs(again.Distance-1e-3) > 1e-9 {
			t.Errorf("from a millimeter before: %+v, %v; want %+v", again, err, h)
		}
	}
	if len(hits) < len(m.Colliders())/2 || !hits[-1] {
		t.Errorf("rays meet %d of %d colliders", len(hits), len(m.Colliders()))
	}
	if _, err := q.Ray(r3.Vec{}, r3.Vec{}); err == nil {
		t.Error("a ray without direction")
	}
}

// TestOneAfterTheOther: of two balls on a table the ray enters the one that comes first, from whichever side; so does the shortest distance
// find the nearer pair of three, in whichever order they were built.
func TestOneAfterTheOther(t *testing.T) {
	b := newWorld("balls", 0.01)
	for _, x := range []float64{2, 0, 5} {
		l := b.AddLink(string(rune('a'+int(x))), sim.BoxInertia(1, r3.Vec{X: 1, Y: 1, Z: 1}))
		b.AddJoint(sim.Joint{Name: string(rune('a' + int(x))), Type: sim.Prismatic(r3.Vec{X: 1}), Parent: sim.World, Child: l, Origin: sim.At(x, 0, 1)})
		b.AddCollider(sim.Collider{Link: l, Shape: contact.Sphere(0.5)})
	}
	b.AddGround()
	q := mustModel(t, b).NewQuery()
	for _, c := range []struct {
		from, d  r3.Vec
		collider int
		at       float64
	}{
		{r3.Vec{X: -3, Z: 1}, r3.Vec{X: 2}, 1, 2.5}, {r3.Vec{X: 9, Z: 1}, r3.Vec{X: -1}, 2, 3.5}, {r3.Vec{X: 1, Z: 1}, r3.Vec{X: 1}, 0, 0.5},
		{r3.Vec{X: 2, Z: 1}, r3.Vec{X: 1}, 2, 2.5}, {r3.Vec{X: 2, Z: 4}, r3.Vec{Z: -1}, 0, 2.5}, {r3.Vec{X: 1, Z: 4}, r3.Vec{Z: -1}, -1, 4},
	} {
		h, err := q.Ray(c.from, c.d)
		if err != nil || h.Collider != c.collider || math.Abs(h.Distance-c.at) > 1e-12 {
			t.Errorf("from %v along %v: %+v, %v; want collider %d after %g m", c.from, c.d, h, err, c.collider, c.at)
		}
	}
	for _, c := range []struct {
		q    []float64
		pair sim.Pair
		gap  float64
	}{{[]float64{2.7, 0, 0}, sim.Pair{A: 0, B: 2}, -0.7}, {[]float64{-0.9, 0, 0}, sim.Pair{A: 0, B: 1}, 0.1}, {[]float64{0, 3.8, 0}, sim.Pair{A: 1, B: 2}, 0.2}, {[]float64{0, 0, 0}, sim.Pair{A: 0, B: -1}, 0.5}} {
		if err := q.At(c.q); err != nil {
			t.Fatal(err)
		}
		if x, err := q.Nearest(nil); err != nil || x.Pair != c.pair || math.Abs(x.Gap-c.gap) > 1e-12 {
			t.Errorf("at %v: %+v, %v; want %v, %g apart", c.q, x, err, c.pair, c.gap)
		}
	}
}

// TestJacobianOfFrames compares them with central differences of the pose, in both axes.
func TestJacobianOfFrames(t *testing.T) {
	m := zooOfShapes(t)
	q, rng := m.NewQuery(), rand.New(rand.NewPCG(3, 3))
	var j, body mat.Dense
	for range 5 {
		at := anyConfiguration(m, rng)
		f := m.Frames()[rng.IntN(5)]
		f.Pose = sim.Pose{Pos: randomVec(rng, 0.3), Rot: randomQuat(rng)}
		if err := q.At(at); err != nil {
			t.Fatal(err)
		}
		q.Jacobian(&j, f)
		q.BodyJacobian(&body, f)
		here := q.Pose(f)
		for k := range m.NV() {
			pose := func(eps float64) sim.Pose {
				x, d := make([]float64, len(at)), make([]float64, m.NV())
				d[k] = eps
				m.Displace(x, at, d)
				if err := q.At(x); err != nil {
					t.Fatal(err)
				}
				return q.Pose(f)
			}
			const eps = 1e-5
			a, b := pose(-eps), pose(eps)
			lin := r3.Scale(1/(2*eps), r3.Sub(b.Pos, a.Pos))
			r := b.Mul(sim.Pose{Rot: a.Inv().Rot}).Rot
			ang := r3.Scale(1/eps/2*2, r3.Vec{X: r.Imag, Y: r.Jmag, Z: r.Kmag})
			back := sim.Pose{Rot: here.Inv().Rot}
			for i, v := range [12]float64{lin.X, lin.Y, lin.Z, ang.X, ang.Y, ang.Z} {
				if i < 6 {
					tol.Within(t, math.Abs(j.At(i, k)-v), 1e-9, "row %d, column %d", i, k)
				}
			}
			lin, ang = back.Apply(lin), back.Apply(ang)
			for i, v := range [6]float64{lin.X, lin.Y, lin.Z, ang.X, ang.Y, ang.Z} {
				tol.Within(t, math.Abs(body.At(i, k)-v), 1e-9, "body, row %d, column %d", i, k)
			}
		}
	}
}

// TestMassMatrixAndBias: ½ vᵀMv is the kinetic energy, and M a + bias what inverse dynamics asks for beside what joints do by themselves.
func TestMassMatrixAndBias(t *testing.T) {
	m := zooOfShapes(t)
	q, s, inv, rng := m.NewQuery(), m.NewStepper(sim.Options{}), m.NewInverse(), rand.New(rand.NewPCG(6, 6))
	n := m.NV()
	v, a, tau, bias, still := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	zero := make([]float64, n)
	var mass mat.SymDense
	for range 10 {
		at := anyConfiguration(m, rng)
		for i := range n {
			v[i], a[i] = rng.NormFloat64(), rng.NormFloat64()
		}
		if err := q.At(at); err != nil {
			t.Fatal(err)
		}
		q.MassMatrix(&mass)
		e, err := s.Energy(sim.State{Q: at, V: v})
		if err != nil {
			t.Fatal(err)
		}
		x := mat.NewVecDense(n, v)
		tol.Within(t, math.Abs(mat.Inner(x, &mass, x)/2-e.Kinetic)/e.Kinetic, 1e-12, "kinetic energy")
		if err := q.Bias(bias, v); err != nil {
			t.Fatal(err)
		}
		// what joints do by themselves at rest is in the force without motion: compare what motion adds
		if err := inv.At(tau, at, v, a); err != nil {
			t.Fatal(err)
		}
		if err := inv.At(still, at, zero, zero); err != nil {
			t.Fatal(err)
		}
		gravity := make([]float64, n)
		if err := q.Bias(gravity, zero); err != nil {
			t.Fatal(err)
		}
		var ma mat.VecDense
		ma.MulVec(&mass, mat.NewVecDense(n, a))
		for i := range n {
			joint := 0.0
			for _, info := range m.Joints() {
				if k := i - info.V; k >= 0 && k < info.NV {
					ax := info.Axes[k]
					joint = ax.Damping * v[i]
					if info.NV == 3 || info.NV == 6 && k >= 3 {
						joint += ax.Friction * v[i] / r3.Norm(r3.Vec{X: v[info.V+info.NV-3], Y: v[info.V+info.NV-2], Z: v[info.V+info.NV-1]})
					} else {
						joint += math.Copysign(ax.Friction, v[i])
					}
				}
			}
			want := tau[i] - still[i] + gravity[i] - joint
			tol.Within(t, math.Abs(ma.AtVec(i)+bias[i]-want)/(1+math.Abs(want)), 1e-11, "force %d", i)
		}
	}
	if err := q.Bias(bias[:1], v); err == nil || !strings.Contains(err.Error(), "lengths 1") {
		t.Errorf("a short vector: %v", err)
	}
}

// TestQueryOfNothing: what cannot be asked is an error that says why.
func TestQueryOfNothing(t *testing.T) {
	m := zooOfShapes(t)
	q := m.NewQuery()
	for _, p := range []sim.Pair{{A: -1, B: 0}, {A: 0, B: 0}, {A: 0, B: 99}, {A: 0, B: -2}, {A: 11, B: 0}} {
		if _, err := q.Distance(p); err == nil {
			t.Errorf("distance of %v", p)
		}
		if _, err := q.Nearest([]sim.Pair{p}); err == nil {
			t.Errorf("nearest of %v", p)
		}
	}
	if _, err := q.Nearest([]sim.Pair{}); err == nil {
		t.Error("nearest of no pairs")
	}
	if err := q.At(make([]float64, 3)); err == nil {
		t.Error("a configuration of three numbers")
	}
}

// TestQueriesDoNotAllocate after their first calls.
func TestQueriesDoNotAllocate(t *testing.T) {
	m := zooOfShapes(t)
	q, rng := m.NewQuery(), rand.New(rand.NewPCG(6, 6))
	f := m.Frames()[3]
	var j mat.Dense
	var mass mat.SymDense
	v, grad := make([]float64, m.NV()), make([]float64, m.NV())
	at := anyConfiguration(m, rng)
	all := func() {
		err := q.At(at)
		x, err2 := q.Nearest(nil)
		q.Gradient(grad, &x)
		_, err3 := q.Ray(r3.Vec{X: 3, Z: 1}, r3.Vec{X: -1})
		q.Jacobian(&j, f)
		q.BodyJacobian(&j, f)
		q.MassMatrix(&mass)
		if err4 := q.Bias(grad, v); err != nil || err2 != nil || err3 != nil || err4 != nil {
			t.Fatal(err, err2, err3, err4)
		}
	}
	all()
	if n := testing.AllocsPerRun(5, all); n > 0 {
		t.Errorf("%g allocations", n)
	}
}
