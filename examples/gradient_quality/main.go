// Command gradient_quality measures what gradients through contact are worth.
//
//	go run ./examples/gradient_quality [-plot FILE.png] [-step FILE.png] [-scene cube.xml]
//
// Rollouts: a push, a throw and a hop depend on one number. What an optimizer wants to know is how the outcome changes with it on
// average over some noise, the slope of randomized smoothing. Bias and standard deviation of ways to estimate that: one exact gradient at
// some κ, the mean of exact gradients of hard contact, and randomized smoothing, which needs no gradient (Suh and others, "Do
// differentiable simulators give better policy gradients?", ICML 2022, compare the last two).
//
// The bounce: the published scene of DiffMJX (martius-lab/diffmjx), a cube that bounces for a second, under our hard law: the gradient
// against a central difference, and the time of both.
//
// One step: a box that is pulled and pushed, against closed forms of the relaxed contact, for κ = 1e-3 … 1e-10.
//
// It fails unless its claims hold.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"

	"github.com/ukemi-sim/ukemi/examples/internal/program"
	"github.com/ukemi-sim/ukemi/internal/data"
)

func main() { program.Main("gradient_quality", run) }

func run(args []string, w io.Writer) error {
	f := flag.NewFlagSet("gradient_quality", flag.ContinueOnError)
	file := f.String("plot", "", "write a picture of the rollouts to this PNG `file`")
	step := f.String("step", "", "write a picture of the single step to this PNG `file`")
	scene := f.String("scene", filepath.Join(data.Folder(), "diffmjx", "cube.xml"), "the published scene, cube.xml")
	grid := f.Int("grid", 2000, "rollouts that a curve of hard contact is made of")
	if err := program.Parse(f, args); err != nil {
		return err
	}
	if *grid < 200 {
		return fmt.Errorf("-grid is %d, want at least 200", *grid)
	}
	all, err := trials()
	if err != nil {
		return err
	}
	var qualities []*quality
	for _, t := range all {
		q, err := t.judge(*grid)
		if err != nil {
			return err
		}
		q.print(w)
		qualities = append(qualities, q)
	}
	if err := claims(qualities); err != nil {
		return err
	}
	if *file != "" {
		if err := drawQualities(*file, qualities); err != nil {
			return err
		}
	}
	if err := bounce(w, *scene); errors.Is(err, errNoScene) {
		fmt.Fprintf(w, "LEFT OUT: %v\n\n", err)
	} else if err != nil {
		return err
	}
	pictures, err := oneStep(w)
	if err != nil || *step == "" {
		return err
	}
	return drawStep(*step, pictures)
}
