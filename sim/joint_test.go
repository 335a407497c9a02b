package sim_test

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// single returns one body of mass 2 kg and inertia 0.5 kg m² about y on one joint without gravity.
func single(t *testing.T, h float64, typ sim.JointType, axis sim.Axis) (*sim.Model, *sim.Stepper, sim.State) {
	t.Helper()
	b := sim.NewBuilder("single")
	b.SetTimestep(h)
	b.SetGravity(r3.Vec{})
	l := b.AddLink("body", sim.Inertia{Mass: 2, Ixx: 0.5, Iyy: 0.5, Izz: 0.5})
	axes := make([]sim.Axis, typ.NV())
	for i := range axes {
		axes[i] = axis
	}
	b.AddJoint(sim.Joint{Name: "joint", Type: typ, Parent: sim.World, Child: l, Axes: axes})
	m := mustModel(t, b)
	st := m.NewState()
	st.H = h // velocities are those of an interval before, as the closed forms below have it
	return m, m.NewStepper(sim.Options{Kappa: 1e-8, Tolerance: 1e-12}), st
}

var aHinge, aSlider = sim.Revolute(r3.Vec{Y: 1}), sim.Prismatic(r3.Vec{X: 1})

func TestLimitStopsAPendulum(t *testing.T) {
	const h, lower, upper = 0.005, -0.4, 0.9
	b := newWorld("pendulum", h)
	l := b.AddLink("rod", sim.BoxInertia(1, r3.Vec{X: 0.02, Y: 0.02, Z: 0.2}).Placed(sim.At(0, 0, -0.2)))
	b.AddJoint(sim.Joint{Name: "hinge", Type: aHinge, Parent: sim.World, Child: l, Axes: []sim.Axis{{Limited: true, Lower: lower, Upper: upper}}})
	m := mustModel(t, b)
	s := m.NewStepper(sim.Options{Kappa: 1e-8})
	st := m.NewState()
	st.Q[0] = 0.8
	low, hit := math.Inf(1), 0
	e0 := totalEnergy(t, s, st)
	for k := 0; k < 800; k++ {
		was := st.V[0]
		must(t, s, &st, nil)
		low = math.Min(low, math.Min(st.Q[0]-lower, upper-st.Q[0]))
		if was < -0.5 && st.V[0] > -0.3 && st.Q[0] < lower+0.01 {
			if hit++; st.V[0] > 1e-6 {
				t.Errorf("the limit throws the pendulum back at %g rad/s", st.V[0])
			}
		}
		if e := totalEnergy(t, s, st) - e0; e > 1e-3 {
			t.Errorf("step %d: energy grew by %g J", k, e)
		}
	}
	t.Logf("lowest distance to a limit %.2g rad, %d stops", low, hit)
	if low < -1e-9 || hit == 0 {
		t.Errorf("the pendulum passes its limit by %g rad, %d stops", -low, hit)
	}
	// pushed against it, it rests there
	s2 := m.NewStepper(sim.Options{Kappa: 1e-8})
	st = m.NewState()
	w := sim.Wrench{Torque: r3.Vec{Y: 5}}
	s2.SetWrench(0, w)
	for k := 0; k < 600; k++ {
		must(t, s2, &st, nil)
	}
	if d := upper - st.Q[0]; !(d > 0 && d < 1e-6) || math.Abs(st.V[0]) > 1e-6 {
		t.Errorf("pushed against its limit it rests %g rad before it at %g rad/s", d, st.V[0])
	}
}

// TestDryFriction: a body that turns against dry friction τ loses τh/J per step and then stands; a torque
// below τ does not move it.
func TestDryFriction(t *testing.T) {
	const h, tau = 0.01, 0.7
	for _, c := range []struct {
		name    string
		typ     sim.JointType
		inertia float64
		ball    bool
	}{{"hinge", aHinge, 0.5, false}, {"slider", aSlider, 2, false}, {"ball", sim.Spherical(), 0.5, true}} {
		_, s, st := single(t, h, c.typ, sim.Axis{Friction: tau, Drive: sim.Torque})
		v0, dir := 2.05, []float64{1, 0, 0}
		if c.ball {
			dir = []float64{0.6, -0.64, 0.48}
		}
		for i := range st.V {
			st.V[i] = v0 * dir[i]
		}
		stop := v0 * c.inertia / tau
		speed := func() float64 {
			n := 0.0
			for _, v := range st.V {
				n += v * v
			}
			return math.Sqrt(n)
		}
		half := int(stop / h / 2)
		for k := 0; k < half; k++ {
			must(t, s, &st, nil)
		}
		want := v0 - tau/c.inertia*h*float64(half)
		if d := math.Abs(speed() - want); d > 1e-6 {
			t.Errorf("%s: half way to rest the speed is off by %g", c.name, d)
		}
		for k := half; k < int(stop/h)+5; k++ {
			must(t, s, &st, nil)
		}
		u := make([]float64, len(st.V))
		for i := range u {
			u[i] = 0.9 * tau * dir[i]
		}
		if v := speed(); v > 1e-6 {
			t.Errorf("%s: does not stop: %g", c.name, v)
		}
		for k := 0; k < 100; k++ {
			must(t, s, &st, u)
		}
		creep := speed()
		for i := range u {
			u[i] *= 1.5 / 0.9
		}
		for i := range st.V {
			st.V[i] = 0
		}
		for k := 0; k < 50; k++ {
			must(t, s, &st, u)
		}
		t.Logf("%s: creeps at %.2g under 0.9 of the bound; 1.5 of it accelerates by %.5f, want %.5f", c.name, creep, speed()/(50*h), 0.5*tau/c.inertia)
		if creep > 1e-5 || math.Abs(speed()/(50*h)/(0.5*tau/c.inertia)-1) > 1e-3 {
			t.Errorf("%s: creeps at %g, accelerates by %g", c.name, creep, speed()/(50*h))
		}
	}
}

// TestDamping: implicit damping divides the speed by 1 + hd/J per step, at any size of d.
func TestDamping(t *testing.T) {
	for _, d := range []float64{0.3, 50, 1e9} {
		const h = 0.01
		_, s, st := single(t, h, aSlider, sim.Axis{Damping: d})
		st.V[0] = 3
		for k := 1; k <= 5; k++ {
			must(t, s, &st, nil)
			want := 3 / math.Pow(1+h*d/2, float64(k))
			if math.Abs(st.V[0]-want) > 1e-9*3 {
				t.Errorf("damping %g, step %d: speed %g, want %g", d, k, st.V[0], want)
			}
		}
		for _, typ := range []sim.JointType{aHinge, sim.Spherical(), sim.Free(), sim.Universal(r3.Vec{X: 1}, r3.Vec{Y: 1}), sim.Planar(up)} {
			m, s, st := single(t, h, typ, sim.Axis{Damping: d})
			rng := seeded(4)
			for i := range st.V {
				st.V[i] = 3 * rng.NormFloat64()
			}
			e := totalEnergy(t, s, st)
			for k := 0; k < 50; k++ {
				must(t, s, &st, nil)
				next := totalEnergy(t, s, st)
				if next > e*(1+1e-9) {
					t.Fatalf("%v, damping %g: energy grows from %g to %g", m.Joints()[0].Type, d, e, next)
				}
				e = next
			}
			if d > 100 && e > 1e-9 {
				t.Errorf("damping %g leaves %g J", d, e)
			}
		}
	}
}

// TestSpring: the variational midpoint rule oscillates at (2/h) atan(ωh/2), ω = √(k/J), second order in h,
// without loss over a thousand periods, and stays bounded when ωh is large.
func TestSpring(t *testing.T) {
	const k = 200.0
	for _, c := range []struct {
		typ     sim.JointType
		inertia float64
	}{{aSlider, 2}, {aHinge, 0.5}} {
		omega := math.Sqrt(k / c.inertia)
		var hs, errs []float64
		for _, h := range []float64{0.02, 0.01, 0.005} {
			_, s, st := single(t, h, c.typ, sim.Axis{Stiffness: k, Rest: 0.1})
			st.Q[0] = 0.1 + 0.02
			var crossings []float64
			for i := 1; len(crossings) < 41; i++ {
				was := st.Q[0] - 0.1
				must(t, s, &st, nil)
				if now := st.Q[0] - 0.1; was > 0 != (now > 0) {
					crossings = append(crossings, h*(float64(i)-now/(now-was)))
				}
			}
			got := 20 * 2 * math.Pi / (crossings[40] - crossings[0])
			hs, errs = append(hs, h), append(errs, math.Abs(got-omega)/omega)
			if c.inertia == 2 {
				if want := 2 / h * math.Atan(omega*h/2); math.Abs(got/want-1) > 3e-4 { // interpolated crossings
					t.Errorf("h = %g: frequency %g rad/s, want %g", h, got, want)
				}
			}
		}
		if p := slope(hs, errs); p < 1.8 || p > 2.2 {
			t.Errorf("frequency error falls as h^%.2f: %v", p, errs)
		}
		t.Logf("frequency errors %.2g at h = %v", errs, hs)

		_, s, st := single(t, 0.01, c.typ, sim.Axis{Stiffness: k})
		st.Q[0] = 0.3
		must(t, s, &st, nil)
		e0, worst := totalEnergy(t, s, st), 0.0
		for i := 0; i < 50_000; i++ {
			must(t, s, &st, nil)
			worst = math.Max(worst, math.Abs(totalEnergy(t, s, st)/e0-1))
		}
		t.Logf("energy of the spring stays within %.2g over 500 s", worst)
		// linear: exact; the hinge oscillates by what (ωh)²/12 at its amplitude changes
		if limit := map[float64]float64{2: 1e-9, 0.5: 5e-3}[c.inertia]; worst > limit {
			t.Errorf("spring energy off by %g, want ≤ %g", worst, limit)
		}
	}
	// a ball joint's spring, nearly round
	_, s, st := single(t, 0.01, sim.Spherical(), sim.Axis{Stiffness: k})
	q := axisAngle(r3.Unit(r3.Vec{X: 1, Y: 1, Z: 2}), 0.5)
	setQuat(&st, q)
	st.V[0] = 1
	must(t, s, &st, nil)
	e0, worst := totalEnergy(t, s, st), 0.0
	for i := 0; i < 20_000; i++ {
		must(t, s, &st, nil)
		worst = math.Max(worst, math.Abs(totalEnergy(t, s, st)/e0-1))
	}
	t.Logf("energy of a ball joint's spring stays within %.2g over 200 s", worst)
	if worst > 1e-2 {
		t.Errorf("energy of a ball joint's spring off by %g", worst)
	}
}

// TestServo: implicit gains are stable at any step and reach their target; with a bound on its effort a
// servo accelerates by exactly that bound.
func TestServo(t *testing.T) {
	for _, c := range []struct{ h, kp, kd float64 }{{0.1, 1e6, 0}, {0.1, 1e6, 1e3}, {0.01, 100, 5}, {0.05, 1e8, 1}} {
		for _, typ := range []sim.JointType{aHinge, aSlider} {
			m, _, st := single(t, c.h, typ, sim.Axis{Drive: sim.Servo, Kp: c.kp, Kd: c.kd})
			s, top := m.NewStepper(sim.Options{}), 0.0
			for k := 0; k < 300; k++ {
				must(t, s, &st, []float64{0.7})
				top = math.Max(top, math.Abs(st.Q[0]))
			}
			if math.Abs(st.Q[0]-0.7) > 1e-3 || top > 1.3 {
				t.Errorf("h = %g, kp = %g, kd = %g: ends at %g (at most %g), want 0.7", c.h, c.kp, c.kd, st.Q[0], top)
			}
		}
	}
	// a ball joint turns to its rotation vector
	_, s, st := single(t, 0.02, sim.Spherical(), sim.Axis{Drive: sim.Servo, Kp: 200, Kd: 20})
	for k := 0; k < 500; k++ {
		must(t, s, &st, []float64{0.3, -0.5, 0.4})
	}
	v := r3.Vec{X: 0.3, Y: -0.5, Z: 0.4}
	d := quat.Mul(quat.Conj(axisAngle(r3.Unit(v), r3.Norm(v))), quatOf(st.Q))
	if e := 2 * math.Sqrt(d.Imag*d.Imag+d.Jmag*d.Jmag+d.Kmag*d.Kmag); e > 1e-6 {
		t.Errorf("a ball servo ends %g rad from its target", e)
	}
	const h, effort = 0.005, 1.5
	for _, c := range []struct {
		typ     sim.JointType
		inertia float64
	}{{aHinge, 0.5}, {aSlider, 2}} {
		_, s, st := single(t, h, c.typ, sim.Axis{Drive: sim.Servo, Kp: 1e4, Kd: 10, Effort: effort})
		worst := 0.0
		for k := 0; k < 40; k++ {
			was := st.V[0]
			must(t, s, &st, []float64{100})
			worst = math.Max(worst, math.Abs((st.V[0]-was)/h*c.inertia/effort-1))
		}
		t.Logf("saturated servo: force off by %.2g of its bound", worst)
		if worst > 1e-6 { // κ = 1e-8
			t.Errorf("a saturated servo pushes %g off its bound", worst)
		}
		// released near its target it is not saturated and behaves like one without a bound
		_, free, a := single(t, h, c.typ, sim.Axis{Drive: sim.Servo, Kp: 10, Kd: 1})
		_, bound, b := single(t, h, c.typ, sim.Axis{Drive: sim.Servo, Kp: 10, Kd: 1, Effort: 1e3})
		a.Q[0], b.Q[0] = 0.1, 0.1
		for k := 0; k < 200; k++ {
			must(t, free, &a, []float64{0})
			must(t, bound, &b, []float64{0})
		}
		if e := math.Abs(a.Q[0] - b.Q[0]); e > 1e-6 {
			t.Errorf("a bound far away moves the servo by %g", e)
		}
	}
}

func TestEffortClampsTorque(t *testing.T) {
	const h = 0.01
	for _, u := range []float64{3, -3, 0.4} {
		_, s, st := single(t, h, aSlider, sim.Axis{Drive: sim.Torque, Effort: 1})
		for k := 0; k < 10; k++ {
			must(t, s, &st, []float64{u})
		}
		want := math.Max(-1, math.Min(1, u)) / 2 * 10 * h
		if math.Abs(st.V[0]-want) > 1e-12 {
			t.Errorf("input %g N with effort 1 N: speed %g, want %g", u, st.V[0], want)
		}
	}
}

func TestArmatureAddsInertia(t *testing.T) {
	const h = 0.01
	_, s, st := single(t, h, aSlider, sim.Axis{Drive: sim.Torque, Armature: 3})
	for k := 0; k < 10; k++ {
		must(t, s, &st, []float64{5})
	}
	if want := 5. / (2 + 3) * 10 * h; math.Abs(st.V[0]-want) > 1e-12 {
		t.Errorf("5 N on 2 kg and 3 kg of armature: speed %g, want %g", st.V[0], want)
	}
}

// TestMimic drives a chain whose second and third hinge follow the first. The coupling must hold to
// rounding during the motion and do no work: without damping energy is constant.
func TestMimic(t *testing.T) {
	b := newWorld("gripper", 0.005)
	root := b.AddLink("root", sim.BoxInertia(1, r3.Vec{X: 0.1, Y: 0.1, Z: 0.1}))
	b.AddFree("base", root)
	in := sim.BoxInertia(0.4, r3.Vec{X: 0.01, Y: 0.02, Z: 0.1}).Placed(sim.At(0, 0, -0.1))
	one, two, three := b.AddLink("one", in), b.AddLink("two", in), b.AddLink("three", in)
	b.AddJoint(sim.Joint{Name: "one", Type: aHinge, Parent: root, Child: one, Origin: sim.At(0.1, 0, -0.1), Axes: []sim.Axis{{Drive: sim.Torque}}})
	b.AddJoint(sim.Joint{Name: "two", Type: aHinge, Parent: one, Child: two, Origin: sim.At(0, 0, -0.2), Mimic: &sim.Mimic{Joint: "one", Ratio: -0.8, Offset: 0.2}})
	b.AddJoint(sim.Joint{Name: "three", Type: aSlider, Parent: root, Child: three, Origin: sim.At(-0.1, 0, -0.1), Mimic: &sim.Mimic{Joint: "one", Ratio: 0.05}})
	m := mustModel(t, b)
	s := m.NewStepper(sim.Options{Tolerance: 1e-13})
	st := m.NewState()
	st.V[3], st.V[4], st.V[5] = 1, -0.5, 0.7
	rng := seeded(2)
	worst := 0.0
	at := func(name string) float64 {
		j, err := m.Joint(name)
		if err != nil {
			t.Fatal(err)
		}
		return st.Q[j.Q]
	}
	p0, _, _ := s.Momentum(st)
	for k := 0; k < 1000; k++ {
		must(t, s, &st, []float64{0.3 * rng.NormFloat64()})
		worst = math.Max(worst, math.Max(math.Abs(at("two")+0.8*at("one")-0.2), math.Abs(at("three")-0.05*at("one"))))
	}
	p, _, _ := s.Momentum(st)
	fall := r3.Vec{Z: -gravity * 5 * m.TotalMass()}
	t.Logf("mimics hold to %.2g, momentum to %.2g", worst, r3.Norm(r3.Sub(r3.Sub(p, p0), fall)))
	if worst > 1e-12 {
		t.Errorf("mimics are off by %g", worst)
	}
	if d := r3.Norm(r3.Sub(r3.Sub(p, p0), fall)) / r3.Norm(fall); d > 1e-9 {
		t.Errorf("mimics change the total momentum by %g", d)
	}
	// free of inputs
	st = m.NewState()
	j, _ := m.Joint("one")
	for k := 0; k < 20; k++ {
		must(t, s, &st, []float64{0.2})
	}
	if math.Abs(st.V[j.V]) < 0.05 {
		t.Fatal("the mechanism does not move")
	}
	kinetic := func() float64 {
		e, err := s.Energy(st)
		if err != nil {
			t.Fatal(err)
		}
		return e.Kinetic + e.Gravity
	}
	must(t, s, &st, nil)
	e0, off := kinetic(), 0.0
	for k := 0; k < 400; k++ {
		must(t, s, &st, nil)
		off = math.Max(off, math.Abs(kinetic()-e0))
	}
	// against 2.2 kg that fall 20 m and the some 0.1 J the fingers move with
	t.Logf("energy of the free mechanism within %.2g J", off)
	if off > 1e-3 {
		t.Errorf("energy of a mechanism with mimics is off by %g J", off)
	}
}

// TestWrenchOnABody pushes a free body at its center of mass.
func TestWrenchOnABody(t *testing.T) {
	b := sim.NewBuilder("body")
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{})
	b.AddFree("base", b.AddLink("body", sim.SphereInertia(2, 0.5).Placed(sim.At(0.3, 0, 0))))
	m := mustModel(t, b)
	s := m.NewStepper(sim.Options{Tolerance: 1e-13})
	st := m.NewState()
	st.H = 0.01
	s.SetWrench(0, sim.Wrench{Force: r3.Vec{X: 1, Y: 2}, Torque: r3.Vec{Z: 0.1}})
	for k := 0; k < 50; k++ {
		must(t, s, &st, nil)
	}
	p, l, _ := s.Momentum(st)
	// L about the origin: torque plus what the force does to the center's path, which starts at x = 0.3
	if r3.Norm(r3.Sub(p, r3.Vec{X: 0.5, Y: 1})) > 1e-12 {
		t.Errorf("half a second of (1, 2) N gives %v kg m/s", p)
	}
	if want := 0.1*0.5 + 0.3*1.0; math.Abs(l.Z-want) > 1e-12 {
		t.Errorf("angular momentum %g, want %g", l.Z, want)
	}
}
