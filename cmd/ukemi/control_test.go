package main

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
)

// joint returns the joint of the given name.
func joint(t *testing.T, m *sim.Model, name string) *sim.JointInfo {
	t.Helper()
	j, err := m.Joint(name)
	if err != nil {
		t.Fatal(err)
	}
	return &j
}

func TestReferenceForce(t *testing.T) {
	m := contraption(t)
	mech := m.Mechanism(0)
	for _, c := range []struct {
		joint string
		axis  int
		want  float64
	}{
		{"hinge", 0, 2}, // its effort limit, far below the weight
		{"slide", 0, mech.Weight()},
		{"screw", 0, mech.Weight()},
		{"screw", 1, mech.Weight() * mech.Radius},
		{"ball", 2, mech.Weight() * mech.Radius},
	} {
		if got := models.DriveForce(m, joint(t, m, c.joint), c.axis); got != c.want {
			t.Errorf("axis %d of %s is made for %g, want %g", c.axis, c.joint, got, c.want)
		}
	}
}

// TestRandomController: the inputs stay within what the joints are made for, come near it, are smooth, and depend on
// the seed alone.
func TestRandomController(t *testing.T) {
	m := contraption(t)
	x := m.NewState()
	rest := models.HoldInputs(m, x)
	run := func(seed uint64) [][]float64 {
		ctrl, err := controller("random", m, x, seed)
		if err != nil {
			t.Fatal(err)
		}
		var l [][]float64
		for k := range 2000 {
			u := make([]float64, m.NU())
			ctrl(u, k, x)
			for i := range u { // of targets, the forces that servos exert for them at the start
				in := m.InputInfo(i)
				if a := m.Joints()[in.Joint].Axes[in.Axis]; a.Drive == sim.Servo {
					u[i] = a.Kp * (u[i] - rest[i])
				}
			}
			l = append(l, u)
		}
		return l
	}
	a, b, c := run(1), run(1), run(2)
	for i, name := range m.Inputs() {
		in := m.InputInfo(i)
		j := m.Joints()[in.Joint]
		bound := models.DriveForce(m, &j, in.Axis)
		if j.Axes[in.Axis].Effort == 0 {
			bound = min(bound, 30*m.AxisInertia(j.V+in.Axis))
		}
		most, same := 0.0, true
		for k := range a {
			most = max(most, math.Abs(a[k][i]))
			same = same && a[k][i] == c[k][i]
			if a[k][i] != b[k][i] {
				t.Fatalf("%s: step %d differs with the same seed", name, k)
			}
			// 2 Hz at the full amplitude is the fastest there can be
			if k > 0 && math.Abs(a[k][i]-a[k-1][i]) > bound*2*math.Pi*2*m.Timestep() {
				t.Fatalf("%s jumps from %g to %g in step %d", name, a[k-1][i], a[k][i], k)
			}
		}
		if most > bound || most < 0.4*bound || same {
			t.Errorf("%s reaches %g of %g; the same with another seed: %v", name, most, bound, same)
		}
	}
}

func TestControllerNames(t *testing.T) {
	m := contraption(t)
	if c, err := controller("none", m, m.NewState(), 0); c != nil || err != nil {
		t.Errorf("no controller is %v, %v", c, err)
	}
	if _, err := controller("magic", m, m.NewState(), 0); err == nil || !strings.Contains(err.Error(), `"magic"`) {
		t.Errorf("a controller that is not there: %v", err)
	}
}

// TestServoTargets: the state that servos hold is the one they were given, for a ball as a rotation vector.
func TestServoTargets(t *testing.T) {
	m := contraption(t)
	x := m.NewState()
	cross, ball := joint(t, m, "cross"), joint(t, m, "ball")
	x.Q[cross.Q], x.Q[cross.Q+1] = 0.3, -0.4
	// half of a turn of 0.6 rad about (0, 3/5, 4/5)
	h := quat.Number{Real: math.Cos(0.3), Jmag: math.Sin(0.3) * 0.6, Kmag: math.Sin(0.3) * 0.8}
	copy(x.Q[ball.QuaternionOf():], []float64{h.Real, h.Imag, h.Jmag, h.Kmag})
	got := map[string]float64{}
	ctrl, err := controller("hold", m, x, 0)
	if err != nil {
		t.Fatal(err)
	}
	u := make([]float64, m.NU())
	ctrl(u, 7, x)
	for i, name := range m.Inputs() {
		got[name] = u[i]
	}
	for name, want := range map[string]float64{"hinge": 0, "slide": 0, "cross[0]": 0.3, "cross[1]": -0.4, "ball[0]": 0, "ball[1]": 0.36, "ball[2]": 0.48} {
		if v, ok := got[name]; !ok || math.Abs(v-want) > 1e-15 {
			t.Errorf("input %s is %g (there: %v), want %g", name, v, ok, want)
		}
	}
}

// TestHoldMakesServos: joints driven by torques become servos, with stiffness and critical damping as the help says;
// others stay as they are.
func TestHoldMakesServos(t *testing.T) {
	w := load(t, "quadruped")
	before := w.model
	n := hold(w)
	if err := w.build(); err != nil {
		t.Fatal(err)
	}
	servos := 0
	for i, j := range w.model.Joints() {
		a := j.Axes[0]
		if a.Drive != sim.Servo {
			continue
		}
		servos++
		old := before.Joints()[i]
		force := models.DriveForce(before, &old, 0)
		if math.Abs(a.Kp*models.Sag-force) > 1e-9*force {
			t.Errorf("%s: a stiffness of %g gives way to its force of %g by %g", j.Name, a.Kp, force, force/a.Kp)
		}
		mech := before.Mechanism(i)
		inertia := max(force/mech.Gravity*mech.Radius, before.AxisInertia(j.V))
		if zeta := a.Kd / (2 * math.Sqrt(a.Kp*inertia)); math.Abs(zeta-1) > 1e-12 {
			t.Errorf("%s: the damping is %g of the critical", j.Name, zeta)
		}
	}
	if n != 12 || servos != 12 {
		t.Errorf("%d joints were turned into servos, %d are; want 12", n, servos)
	}
	if w := load(t, "block"); hold(w) != 0 {
		t.Error("a block got servos")
	}
	// A drive too weak to carry anything is damped for its own link, of 0.01 kg m².
	weak, err := open(robotFile(t, `effort="0.02"`, ""), chosen())
	if err != nil {
		t.Fatal(err)
	}
	hold(weak)
	if err := weak.build(); err != nil {
		t.Fatal(err)
	}
	if a := joint(t, weak.model, "hinge").Axes[0]; math.Abs(a.Kp-0.4) > 1e-12 || math.Abs(a.Kd-2*math.Sqrt(0.4*0.01)) > 1e-12 {
		t.Errorf("a weak servo has the gains %g and %g", a.Kp, a.Kd)
	}
}

// TestPerturb: small changes within the limits, of everything but the place of the base; couplings are kept.
func TestPerturb(t *testing.T) {
	m := contraption(t)
	hinge, shadow, slide, ball, base := joint(t, m, "hinge"), joint(t, m, "shadow"), joint(t, m, "slide"), joint(t, m, "ball"), joint(t, m, "base")
	seen := map[float64]bool{}
	for seed := uint64(1); seed < 60; seed++ {
		x := m.NewState()
		x.Q[shadow.Q] = 0.1 // its coupling at the zero of the hinge
		x.Q[0], x.Q[2] = 5, 6
		perturb(m, &x, seed)
		if err := m.CheckState(x); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		h := x.Q[hinge.Q]
		seen[h] = true
		if h < -0.01 || h > 0.02 {
			t.Errorf("seed %d: the hinge is at %g, beyond its limits -0.01 … 0.02", seed, h)
		}
		if d := x.Q[shadow.Q] - (0.1 - 2*h); math.Abs(d) > 1e-15 || x.V[shadow.V] != -2*x.V[hinge.V] {
			t.Errorf("seed %d: the coupled joint is %g rad off, moves at %g for %g", seed, d, x.V[shadow.V], x.V[hinge.V])
		}
		if !slices.Equal(x.Q[:3], []float64{5, 0, 6}) {
			t.Errorf("seed %d: the base was moved to %v", seed, x.Q[:3])
		}
		if s := x.Q[slide.Q]; s == 0 || math.Abs(s) > 0.01 {
			t.Errorf("seed %d: the slider moved by %g m", seed, s)
		}
		for _, q := range []int{base.QuaternionOf(), ball.QuaternionOf()} {
			if a := 2 * math.Acos(min(1, x.Q[q])); a == 0 || a > 0.1*math.Sqrt(3)+1e-9 {
				t.Errorf("seed %d: a body turned by %g rad", seed, a)
			}
		}
		for i, v := range x.V {
			if v == 0 || math.Abs(v) > 0.2 {
				t.Errorf("seed %d: velocity %d is %g", seed, i, v)
			}
		}
	}
	if len(seen) < 15 {
		t.Errorf("60 seeds give %d positions of the hinge", len(seen))
	}
}

// TestPurposesHaveTheirOwnNumbers: another use of a seed must not change this one's.
func TestPurposesHaveTheirOwnNumbers(t *testing.T) {
	a, b, c := rng(5, forController).Uint64(), rng(5, forStart).Uint64(), rng(5, forController).Uint64()
	if a == b || a != c {
		t.Errorf("%d, %d, %d", a, b, c)
	}
}
