package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"time"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/models/mjcf"
	"github.com/ukemi-sim/ukemi/sim"
)

var errNoScene = errors.New("the published scene is not there")

// bounce throws the cube of the scene from 0.2 m at (0, −0.1, −2) m/s, tilted by 60°, and differentiates where it is
// after a second, along y, by the vertical velocity.
func bounce(w io.Writer, scene string) error {
	if _, err := os.Stat(scene); err != nil {
		return fmt.Errorf("%w: %s; set UKEMI_DATA or -scene", errNoScene, scene)
	}
	robot, err := mjcf.Load(scene, mjcf.Options{})
	if err != nil {
		return err
	}
	m, err := robot.Builder.Build()
	if err != nil {
		return err
	}
	start, err := robot.Start(m, "")
	if err != nil {
		return err
	}
	start.Q[2] = 0.2
	steps := int(math.Round(1 / m.Timestep()))
	fmt.Fprintf(w, "bounce: the cube of DiffMJX, %d steps of %g ms, where it ends along y and the derivative by its vertical velocity\n\n", steps, 1e3*m.Timestep())
	fmt.Fprintln(w, "  κ       y (m)     derivative (s)   differs from a central difference by less than")
	for _, k := range []float64{1e-4, 1e-5, hardest, 1e-7, rigid} {
		g, err := implicit.New(m.NewStepper(sim.Options{Kappa: k, Tolerance: 1e-12, Centrality: 1e-11}), implicit.Options{})
		if err != nil {
			return err
		}
		b := cube{g, start, make([][]float64, steps)}
		y, slope, err := b.at(-2)
		if err != nil {
			return err
		}
		off, err := b.difference(-2)
		if err != nil {
			return err
		}
		off = math.Abs(off-slope) / math.Abs(slope)
		fmt.Fprintf(w, "%5.0e   %8.4f    %9.6f        %.0e\n", k, y, slope, bound(off))
		// At κ = 1e-8 two corners hit the ground at a gap of 2e-11 m, the difference of coordinates of 0.1 m: rounding
		// leaves 1e-6 of it, and the slope of what follows multiplies that.
		if limit := map[bool]float64{true: 1e-6, false: 1e-4}[k >= hardest]; !(off < limit) {
			return fmt.Errorf("bounce at κ = %g: the derivative %g differs from differences by %.1e", k, slope, off)
		}
		if k == hardest {
			if err := b.time(); err != nil {
				return err
			}
		}
	}
	fmt.Fprintln(w)
	return nil
}

// hardest is the κ down to which gradient and difference agree to 1e-6.
const hardest = 1e-6

// cube is the one of the scene.
type cube struct {
	g      *implicit.Gradient
	start  sim.State
	inputs [][]float64
}

// at returns where the cube ends, and the derivative.
func (b *cube) at(vertical float64) (y, slope float64, err error) {
	x := b.start.Clone()
	x.V[1], x.V[2] = -0.1, vertical
	r, err := b.g.Rollout(x, b.inputs, implicit.Cost{Terminal: func(x sim.State, gx implicit.Tangent) float64 {
		gx.Q[1]++
		return x.Q[1]
	}}, implicit.RolloutOptions{})
	if err != nil {
		return 0, 0, err
	}
	return r.Cost, r.Start.V[2], nil
}

// difference returns Richardson's extrapolation of central differences.
func (b *cube) difference(vertical float64) (float64, error) {
	const e = 1e-5
	var y [4]float64
	for i, s := range []float64{e, -e, 2 * e, -2 * e} {
		var err error
		if y[i], _, err = b.at(vertical + s); err != nil {
			return 0, err
		}
	}
	return (8*(y[0]-y[1]) - (y[2] - y[3])) / (12 * e), nil
}

// time says how long a rollout and its gradient take, the fastest of many.
func (b *cube) time() error {
	least := time.Duration(math.MaxInt64)
	for range 20 {
		began := time.Now()
		if _, _, err := b.at(-2); err != nil {
			return err
		}
		least = min(least, time.Since(began))
	}
	fmt.Fprintf(os.Stderr, "bounce: forward and backward of 1 s take %v\n", least.Round(time.Microsecond))
	return nil
}
