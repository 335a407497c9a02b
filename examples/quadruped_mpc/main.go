// Command quadruped_mpc keeps a quadruped on its feet by model predictive control while somebody pushes its trunk: at 100 Hz it plans the
// next 0.4 s through contact, one iteration at a time, and gives the servos the first targets of the plan.
//
//	go run ./examples/quadruped_mpc [-seconds S] [-budget MS] [-plot FILE.png] [-html FILE.html]
//
// The robot is not the model of the plan: it is simulated in steps of 5 ms at κ = 1e-5, the plan takes 20 ms at 1e-3 and does not know of the pushes.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"time"

	"github.com/ukemi-sim/ukemi/examples/internal/show"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/trajopt"
	"gonum.org/v1/gonum/spatial/r3"
)

const (
	period = 0.01 // s: of control
	parts  = 2    // steps of the robot in it
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "quadruped_mpc:", err)
		os.Exit(1)
	}
}

func run(args []string, w io.Writer) error {
	f := flag.NewFlagSet("quadruped_mpc", flag.ContinueOnError)
	files := show.Flags(f)
	seconds := f.Float64("seconds", 1, "time to simulate after each push")
	budget := f.Float64("budget", 0, "milliseconds a decision may take (0: as long as it wants, and the same motion on any machine)")
	if err := f.Parse(args); err != nil {
		return err
	}
	var last *robot
	for _, push := range []r3.Vec{{X: 60}, {Y: 60}, {X: 150}, {Y: 150}} {
		robot, err := newRobot()
		if err != nil {
			return err
		}
		control, err := newControl(robot.x, time.Duration(*budget*1e6))
		if err != nil {
			return err
		}
		report, err := robot.stand(control, push, *seconds)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%3.0f N for 0.1 s %s: the trunk moves by %.1f cm at most, tilts by %.1f°, ends %.1f cm away at %.0e m/s\n",
			r3.Norm(push), map[bool]string{true: "forward", false: "aside"}[push.X > 0], 100*report.far, report.tilt*180/math.Pi, 100*report.end, report.speed)
		fmt.Fprintf(os.Stderr, "  %s\n", report.time())
		if !(report.speed < 0.01 && report.end < 0.06 && report.tilt < 0.2) {
			return fmt.Errorf("a push of %g N: the robot does not stand", push)
		}
		last = robot
	}
	return files.Write(last.model, last.states, nil, 0)
}

// newControl returns a controller that holds a state.
func newControl(rest sim.State, budget time.Duration) (*trajopt.MPC, error) {
	model, err := quadruped(0.02)
	if err != nil {
		return nil, err
	}
	stage, final := make([]float64, 2*model.NV()), make([]float64, 2*model.NV())
	for i := range stage {
		switch {
		case i < 6: // place of the trunk, per m² and rad²
			stage[i] = 10
			if i < 2 || i == 5 {
				stage[i] = 5 // along the ground and about the vertical
			}
		case i < model.NV(): // joints
			stage[i] = 0.1
		default: // velocities
			stage[i] = 0.01
		}
		final[i] = 10 * stage[i]
	}
	still, targets := trajopt.State(model, rest), models.Standing(model).Q[7:]
	p := &trajopt.Problem{
		Model: model, Start: rest, Steps: 20,
		Stage: []trajopt.Cost{still.Weigh(stage...), trajopt.Input(model, targets).Weigh(0.1)},
		Final: []trajopt.Cost{still.Weigh(final...)},
	}
	control, err := trajopt.NewMPC(p, trajopt.Options{Kappas: []float64{1e-3}, Workers: 1}, budget)
	if err != nil {
		return nil, err
	}
	guess := make([][]float64, p.Steps)
	for k := range guess {
		guess[k] = targets
	}
	return control, control.Prepare(context.Background(), guess, 20)
}
