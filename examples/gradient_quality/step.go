package main

import (
	"fmt"
	"io"
	"math"
	"math/rand/v2"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
	"gonum.org/v1/gonum/stat/distuv"
)

// The box of Dojo's block: 1 kg, 0.5 m. It may move along x and z but not turn, so that its four corners
// carry the same and the step has a closed form.
const (
	mass     = 1.0  // kg
	half     = 0.25 // m
	gravity  = 9.81 // m/s²
	timestep = 0.01 // s
	friction = 0.5
	corners  = 4

	free = timestep * timestep / mass // derivative of the position by the force without contact (m/N)
	hard = 1e-10                      // κ of the hard contact that is sampled
)

var kappas = []float64{1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10}

func buildBox() (*sim.Model, error) {
	b := sim.NewBuilder("box")
	b.SetTimestep(timestep)
	b.SetGravity(r3.Vec{Z: -gravity})
	b.AddGround()
	l := b.AddLink("box", sim.BoxInertia(mass, r3.Vec{X: half, Y: half, Z: half}))
	force := sim.Axis{Drive: sim.Torque}
	b.AddJoint(sim.Joint{
		Name: "slide", Type: sim.JointType{Trans: []r3.Vec{{X: 1}, {Z: 1}}}, Parent: sim.World, Child: l,
		Origin: sim.At(0, 0, half), Axes: []sim.Axis{force, force}, // z is the gap
	})
	feet := []r3.Vec{{X: half, Y: half, Z: -half}, {X: half, Y: -half, Z: -half}, {X: -half, Y: half, Z: -half}, {X: -half, Y: -half, Z: -half}}
	b.AddCollider(sim.Collider{Link: l, Shape: contact.Points(feet), Friction: friction})
	return b.Build()
}

// motion is a direction in which a force acts and the box moves.
type motion struct {
	name   string
	label  string  // of the force at which hard contact gives way
	axis   int     // 0 along x, 1 along z
	center float64 // force at which hard contact gives way (N)
	from   func(c constants) float64
	closed func(c constants, force float64) (position, derivative float64)
}

// Pulling begins with the box touching the ground, so that contact breaks at the weight for every κ. Pushing
// begins at rest, at the height where the relaxed contact carries the weight.
var motions = []motion{
	{"pull", "m g", 1, mass * gravity, func(constants) float64 { return 0 }, constants.pull},
	{"push", "μ m g", 0, friction * mass * gravity, constants.rest, constants.push},
}

// engine takes one step from rest.
type engine struct {
	grad  *implicit.Gradient
	start sim.State
	next  sim.State
	u     [2]float64
	b     mat.Dense
	axis  int
}

// newEngine returns an engine that steps at kappa from the given gap. It differentiates there too, or at a
// larger κ when one follows.
func newEngine(m *sim.Model, mo motion, kappa, gap float64, differentiate ...float64) (*engine, error) {
	s := m.NewStepper(sim.Options{Kappa: kappa, Centrality: 1e-11, Tolerance: 1e-12, Margin: math.Inf(1)})
	var opt implicit.Options
	if len(differentiate) > 0 {
		opt.Kappa = differentiate[0]
	}
	g, err := implicit.New(s, opt)
	if err != nil {
		return nil, err
	}
	e := &engine{grad: g, start: m.NewState(), next: m.NewState(), axis: mo.axis}
	e.start.Q[1], e.start.H = gap, m.Timestep() // a step like any other of a run
	return e, nil
}

// step returns the position after a step under the force, and its derivative by the force.
func (e *engine) step(force float64) (position, derivative float64, err error) {
	e.u[e.axis] = force
	if _, err := e.grad.Step(&e.next, e.start, e.u[:]); err != nil {
		return 0, 0, err
	}
	if err := e.grad.InputJacobian(&e.b); err != nil {
		return 0, 0, err
	}
	return e.next.Q[e.axis], e.b.At(e.axis, e.axis), nil
}

// curve is one motion at one κ over a range of forces.
type curve struct {
	kappa                        float64
	force                        []float64
	position, derivative         []float64
	positionError, gradientError float64 // largest, against the closed form, relative to h²/m
}

func sweep(m *sim.Model, mo motion, kappa float64, n int) (*curve, error) {
	c := newConstants(m, kappa)
	e, err := newEngine(m, mo, kappa, mo.from(c))
	if err != nil {
		return nil, err
	}
	v := &curve{kappa: kappa}
	for i := 0; i <= n; i++ {
		f := 2 * mo.center * float64(i) / float64(n)
		x, d, err := e.step(f)
		if err != nil {
			return nil, fmt.Errorf("%s at %g N, κ = %g: %w", mo.name, f, kappa, err)
		}
		cx, cd := mo.closed(c, f)
		v.force, v.position, v.derivative = append(v.force, f), append(v.position, x), append(v.derivative, d)
		v.positionError = math.Max(v.positionError, math.Abs(x-cx)/(free*mass*gravity))
		v.gradientError = math.Max(v.gradientError, math.Abs(d-cd)/free)
	}
	return v, nil
}

// oneStep compares a step with its closed form and returns the curves.
func oneStep(w io.Writer) ([]picture, error) {
	m, err := buildBox()
	if err != nil {
		return nil, err
	}
	pictures := make([]picture, len(motions))
	for i, mo := range motions {
		p := &pictures[i]
		p.motion = mo
		fmt.Fprintf(w, "%s: derivative of the position after one step by the force, in units of h²/m\n\n", mo.name)
		fmt.Fprintln(w, "   κ      at 0.5 F*   at F*    at 1.5 F*   differs from closed form by less than")
		for _, k := range kappas {
			const n = 200
			c, err := sweep(m, mo, k, n)
			if err != nil {
				return nil, err
			}
			p.curves = append(p.curves, c)
			fmt.Fprintf(w, "%5.0e     %7.4f   %7.4f   %7.4f     %.0e\n", k, c.derivative[n/4]/free, c.derivative[n/2]/free, c.derivative[3*n/4]/free, bound(c.gradientError))
			if !(c.gradientError < 1e-6 && c.positionError < 1e-6) {
				return nil, fmt.Errorf("%s at κ = %g: position differs from the closed form by %.1e, derivative by %.1e", mo.name, k, c.positionError, c.gradientError)
			}
		}
		fmt.Fprintf(w, "F* = %.3f N, where hard contact gives way\n\n", mo.center)
	}
	if err := twoKappas(w, m); err != nil {
		return nil, err
	}
	return pictures, student(w, m)
}

// twoKappas simulates hard contact and differentiates softer contact: the positions are those of one κ, the
// derivatives those of the other.
func twoKappas(w io.Writer, m *sim.Model) error {
	mo := motions[0]
	const simulate, part = 1e-8, 0.9
	force := part * mo.center
	want, _ := mo.closed(newConstants(m, simulate), force)
	fmt.Fprintf(w, "pulled with %g F*, simulated at κ = %g, differentiated at another\n\n", part, simulate)
	fmt.Fprintln(w, "  κ of the derivative   position     derivative")
	for _, k := range []float64{1e-8, 1e-6, 1e-4, 1e-3} {
		e, err := newEngine(m, mo, simulate, 0, k)
		if err != nil {
			return err
		}
		x, d, err := e.step(force)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "        %5.0e          %.4f mm    %.4f\n", k, 1e3*x, d/free)
		_, wantD := mo.closed(newConstants(m, k), force)
		if !(math.Abs(x-want) < 1e-9 && math.Abs(d-wantD) < 1e-6*free) {
			return fmt.Errorf("simulated at κ = %g, differentiated at %g: position %g, want %g; derivative %g, want %g", simulate, k, x, want, d, wantD)
		}
	}
	fmt.Fprintln(w)
	return nil
}

// bound rounds an error up to a power of ten, so that what is printed does not depend on the last bits.
func bound(e float64) float64 {
	return math.Pow(10, math.Max(-9, math.Ceil(math.Log10(e))))
}

// student shows that κ is a randomized smoothing that needs no samples. The derivative of the pulled box,
// (1 + P/√(P² + c))/2, is the distribution function of Student's t with two degrees of freedom and scale
// √(c/2): the derivative of hard contact, averaged over such noise of P.
func student(w io.Writer, m *sim.Model) error {
	const kappa, draws = 1e-4, 4000
	mo, c := motions[0], newConstants(m, kappa)
	scale := math.Sqrt(2*corners*timestep*c.normal/mass) / free // N
	noise := distuv.StudentsT{Sigma: scale, Nu: 2, Src: rand.NewPCG(3, 4)}
	soft, err := newEngine(m, mo, kappa, 0)
	if err != nil {
		return err
	}
	rigid, err := newEngine(m, mo, hard, 0)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "the same derivative as κ = %g, from %d derivatives of hard contact under noise of\nStudent's t with two degrees of freedom and scale %.2f N\n\n", kappa, draws, scale)
	fmt.Fprintln(w, "   force    κ = 1e-4   mean of samples")
	for _, f := range []float64{0.25, 0.75, 1, 1.25, 1.75} {
		force := f * mo.center
		_, want, err := soft.step(force)
		if err != nil {
			return err
		}
		mean := 0.0
		for range draws {
			_, d, err := rigid.step(force + noise.Rand())
			if err != nil {
				return err
			}
			mean += d / draws
		}
		fmt.Fprintf(w, "  %6.2f N   %7.3f    %7.3f\n", force, want/free, mean/free)
		p := want / free
		if e := math.Abs(mean-want) / free; !(e < 5*math.Sqrt(p*(1-p)/draws)) {
			return fmt.Errorf("smoothing with Student's t gives %.4f at %.2f N, κ gives %.4f", mean/free, force, p)
		}
	}
	return nil
}
