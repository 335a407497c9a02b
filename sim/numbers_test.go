package sim_test

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// parts is all that a builder takes numbers from.
type parts struct {
	Timestep float64
	Gravity  r3.Vec
	Base     sim.Inertia // of a link that is fixed to the world
	Arm      sim.Inertia // that hangs on a hinge
	Tool     sim.Inertia // fixed to it
	Hinge    sim.Joint
	Bolt     sim.Joint // fixed, of the tool
	Follower sim.Joint
	Slider   sim.Joint
	Foot     sim.Collider
	Skin     sim.Visual
	Normal   r3.Vec // of a wall
	Offset   float64
}

func wholeParts(shape contact.Shape) parts {
	in := sim.BoxInertia(1, r3.Vec{X: 0.1, Y: 0.2, Z: 0.3})
	axis := sim.Axis{Limited: true, Lower: -1, Upper: 1, Damping: 1, Stiffness: 1, Friction: 1, Armature: 1, Drive: sim.Servo, Effort: 1, Kp: 1, Kd: 1}
	return parts{
		Timestep: 0.01, Gravity: r3.Vec{Z: -9.81}, Base: in, Arm: in, Tool: in, Normal: r3.Vec{X: 1}, Offset: -1,
		Hinge:    sim.Joint{Type: sim.Revolute(r3.Vec{Y: 1}), Axes: []sim.Axis{axis}, Origin: sim.IdentityPose},
		Bolt:     sim.Joint{Type: sim.Fixed(), Origin: sim.IdentityPose},
		Follower: sim.Joint{Type: sim.Revolute(r3.Vec{Y: 1}), Axes: []sim.Axis{{}}, Mimic: &sim.Mimic{Joint: "the hinge", Ratio: 1}, Origin: sim.IdentityPose},
		Slider:   sim.Joint{Type: sim.Prismatic(r3.Vec{Z: 1}), Axes: []sim.Axis{{Armature: 1}}, Origin: sim.IdentityPose},
		Foot:     sim.Collider{Shape: shape, Pose: sim.IdentityPose, Friction: 0.5},
		Skin:     sim.Visual{Shape: shape, Pose: sim.IdentityPose, Scale: r3.Vec{X: 1, Y: 1, Z: 1}},
	}
}

func (p *parts) builder() *sim.Builder {
	b := sim.NewBuilder("bench")
	b.SetTimestep(p.Timestep)
	b.SetGravity(p.Gravity)
	b.AddHalfSpace("the wall", p.Normal, p.Offset)
	base, arm, tool := b.AddLink("the base", p.Base), b.AddLink("the arm", p.Arm), b.AddLink("the tool", p.Tool)
	b.AddJoint(sim.Joint{Name: "bolts", Type: sim.Fixed(), Parent: sim.World, Child: base})
	join := func(name string, j sim.Joint, parent, child sim.Link) {
		j.Name, j.Parent, j.Child = name, parent, child
		b.AddJoint(j)
	}
	join("the hinge", p.Hinge, base, arm)
	join("the bolt", p.Bolt, arm, tool)
	join("the follower", p.Follower, base, b.AddLink("fan", sim.SphereInertia(1, 0.1)))
	join("the slider", p.Slider, base, b.AddLink("sled", sim.SphereInertia(1, 0.1)))
	p.Foot.Name, p.Foot.Link, p.Skin.Name, p.Skin.Link = "the foot", arm, "the skin", arm
	b.AddCollider(p.Foot)
	b.AddVisual(p.Skin)
	return b
}

// numbersIn calls f with the path of every float64 in v.
func numbersIn(v reflect.Value, path string, f func(path string, x reflect.Value)) {
	switch v.Kind() {
	case reflect.Float64:
		f(path, v)
	case reflect.Pointer:
		if !v.IsNil() {
			numbersIn(v.Elem(), path, f)
		}
	case reflect.Slice:
		for i := range v.Len() {
			numbersIn(v.Index(i), fmt.Sprintf("%s[%d]", path, i), f)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			numbersIn(v.Field(i), path+"."+v.Type().Field(i).Name, f)
		}
	}
}

// TestImpossibleNumbersAreRefusedByName puts what is not finite, and negative numbers where none can be, in every place of a
// builder that holds a number.
func TestImpossibleNumbersAreRefusedByName(t *testing.T) {
	inf := math.Inf(1)
	names := map[string]string{
		"Timestep": "timestep", "Gravity": "gravity", "Base": `"the base"`, "Arm": `"the arm"`, "Tool": `"the tool"`, "Hinge": `"the hinge"`,
		"Bolt": `"the bolt"`, "Follower": `"the follower"`, "Slider": `"the slider"`, "Foot": `"the foot"`, "Skin": `"the skin"`, "Normal": `"the wall"`, "Offset": `"the wall"`,
	}
	endless := map[string]float64{"Lower": -inf, "Upper": inf} // the only infinite numbers that mean something
	positive := strings.Fields("Timestep Mass Ixx Iyy Izz Damping Stiffness Friction Armature Effort Kp Kd Radius HalfLength")
	tried := 0
	for _, shape := range []contact.Shape{contact.Sphere(0.1), contact.Capsule(0.1, 0.2), contact.Box(r3.Vec{X: 1, Y: 2, Z: 3}), contact.Cylinder(0.1, 0.2), contact.Ellipsoid(0.1, 0.2, 0.3), contact.Points([]r3.Vec{{X: 1}, {Y: 1}})} {
		whole := wholeParts(shape)
		if _, err := whole.builder().Build(); err != nil {
			t.Fatal(err)
		}
		var paths []string
		numbersIn(reflect.ValueOf(&whole), "", func(path string, _ reflect.Value) { paths = append(paths, path) })
		for _, path := range paths {
			words := strings.FieldsFunc(path, func(r rune) bool { return r == '.' || r == '[' })
			first, last := words[0], words[len(words)-1]
			bad := []float64{math.NaN(), inf, -inf}
			if slices.Contains(positive, last) && !(last == "Radius" || last == "HalfLength") || shape.Kind == contact.KindBox && strings.Contains(path, "Half.") {
				bad = append(bad, -1)
			}
			if last == "Radius" && shape.Radius > 0 || last == "HalfLength" && shape.HalfLength > 0 {
				bad = append(bad, -1, 0)
			}
			for _, x := range bad {
				if e, ok := endless[last]; ok && x == e {
					continue
				}
				tried++
				p := wholeParts(shape)
				numbersIn(reflect.ValueOf(&p), "", func(at string, v reflect.Value) {
					if at == path {
						v.SetFloat(x)
					}
				})
				if _, err := p.builder().Build(); err == nil || !strings.Contains(err.Error(), names[first]) {
					t.Errorf("%s = %g: error %v, want one with %s", path[1:], x, err, names[first])
				}
			}
		}
	}
	if tried < 1500 {
		t.Errorf("only %d numbers were tried", tried)
	}
}

// TestLimitsThatDoNotHoldAreTold: numbers written without the word that makes them hold may be a slip.
func TestLimitsThatDoNotHoldAreTold(t *testing.T) {
	for want, change := range map[string]func(b *sim.Builder){
		`joint "the slider", axis 0: limits from 0 to 0.3 do not hold`: func(b *sim.Builder) {
			b.ChangeJoint("the slider", func(j *sim.Joint) { j.Axes = []sim.Axis{{Upper: 0.3}} })
		},
		`thruster "jet": limits from -1 to 0 do not hold`: func(b *sim.Builder) {
			b.AddThruster(sim.Thruster{Name: "jet", Link: b.Link("the arm"), Force: r3.Vec{X: 1}, Lower: -1})
		},
	} {
		p := wholeParts(contact.Sphere(0.1))
		b := p.builder()
		change(b)
		if w := mustModel(t, b).Warnings(); len(w) != 1 || !strings.Contains(w[0], want) {
			t.Errorf("warnings %q, want one with %q", w, want)
		}
	}
	p := wholeParts(contact.Sphere(0.1))
	b := p.builder()
	b.ChangeJoint("the slider", func(j *sim.Joint) { j.Axes = []sim.Axis{{Lower: math.Inf(-1), Upper: math.Inf(1)}} })
	if w := mustModel(t, b).Warnings(); len(w) != 0 {
		t.Errorf("limits that are nowhere need no word: %q", w)
	}
}

// TestImpossibleOptionsAreNamed: no option that is not a number, negative or infinite is taken for a default.
func TestImpossibleOptionsAreNamed(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	whole := wholeParts(contact.Sphere(0.1))
	m := mustModel(t, whole.builder())
	refused := func(s *sim.Stepper, x float64, want string) {
		t.Helper()
		st := m.NewState()
		if _, err := s.Step(&st, st, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s = %g: error %v", want, x, err)
		}
	}
	for name, set := range map[string]func(o *sim.Options, x float64){
		"Options.Kappa":       func(o *sim.Options, x float64) { o.Kappa = x },
		"Options.Centrality":  func(o *sim.Options, x float64) { o.Centrality = x },
		"Options.Tolerance":   func(o *sim.Options, x float64) { o.Tolerance = x },
		"Options.Margin":      func(o *sim.Options, x float64) { o.Margin = x },
		"Options.Workers":     func(o *sim.Options, x float64) { o.Workers = -1 },
		"Options.MaxHalvings": func(o *sim.Options, x float64) { o.MaxHalvings = -1 },
	} {
		for _, x := range []float64{nan, -inf, -1, inf} {
			if x == inf && name == "Options.Margin" {
				continue // keeps all contacts
			}
			var o sim.Options
			set(&o, x)
			refused(m.NewStepper(o), x, name)
			b := m.NewBatch(o, 1)
			st := []sim.State{m.NewState()}
			if err := b.Step(st, st, nil, nil); err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("batch, %s = %g: error %v", name, x, err)
			}
		}
	}
	for _, x := range []float64{nan, inf, 0, -1} {
		s := m.NewStepper(sim.Options{})
		s.SetKappa(x)
		refused(s, x, "Options.Kappa")
	}
	s := m.NewStepper(sim.Options{})
	s.SetWrench(0, sim.Wrench{Torque: r3.Vec{Y: nan}})
	refused(s, nan, "wrench on body the arm")
	if _, err := m.NewStepper(sim.Options{}).Rollout(m.NewState(), -1, nil); err == nil || !strings.Contains(err.Error(), "-1 steps") {
		t.Errorf("a rollout of −1 steps: %v", err)
	}
}
