// Command cartpole_lqr linearizes a cart with a pole at the top, computes the gain of a linear-quadratic
// regulator and balances the pole with it in the full simulation.
//
//	go run ./examples/cartpole_lqr [-plot FILE.png]
//
// Mechanism and costs are those of Dojo's example, and the gain agrees with the one that Dojo's manual
// prints (Dojo.jl, docs/src/creating_simulation/define_controller.md).
package main

import (
	"flag"
	"fmt"
	"io"
	"math"

	"github.com/ukemi-sim/ukemi/examples/internal/program"
	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
)

// dojo is the gain of Dojo's manual for cart position, cart velocity, pole angle, pole rate, as printed.
var dojo = [4]float64{-0.948838, -2.54837, 48.6627, 10.871}

func main() { program.Main("cartpole_lqr", run) }

// cartpole is Dojo's: cart 1 kg along y, pole a solid capsule of 1 kg, radius 7.5 cm and length 1 m between
// the centers of its caps, hinged at the lower one, no damping. (That of the zoo is Gymnasium's.)
func cartpole(h float64) (*sim.Model, error) {
	b := sim.NewBuilder("cartpole")
	b.SetTimestep(h)
	b.SetGravity(r3.Vec{Z: -9.81})
	cart := b.AddLink("cart", sim.BoxInertia(1, r3.Vec{X: 0.1, Y: 0.2, Z: 0.1})) // it does not turn
	pole := b.AddLink("pole", sim.CapsuleInertia(1, 0.075, 0.5).Placed(sim.At(0, 0, 0.5)))
	b.AddJoint(sim.Joint{Name: "track", Type: sim.Prismatic(r3.Vec{Y: 1}), Parent: sim.World, Child: cart, Axes: []sim.Axis{{Drive: sim.Torque}}})
	b.AddJoint(sim.Joint{Name: "hinge", Type: sim.Revolute(r3.Vec{X: 1}), Parent: cart, Child: pole})
	return b.Build()
}

// linearize returns the Jacobians of a step at the top: next = A state + B force, states ordered (q, v).
func linearize(m *sim.Model) (a, b *mat.Dense, err error) {
	g, err := implicit.New(m.NewStepper(sim.Options{}), implicit.Options{})
	if err != nil {
		return nil, nil, err
	}
	top, next := m.NewState(), m.NewState()
	top.H = m.Timestep() // a step like any other of a run: its velocity is that of the interval before, not of an instant
	if _, err := g.Step(&next, top, nil); err != nil {
		return nil, nil, err
	}
	a, b = new(mat.Dense), new(mat.Dense)
	if err := g.StateJacobian(a); err != nil {
		return nil, nil, err
	}
	return a, b, g.InputJacobian(b)
}

// lqr returns the gain k that minimizes Σ |x|² + u² under x ← A x + B u, u = −k x: the fixed point of
//
//	k = (1 + BᵀPB)⁻¹ BᵀPA ,  P = 1 + AᵀP(A − Bk)
func lqr(a, b *mat.Dense) (*mat.Dense, error) {
	n, _ := a.Dims()
	one := mat.NewDiagDense(n, nil)
	for i := range n {
		one.SetDiag(i, 1)
	}
	p, k := mat.DenseCopyOf(one), mat.NewDense(1, n, nil)
	for range 100_000 {
		var pa, pb, bpb, bpa, closed, next, change mat.Dense
		pa.Mul(p, a)
		pb.Mul(p, b)
		bpb.Mul(b.T(), &pb)
		bpa.Mul(b.T(), &pa)
		k.Scale(1/(1+bpb.At(0, 0)), &bpa)
		closed.Mul(b, k)
		closed.Sub(a, &closed)
		closed.Mul(p, &closed)
		next.Mul(a.T(), &closed)
		next.Add(one, &next)
		change.Sub(&next, p)
		p.Copy(&next)
		if mat.Max(&change) <= 1e-12*mat.Max(p) && mat.Min(&change) >= -1e-12*mat.Max(p) {
			return k, nil
		}
	}
	return nil, fmt.Errorf("the Riccati iteration did not settle")
}

// gain returns the gain in the order of Dojo: cart position and velocity, pole angle and rate.
func gain(h float64) (m *sim.Model, a, b, k *mat.Dense, ordered [4]float64, err error) {
	if m, err = cartpole(h); err != nil {
		return
	}
	if a, b, err = linearize(m); err != nil {
		return
	}
	if k, err = lqr(a, b); err != nil {
		return
	}
	for i, j := range [4]int{0, 2, 1, 3} {
		ordered[i] = k.At(0, j)
	}
	return
}

// swing is a balanced motion.
type swing struct {
	angle         float64 // start
	t, x, theta   []float64
	force         []float64
	linear        []float64 // angle of the linear model
	travel, power float64   // largest distance and force
}

// balance simulates the full mechanism under u = −k x for the given time.
func balance(m *sim.Model, a, b, k *mat.Dense, angle, seconds float64) (*swing, error) {
	s, cur := m.NewStepper(sim.Options{}), m.NewState()
	cur.Q[1], cur.H = angle, m.Timestep()
	w := &swing{angle: angle}
	lin := mat.NewVecDense(4, []float64{0, angle, 0, 0})
	var closed mat.Dense
	closed.Mul(b, k)
	closed.Sub(a, &closed)
	for i := range int(math.Round(seconds / m.Timestep())) {
		u := -mat.Dot(k.RowView(0), mat.NewVecDense(4, []float64{cur.Q[0], cur.Q[1], cur.V[0], cur.V[1]}))
		w.t = append(w.t, float64(i)*m.Timestep())
		w.x, w.theta, w.force, w.linear = append(w.x, cur.Q[0]), append(w.theta, cur.Q[1]), append(w.force, u), append(w.linear, lin.AtVec(1))
		w.travel, w.power = math.Max(w.travel, math.Abs(cur.Q[0])), math.Max(w.power, math.Abs(u))
		if _, err := s.Step(&cur, cur, []float64{u}); err != nil {
			return nil, err
		}
		var next mat.VecDense
		next.MulVec(&closed, lin)
		lin.CopyVec(&next)
	}
	for _, x := range append(append([]float64{}, cur.Q...), cur.V...) {
		if !(math.Abs(x) < 1e-3) {
			return nil, fmt.Errorf("from %.2f rad the pole is not at rest at the top after %g s: q = %.3g, v = %.3g", angle, seconds, cur.Q, cur.V)
		}
	}
	return w, nil
}

func run(args []string, w io.Writer) error {
	f := flag.NewFlagSet("cartpole_lqr", flag.ContinueOnError)
	file := f.String("plot", "", "write a picture to this PNG `file`")
	if err := program.Parse(f, args); err != nil {
		return err
	}
	fmt.Fprintln(w, "gain of            x           v          θ          ω")
	row := func(name string, k [4]float64) {
		fmt.Fprintf(w, "%-12s %9.5f   %9.5f  %9.4f  %9.4f\n", name, k[0], k[1], k[2], k[3])
	}
	for _, h := range []float64{0.001, 0.002, 0.005, 0.02, 0.05} {
		_, _, _, _, k, err := gain(h)
		if err != nil {
			return err
		}
		row(fmt.Sprintf("h = %g ms", 1e3*h), k)
	}
	const h = 0.01
	m, a, b, k, ordered, err := gain(h)
	if err != nil {
		return err
	}
	row(fmt.Sprintf("h = %g ms", 1e3*h), ordered)
	row("Dojo, 10 ms", dojo)
	for i, want := range dojo {
		// what six printed digits can tell
		if e := math.Abs(ordered[i]-want) / math.Abs(want); !(e < 5e-6) {
			return fmt.Errorf("gain %d is %.7g, Dojo's %.7g: relative difference %.1e", i, ordered[i], want, e)
		}
	}
	fmt.Fprintln(w, "\nbalanced in the full simulation")
	var swings []*swing
	for _, angle := range []float64{0.2, math.Pi / 4} {
		const seconds = 20
		s, err := balance(m, a, b, k, angle, seconds)
		if err != nil {
			return err
		}
		swings = append(swings, s)
		fmt.Fprintf(w, "from %.2f rad: the cart moves by %.2f m at most, the force reaches %.1f N, all is still after %d s\n", angle, s.travel, s.power, seconds)
	}
	if *file != "" {
		return draw(*file, swings)
	}
	return nil
}
