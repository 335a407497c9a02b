package sim_test

import (
	"math"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

func TestBuilderReportsAllMistakes(t *testing.T) {
	ok := sim.SphereInertia(1, 0.1)
	cases := map[string]struct {
		build func(b *sim.Builder)
		wants []string
	}{
		"zero mass": {func(b *sim.Builder) { b.AddFree("j", b.AddLink("ghost", sim.Inertia{})) }, []string{"ghost", "mass"}},
		"negative mass": {func(b *sim.Builder) {
			b.AddFree("j", b.AddLink("ghost", sim.Inertia{Mass: -1, Ixx: 1, Iyy: 1, Izz: 1}))
		}, []string{"ghost", "mass"}},
		"NaN mass": {func(b *sim.Builder) {
			b.AddFree("j", b.AddLink("ghost", sim.Inertia{Mass: math.NaN(), Ixx: 1, Iyy: 1, Izz: 1}))
		}, []string{"ghost", "mass"}},
		"infinite mass": {func(b *sim.Builder) {
			b.AddFree("j", b.AddLink("ghost", sim.Inertia{Mass: math.Inf(1), Ixx: 1, Iyy: 1, Izz: 1}))
		}, []string{"ghost", "mass"}},
		"triangle": {func(b *sim.Builder) { b.AddFree("j", b.AddLink("sheet", sim.Inertia{Mass: 1, Ixx: 1, Iyy: 1, Izz: 3})) }, []string{"sheet", "triangle"}},
		"indefinite": {func(b *sim.Builder) {
			b.AddFree("j", b.AddLink("odd", sim.Inertia{Mass: 1, Ixx: 1, Iyy: 1, Izz: 1, Ixy: 2}))
		}, []string{"odd", "positive definite"}},
		"NaN inertia": {func(b *sim.Builder) {
			b.AddFree("j", b.AddLink("odd", sim.Inertia{Mass: 1, Ixx: math.NaN(), Iyy: 1, Izz: 1}))
		}, []string{"odd", "finite"}},
		"NaN center": {func(b *sim.Builder) { in := ok; in.COM.X = math.NaN(); b.AddFree("j", b.AddLink("odd", in)) }, []string{"odd", "center of mass"}},
		"cycle": {func(b *sim.Builder) {
			x, y := b.AddLink("x", ok), b.AddLink("y", ok)
			b.AddJoint(sim.Joint{Name: "a", Type: sim.Fixed(), Parent: x, Child: y})
			b.AddJoint(sim.Joint{Name: "b", Type: sim.Revolute(up), Parent: y, Child: x})
		}, []string{"cycle", "x", "y"}},
		"own parent": {func(b *sim.Builder) {
			x := b.AddLink("x", ok)
			b.AddJoint(sim.Joint{Name: "a", Type: sim.Revolute(up), Parent: x, Child: x})
		}, []string{"cycle"}},
		"two parents": {func(b *sim.Builder) {
			x := b.AddLink("x", ok)
			b.AddFree("a", x)
			b.AddFree("b", x)
		}, []string{"a", "b", "AddLoop"}},
		"orphan":        {func(b *sim.Builder) { b.AddLink("lost", ok) }, []string{"lost", "hangs on nothing"}},
		"unknown child": {func(b *sim.Builder) { b.AddFree("a", 7) }, []string{"child link 7"}},
		"unknown parent": {func(b *sim.Builder) {
			b.AddJoint(sim.Joint{Name: "a", Type: sim.Revolute(up), Parent: 9, Child: b.AddLink("x", ok)})
		}, []string{"parent link 9"}},
		"zero axis": {func(b *sim.Builder) {
			b.AddJoint(sim.Joint{Name: "a", Type: sim.Revolute(r3.Vec{}), Parent: sim.World, Child: b.AddLink("x", ok)})
		}, []string{"axis"}},
		"NaN axis": {func(b *sim.Builder) {
			b.AddJoint(sim.Joint{Name: "a", Type: sim.Prismatic(r3.Vec{X: math.NaN()}), Parent: sim.World, Child: b.AddLink("x", ok)})
		}, []string{"axis"}},
		"zero normal": {func(b *sim.Builder) {
			b.AddJoint(sim.Joint{Name: "a", Type: sim.Planar(r3.Vec{}), Parent: sim.World, Child: b.AddLink("x", ok)})
		}, []string{"axis"}},
		"parallel axes": {func(b *sim.Builder) {
			b.AddJoint(sim.Joint{Name: "a", Type: sim.Universal(up, up), Parent: sim.World, Child: b.AddLink("x", ok)})
		}, []string{"parallel"}},
		"four axes": {func(b *sim.Builder) {
			b.AddJoint(sim.Joint{Name: "a", Type: sim.JointType{Rot: []r3.Vec{up, up, up, up}}, Parent: sim.World, Child: b.AddLink("x", ok)})
		}, []string{"at most 3"}},
		"limits": {func(b *sim.Builder) {
			b.AddJoint(sim.Joint{Name: "knee", Type: sim.Revolute(up), Parent: sim.World, Child: b.AddLink("x", ok), Axes: []sim.Axis{{Limited: true, Lower: 1, Upper: -1}}})
		}, []string{"knee", "limit"}},
		"NaN limit": {func(b *sim.Builder) {
			b.AddJoint(sim.Joint{Name: "knee", Type: sim.Revolute(up), Parent: sim.World, Child: b.AddLink("x", ok), Axes: []sim.Axis{{Limited: true, Lower: math.NaN(), Upper: 1}}})
		}, []string{"knee", "limit"}},
		"damping": {func(b *sim.Builder) {
			b.AddJoint(sim.Joint{Name: "knee", Type: sim.Revolute(up), Parent: sim.World, Child: b.AddLink("x", ok), Axes: []sim.Axis{{Damping: -1}}})
		}, []string{"knee", "damping"}},
		"axes": {func(b *sim.Builder) {
			b.AddJoint(sim.Joint{Name: "knee", Type: sim.Revolute(up), Parent: sim.World, Child: b.AddLink("x", ok), Axes: make([]sim.Axis, 2)})
		}, []string{"knee", "2 axes"}},
		"servo": {func(b *sim.Builder) {
			b.AddJoint(sim.Joint{Name: "knee", Type: sim.Revolute(up), Parent: sim.World, Child: b.AddLink("x", ok), Axes: []sim.Axis{{Drive: sim.Servo}}})
		}, []string{"knee", "gain"}},
		"drive": {func(b *sim.Builder) {
			b.AddJoint(sim.Joint{Name: "knee", Type: sim.Revolute(up), Parent: sim.World, Child: b.AddLink("x", ok), Axes: []sim.Axis{{Drive: 9}}})
		}, []string{"knee", "drive"}},
		"mimic": {func(b *sim.Builder) {
			b.AddJoint(sim.Joint{Name: "knee", Type: sim.Revolute(up), Parent: sim.World, Child: b.AddLink("x", ok), Mimic: &sim.Mimic{Joint: "nobody"}})
		}, []string{"knee", "nobody"}},
		"names":    {func(b *sim.Builder) { b.AddFree("a", b.AddLink("x", ok)); b.AddFree("a", b.AddLink("x", ok)) }, []string{`link "x"`, `joint "a"`, "twice"}},
		"no names": {func(b *sim.Builder) { b.AddFree("", b.AddLink("", ok)) }, []string{"link 0 has no name", "joint 0 has no name"}},
		"shape": {func(b *sim.Builder) {
			l := b.AddLink("x", ok)
			b.AddFree("a", l)
			b.AddCollider(sim.Collider{Name: "foot", Link: l})
		}, []string{"foot"}},
		"friction": {func(b *sim.Builder) {
			l := b.AddLink("x", ok)
			b.AddFree("a", l)
			b.AddCollider(sim.Collider{Name: "foot", Link: l, Shape: contact.Sphere(1), Friction: math.NaN()})
		}, []string{"foot", "friction"}},
		"collider's link": {func(b *sim.Builder) {
			b.AddFree("a", b.AddLink("x", ok))
			b.AddCollider(sim.Collider{Name: "foot", Link: 5, Shape: contact.Sphere(1)})
		}, []string{"foot", "link 5"}},
		"plane": {func(b *sim.Builder) { b.AddFree("a", b.AddLink("x", ok)); b.AddHalfSpace("wall", r3.Vec{}, 0) }, []string{"wall"}},
		"origin": {func(b *sim.Builder) {
			b.AddJoint(sim.Joint{Name: "a", Type: sim.Revolute(up), Parent: sim.World, Child: b.AddLink("x", ok), Origin: sim.At(math.NaN(), 0, 0)})
		}, []string{`joint "a"`, "finite"}},
		"set servo":     {func(b *sim.Builder) { b.AddFree("a", b.AddLink("x", ok)); b.SetServo("elbow", 1, 1) }, []string{"elbow"}},
		"law":           {func(b *sim.Builder) { b.AddFree("a", b.AddLink("x", ok)); b.SetFrictionLaw(9) }, []string{"friction law 9"}},
		"timestep":      {func(b *sim.Builder) { b.AddFree("a", b.AddLink("x", ok)); b.SetTimestep(0) }, []string{"timestep"}},
		"negative step": {func(b *sim.Builder) { b.AddFree("a", b.AddLink("x", ok)); b.SetTimestep(-1) }, []string{"timestep"}},
		"gravity":       {func(b *sim.Builder) { b.AddFree("a", b.AddLink("x", ok)); b.SetGravity(r3.Vec{X: math.Inf(1)}) }, []string{"gravity"}},
		"no links":      {func(b *sim.Builder) {}, []string{"no links"}},
	}
	all := newWorld("all", 0.01)
	for _, name := range names(cases) {
		c := cases[name]
		b := newWorld("bad", 0.01)
		c.build(b)
		m, err := b.Build()
		if err == nil || m != nil {
			t.Errorf("%s: no error", name)
			continue
		}
		for _, w := range c.wants {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s: the error does not say %q: %v", name, w, err)
			}
		}
	}
	// together
	cases["zero mass"].build(all)
	cases["parallel axes"].build(all)
	cases["friction"].build(all)
	cases["plane"].build(all)
	all.SetTimestep(math.NaN())
	_, err := all.Build()
	if err == nil {
		t.Fatal("no error")
	}
	for _, w := range []string{"timestep", "parallel", "wall", "twice"} {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("mistakes are not reported together: %q is missing in %v", w, err)
		}
	}
	if _, err := sim.NewBuilder("nothing").Build(); err == nil || !strings.Contains(err.Error(), "timestep") || !strings.Contains(err.Error(), "gravity") {
		t.Errorf("an empty builder says %v", err)
	}
}

// TestMistakesOfShapesAndInertiasTogether asks for mistakes of different stages in one report.
func TestMistakesOfShapesAndInertiasTogether(t *testing.T) {
	b := newWorld("bad", 0.01)
	l := b.AddLink("ghost", sim.Inertia{Mass: -1})
	b.AddJoint(sim.Joint{Name: "knee", Type: sim.Revolute(up), Parent: sim.World, Child: l, Axes: []sim.Axis{{Damping: -2}}})
	b.AddCollider(sim.Collider{Name: "foot", Link: l, Shape: contact.Sphere(-1), Friction: -1})
	_, err := b.Build()
	for _, w := range []string{"ghost", "damping", "radius", "friction"} {
		if err == nil || !strings.Contains(err.Error(), w) {
			t.Errorf("the report lacks %q: %v", w, err)
		}
	}
}

// TestEqualLimitsSayWhatToDo: limits that are one number lock an axis, which is what a joint without it is for.
func TestEqualLimitsSayWhatToDo(t *testing.T) {
	for want, kind := range map[string]sim.JointType{
		`joint "knee", axis 0: lower and upper limit are both 0.3, which locks it: leave the axis out, its position in Origin`: sim.Revolute(up),
		`joint "knee", axis 2: lower and upper limit are both 0.3`:                                                             sim.Planar(up),
	} {
		b := newWorld("locked", 0.01)
		axes := make([]sim.Axis, kind.NV())
		axes[len(axes)-1] = sim.Axis{Limited: true, Lower: 0.3, Upper: 0.3}
		b.AddJoint(sim.Joint{Name: "knee", Type: kind, Parent: sim.World, Child: b.AddLink("shank", sim.SphereInertia(1, 0.1)), Axes: axes})
		if _, err := b.Build(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}
