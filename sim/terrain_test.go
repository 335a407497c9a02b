package sim_test

import (
	"bytes"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// terrainShapes are the shapes that touch terrain.
var terrainShapes = []contact.Shape{
	contact.Sphere(0.1), contact.Capsule(0.06, 0.12), contact.Box(r3.Vec{X: 0.12, Y: 0.09, Z: 0.06}), contact.Cylinder(0.1, 0.07),
	contact.Points([]r3.Vec{{X: 0.1, Y: 0.1, Z: -0.05}, {X: -0.1, Y: 0.08, Z: -0.05}, {Y: -0.12, Z: -0.06}, {Z: 0.1}, {X: 0.05, Z: 0.08}}),
	contact.Ellipsoid(0.12, 0.08, 0.06),
}

// fieldOf returns a height field of 31 by 31 heights, 0.1 m apart.
func fieldOf(height func(x, y float64) float64) contact.Shape {
	const n, d = 31, 0.1
	h := make([]float64, n*n)
	for i := range h {
		h[i] = height((float64(i%n)-(n-1)/2)*d, (float64(i/n)-(n-1)/2)*d)
	}
	return contact.HeightField(n, n, d, d, h)
}

// rough returns a field of random heights of this deviation, in a wall of one meter.
func rough(seed uint64, size float64) contact.Shape {
	rng := rand.New(rand.NewPCG(seed, 1))
	return fieldOf(func(x, y float64) float64 {
		if math.Max(math.Abs(x), math.Abs(y)) > 1.35 {
			return 1
		}
		return size * rng.NormFloat64()
	})
}

// onTerrain returns a free body of this shape over terrain; without a shape, over the ground.
func onTerrain(t *testing.T, s contact.Shape, terrain contact.Shape, friction, h float64) *sim.Model {
	t.Helper()
	b := newWorld("terrain", h)
	if terrain.Kind == 0 {
		b.AddGround()
	} else {
		b.AddTerrain("hills", terrain, sim.Pose{})
	}
	l := b.AddLink("body", sim.BoxInertia(1, r3.Vec{X: 0.1, Y: 0.08, Z: 0.06}))
	b.AddFree("free", l)
	b.AddCollider(sim.Collider{Name: "shape", Link: l, Shape: s, Friction: friction})
	m := mustModel(t, b)
	return m
}

// TestFlatTerrainIsAHalfSpace: on flat ground cut into triangles everything moves as on a half-space; nothing trips
// over the edges between them.
func TestFlatTerrainIsAHalfSpace(t *testing.T) {
	flat := fieldOf(func(x, y float64) float64 { return 0 })
	for _, s := range terrainShapes {
		if s.Kind == contact.KindCylinder {
			continue // a prism there, with rims here
		}
		models := [2]*sim.Model{onTerrain(t, s, flat, 0.3, 0.01), onTerrain(t, s, contact.Shape{}, 0.3, 0.01)}
		var end [2]sim.State
		for i, m := range models {
			x := m.NewState()
			x.Q[0], x.Q[1], x.Q[2] = -0.7, 0.013, 0.15
			copy(x.V, []float64{2, 0.3, 0, 0.1, 0.2, 1})
			step := m.NewStepper(sim.Options{Kappa: 1e-10})
			for k := range 150 {
				if _, err := step.Step(&x, x, nil); err != nil {
					t.Fatalf("%v, step %d: %v", s.Kind, k, err)
				}
			}
			end[i] = x
		}
		worst := 0.0
		for k := range end[0].Q {
			worst = math.Max(worst, math.Abs(end[0].Q[k]-end[1].Q[k]))
		}
		t.Logf("%v: %.2g, end %v", s.Kind, worst, end[0].Q)
		limit := 1e-9
		if s.Kind == contact.KindEllipsoid {
			limit = 1e-6 // it rocks, and what it touches counts by another formula
		}
		if worst > limit {
			t.Errorf("%v: ends %g from where it does on a half-space", s.Kind, worst)
		}
	}
}

// TestNothingSinksIntoTerrain throws shapes on rough ground: every step converges, and no corner of a body ends below
// the ground by more than the features of one step may miss.
func TestNothingSinksIntoTerrain(t *testing.T) {
	for seed, size := range []float64{0.01, 0.04, 0.1} {
		ground := rough(uint64(seed), size)
		for _, s := range terrainShapes {
			m := onTerrain(t, s, ground, 0.6, 0.01)
			rng := rand.New(rand.NewPCG(uint64(seed), 2))
			deepest := 0.0
			for throw := range 6 {
				x := m.NewState()
				x.Q[0], x.Q[1], x.Q[2] = rng.Float64()-0.5, rng.Float64()-0.5, 0.5
				q := quat.Number{Real: rng.NormFloat64(), Imag: rng.NormFloat64(), Jmag: rng.NormFloat64(), Kmag: rng.NormFloat64()}
				q = quat.Scale(1/quat.Abs(q), q)
				x.Q[3], x.Q[4], x.Q[5], x.Q[6] = q.Real, q.Imag, q.Jmag, q.Kmag
				for k := range x.V {
					x.V[k] = 2 * rng.NormFloat64()
				}
				step := m.NewStepper(sim.Options{})
				for k := range 150 {
					if _, err := step.Step(&x, x, nil); err != nil {
						t.Fatalf("%v on %g, throw %d, step %d: %v", s.Kind, size, throw, k, err)
					}
					deepest = math.Max(deepest, depth(ground.Terrain, s, x))
				}
			}
			t.Logf("%v on %g: %.2g m deep", s.Kind, size, deepest)
			if deepest > 1e-6 {
				t.Errorf("%v on %g: %g m deep", s.Kind, size, deepest)
			}
		}
	}
}

// depth returns how deep vertices and balls of a shape are below a height field that is not turned, and vertices of the
// field are in the shape.
func depth(g *contact.Terrain, s contact.Shape, x sim.State) float64 {
	rot := quat.Number{Real: x.Q[3], Imag: x.Q[4], Jmag: x.Q[5], Kmag: x.Q[6]}
	place := func(p r3.Vec) r3.Vec {
		return r3.Add(r3.Vec{X: x.Q[0], Y: x.Q[1], Z: x.Q[2]}, r3.Rotation(rot).Rotate(p))
	}
	most := 0.0
	below := func(p r3.Vec) { // along the vertical, times the cosine of what is steep
		if z, ok := g.Height(p.X, p.Y); ok && z > p.Z {
			zx, _ := g.Height(p.X+1e-6, p.Y)
			zy, _ := g.Height(p.X, p.Y+1e-6)
			most = math.Max(most, (z-p.Z)/math.Sqrt(1+(zx-z)*(zx-z)*1e12+(zy-z)*(zy-z)*1e12))
		}
	}
	switch s.Kind {
	case contact.KindBox:
		for i := range 8 {
			below(place(r3.Vec{X: s.Half.X * float64(1-i&1*2), Y: s.Half.Y * float64(1-i&2), Z: s.Half.Z * float64(1-i&4/2)}))
		}
		vertices, _ := g.Surface()
		for _, v := range vertices {
			p := r3.Rotation(quat.Conj(rot)).Rotate(r3.Sub(v, place(r3.Vec{})))
			in := math.Min(s.Half.X-math.Abs(p.X), math.Min(s.Half.Y-math.Abs(p.Y), s.Half.Z-math.Abs(p.Z)))
			most = math.Max(most, in)
		}
	case contact.KindPoints:
		for _, p := range s.Vertices {
			below(place(p))
		}
	case contact.KindSphere, contact.KindCapsule:
		vertices, _ := g.Surface()
		for _, v := range vertices {
			p := r3.Rotation(quat.Conj(rot)).Rotate(r3.Sub(v, place(r3.Vec{})))
			p.Z -= math.Max(-s.HalfLength, math.Min(s.HalfLength, p.Z))
			most = math.Max(most, s.Radius-r3.Norm(p))
		}
		for i := range 200 {
			z := 1 - (2*float64(i)+1)/200
			a, q := math.Pi*(3-math.Sqrt(5))*float64(i), s.Radius*math.Sqrt(1-z*z)
			below(place(r3.Vec{X: q * math.Cos(a), Y: q * math.Sin(a), Z: s.Radius*z + math.Copysign(s.HalfLength, z)}))
		}
	case contact.KindEllipsoid:
		for i := range 400 {
			z := 1 - (2*float64(i)+1)/400
			a, q := math.Pi*(3-math.Sqrt(5))*float64(i), math.Sqrt(1-z*z)
			below(place(r3.Vec{X: s.Half.X * q * math.Cos(a), Y: s.Half.Y * q * math.Sin(a), Z: s.Half.Z * z}))
		}
	case contact.KindCylinder:
		for i := range 64 {
			b, a := math.Sincos(2 * math.Pi * float64(i/2) / 32)
			below(place(r3.Vec{X: s.Radius * a * 0.99, Y: s.Radius * b * 0.99, Z: s.HalfLength * float64(1-i%2*2)}))
		}
	}
	return most
}

// TestTerrainStepsDoNotAllocate, and the same start gives the same bits whatever was simulated before.
func TestTerrainStepsDoNotAllocate(t *testing.T) {
	ground := rough(3, 0.03)
	for _, s := range terrainShapes {
		m := onTerrain(t, s, ground, 0.5, 0.005)
		start := m.NewState()
		start.Q[2] = 0.3
		copy(start.V, []float64{0.5, 0.2, 0, 1, 2, 0.5})
		x, step := start.Clone(), m.NewStepper(sim.Options{})
		run := func() {
			x.Copy(start)
			for range 100 {
				if _, err := step.Step(&x, x, nil); err != nil {
					t.Fatal(err)
				}
			}
		}
		run()
		first := x.Clone()
		if n := testing.AllocsPerRun(2, run); n != 0 {
			t.Errorf("%v: 100 steps allocate %g times", s.Kind, n)
		}
		if x.Q[0] != first.Q[0] || x.V[5] != first.V[5] {
			t.Errorf("%v: other bits the second time", s.Kind)
		}
	}
}

// TestTerrainIsNamed: pairs and contacts name terrain, a saved model steps to the same bits, and what cannot be is refused by its name.
func TestTerrainIsNamed(t *testing.T) {
	m := onTerrain(t, contact.Box(r3.Vec{X: 0.1, Y: 0.1, Z: 0.1}), rough(4, 0.02), 0.5, 0.01)
	pairs := m.Pairs()
	if len(pairs) != 1 || pairs[0].Name != "shape/hills" || pairs[0].BodyB != -1 {
		t.Errorf("pairs %+v", pairs)
	}
	var file bytes.Buffer
	if err := m.Save(&file); err != nil {
		t.Fatal(err)
	}
	again, err := sim.LoadModel(&file)
	if err != nil {
		t.Fatal(err)
	}
	var end [2]sim.State
	for i, m := range []*sim.Model{m, again} {
		x, s := m.NewState(), m.NewStepper(sim.Options{})
		x.Q[2] = 0.3
		for range 60 {
			if _, err := s.Step(&x, x, nil); err != nil {
				t.Fatal(err)
			}
		}
		end[i] = x
		for _, c := range s.Contacts() {
			if name := m.ContactName(c.ID); !m.HasContact(c.ID) || !strings.HasPrefix(name, "shape/hills[") {
				t.Errorf("contact %q", name)
			}
		}
		if len(s.Contacts()) < 3 {
			t.Errorf("%d contacts", len(s.Contacts()))
		}
	}
	if end[0].Q[2] != end[1].Q[2] || end[0].V[3] != end[1].V[3] {
		t.Error("the loaded model steps to other bits")
	}
	for want, add := range map[string]func(b *sim.Builder, l sim.Link){
		`"hole": height field: the height in column 1 of row 0`: func(b *sim.Builder, l sim.Link) {
			b.AddTerrain("hole", contact.HeightField(2, 2, 1, 1, []float64{0, math.NaN(), 0, 0}), sim.Pose{})
		},
		`terrain cannot move with link "body"`: func(b *sim.Builder, l sim.Link) {
			b.AddCollider(sim.Collider{Link: l, Shape: fieldOf(func(x, y float64) float64 { return 0 })})
		},
		`terrain "brick": a box is none`: func(b *sim.Builder, l sim.Link) {
			b.AddTerrain("brick", contact.Box(r3.Vec{X: 1, Y: 1, Z: 1}), sim.Pose{})
		},
	} {
		b := sim.NewBuilder("bad")
		b.SetTimestep(0.01)
		b.SetGravity(r3.Vec{})
		l := b.AddLink("body", sim.SphereInertia(1, 0.1))
		b.AddFree("free", l)
		add(b, l)
		if _, err := b.Build(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// TestTerrainFrictionIsThatOfTheShape, unless the pair has its own.
func TestTerrainFrictionIsThatOfTheShape(t *testing.T) {
	for _, own := range []float64{-1, 0.2} {
		b := newWorld("slide", 0.01)
		b.AddTerrain("flat", fieldOf(func(x, y float64) float64 { return 0 }), sim.Pose{})
		l := b.AddLink("box", sim.BoxInertia(1, r3.Vec{X: 0.1, Y: 0.1, Z: 0.05}))
		b.AddFree("free", l)
		b.AddCollider(sim.Collider{Name: "box", Link: l, Shape: contact.Box(r3.Vec{X: 0.1, Y: 0.1, Z: 0.05}), Friction: 0.4})
		mu := 0.4
		if own >= 0 {
			b.SetPairFriction("box", "flat", own)
			mu = own
		}
		m := mustModel(t, b)
		x, s := m.NewState(), m.NewStepper(sim.Options{Kappa: 1e-8})
		x.Q[0], x.Q[2], x.V[0] = -0.5, 0.05, 1
		for range 200 {
			if _, err := s.Step(&x, x, nil); err != nil {
				t.Fatal(err)
			}
		}
		if want := 1 / (2 * mu * 9.81); math.Abs(x.Q[0]+0.5-want) > 1e-3 {
			t.Errorf("slid %g m, want %g", x.Q[0]+0.5, want)
		}
	}
}

// plate returns a mesh of a box of these half extents, whose faces are cut into n by n squares each.
func plate(half r3.Vec, n int) contact.Shape {
	var vertices []r3.Vec
	var triangles [][3]int32
	side := func(middle, u, v r3.Vec) { // u × v points out
		for i := range n {
			for j := range n {
				k := int32(len(vertices))
				for _, c := range [4][2]int{{i, j}, {i + 1, j}, {i + 1, j + 1}, {i, j + 1}} {
					x, y := 2*float64(c[0])/float64(n)-1, 2*float64(c[1])/float64(n)-1
					p := r3.Add(middle, r3.Add(r3.Scale(x, u), r3.Scale(y, v)))
					vertices = append(vertices, p)
				}
				triangles = append(triangles, [3]int32{k, k + 1, k + 2}, [3]int32{k, k + 2, k + 3})
			}
		}
	}
	x, y, z := r3.Vec{X: half.X}, r3.Vec{Y: half.Y}, r3.Vec{Z: half.Z}
	for _, s := range []float64{1, -1} {
		side(r3.Scale(s, x), y, r3.Scale(s, z))
		side(r3.Scale(s, y), z, r3.Scale(s, x))
		side(r3.Scale(s, z), x, r3.Scale(s, y))
	}
	return contact.Mesh(vertices, triangles)
}

// over returns a free body of a shape near a fixed one.
func over(t *testing.T, fixed, s contact.Shape, gravity, h float64) *sim.Model {
	t.Helper()
	b := newWorld("over", h)
	b.SetGravity(r3.Vec{Z: -gravity})
	b.AddCollider(sim.Collider{Name: "fixed", Link: sim.World, Shape: fixed, Friction: 0.5})
	l := b.AddLink("body", sim.BoxInertia(1, r3.Vec{X: 0.1, Y: 0.08, Z: 0.06}))
	b.AddFree("free", l)
	b.AddCollider(sim.Collider{Name: "shape", Link: l, Shape: s, Friction: 0.5})
	m := mustModel(t, b)
	return m
}

// TestMeshOfABoxIsTheBox: bodies that slide over the edge of a box and fall move on its mesh as on the box, into
// however many triangles its faces are cut (mujoco#2110, #1665).
func TestMeshOfABoxIsTheBox(t *testing.T) {
	half := r3.Vec{X: 0.5, Y: 0.4, Z: 0.05}
	for _, s := range terrainShapes[:3] {
		var end [3]sim.State
		for i, fixed := range []contact.Shape{contact.Box(half), plate(half, 1), plate(half, 3)} {
			m := over(t, fixed, s, 9.81, 0.01)
			x, step := m.NewState(), m.NewStepper(sim.Options{Kappa: 1e-9})
			copy(x.Q, []float64{0.2, 0.03, 0.16, 1, 0, 0, 0})
			copy(x.V, []float64{1.5, 0.2, 0, 0, 0, 0})
			for k := range 40 {
				if _, err := step.Step(&x, x, nil); err != nil {
					t.Fatalf("%v, step %d: %v", s.Kind, k, err)
				}
			}
			end[i] = x
		}
		for i := range end[1:] {
			worst := 0.0
			for k := range end[0].Q {
				worst = math.Max(worst, math.Abs(end[0].Q[k]-end[i+1].Q[k]))
			}
			t.Logf("%v: %.2g; end %.3f", s.Kind, worst, end[0].Q)
			if worst > 1e-6 {
				t.Errorf("%v on mesh %d: ends %g from where it does on the box", s.Kind, i, worst)
			}
		}
	}
}

// TestThinMeshesHoldFastBodies: nothing passes through a plate of a millimeter, from above or from below, whatever its
// speed; and what hits it wins no energy.
func TestThinMeshesHoldFastBodies(t *testing.T) {
	fixed := plate(r3.Vec{X: 3, Y: 3, Z: 0.0005}, 4)
	rng := rand.New(rand.NewPCG(5, 6))
	for _, s := range terrainShapes {
		m := over(t, fixed, s, 0, 0.01)
		for _, side := range []float64{1, -1} {
			for _, speed := range []float64{1, 10, 60} {
				x, step := m.NewState(), m.NewStepper(sim.Options{Kappa: 1e-9})
				x.Q[0], x.Q[1], x.Q[2] = rng.Float64()-0.5, rng.Float64()-0.5, side*0.4
				copy(x.V, []float64{speed * (rng.Float64() - 0.5), speed * (rng.Float64() - 0.5), -side * speed, rng.NormFloat64(), rng.NormFloat64(), rng.NormFloat64()})
				before := totalEnergy(t, step, x)
				for k := range 60 {
					if _, err := step.Step(&x, x, nil); err != nil {
						t.Fatalf("%v at %g m/s, step %d: %v", s.Kind, speed, k, err)
					}
					if x.Q[2]*side < 0.04 && math.Hypot(x.Q[0], x.Q[1]) < 2.8 {
						t.Fatalf("%v at %g m/s, from side %g: at %v after step %d", s.Kind, speed, side, x.Q[:3], k)
					}
					after := totalEnergy(t, step, x)
					// a fast ball that begins to roll wins 3e-4 on a half-space too, an ellipsoid, which then turns by
					// radians in a step, up to 0.4
					if s.Kind != contact.KindEllipsoid && after > before*(1+1e-3)+1e-6 {
						t.Fatalf("%v at %g m/s, step %d: %g J from %g J", s.Kind, speed, k, after, before)
					}
					before = after
				}
			}
		}
	}
}

// TestQueriesOfTerrain: rays from above hit a height field at its heights, and a ball is as far from it as from the
// nearest of many points of its surface.
func TestQueriesOfTerrain(t *testing.T) {
	field := rough(9, 0.05)
	m := onTerrain(t, contact.Sphere(0.1), field, 0.5, 0.01)
	q, rng := m.NewQuery(), rand.New(rand.NewPCG(3, 3))
	pair := m.Pairs()[0].Pair
	for range 30 {
		x, y := 2*rng.Float64()-1, 2*rng.Float64()-1
		z, _ := field.Terrain.Height(x, y)
		away := m.NewState().Q
		away[2] = 5
		if err := q.At(away); err != nil {
			t.Fatal(err)
		}
		hit, err := q.Ray(r3.Vec{X: x, Y: y, Z: 2}, r3.Vec{Z: -1})
		if err != nil || math.Abs(2-hit.Distance-z) > 1e-9 {
			t.Errorf("ray at (%g, %g): %+v %v, the height is %g", x, y, hit, err, z)
		}
		at := m.NewState().Q
		at[0], at[1], at[2] = x, y, z+0.15+0.2*rng.Float64()
		if err := q.At(at); err != nil {
			t.Fatal(err)
		}
		d, err := q.Distance(pair)
		if err != nil {
			t.Fatal(err)
		}
		least := math.Inf(1)
		vertices, _ := field.Terrain.Surface()
		for _, v := range vertices {
			least = math.Min(least, r3.Norm(r3.Sub(v, r3.Vec{X: x, Y: y, Z: at[2]}))-0.1)
		}
		for i := range 81 * 81 {
			px, py := x+0.01*float64(i%81-40), y+0.01*float64(i/81-40)
			if pz, ok := field.Terrain.Height(px, py); ok {
				least = math.Min(least, r3.Norm(r3.Sub(r3.Vec{X: px, Y: py, Z: pz}, r3.Vec{X: x, Y: y, Z: at[2]}))-0.1)
			}
		}
		if d.Gap > least+1e-9 || d.Gap < least-5e-3 {
			t.Errorf("ball at %v: %g m from it, points of the surface %g m", at[:3], d.Gap, least)
		}
	}
}
