package dynamics_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/ipm"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// forceTolerance: differences leave 1e-10 of forces of some N over their slopes, h times smaller than 1/h; 1.6e-9 measured.
const forceTolerance = 2e-8

// forceJoints are the joints on which every law of force is checked: all that tell degrees of freedom apart.
var forceJoints = []struct {
	name string
	typ  sim.JointType
}{
	{"slider and hinge", sim.Cylindrical(r3.Vec{X: 1, Y: 0.5})},
	{"universal", sim.Universal(r3.Vec{X: 1}, r3.Vec{Z: 1})},
	{"spherical", sim.Spherical()},
}

// TestForces checks every verb of the joints' own forces by differences: by knot 3, by the start of the step (q₂, v⁻, input), by
// every property of the joint, and by the lengths of the step and of the interval before; after an instant, an interval as long as
// the step and one that is longer.
func TestForces(t *testing.T) {
	rng := rand.New(rand.NewPCG(12, 1))
	kinds := map[dynamics.ParamKind]bool{}
	for _, joint := range forceJoints {
		for _, kind := range axisKinds {
			axis := kind.axis
			axis.Limited = false
			if len(joint.typ.Rot) < 3 {
				axis.Rest = 0.3
			}
			t.Run(joint.name+" "+kind.name, func(t *testing.T) {
				m := linked(t, rng, joint.typ, axis, true, false, sim.Cone).Engine()
				x := knots{m: m, q2: make([]float64, m.NQ), q3: make([]float64, m.NQ), v: make([]float64, m.NV), u: make([]float64, m.NU), h: 0.02}
				d, v := make([]float64, m.NV), make([]float64, m.NV)
				for i := range d {
					d[i], x.v[i], v[i] = 0.5*rng.NormFloat64(), 3*rng.NormFloat64(), 3*rng.NormFloat64()
				}
				for i := range x.u {
					x.u[i] = []float64{0.5, -4}[i%2] // within the effort of 3 and beyond
				}
				m.Neutral(x.q2)
				m.Displace(x.q2, x.q2, d)
				m.Integrate(x.q3, x.q2, v, x.h)
				for _, x.past = range []float64{0, 0.02, 0.03} {
					checkForces(t, x, kinds)
				}
			})
		}
	}
	for k := dynamics.ParamDamping; k <= dynamics.ParamKd; k++ {
		row := k == dynamics.ParamDry || k == dynamics.ParamLower || k == dynamics.ParamUpper || k == dynamics.ParamMaxSpeed // those of rows
		if kinds[k] == row {
			t.Errorf("property %d changes forces: %v", k, kinds[k])
		}
	}
}

// TestEveryPropertyIsTried: a property of a degree of freedom that no kind of axis has would be checked nowhere.
func TestEveryPropertyIsTried(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 1))
	tried := map[string]bool{}
	for _, kind := range axisKinds {
		m := linked(t, rng, sim.Revolute(r3.Vec{X: 1}), kind.axis, true, false, sim.Cone).Engine()
		for i := range m.Dofs {
			v := reflect.ValueOf(m.Dofs[i])
			for k := range v.NumField() {
				f := v.Field(k)
				tried[v.Type().Field(k).Name] = tried[v.Type().Field(k).Name] || !f.IsZero() && !(f.CanFloat() && math.IsInf(f.Float(), 0))
			}
		}
	}
	for name, was := range tried {
		if !was && name != "Rest" && name != "Leave" { // TestForces sets the one where it can be, changing a mimic the other
			t.Errorf("no axis in axisKinds has the property %s", name)
		}
	}
}

// TestFloatingBaseWithForces: a floating base is solved without joint terms only while nothing acts on its joint. With any property
// on its axes the derivatives of a step say whether it was taken for bare.
func TestFloatingBaseWithForces(t *testing.T) {
	rng := rand.New(rand.NewPCG(14, 1))
	for n, kind := range axisKinds {
		b := sim.NewBuilder("base")
		b.SetTimestep(0.01)
		b.SetGravity(gauss(rng, 5))
		l := b.AddLink("base", anyInertia(rng))
		axes := make([]sim.Axis, 6)
		for k := range axes {
			if axes[k] = kind.axis; kind.axis.Limited && k >= 3 {
				axes[k].Lower = 0
			}
			if k >= 3 {
				axes[k].MaxSpeed = 0
			}
		}
		b.AddJoint(sim.Joint{Name: "free", Type: sim.Free(), Parent: sim.World, Child: l, Axes: axes})
		m, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		st := randomState(m, rng, 0.2, 1)
		st.H = []float64{0, 0.01, 0.004}[n%3]
		u := make([]float64, m.NU())
		for k := range u {
			u[k] = 0.3 * rng.NormFloat64()
		}
		checkStep(t, kind.name, m.Engine(), st, u, 1e-4)
	}
}

func checkForces(t *testing.T, x knots, kinds map[dynamics.ParamKind]bool) {
	p := x.probe(t, 0)
	p.Values()
	slope := func(d float64, at func(d float64) knots) []float64 {
		a, b := at(d).probe(t, 0).Forces(), at(-d).probe(t, 0).Forces()
		for i := range a {
			a[i] = (a[i] - b[i]) / (2 * d)
		}
		return a
	}
	agree := func(got, want []float64, size float64, format string, args ...any) {
		t.Helper()
		tol.Within(t, near(got, want, size), forceTolerance, format, args...)
	}
	for k := range x.v {
		byQ, byV, byU := p.ForcesByStart(k)
		agree(p.ForcesByKnot3(k), slope(third, func(d float64) knots { return x.moved(3, k, d) }), 1, "by knot 3 of dof %d", k)
		agree(byQ, slope(third, func(d float64) knots { return x.moved(2, k, d) }), 1, "by knot 2 of dof %d", k)
		agree(byV, slope(third, func(d float64) knots { return x.faster(k, d) }), 0.1, "by velocity %d", k)
		if in := x.m.Dofs[k].Input; in >= 0 {
			agree(byU, slope(third, func(d float64) knots {
				y := x
				y.u = append([]float64(nil), x.u...)
				y.u[in] += d
				return y
			}), 0.1, "by input of dof %d", k)
		}
		for kind := dynamics.ParamDamping; kind <= dynamics.ParamKd; kind++ {
			par := dynamics.Param{Kind: kind, Index: k}
			if !x.m.Differentiable(par) {
				continue
			}
			want := slope(third, func(d float64) knots {
				y := x
				y.m = x.m.Clone()
				y.m.SetValue(par, y.m.Value(par)+d)
				return y
			})
			for _, w := range want {
				kinds[kind] = kinds[kind] || w != 0
			}
			agree(p.ForcesByParam(kind, k), want, 0.1, "by property %d of dof %d", kind, k)
		}
	}
	agree(p.ForcesByTime(dynamics.Lengths{Step: 1}), slope(third*x.h, func(d float64) knots {
		y := x
		y.h += d
		return y
	}), 1, "by the length of the step")
	if x.past == 0 {
		return // an instant stays one
	}
	longer := func(d float64) knots {
		y := x
		y.past += d
		return y
	}
	got := p.ForcesByTime(dynamics.Lengths{Before: 1})
	agree(got, slope(third*x.past, func(d float64) knots { // knot 1 stays where it is
		y := longer(d)
		y.v = append([]float64(nil), x.v...)
		for k := range y.v {
			y.v[k] *= x.past / y.past
		}
		return y
	}), 1, "by the length of the interval before")
	for k := range x.v { // at a fixed velocity it moves by what a change of v by v/H does
		_, byV, _ := p.ForcesByStart(k)
		for i := range got {
			got[i] += byV[i] * x.v[k] / x.past
		}
	}
	agree(got, slope(third*x.past, longer), 1, "by the length of the interval before, at its velocity")
}

// TestSpringHasAPotential: at rest a spring's impulse is the gradient of the energy that Energy reports, times half of both intervals,
// on sliders, hinges and ball joints.
func TestSpringHasAPotential(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 1))
	for _, joint := range forceJoints {
		m := linked(t, rng, joint.typ, sim.Axis{Stiffness: 7}, true, false, sim.Cone).Engine()
		x := knots{m: m, q2: make([]float64, m.NQ), v: make([]float64, m.NV), h: 0.01}
		d := make([]float64, m.NV)
		for i := range d {
			d[i] = 0.6 * rng.NormFloat64()
		}
		m.Neutral(x.q2)
		m.Displace(x.q2, x.q2, d)
		x.q3 = x.q2
		for _, x.past = range []float64{0, 0.01, 0.004} {
			force, weight := x.probe(t, 0).Forces(), (x.past+x.h)/2
			for k := range x.v {
				var e [2]float64
				for i, d := range []float64{third, -third} {
					at, ok := x.moved(2, k, d).probe(t, 0).Stepper().Energy()
					if e[i] = at.Spring; !ok {
						t.Fatal("singular")
					}
				}
				want := (e[0] - e[1]) / (2 * third)
				tol.Within(t, math.Abs(force[k]/weight-want), 1e-8, "%s: spring of dof %d against its potential, %g s after an interval", joint.name, k, x.past)
			}
		}
	}
}

// slide returns a stepper of a mass of 2 kg on a slider, and its state.
func slide(t *testing.T, axis sim.Axis) (*dynamics.Stepper, []float64, []float64) {
	t.Helper()
	b := sim.NewBuilder("slide")
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{})
	l := b.AddLink("mass", sim.BoxInertia(2, r3.Vec{X: 0.1, Y: 0.1, Z: 0.1}))
	b.AddJoint(sim.Joint{Name: "slide", Type: sim.Prismatic(r3.Vec{X: 1}), Parent: sim.World, Child: l, Axes: []sim.Axis{axis}})
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return dynamics.NewStepper(m.Engine()), []float64{0.3}, []float64{1.5}
}

// TestDamperTakesEnergy: over every step the kinetic energy of a damped slider falls by exactly what the damper takes at the new
// velocity and what the implicit rule loses, w c v² + ½ m (Δv)², w half of both intervals, of which the first has no length and the
// others are unequal; and that of turning joints falls.
func TestDamperTakesEnergy(t *testing.T) {
	const mass, c = 2.0, 3.0
	s, q, v := slide(t, sim.Axis{Damping: c})
	past := 0.0
	for k := range 50 {
		old := v[0]
		h := s.Model().Timestep / float64(1+k%3)
		if !s.Load(q, v, nil, h, past) || s.Solve(tight(1e-6)).Status != ipm.Solved {
			t.Fatal("no step")
		}
		s.Store(q, v)
		lost := mass * (old*old - v[0]*v[0]) / 2
		want := (past+h)/2*c*v[0]*v[0] + mass*(old-v[0])*(old-v[0])/2
		tol.Within(t, math.Abs(lost-want)/want, 1e-11, "energy lost at %g m/s", v[0])
		past = h
	}
	rng := rand.New(rand.NewPCG(6, 2))
	for _, joint := range forceJoints {
		m := linked(t, rng, joint.typ, sim.Axis{Damping: 2}, true, false, sim.Frictionless).Engine()
		v := make([]float64, m.NV)
		for i := range v {
			v[i] = rng.NormFloat64()
		}
		free := m.Clone()
		for i := range free.Dofs {
			free.Dofs[i].Damping = 0
		}
		// of turning bodies the energy is kept to second order in h alone: that is what it may rise by
		kept, own := kineticEnergies(t, free, v), 0.0
		for _, e := range kept {
			own = max(own, math.Abs(e-kept[0]))
		}
		damped := kineticEnergies(t, m, v)
		first, last := damped[0], damped[len(damped)-1]
		for k, e := range damped[1:] {
			if !(e < damped[k]+own) {
				t.Errorf("%s, step %d: energy %g after %g, the integrator's own error is %g", joint.name, k, e, damped[k], own)
			}
		}
		if last > 0.995*first || own > 1e-4*first { // 2.3e-5 measured
			t.Errorf("%s: the damper took %g of %g J, with an error of %g", joint.name, first-last, first, own)
		}
	}
}

// kineticEnergies returns the energies at 40 knots of a mechanism that starts from its neutral configuration at an instant, far from
// anything and without weight.
func kineticEnergies(t *testing.T, m *dynamics.Model, v []float64) (e []float64) {
	t.Helper()
	m = m.Clone()
	m.Gravity = r3.Vec{}
	m.Planes[0].Offset, m.Planes[1].Offset = -1e3, -1e3
	q, v, past := make([]float64, m.NQ), append([]float64(nil), v...), 0.0
	m.Neutral(q)
	s := dynamics.NewStepper(m)
	for range 40 {
		if !s.Load(q, v, nil, m.Timestep, past) {
			t.Fatal("load")
		}
		at, ok := s.Energy()
		if !ok {
			t.Fatal("singular")
		}
		e = append(e, at.Kinetic)
		if r := s.Solve(dynamics.NewOptions(1e-8, 0, 0, 0)); r.Status != ipm.Solved {
			t.Fatalf("%+v", r)
		}
		s.Store(q, v)
		past = m.Timestep
	}
	return e
}

// TestSpringAtRest: a slider's spring at its rest pushes with nothing, beyond it with k x, and a servo with kp times its error, all for
// half of both intervals.
func TestSpringAtRest(t *testing.T) {
	for _, c := range []struct {
		name string
		axis sim.Axis
		u    []float64
		want float64 // N, outward positive, at q = 0.3 m and rest
	}{
		{"spring at rest", sim.Axis{Stiffness: 40, Rest: 0.3}, nil, 0},
		{"spring", sim.Axis{Stiffness: 40, Rest: 0.1}, nil, -8},
		{"servo at its target", sim.Axis{Drive: sim.Servo, Kp: 50, Kd: 1}, []float64{0.3}, 0},
		{"servo", sim.Axis{Drive: sim.Servo, Kp: 50, Kd: 1}, []float64{0.5}, 10},
		{"torque", sim.Axis{Drive: sim.Torque}, []float64{4}, 4},
		{"torque beyond its effort", sim.Axis{Drive: sim.Torque, Effort: 3}, []float64{-4}, -3},
		{"armature and damper", sim.Axis{Armature: 5, Damping: 7}, nil, 0},
	} {
		s, q, _ := slide(t, c.axis)
		x := knots{m: s.Model(), q2: q, q3: q, v: []float64{0}, u: c.u, h: 0.01}
		for _, x.past = range []float64{0, 0.01, 0.03} {
			f := x.probe(t, 0).Forces()[0] / ((x.past + x.h) / 2)
			tol.Within(t, math.Abs(f+c.want), 1e-14, "%s: %g N, want %g N, after an interval of %g s", c.name, -f, c.want, x.past)
		}
	}
}

// TestBendIsSine: the spring of a ball joint bent by θ about an axis pushes back with k sin θ about it (the gradient of
// 2‖δ⃗‖² = 1 − cos θ), at rest and with the middles of two intervals that turn about that axis: (sin θ₁ + sin θ₂)/2 for half of
// the one and (sin θ₂ + sin θ₃)/2 for half of the other.
func TestBendIsSine(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 1))
	m := linked(t, rng, sim.Spherical(), sim.Axis{Stiffness: 5}, true, false, sim.Cone).Engine()
	axis, _ := spatial.Unit(gauss(rng, 1))
	for _, angle := range []float64{0, 1e-9, 0.3, 1.5, 3} {
		for _, past := range []float64{0, 0.01, 0.03} {
			for _, rate := range [][2]float64{{}, {3, -7}} { // before and after (rad/s)
				x := knots{m: m, q2: make([]float64, m.NQ), q3: make([]float64, m.NQ), v: make([]float64, m.NV), h: 0.01, past: past}
				d := make([]float64, m.NV)
				b := &m.Bodies[1]
				k := b.V + b.NT
				turn := func(v []float64, angle float64) { copy(v[k:], list(r3.Scale(angle, axis))) }
				turn(d, angle)
				m.Neutral(x.q2)
				m.Displace(x.q2, x.q2, d)
				turn(d, rate[1]*x.h)
				m.Displace(x.q3, x.q2, d)
				turn(x.v, rate[0])
				f := x.probe(t, 0).Forces()
				before := (math.Sin(angle) + math.Sin(angle-rate[0]*past)) / 2
				after := (math.Sin(angle) + math.Sin(angle+rate[1]*x.h)) / 2
				got, want := vector(f[k:k+3]), r3.Scale(5*(past*before+x.h*after)/2, axis)
				tol.Within(t, r3.Norm(r3.Sub(got, want)), 1e-16*10, "bent by %s, %g s after an interval at %g rad/s", fmt.Sprint(angle), past, rate[0])
			}
		}
	}
}
