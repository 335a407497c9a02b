package main

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"

	"github.com/spf13/cobra"
	"github.com/ukemi-sim/ukemi/sim"
)

// inputFlags say what drives a model, besides --controller.
type inputFlags struct {
	inputs string
	smooth bool
	gains  string

	kp, kd float64
}

func (f *inputFlags) add(c *cobra.Command) {
	l := c.Flags()
	l.StringVar(&f.inputs, "inputs", "", "inputs from a CSV `file` with the columns time and u.INPUT, as --out writes them: forces, or the targets of servos")
	l.BoolVar(&f.smooth, "interpolate", false, "go straight from line to line of --inputs, which are held otherwise")
	l.StringVar(&f.gains, "gains", "", "make servos of these gains `kp,kd` of all driven joints, for --controller hold or --inputs")
}

func (f *inputFlags) check(controller string) error {
	if f.gains != "" {
		v, err := listOf(f.gains, 2, 2)
		if err != nil || v[0] < 0 || v[1] < 0 {
			return fmt.Errorf("--gains is %q, want kp,kd, both 0 or more, as in 80,2", f.gains)
		}
		if f.kp, f.kd = v[0], v[1]; controller == "random" || controller == "none" && f.inputs == "" {
			return errors.New("--gains makes servos: they need targets, from --controller hold or --inputs")
		}
	}
	switch {
	case f.smooth && f.inputs == "":
		return errors.New("--interpolate is for --inputs")
	case f.inputs != "" && controller == "random":
		return errors.New("--inputs and --controller random exclude each other")
	}
	return nil
}

// inputTable are inputs over time.
type inputTable struct {
	time   []float64
	rows   [][]float64 // NU
	smooth bool
}

// readInputs reads a table of inputs; those without a column stay zero, which is said.
func readInputs(w *world, path string, smooth bool) (*inputTable, error) {
	m := w.model
	if m.NU() == 0 {
		return nil, fmt.Errorf("--inputs: %s has no driven joints", m.Name())
	}
	s, err := readSheet(path)
	if err != nil {
		return nil, fmt.Errorf("--inputs: %w", err)
	}
	time := slices.IndexFunc(s.names, func(n string) bool { return n == "time" || n == "t" })
	if time < 0 {
		return nil, fmt.Errorf(`--inputs: %s: no column is "time" (s)`, path)
	}
	at, missing := make([]int, m.NU()), []string{}
	for i, names := range inputColumns(m) {
		at[i] = slices.IndexFunc(s.names, func(n string) bool { return slices.Contains(names, n) })
		if own := slices.Index(s.names, names[0]); own >= 0 {
			at[i] = own
		}
		if at[i] < 0 {
			missing = append(missing, names[0])
		}
	}
	if len(missing) == m.NU() {
		return nil, fmt.Errorf("--inputs: %s: no column is an input of %s, such as %q%s", path, m.Name(), missing[0], meant(missing[0], s.names))
	}
	if len(missing) > 0 {
		w.say("%s has no column %s: zero", path, some(missing))
	}
	t := &inputTable{smooth: smooth}
	for k, row := range s.rows {
		if n := len(t.time); n > 0 && !(row[time] > t.time[n-1]) {
			return nil, fmt.Errorf("--inputs: %s, row %d: the time is %g s after %g s, want it to grow", path, k, row[time], t.time[n-1])
		}
		u := make([]float64, m.NU())
		for i, c := range at {
			if c < 0 {
				continue
			}
			if u[i] = row[c]; u[i]-u[i] != 0 {
				return nil, fmt.Errorf("--inputs: %s, row %d: %s is %g", path, k, s.names[c], u[i])
			}
		}
		t.time, t.rows = append(t.time, row[time]), append(t.rows, u)
	}
	return t, nil
}

// control returns the controller of a model that begins at time zero. Before the first line its values hold, after the last those.
func (t *inputTable) control(h float64) sim.Controller {
	return func(u []float64, k int, _ sim.State) {
		now := float64(k) * h
		const slack = 1e-9 // of the time: a table has its own rounding
		i := sort.Search(len(t.time), func(i int) bool { return t.time[i] > now+slack*math.Max(now, 1) }) - 1
		copy(u, t.rows[max(i, 0)])
		if !t.smooth || i < 0 || i+1 == len(t.rows) {
			return
		}
		s := (now - t.time[i]) / (t.time[i+1] - t.time[i])
		for n := range u {
			u[n] += s * (t.rows[i+1][n] - t.rows[i][n])
		}
	}
}
