package main

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// startFlags say where a run begins, besides --height and --keyframe.
type startFlags struct {
	q    string
	from string
}

func (f *startFlags) add(c *cobra.Command) {
	l := c.Flags()
	l.StringVar(&f.q, "q", "", "start with these `joint=value,…` (rad, m; names as in the tables of --out, * stands for any letters)")
	l.StringVar(&f.from, "start", "", "start in a line of a table, or a state of a recording, counted from 0: `FILE[:row]` (default the last)")
}

// begin moves the start of w as told. What floats keeps the height of its lowest point, unless its base was placed.
func (f *startFlags) begin(w *world) error {
	if f.from != "" {
		if err := f.resume(w); err != nil {
			return fmt.Errorf("--start: %w", err)
		}
		w.placed = true
	}
	if f.q == "" {
		return nil
	}
	m, was := w.model, w.start.Clone()
	set, err := setCoordinates(m, w.start.Q, f.q)
	if err != nil {
		return err
	}
	follow(m, &w.start, set)
	for _, j := range m.Joints() {
		for i := j.Q; i < j.Q+j.NQ; i++ {
			w.placed = w.placed || set[i] && j.Parent < 0 && len(j.Type.Trans) > 1
		}
		if k := j.QuaternionOf(); k >= 0 && (set[k] || set[k+1] || set[k+2] || set[k+3]) {
			if err := normalize(w.start.Q[k:k+4], j.Name); err != nil {
				return fmt.Errorf("--q: %w", err)
			}
		}
		for k, a := range j.Axes {
			if i := j.Q + k; j.NQ == j.NV && set[i] && a.Limited && !(w.start.Q[i] >= a.Lower && w.start.Q[i] <= a.Upper) {
				return fmt.Errorf("--q: %s is %g, beyond its limits %g to %g", scene.CoordinateNames(m)[i], w.start.Q[i], a.Lower, a.Upper)
			}
		}
	}
	if len(m.Loops()) > 0 {
		if err := m.Assemble(&w.start); err != nil {
			return fmt.Errorf("--q: %w", err)
		}
	}
	if !w.placed {
		models.PlaceLike(m, w.start.Q, was.Q)
	}
	return nil
}

// near returns an error for a start that is too far away or too fast: beyond it a position has no digits left for a step.
func (w *world) near() error {
	names := scene.CoordinateNames(w.model)
	for _, j := range w.model.Joints() {
		for i := j.Q; i < j.Q+j.NQ; i++ {
			if x := w.start.Q[i]; !(math.Abs(x) <= huge) {
				return fmt.Errorf("the start has %s at %g, want at most %g: farther away a position has no digits for a step", names[i], x, huge)
			}
		}
		for _, v := range w.start.V[j.V : j.V+j.NV] {
			if !(math.Abs(v) <= huge) {
				return fmt.Errorf("joint %s starts with a velocity of %g, want at most %g: nothing moves so fast", j.Name, v, huge)
			}
		}
	}
	return nil
}

// setCoordinates writes the named coordinates into q and returns which.
func setCoordinates(m *sim.Model, q []float64, text string) ([]bool, error) {
	names, set := scene.CoordinateNames(m), make([]bool, m.NQ())
	for _, s := range strings.Split(text, ",") {
		name, value, ok := strings.Cut(strings.TrimSpace(s), "=")
		x, err := finiteNumber(value)
		if !ok || err != nil {
			return nil, fmt.Errorf("--q: %q, want joint=value", s)
		}
		is, n := like(strings.TrimSpace(name)), 0
		for i := range names {
			if is(names[i]) {
				q[i], set[i] = x, true
				n++
			}
		}
		if n == 0 {
			return nil, fmt.Errorf("--q: %s has no coordinate %q%s", m.Name(), name, cmp.Or(meant(name, names), coordinatesThere(names)))
		}
	}
	return set, nil
}

// coordinatesThere says which there are, those of hinges and sliders first, which have no parts.
func coordinatesThere(names []string) string {
	sorted := slices.Clone(names)
	slices.SortStableFunc(sorted, func(a, b string) int { return strings.Count(a, ".") - strings.Count(b, ".") })
	return "; it has " + some(sorted)
}

// resume starts in a line of a table or a state of a recording.
func (f *startFlags) resume(w *world) error {
	path, row, err := f.row()
	if err != nil {
		return err
	}
	if isRecording(path) {
		return resumeRecording(w, path, row)
	}
	s, err := readSheet(path)
	if err != nil {
		return err
	}
	if row, err = pick(row, len(s.rows), path); err != nil {
		return err
	}
	c, err := findColumns(w.model, s.names)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := c.state(w.model, &w.start, s.rows[row]); err != nil {
		return fmt.Errorf("%s, row %d: %w", path, row, err)
	}
	if h := w.model.Timestep(); c.energy != nil && row > 0 { // a table of ours: its velocities are means of the step before
		w.start.H = s.rows[row][c.time] - s.rows[row-1][c.time]
		if math.Abs(w.start.H-h) < 1e-9*s.rows[row][c.time] {
			w.start.H = h // the difference has fewer digits
		}
	}
	w.lacks(path, c)
	return nil
}

// resumeRecording starts in a state of a recording. One of another model is read by names, as a table is: as many
// numbers in another order are another pose.
func resumeRecording(w *world, path string, row int) error {
	r, err := loadRecording(path)
	if err != nil {
		return err
	}
	if row, err = pick(row, len(r.States), path); err != nil {
		return err
	}
	x := r.States[row]
	names := stateNames(w.model)
	if r.World == nil || slices.Equal(stateNames(r.World), names) { // a model that this version cannot read has no names
		if err := w.model.CheckState(x); err != nil {
			return fmt.Errorf("%s is of another model, %s: %w", path, r.Model, err)
		}
		w.start = x.Clone()
		return nil
	}
	c, err := findColumns(w.model, append([]string{"time"}, stateNames(r.World)...))
	if err != nil {
		return fmt.Errorf("%s is of another model, %s: %w", path, r.Model, err)
	}
	if err := c.state(w.model, &w.start, slices.Concat([]float64{0}, x.Q, x.V)); err != nil {
		return fmt.Errorf("%s, row %d: %w", path, row, err)
	}
	w.start.H = x.H
	w.say("%s is of another model, %s, and read by the names of its coordinates", path, r.Model)
	w.lacks(path, c)
	return nil
}

func stateNames(m *sim.Model) []string {
	return slices.Concat(scene.CoordinateNames(m), scene.VelocityNames(m))
}

// lacks says which coordinates a run has no column of.
func (w *world) lacks(path string, c *stateColumns) {
	if len(c.missing) > 0 {
		w.say("%s has no column of %s, which start as ever", path, some(c.missing))
	}
}

// row splits FILE:row; −1 is the last.
func (f *startFlags) row() (path string, row int, err error) {
	if i := strings.LastIndexByte(f.from, ':'); i > 0 {
		if n, err := strconv.Atoi(f.from[i+1:]); err == nil {
			if n < 0 {
				return "", 0, fmt.Errorf("row %d, want 0 or more", n)
			}
			return f.from[:i], n, nil
		}
	}
	switch strings.ToLower(filepath.Ext(f.from)) {
	case ".csv", recordingExt:
		return f.from, -1, nil
	}
	return "", 0, fmt.Errorf("%q, want FILE.csv or FILE%s, and perhaps :row behind it", f.from, recordingExt)
}

func pick(row, n int, path string) (int, error) {
	if row >= n {
		return 0, fmt.Errorf("%s has the rows 0 to %d, none is %d", path, n-1, row)
	}
	if row < 0 {
		row = n - 1
	}
	return row, nil
}

func finiteNumber(s string) (float64, error) {
	x, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err == nil && x-x != 0 {
		err = errors.New("not finite")
	}
	return x, err
}
