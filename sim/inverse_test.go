package sim_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
)

// driven returns a tree with every kind of joint, all driven by torques; a hand on a floating base, and a second mechanism that
// hangs on the world. With coupled one slider follows another.
func driven(t testing.TB, h, damping, dry float64, coupled bool) *sim.Model {
	b := newWorld("driven", h)
	axis := sim.Axis{Drive: sim.Torque, Damping: damping, Stiffness: 2, Rest: 0.1, Armature: 0.05, Friction: dry}
	n := 0
	add := func(name string, parent sim.Link, j sim.JointType, a sim.Axis, mimic *sim.Mimic) sim.Link {
		n++
		in := sim.BoxInertia(0.5+0.3*float64(n%3), r3.Vec{X: 0.1, Y: 0.05 + 0.01*float64(n), Z: 0.2})
		in.COM = r3.Vec{X: 0.03, Y: -0.02 * float64(n%4), Z: 0.11}
		l := b.AddLink(name, in)
		axes := make([]sim.Axis, j.NV())
		for k := range axes {
			if axes[k] = a; j.NV() == 3 && len(j.Trans) == 0 {
				axes[k].Rest = 0 // of a ball
			}
		}
		origin := sim.Pose{Pos: r3.Vec{X: 0.1, Y: 0.05, Z: 0.2}, Rot: sim.RPY(0.3*float64(n), -0.2, 0.5)}
		if len(j.Trans) == 3 && len(j.Rot) == 3 {
			origin = sim.IdentityPose
		}
		b.AddJoint(sim.Joint{Name: name, Type: j, Parent: parent, Child: l, Origin: origin, Axes: axes, Mimic: mimic})
		return l
	}
	free := sim.Axis{Drive: sim.Torque, Damping: dry, Friction: dry, Armature: dry}
	base := add("base", sim.World, sim.Free(), free, nil)
	upper := add("hinge", base, sim.Revolute(r3.Vec{X: 1, Y: 0.4}), axis, nil)
	ball := add("ball", upper, sim.Spherical(), axis, nil)
	add("fork", ball, sim.Universal(r3.Vec{X: 1}, r3.Vec{Y: 1, Z: 0.3}), axis, nil)
	add("slider", base, sim.Prismatic(r3.Vec{Z: 1}), axis, nil)
	var m *sim.Mimic
	if coupled {
		m = &sim.Mimic{Joint: "slider", Ratio: -2, Offset: 0.1}
	}
	add("follower", upper, sim.Prismatic(r3.Vec{X: 1}), axis, m)
	arm := add("arm", sim.World, sim.Planar(r3.Vec{Y: 1}), axis, nil)
	add("screw", arm, sim.Cylindrical(r3.Vec{Z: 1}), axis, nil)
	return mustModel(t, b)
}

// moving returns a state of m in which everything moves, and an input.
func moving(m *sim.Model, h float64, seed uint64) (x sim.State, u []float64) {
	r := rand.New(rand.NewPCG(seed, 11))
	x = m.NewState()
	x.H = h
	d := make([]float64, m.NV())
	for i := range d {
		d[i], x.V[i] = r.NormFloat64(), r.NormFloat64()
	}
	implicit.Displace(m, &x, x, implicit.Tangent{Q: d, V: make([]float64, m.NV())})
	u = make([]float64, m.NU())
	for i := range u {
		u[i] = 3 * r.NormFloat64()
	}
	return x, u
}

// TestInverseOfAStep: what a step makes of a force is what asks for that force, from an instant and in mid-run, under an external
// wrench. Dry friction is exact where the step is.
func TestInverseOfAStep(t *testing.T) {
	for _, c := range []struct {
		name    string
		h, dry  float64
		coupled bool
	}{{"run", 0.01, 0, false}, {"instant", 0, 0, false}, {"uneven", 0.003, 0, false}, {"coupled", 0.01, 0, true}, {"dry", 0.01, 0.2, false}} {
		m := driven(t, 0.01, 0.3, c.dry, c.coupled)
		for seed := range uint64(5) {
			x, u := moving(m, c.h, seed)
			if c.coupled {
				lead, _ := m.Joint("slider")
				tail, _ := m.Joint("follower")
				x.Q[tail.Q], x.V[tail.V] = 0.1-2*x.Q[lead.Q], -2*x.V[lead.V]
				u[tail.V] = 0
			}
			s, d := m.NewStepper(sim.Options{Tolerance: 1e-14, WholeSteps: true, Polish: c.dry > 0}), m.NewInverse()
			w := sim.Wrench{Force: r3.Vec{X: 1, Y: -2, Z: 0.5}, Torque: r3.Vec{X: 0.2, Z: 0.1}}
			s.SetWrench(2, w)
			d.SetWrench(2, w)
			next := m.NewState()
			if _, err := s.Step(&next, x, u); err != nil {
				t.Fatal(c.name, err)
			}
			tau := make([]float64, m.NV())
			if err := d.Step(tau, x, next.V); err != nil {
				t.Fatal(err)
			}
			worst := 0.0
			for i := range tau {
				worst = max(worst, math.Abs(tau[i]-u[i]))
			}
			tol.Within(t, worst, 1e-9, "%s: force of a step (N, N m)", c.name)
			if c.h != 0.01 {
				continue
			}
			again, before := make([]float64, m.NV()), x.Clone()
			back := make([]float64, m.NV())
			for i := range back {
				back[i] = -x.H * x.V[i]
			}
			implicit.Displace(m, &before, x, implicit.Tangent{Q: back, V: make([]float64, m.NV())})
			if err := d.Knots(again, before.Q, x.Q, next.Q); err != nil {
				t.Fatal(err)
			}
			for i := range tau {
				tol.Within(t, math.Abs(again[i]-tau[i]), 1e-9, "%s: force of three configurations", c.name)
			}
		}
	}
}

// TestInverseAtIsTheLimit: the force of ever shorter steps about an instant tends to that of continuous time, with the square of
// their length. (A damper and the direction of a ball's dry friction are those of the velocity
// after the instant: they alone would be of first order.)
func TestInverseAtIsTheLimit(t *testing.T) {
	var last float64
	for k, h := range []float64{4e-3, 2e-3, 1e-3} {
		m := driven(t, h, 0, 0, true)
		x, a := moving(m, h, 3)
		a = a[:m.NV()]
		d := m.NewInverse()
		d.SetWrench(1, sim.Wrench{Force: r3.Vec{X: 1}, Torque: r3.Vec{Y: 0.3}})
		at, step := make([]float64, m.NV()), make([]float64, m.NV())
		if err := d.At(at, x.Q, x.V, a); err != nil {
			t.Fatal(err)
		}
		cur, next := x.Clone(), make([]float64, m.NV())
		for i := range next {
			cur.V[i], next[i] = x.V[i]-h/2*a[i], x.V[i]+h/2*a[i]
		}
		if err := d.Step(step, cur, next); err != nil {
			t.Fatal(err)
		}
		worst := 0.0
		for i := range at {
			worst = max(worst, math.Abs(at[i]-step[i]))
		}
		if order := math.Log2(last / worst); k > 0 && !(math.Abs(order-2) < 0.1) {
			t.Errorf("halving steps to %g s changes the error from %g to %g: order %.2f, want 2", h, last, worst, order)
		}
		last = worst
	}
	tol.Within(t, last, 3e-5, "force of a step of 1 ms (N m)")
}

// TestRegressors: the force is linear in the parameters of Regressor, and StepRegressor is the derivative of a step's force.
func TestRegressors(t *testing.T) {
	m := driven(t, 0.01, 0.3, 0.2, false)
	x, a := moving(m, 0.01, 5)
	a = a[:m.NV()]
	nv := m.NV()
	var y, ys mat.Dense
	d := m.NewInverse()
	if err := d.Regressor(&y, x.Q, x.V, a); err != nil {
		t.Fatal(err)
	}
	if err := d.Step(make([]float64, nv), x, a); err != nil { // a is as good a velocity as any
		t.Fatal(err)
	}
	if err := d.StepRegressor(&ys); err != nil {
		t.Fatal(err)
	}
	at := func(m *sim.Model, tau, step []float64) {
		d := m.NewInverse()
		if err := d.At(tau, x.Q, x.V, a); err != nil {
			t.Fatal(err)
		}
		if err := d.Step(step, x, a); err != nil {
			t.Fatal(err)
		}
	}
	for c, name := range columnNames(m) {
		p, err := implicit.FindParam(m, name)
		if err != nil {
			continue // the last two of a ball's
		}
		v, err := implicit.Get(m, p)
		if err != nil {
			t.Fatal(err)
		}
		const e = 1e-5
		var tau, step [2][]float64
		for k, s := range []float64{-e, e} {
			other, err := implicit.Set(m, []implicit.Param{p}, []float64{v + s})
			if err != nil {
				t.Fatal(err)
			}
			tau[k], step[k] = make([]float64, nv), make([]float64, nv)
			at(other, tau[k], step[k])
		}
		for i := range nv {
			want, got := (tau[1][i]-tau[0][i])/(2*e), y.At(i, c)
			wantStep, gotStep := (step[1][i]-step[0][i])/(2*e), ys.At(i, c)
			for k := 1; k < 3 && shared(m, c); k++ {
				got, gotStep = got+y.At(i, c+3*k), gotStep+ys.At(i, c+3*k)
			}
			tol.Within(t, math.Abs(got-want), 1e-7*(1+math.Abs(want)), "force %d by %s", i, name)
			tol.Within(t, math.Abs(gotStep-wantStep), 1e-7*(1+math.Abs(wantStep)), "force %d of a step by %s", i, name)
		}
	}
}

// shared reports whether column c belongs to the first axis of a spherical rotation, whose parameters are those of all three.
func shared(m *sim.Model, c int) bool {
	for _, j := range m.Joints() {
		if j.QuaternionOf() >= 0 && (c-10*len(m.Bodies()))/3 == j.V+j.NV-3 && c >= 10*len(m.Bodies()) {
			return true
		}
	}
	return false
}

// columnNames returns the names of a regressor's columns as parameters of package implicit.
func columnNames(m *sim.Model) (names []string) {
	for _, b := range m.Bodies() {
		for _, p := range []string{"mass", "mx", "my", "mz", "ixx", "ixy", "iyy", "ixz", "iyz", "izz"} {
			names = append(names, "body:"+b+"."+p)
		}
	}
	for _, j := range m.Joints() {
		for k := range j.NV {
			n := "joint:" + j.Name
			if j.NV > 1 {
				n += string([]byte{'[', byte('0' + k), ']'})
			}
			names = append(names, n+".armature", n+".damping", n+".dry_friction")
		}
	}
	for i, n := range names {
		if _, err := implicit.FindParam(m, n); err != nil {
			for k := range n {
				if n[k] == ':' {
					names[i] = n[k+1:]
				}
			}
		}
	}
	return names
}

// TestInverseOfWhatCannotMove: errors name what is wrong.
func TestInverseOfWhatCannotMove(t *testing.T) {
	m := driven(t, 0.01, 0.3, 0, false)
	x, _ := moving(m, 0.01, 1)
	d := m.NewInverse()
	tau := make([]float64, m.NV())
	next := make([]float64, m.NV())
	if err := d.StepRegressor(new(mat.Dense)); err == nil {
		t.Error("a regressor of no step")
	}
	if err := d.Step(tau, x, next[1:]); err == nil {
		t.Error("a short velocity")
	}
	next[3] = math.NaN()
	if err := d.Step(tau, x, next); err == nil {
		t.Error("a motion that is no number")
	}
	next[3] = 1e4
	if err := d.Step(tau, x, next); err == nil {
		t.Error("a body that turns by more than half a turn")
	}
	x.Q[3] = 2
	if err := d.At(tau, x.Q, x.V, make([]float64, m.NV())); err == nil {
		t.Error("a quaternion that is none")
	}
}
