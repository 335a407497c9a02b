// Command throw finds the throw of a box that, after flight, impact and sliding, comes to rest at a target
// with a given heading, by following the gradient of the rollout.
//
//	go run ./examples/throw [-kappa K] [-plot FILE.png]
//
// The velocities of the throw are the unknowns; L-BFGS does the rest. Softer contact goes first, as its
// gradient tells of contact from afar; this throw always meets the ground, so -kappa 1e-6 finds one as well.
// It fails unless the box rests within 1 cm of the target in a simulation of hard contact that no derivative
// was taken of.
package main

import (
	"flag"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/examples/internal/program"
	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

const (
	steps    = 160
	timestep = 0.01 // s
	hard     = 1e-8
	near     = 1e-4 // m: a search ends this near to the target
	enough   = near * near / 2
)

var (
	half    = r3.Vec{X: 0.15, Y: 0.1, Z: 0.05} // m
	target  = r3.Vec{X: 2, Y: 0.6, Z: half.Z}  // of the center
	heading = math.Pi / 3                      // of the box's long side, from its start along x

	// guess is the first throw: linear velocity, then angular.
	guess = []float64{1, 0, 1.5, 0, 0, 0}
)

func main() { program.Main("throw", run) }

func buildBox() (*sim.Model, error) {
	b := sim.NewBuilder("box")
	b.SetTimestep(timestep)
	b.SetGravity(r3.Vec{Z: -9.81})
	b.AddGround()
	l := b.AddLink("box", sim.BoxInertia(1, half))
	b.AddFree("free", l)
	b.AddCollider(sim.Collider{Link: l, Shape: contact.Box(half), Friction: 0.4})
	return b.Build()
}

// start is the state in the hand, 0.4 m above the ground and tilted, thrown with the given velocities.
func start(m *sim.Model, throw []float64) sim.State {
	s := m.NewState()
	s.Q[2] = 0.4
	q := sim.RPY(0.1, -0.15, 0)
	copy(s.Q[3:], []float64{q.Real, q.Imag, q.Jmag, q.Kmag})
	copy(s.V, throw)
	return s
}

// miss is how far a state is from resting at the target, along the ground: soft contact lifts a box a little.
func miss(s sim.State) (distance, angle, speed float64) {
	long := r3.Rotation(rotation(s)).Rotate(r3.Vec{X: 1})
	for _, v := range s.V[:3] {
		speed += v * v
	}
	return math.Hypot(s.Q[0]-target.X, s.Q[1]-target.Y), math.Acos(math.Max(-1, math.Min(1, r3.Dot(long, aim())))), math.Sqrt(speed)
}

func aim() r3.Vec { return r3.Vec{X: math.Cos(heading), Y: math.Sin(heading)} }

func rotation(s sim.State) quat.Number {
	return quat.Number{Real: s.Q[3], Imag: s.Q[4], Jmag: s.Q[5], Kmag: s.Q[6]}
}

// cost is ½ distance² + ½ (0.3 m)² · 2(1 − cos angle) of the last state, with its gradient in the tangent
// space: turning the box by δ in its own axes moves the long side by R(δ × x).
func cost(s sim.State, g implicit.Tangent) float64 {
	const arm = 0.3 // m, what an error of 1 rad is worth
	c := 0.0
	for i, t := range []float64{target.X, target.Y} {
		d := s.Q[i] - t
		c += d * d / 2
		g.Q[i] += d
	}
	side := r3.Vec{X: 1}
	local := r3.Rotation(quat.Conj(rotation(s))).Rotate(aim())
	c += arm * arm * (1 - r3.Dot(side, local))
	turn := r3.Scale(-arm*arm, r3.Cross(side, local))
	for i, d := range []float64{turn.X, turn.Y, turn.Z} {
		g.Q[3+i] += d
	}
	return c
}

// problem is the throw as an optimization problem at one κ.
type problem struct {
	m      *sim.Model
	grad   *implicit.Gradient
	inputs [][]float64
	throw  []float64                 // the last one
	last   *implicit.RolloutGradient // of the last throw
	err    error                     // of the first rollout that failed
	count  int                       // of rollouts
}

func newProblem(m *sim.Model, kappa float64) (*problem, error) {
	g, err := implicit.New(m.NewStepper(sim.Options{Kappa: kappa}), implicit.Options{})
	return &problem{m: m, grad: g, inputs: make([][]float64, steps)}, err
}

// roll throws, unless the throw is the last one: the cost and its gradient are asked for one after the other.
func (p *problem) roll(throw []float64) {
	if p.err != nil || slices.Equal(throw, p.throw) {
		return
	}
	p.count++
	p.throw = slices.Clone(throw)
	p.last, p.err = p.grad.Rollout(start(p.m, throw), p.inputs, implicit.Cost{Terminal: cost}, implicit.RolloutOptions{})
	if p.err != nil {
		p.last = &implicit.RolloutGradient{Cost: math.NaN()}
	}
}

// cost is that of the throw's rollout, not a number when it fails.
func (p *problem) cost(throw []float64) float64 {
	p.roll(throw)
	return p.last.Cost
}

// gradient stores the derivative of cost.
func (p *problem) gradient(g, throw []float64) {
	p.roll(throw)
	copy(g, p.last.Start.V)
}

// checkGradient compares the gradient with differences of whole rollouts, and returns the largest error
// relative to the largest component.
func (p *problem) checkGradient(throw []float64) (float64, error) {
	g := make([]float64, len(throw))
	p.gradient(g, throw)
	largest, worst := 0.0, 0.0
	for _, x := range g {
		largest = math.Max(largest, math.Abs(x))
	}
	for i := range g {
		// Richardson's extrapolation: a long rollout bends the cost
		difference := func(e float64) float64 {
			x := slices.Clone(throw)
			x[i] += e
			a := p.cost(x)
			x[i] -= 2 * e
			return (a - p.cost(x)) / (2 * e)
		}
		const e = 1e-4
		worst = math.Max(worst, math.Abs((4*difference(e/2)-difference(e))/3-g[i])/largest)
	}
	return worst, p.err
}

// path is a trajectory to draw.
type path struct {
	kappa  float64
	states []sim.State
}

func run(args []string, w io.Writer) error {
	f := flag.NewFlagSet("throw", flag.ContinueOnError)
	file := f.String("plot", "", "write a picture to this PNG `file`")
	only := f.Float64("kappa", 0, "search at this κ alone (default: 1e-3, then 1e-6)")
	if err := program.Parse(f, args); err != nil {
		return err
	}
	m, err := buildBox()
	if err != nil {
		return err
	}
	throw := guess
	var kept []path
	rollouts := 0
	kappas := []float64{1e-3, 1e-6}
	if *only > 0 {
		kappas = []float64{*only}
	}
	for stage, kappa := range kappas {
		p, err := newProblem(m, kappa)
		if err != nil {
			return err
		}
		if stage == 0 {
			e, err := p.checkGradient(throw)
			if err != nil {
				return err
			}
			fmt.Fprintf(w, "gradient of a rollout of %d steps against differences at κ = %g: %.0e\n\n", steps, kappa, e)
			fmt.Fprintln(w, "  κ     iteration   distance    heading off by")
			if !(e < 1e-5) {
				return fmt.Errorf("the gradient differs from differences by %.1e", e)
			}
		}
		throw, err = p.search(throw, 40, func(n int) {
			d, a, _ := miss(p.last.States[steps])
			fmt.Fprintf(w, "%5.0e   %4d   %9.4f m   %6.1f°\n", kappa, n, d, a*180/math.Pi)
			kept = append(kept, path{kappa, p.last.States})
		})
		if err != nil {
			return fmt.Errorf("the search at κ = %g: %w", kappa, err)
		}
		rollouts += p.count
	}
	fmt.Fprintf(w, "\n%d rollouts; velocity %.3f m/s, spin %.3f rad/s\n", rollouts, throw[:3], throw[3:])
	// hard contact, and no derivative
	t, err := m.NewStepper(sim.Options{Kappa: hard}).Rollout(start(m, throw), steps, nil)
	if err != nil {
		return err
	}
	kept = append(kept, path{hard, t.States})
	d, a, v := miss(t.States[steps])
	flight, slide := phases(t.States)
	fmt.Fprintf(w, "hard contact, κ = %g: %.2f s of flight, %.2f m of sliding and rocking; comes to rest %.1f mm from the target, heading off by %.1f°\n", hard, flight, slide, 1e3*d, a*180/math.Pi)
	if !(d < 0.01 && a < 0.02 && v < 1e-4) {
		return fmt.Errorf("the box ends %g m from the target, %g rad off, at %g m/s", d, a, v)
	}
	if !(flight > 0.2 && slide > 0.1) {
		return fmt.Errorf("%g s of flight and %g m of sliding are no throw through flight, impact and sliding", flight, slide)
	}
	if *file != "" {
		return draw(*file, kept)
	}
	return nil
}

// phases returns the time until the box first touches and the way of its center along the ground from there.
func phases(states []sim.State) (flight, slide float64) {
	touched := false
	for i, s := range states {
		if low := lowest(s); !touched && low < 1e-3 {
			touched, flight = true, float64(i)*timestep
		}
		if touched {
			slide += math.Hypot(s.Q[0]-states[i-1].Q[0], s.Q[1]-states[i-1].Q[1])
		}
	}
	return flight, slide
}

// lowest returns the height of the box's lowest corner.
func lowest(s sim.State) float64 {
	up := r3.Rotation(quat.Conj(rotation(s))).Rotate(r3.Vec{Z: 1})
	return s.Q[2] - half.X*math.Abs(up.X) - half.Y*math.Abs(up.Y) - half.Z*math.Abs(up.Z)
}
