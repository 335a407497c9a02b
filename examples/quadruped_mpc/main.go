// Command quadruped_mpc keeps a quadruped on its feet by model predictive control: at 100 Hz it plans the next instants through
// contact and takes the first input of the plan, while somebody pushes the trunk.
//
//	go run ./examples/quadruped_mpc [-plot FILE.png] [-html FILE.html] [-push N] [-seconds S]
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"time"

	"github.com/ukemi-sim/ukemi/examples/internal/show"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/trajopt"
	"gonum.org/v1/gonum/spatial/r3"
)

const (
	tick    = 0.01 // s: of control
	horizon = 20
	kappa   = 1e-3 // of the plan
	hard    = 1e-5 // of the robot
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "quadruped_mpc:", err)
		os.Exit(1)
	}
}

// robot returns the quadruped with servos in its joints.
func robot(h float64) (*sim.Model, error) {
	e, err := models.Find("quadruped")
	if err != nil {
		return nil, err
	}
	b := e.Builder(models.Options{Timestep: h})
	for _, j := range b.Joints() {
		if len(j.Axes) == 1 {
			b.SetServo(j.Name, 50, 1)
		}
	}
	return b.Build()
}

func run(args []string, w io.Writer) error {
	f := flag.NewFlagSet("quadruped_mpc", flag.ContinueOnError)
	files := show.Flags(f)
	h := f.Float64("h", 0.02, "plan step")
	push := f.Float64("push", 60, "")
	dir := f.Float64("dir", 90, "")
	its := f.Int("it", 1, "")
	kap := f.Float64("kappa", kappa, "")
	gkap := f.Float64("gkappa", 0, "")
	n := f.Int("n", horizon, "")
	seconds := f.Float64("seconds", 2, "")
	wq := f.Float64("wq", 0.1, "")
	wv := f.Float64("wv", 0.01, "")
	wu := f.Float64("wu", 0.1, "")
	wp := f.Float64("wp", 10, "")
	wf := f.Float64("wf", 10, "")
	if err := f.Parse(args); err != nil {
		return err
	}
	plan, err := robot(*h)
	if err != nil {
		return err
	}
	model, err := robot(tick / 2)
	if err != nil {
		return err
	}
	stand := models.Standing(model)
	st := model.NewStepper(sim.Options{Kappa: hard})
	t, err := st.Rollout(stand, 400, func(u []float64, _ int, _ sim.State) { copy(u, stand.Q[7:]) })
	if err != nil {
		return err
	}
	rest := t.States[400]
	hold := stand.Q[7:]
	posture := make([]float64, 2*model.NV())
	for i := range posture {
		switch {
		case i < 2 || i == 5:
			posture[i] = *wp/2
		case i < 6:
			posture[i] = *wp
		case i < model.NV():
			posture[i] = *wq
		default:
			posture[i] = *wv
		}
	}
	final := slices.Clone(posture)
	for i := range final {
		final[i] *= *wf
	}
	cost := trajopt.State(plan, rest)
	p := &trajopt.Problem{
		Model: plan, Start: rest, Steps: *n,
		Stage: []trajopt.Cost{cost.Weigh(posture...), trajopt.Input(plan, hold).Weigh(*wu)},
		Final: []trajopt.Cost{cost.Weigh(final...)},
	}
	c, err := trajopt.NewMPC(p, trajopt.Options{Kappas: []float64{*kap}, GradientKappa: *gkap, Workers: 1, Iterations: *its}, 0)
	if err != nil {
		return err
	}
	guess := make([][]float64, *n)
	for k := range guess {
		guess[k] = hold
	}
	if err := c.Prepare(context.Background(), guess, 20); err != nil {
		return err
	}
	body, err := model.FindBody("trunk")
	if err != nil {
		return err
	}
	x, u := rest.Clone(), make([]float64, model.NU())
	var states []sim.State
	var took []time.Duration
	var sum trajopt.Timing
	far, low, tilt := 0.0, 9.0, 0.0
	for k := range int(math.Round(*seconds / tick)) {
		y := x.Clone()
		tk, err := c.Tick(u, y)
		if err != nil {
			fmt.Fprintln(w, k, err)
		}
		took = append(took, tk.Elapsed)
		sum.Rollouts += tk.Timing.Rollouts
		sum.Derivatives += tk.Timing.Derivatives
		sum.Backward += tk.Timing.Backward
		force := sim.Wrench{}
		if k >= 20 && k < 30 {
			force.Force = r3.Vec{X: *push*math.Cos(*dir*math.Pi/180), Y: *push*math.Sin(*dir*math.Pi/180)}
		}
		st.SetWrench(body, force)
		for range 2 {
			if _, err := st.Step(&x, x, u); err != nil {
				return err
			}
		}
		states = append(states, x.Clone())
		far = max(far, math.Hypot(x.Q[0]-rest.Q[0], x.Q[1]-rest.Q[1]))
		low = min(low, x.Q[2])
		tilt = max(tilt, 2*math.Acos(min(1, math.Abs(x.Q[3]))))
		if k%20 == 0 {
			fmt.Fprintf(w, "%.2f s  q %.3f  v %.2f cost %.3g\n", float64(k)*tick, x.Q[:7], x.V[:6], tk.Cost)
		}
	}
	slices.Sort(took)
	fmt.Fprintf(w, "far %.3f low %.3f tilt %.2f; end %.3f off, speed %.3f\n", far, low, tilt, math.Hypot(x.Q[0]-rest.Q[0], x.Q[1]-rest.Q[1]), math.Hypot(x.V[0], x.V[1]))
	fmt.Fprintln(w, took[len(took)/2], took[len(took)-1], sum)
	return files.Write(model, states, nil, hard)
}
