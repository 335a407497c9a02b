package sim_test

import (
	"math"
	"slices"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestPairs: who may touch whom, by name and by number.
func TestPairs(t *testing.T) {
	m := arm(t)
	planes, planeNames := m.HalfSpaces()
	most := map[string]int{"trunk": 8, "tip": 1} // corners of a box, a ball
	body := map[string]string{"trunk": "trunk", "tip": "hand"}
	pairs := m.Pairs()
	if len(pairs) != 2*len(planes) {
		t.Fatalf("%d pairs: %v", len(pairs), pairs)
	}
	for i, p := range pairs {
		k, ok := p.HalfSpace()
		if !ok || k != i%len(planes) {
			t.Fatalf("pair %d is of half-space %d, %t", i, k, ok)
		}
		name := m.Colliders()[p.A]
		if p.Name != name+"/"+planeNames[k] || p.Contacts != most[name] || m.Bodies()[p.BodyA] != body[name] || p.BodyB != -1 {
			t.Errorf("%+v", p)
		}
	}
	if k, ok := (sim.Pair{A: 1, B: 2}).HalfSpace(); ok {
		t.Errorf("collider 2 is half-space %d", k)
	}
}

// corner stands a box in a corner of three half-spaces, on some of its edges, with a ball and a bolted plate beside.
func corner(t testing.TB) (*sim.Model, sim.State) {
	b := sim.NewBuilder("corner")
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{X: -2, Y: -1, Z: -9})
	b.AddHalfSpace("floor", r3.Vec{Z: 1}, 0)
	b.AddHalfSpace("wall", r3.Vec{X: 1}, 0)
	b.AddHalfSpace("side", r3.Vec{Y: 1}, 0)
	plate := b.AddLink("plate", sim.BoxInertia(1, r3.Vec{X: 1, Y: 1, Z: 0.1}))
	b.AddJoint(sim.Joint{Name: "bolts", Type: sim.Fixed(), Parent: sim.World, Child: plate})
	b.AddCollider(sim.Collider{Name: "plate", Link: plate, Shape: contact.Sphere(0.1)})
	half := r3.Vec{X: 0.1, Y: 0.2, Z: 0.3}
	box := b.AddLink("box", sim.BoxInertia(2, half))
	b.AddFree("box", box)
	b.AddCollider(sim.Collider{Name: "box", Link: box, Shape: contact.Box(half), Friction: 0.3})
	ball := b.AddLink("ball", sim.SphereInertia(1, 0.1))
	b.AddFree("ball", ball)
	b.AddCollider(sim.Collider{Name: "ball", Link: ball, Shape: contact.Sphere(0.1), Friction: 0.3})
	b.Exclude(box, ball) // they start in each other
	b.Exclude(ball, plate)
	b.Exclude(box, plate)
	m := mustModel(t, b)
	x := m.NewState()
	copy(x.Q, []float64{0.1, 0.2, 0.3})
	copy(x.Q[7:], []float64{0.1, 0.1, 0.1})
	return m, x
}

// TestContacts compares every contact with what its ID says: the place of its feature, the normal of its half-space. Together
// they carry the weight.
func TestContacts(t *testing.T) {
	m, x := corner(t)
	s := m.NewStepper(sim.Options{Margin: math.Inf(1)})
	if l := s.Contacts(); len(l) != 0 {
		t.Fatalf("before the first step: %v", l)
	}
	planes, _ := m.HalfSpaces()
	names := m.Colliders()
	for range 200 {
		if _, err := s.Step(&x, x, nil); err != nil {
			t.Fatal(err)
		}
	}
	poses := make([]sim.Pose, len(m.Bodies()))
	m.Poses(poses, x.Q)
	list := s.Contacts()
	if len(list) != 3*8+3 {
		t.Fatalf("%d contacts", len(list))
	}
	sum, seen := map[int]r3.Vec{}, map[sim.ContactID]bool{}
	for _, c := range list {
		k, _ := c.ID.HalfSpace()
		name := m.ContactName(c.ID)
		if seen[c.ID] || m.Bodies()[c.BodyA] != names[c.ID.A] || c.BodyB != -1 || c.Normal != planes[k].Normal || c.KappaUnit != m.KappaUnit(c.ID.A) {
			t.Errorf("%s: %+v", name, c)
		}
		seen[c.ID] = true
		sum[c.BodyA] = r3.Add(sum[c.BodyA], c.Force)
		local := poses[c.BodyA].Inv().Apply(c.Point)
		want := r3.Scale(-0.1, c.Normal)
		if names[c.ID.A] == "box" {
			want = r3.Vec{X: 0.1, Y: 0.2, Z: 0.3}
			for bit, v := range []*float64{&want.X, &want.Y, &want.Z} {
				if c.ID.Feature>>bit&1 == 1 {
					*v = -*v
				}
			}
		} else if local = r3.Sub(c.Point, poses[c.BodyA].Pos); c.ID.Feature != 0 {
			t.Errorf("feature %d of a ball", c.ID.Feature)
		}
		if d := r3.Norm(r3.Sub(local, want)); d > 1e-3 {
			t.Errorf("%s acts at %v of its body, want %v", name, local, want)
		}
		if gap := r3.Dot(c.Normal, c.Point) - planes[k].Offset; math.Abs(gap-c.Gap) > 1e-3 {
			t.Errorf("%s: gap %g, the point is at %g", name, c.Gap, gap)
		}
	}
	for i, mass := range []float64{2, 1} {
		if d := r3.Norm(r3.Add(sum[i], r3.Scale(mass, m.Gravity()))); d > 1e-4 {
			t.Errorf("%s: contacts carry %v", m.Bodies()[i], sum[i])
		}
	}
	for _, bad := range []sim.ContactID{{}, {Pair: sim.Pair{A: 1, B: -9}}, {Pair: sim.Pair{A: 1, B: -1}, Feature: 8}, {Pair: sim.Pair{A: 1, B: -1}, Feature: -1}, {Pair: sim.Pair{A: 0, B: -1}}, {Pair: sim.Pair{A: 2, B: -2}, Feature: 1}, {Pair: sim.Pair{A: -1, B: -1}}} {
		if name := m.ContactName(bad); name[0] != '(' {
			t.Errorf("%+v is called %s", bad, name)
		}
	}
	if got := m.ContactName(sim.ContactID{Pair: sim.Pair{A: 1, B: -2}, Feature: 5}); got != "box[5]/wall" {
		t.Errorf("corner 5 at the second half-space is called %s", got)
	}
}

// TestContactsAreOfTheLastStep: the list is there after a step, gone after one that failed, and costs no memory.
func TestContactsAreOfTheLastStep(t *testing.T) {
	m, x := corner(t)
	s := m.NewStepper(sim.Options{})
	next := m.NewState()
	var bits []sim.Contact
	if n := testing.AllocsPerRun(20, func() {
		if _, err := s.Step(&next, x, nil); err != nil {
			panic(err)
		}
		bits = s.Contacts()
	}); n != 0 {
		t.Errorf("a step and its contacts allocate %v times", n)
	}
	kept := slices.Clone(bits)
	if again := s.Contacts(); !slices.Equal(again, kept) || len(kept) == 0 {
		t.Errorf("asked again: %v", again)
	}
	if _, err := s.Energy(x); err != nil || !slices.Equal(s.Contacts(), kept) {
		t.Errorf("after Energy: %v", err)
	}
	bad := x.Clone()
	bad.V[0] = math.NaN()
	if _, err := s.Step(&next, bad, nil); err == nil || len(s.Contacts()) != 0 {
		t.Errorf("after a step that failed (%v) there are %d contacts", err, len(s.Contacts()))
	}
}

// TestRolloutKeepsWhatPushes: a trajectory has the contacts that carried something, of every step, as the stepper told them.
func TestRolloutKeepsWhatPushes(t *testing.T) {
	m, x := corner(t)
	x.Q[2] += 0.02 // falls first
	tr, err := m.NewStepper(sim.Options{Margin: 1e-3}).Rollout(x, 30, nil)
	if err != nil {
		t.Fatal(err)
	}
	s, cur, counts := m.NewStepper(sim.Options{Margin: 1e-3}), x.Clone(), map[int]bool{}
	for k, got := range tr.Contacts {
		if _, err := s.Step(&cur, cur, nil); err != nil {
			t.Fatal(err)
		}
		var want []sim.Contact
		for _, c := range s.Contacts() {
			if c.Force != (r3.Vec{}) {
				want = append(want, c)
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("step %d: %v, want %v", k, got, want)
		}
		counts[len(got)] = true
	}
	if len(tr.Contacts) != 30 || len(counts) < 2 {
		t.Errorf("%d steps, with these numbers of contacts: %v", len(tr.Contacts), counts)
	}
}
