package dynamics_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// linearized calls f for linearized steps of mechanisms in which all kinds of joints, forces and contacts occur, after intervals of
// several lengths and at instants.
func linearized(t *testing.T, f func(t *testing.T, rng *rand.Rand, s *dynamics.Stepper, x knots)) {
	opts := map[string]func(k int, a *sim.Axis){
		"springs": func(k int, a *sim.Axis) {
			*a = sim.Axis{Damping: 0.3, Stiffness: 20, Rest: 0.1, Armature: 0.05, Drive: sim.Torque, Effort: 0.4, Limited: true, Lower: -0.6, Upper: 0.7}
		},
		"servos": func(k int, a *sim.Axis) { *a = sim.Axis{Drive: sim.Servo, Kp: 50, Kd: 2, Damping: 0.1} },
		"weak servos": func(k int, a *sim.Axis) {
			*a = sim.Axis{Drive: sim.Servo, Kp: 50, Kd: 2, Effort: 3, Friction: 0.4, Armature: 0.02}
		},
	}
	rng := rand.New(rand.NewPCG(71, 2))
	shapes := []contact.Shape{contact.Box(r3.Vec{X: 0.1, Y: 0.15, Z: 0.05}), contact.Cylinder(0.1, 0.15), contact.Capsule(0.05, 0.1)}
	for i := range 15 {
		name := []string{"springs", "servos", "weak servos"}[i%3]
		t.Run(fmt.Sprintf("%s %d", name, i), func(t *testing.T) {
			joints := []sim.JointType{allJoints[i], sim.Revolute(r3.Vec{X: 1}), allJoints[(7*i+2)%15]}
			law := []sim.FrictionLaw{sim.Cone, sim.Pyramid, sim.Frictionless}[i/3%3]
			m := mechanism(t, rng, joints, opts[name], shapes[i/2%3], 0.5, i%2 == 0, law, -0.4).Engine()
			coupled(m, nil)
			x := knots{m: m, q2: make([]float64, m.NQ), q3: make([]float64, m.NQ), v: make([]float64, m.NV), u: make([]float64, m.NU), h: m.Timestep, past: []float64{1, 0, 0.4, 2.5}[i%4] * m.Timestep}
			s := dynamics.NewStepper(m)
			for tries := 0; !solvedAt(s, rng, &x, 0.3, 1e-2); tries++ {
				if tries == 20 {
					t.Fatal("no step converges")
				}
			}
			if !s.Linearize() {
				t.Fatal("singular")
			}
			s.Store(x.q3, make([]float64, m.NV))
			f(t, rng, s, x)
		})
	}
}

// TestChangesOfTheEquations: what states, inputs and parameters do to the equations of a step at fixed knot 3, multipliers changing
// as the laws say, against differences of the equations themselves. TestRows checks what the multipliers do.
func TestChangesOfTheEquations(t *testing.T) {
	linearized(t, func(t *testing.T, rng *rand.Rand, s *dynamics.Stepper, x knots) {
		p := s.Linearized(0)
		lambda := make([]r3.Vec, len(p.Blocks()))
		for n := range lambda {
			lambda[n] = p.Multiplier(n)
		}
		check := func(what string, step float64, at func(d float64) knots, f []float64, rows []r3.Vec) {
			t.Helper()
			var side [2][]float64
			for i, d := range []float64{step, -step} {
				e := at(d).probe(t, 0)
				e.SetMultipliers(s.Couplings())
				e.Values()
				l := make([]r3.Vec, len(lambda))
				for n := range l {
					l[n] = r3.Add(lambda[n], r3.Scale(-d, rows[n]))
				}
				side[i] = e.Residual(l)
			}
			want := make([]float64, len(f))
			for i := range want {
				want[i] = (side[0][i] - side[1][i]) / (2 * step)
			}
			tol.Within(t, near(f, want, 0.1), 2e-8, "%s", what)
		}
		unit := func(n, k int) []float64 {
			e := make([]float64, n)
			e[k] = 1
			return e
		}
		for k := range x.v {
			f, rows := p.PushState(unit(len(x.v), k), nil, nil)
			check(fmt.Sprintf("by coordinate %d", k), third, func(d float64) knots { return x.moved(2, k, d) }, f, rows)
			f, rows = p.PushState(nil, unit(len(x.v), k), nil)
			check(fmt.Sprintf("by velocity %d", k), third, func(d float64) knots { return x.faster(k, d) }, f, rows)
		}
		for k := range x.u {
			f, rows := p.PushState(nil, nil, unit(len(x.u), k))
			check(fmt.Sprintf("by input %d", k), third, func(d float64) knots {
				y := x
				y.u = append([]float64(nil), x.u...)
				y.u[k] += d
				return y
			}, f, rows)
		}
		for _, par := range allParams(x.m) {
			if par.Kind == dynamics.ParamForce {
				continue // its value is not in the model
			}
			if par.Kind == dynamics.ParamTimestep {
				for _, g := range x.growths() {
					s.Grow(g)
					f, rows := p.PerturbBy(par)
					check(fmt.Sprintf("by growth %+v", g), third*x.h, func(d float64) knots { return x.grown(g, d) }, f, rows)
				}
				continue
			}
			f, rows := p.PerturbBy(par)
			check(fmt.Sprintf("by parameter %+v", par), third, func(d float64) knots {
				y := x
				y.m = x.m.Clone()
				y.m.SetValue(par, x.m.Value(par)+d)
				return y
			}, f, rows)
		}
	})
}

// TestThreeWaysToOneJacobian: its columns, pushing unit tangents forward, and pulling unit cotangents back give the same numbers,
// for states, inputs and parameters.
func TestThreeWaysToOneJacobian(t *testing.T) {
	linearized(t, func(t *testing.T, rng *rand.Rand, s *dynamics.Stepper, x knots) {
		nv, nu := x.m.NV, x.m.NU
		params := allParams(x.m)
		wide := 2*nv + nu + len(params)
		columns, pushed, pulled := make([]float64, 2*nv*wide), make([]float64, 2*nv*wide), make([]float64, 2*nv*wide)
		put := func(a []float64, c int, col []float64) {
			for r, y := range col {
				a[r*wide+c] = y
			}
		}
		a, b, col := make([]float64, 4*nv*nv), make([]float64, 2*nv*nu), make([]float64, 2*nv)
		s.StateJacobian(a)
		s.InputJacobian(b)
		for r := range 2 * nv {
			copy(columns[r*wide:], a[2*nv*r:2*nv*(r+1)])
			copy(columns[r*wide+2*nv:], b[nu*r:nu*(r+1)])
		}
		for c := range 2*nv + nu {
			e := make([]float64, 2*nv+nu)
			e[c] = 1
			s.JVP(col[:nv], col[nv:], e[:nv], e[nv:2*nv], e[2*nv:])
			put(pushed, c, col)
		}
		for n, par := range params {
			s.ParamColumn(col[:nv], col[nv:], par)
			put(columns, 2*nv+nu+n, col)
			put(pushed, 2*nv+nu+n, col)
		}
		for r := range 2 * nv {
			y := make([]float64, 2*nv)
			y[r] = 1
			row := pulled[r*wide : (r+1)*wide]
			s.VJP(row[:nv], row[nv:2*nv], row[2*nv:2*nv+nu], y[:nv], y[nv:])
			s.ParamVJP(row[2*nv+nu:], params, y[:nv], y[nv:])
		}
		for c := range wide {
			size, forward, back := 0.0, 0.0, 0.0
			for r := range 2 * nv {
				k := r*wide + c
				size = max(size, math.Abs(columns[k]))
				forward = max(forward, math.Abs(pushed[k]-columns[k]))
				back = max(back, math.Abs(pulled[k]-columns[k]))
			}
			if c < 2*nv && size == 0 {
				t.Errorf("column %d is zero", c)
			}
			size = max(size, 1e-3) // parameters that hardly matter are sums of what cancels
			// rounding times the condition of the step's matrix, which grows as 1/κ: 1e-13 to 1e-11 measured, and
			// 2e-10 at κ = 1e-3
			tol.Within(t, forward/size, 5e-11, "column %d of %d, pushed", c, wide)
			tol.Within(t, back/size, 5e-11, "column %d of %d, pulled", c, wide)
		}
	})
}

// TestInertiaColumn: the derivative along a combination of inertial parameters is that combination of their columns.
func TestInertiaColumn(t *testing.T) {
	linearized(t, func(t *testing.T, rng *rand.Rand, s *dynamics.Stepper, x knots) {
		nv := x.m.NV
		for body := range x.m.Bodies {
			var w [10]float64
			want, got, col := make([]float64, 2*nv), make([]float64, 2*nv), make([]float64, 2*nv)
			for c := range w {
				w[c] = rng.NormFloat64()
				s.ParamColumn(col[:nv], col[nv:], dynamics.Param{Kind: dynamics.ParamInertia, Index: body, Comp: c})
				for i := range want {
					want[i] += w[c] * col[i]
				}
			}
			s.InertiaColumn(got[:nv], got[nv:], body, &w)
			tol.Within(t, near(got, want, 0), 1e-12, "body %d", body)
		}
	})
}
