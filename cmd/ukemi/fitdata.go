package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/ukemi-sim/ukemi/internal/csvtext"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// split returns the files of --data and those that --hold-out takes away, or names.
func (f *fitFlags) split() (files, apart []string, err error) {
	if files, err = tables("data", f.data); err != nil {
		return nil, nil, err
	}
	part, err := f.part()
	switch {
	case err != nil:
		return nil, nil, err
	case f.holdOut == "" || part > 0 && len(files) == 1: // of one file the end is taken
		return files, nil, nil
	case part == 0:
		apart, err = tables("hold-out", f.holdOut)
		return files, apart, err
	}
	n := int(math.Ceil(part * float64(len(files))))
	if n == len(files) {
		return nil, nil, fmt.Errorf("--hold-out %g of %d files leaves none to learn from", part, n)
	}
	return files[:len(files)-n], files[len(files)-n:], nil
}

// part returns the part of the data that is kept apart; 0 when --hold-out names files, or nothing.
func (f *fitFlags) part() (float64, error) {
	p, err := strconv.ParseFloat(f.holdOut, 64)
	if err != nil {
		return 0, nil
	}
	if !(p > 0 && p < 1) {
		return 0, fmt.Errorf("--hold-out is %g, want a part between 0 and 1, or the name of a file or folder", p)
	}
	return p, nil
}

// tables returns a file, or all CSV files of a folder by name.
func tables(flag, path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("--%s: %w", flag, err)
	}
	if !info.IsDir() {
		if err := tabular(path); err != nil {
			return nil, fmt.Errorf("--%s: %w", flag, err)
		}
		return []string{path}, nil
	}
	l, err := filepath.Glob(filepath.Join(path, "*.csv"))
	if err == nil && len(l) == 0 {
		err = fmt.Errorf("there is no file ending in .csv in the folder %s", path)
	}
	if err != nil {
		return nil, fmt.Errorf("--%s: %w", flag, err)
	}
	slices.Sort(l)
	return l, nil
}

// guessMethod says torque for a robot of hinges and sliders whose log has torques.
func guessMethod(path string, m *sim.Model) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("--data: %w", err)
	}
	defer f.Close()
	rows, err := csvtext.NewReader(f)
	if err == io.EOF {
		return "", fmt.Errorf("--data: %s is empty", path)
	} else if err != nil {
		return "", fmt.Errorf("--data: %s: %w", path, err)
	}
	header := rows.Names
	for _, j := range m.Joints() {
		if j.NV != 1 {
			return simulateMethod, nil
		}
	}
	if slices.Contains(header, scene.EnergySignals[0]) { // simulate wrote it: exact motion from its inputs, where torques are means of steps
		return simulateMethod, nil
	}
	for _, h := range header {
		if strings.HasPrefix(h, "tau") || strings.HasPrefix(h, "torque") {
			return torqueMethod, nil
		}
	}
	return simulateMethod, nil
}

// record is a measured motion on its way to a simulation. Rows belong to instants.
type record struct {
	path    string
	time    []float64
	h       []float64   // since the sample before; 0 for the first
	q, v, u [][]float64 // NQ, NV, NU; v and u are nil when the file has none
	doubled int         // rows that were left out because their instant repeats the one before
	ignored []string    // columns of energies and contacts
}

const fewest = 20 // samples

// own reports whether `ukemi simulate` wrote the table. Its velocities are means of the step before.
func (r *record) own() bool { return len(r.ignored) > 0 }

// columns are where the numbers of a record are in the file, for q, v and u; nil: not there.
type columns struct {
	time int
	at   [3][]int
}

// readRecord reads a table: time, all coordinates of the model, and, if there are any, all velocities and inputs.
func readRecord(path string, m *sim.Model) (*record, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csvtext.NewReader(f)
	if err == io.EOF {
		return nil, fmt.Errorf("%s is empty", path)
	}
	r, c := &record{path: path}, (*columns)(nil)
	if err == nil {
		c, err = r.match(rows.Names, m)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for {
		row, line, err := rows.Read()
		if err == io.EOF {
			break
		}
		if err == nil {
			err = r.take(m, row, rows.Names, c)
		}
		if cell := (cellError{}); errors.As(err, &cell) {
			return nil, fmt.Errorf("%s: row %d, %w", path, line, err)
		} else if err != nil {
			return nil, fmt.Errorf("%s: row %d: %w", path, line, err)
		}
	}
	if len(r.time) < fewest {
		return nil, fmt.Errorf("%s has %s, want at least %d", path, plural(len(r.time), "sample", "samples"), fewest)
	}
	return r, nil
}

// cellError is one of a single number.
type cellError struct{ column, cell string }

func (e cellError) Error() string {
	return fmt.Sprintf("column %q: %q is no finite number; leave out rows that were not measured", e.column, e.cell)
}

// take reads a row. Only numbers of columns that are used must be finite.
func (r *record) take(m *sim.Model, row, header []string, c *columns) (err error) {
	x := make([]float64, len(row))
	for k, s := range row {
		if x[k], err = strconv.ParseFloat(strings.TrimSpace(s), 64); (err != nil || x[k]-x[k] != 0) && !slices.Contains(r.ignored, header[k]) {
			return cellError{header[k], s}
		}
	}
	return r.add(m, x, c)
}

// match finds the columns. All mistakes are told together.
func (r *record) match(header []string, m *sim.Model) (*columns, error) {
	x, err := indexColumns(header)
	errs := []error{err}
	c := &columns{time: x.take("time", "t")}
	if c.time < 0 {
		errs = append(errs, fmt.Errorf("there is no column %q (s)%s", "time", meant("time", header)))
	}
	written := columnNames(m)
	foreign := slices.DeleteFunc(slices.Clone(header), func(h string) bool { return slices.Contains(written, h) })
	for kind, want := range [3][][]string{positionColumns(m), velocityColumns(m), inputColumns(m)} {
		c.at[kind], _ = x.all(want)
		var missing []string
		for i, k := range c.at[kind] {
			if k < 0 {
				missing = append(missing, fmt.Sprintf("%q", want[i][0]))
			}
		}
		switch {
		case kind > 0 && len(missing) == len(want):
			c.at[kind] = nil // may be left out
		case len(missing) > 0:
			errs = append(errs, fmt.Errorf("there is no column %s of model %q; what did not move may be a constant column (qw is 1), or a joint of --lock%s", some(missing), m.Name(), meant(strings.Trim(missing[0], `"`), foreign)))
		}
	}
	var strange []string
	for k, h := range header {
		if x.used[k] {
			continue
		} else if slices.Contains(written, h) {
			r.ignored = append(r.ignored, h)
		} else {
			strange = append(strange, fmt.Sprintf("%q", h))
		}
	}
	if len(strange) > 0 {
		errs = append(errs, fmt.Errorf("of nothing in model %q: %s %s", m.Name(), map[bool]string{true: "column", false: "columns"}[len(strange) == 1], some(strange)))
	}
	return c, errors.Join(errs...)
}

// positionColumns returns the names that the column of each coordinate may have.
func positionColumns(m *sim.Model) (l [][]string) {
	for i, n := range scene.CoordinateNames(m) {
		names := []string{n}
		if m.NQ() == m.NV() {
			names = append(names, "q"+strconv.Itoa(i+1))
		}
		l = append(l, names)
	}
	return l
}

func velocityColumns(m *sim.Model) (l [][]string) {
	for i, n := range scene.VelocityNames(m) {
		names := []string{n}
		if m.NQ() == m.NV() {
			for _, s := range []string{"v", "dq", "qd"} {
				names = append(names, s+strconv.Itoa(i+1))
			}
		}
		l = append(l, names)
	}
	return l
}

func inputColumns(m *sim.Model) (l [][]string) {
	joints := m.Joints()
	for i, n := range m.Inputs() {
		names := []string{"u." + n}
		if in := m.InputInfo(i); !in.Servo && in.Joint >= 0 && joints[in.Joint].NV == 1 {
			names = append(names, "tau."+joints[in.Joint].Name, "tau"+strconv.Itoa(in.Joint+1), "torque"+strconv.Itoa(in.Joint+1))
		}
		l = append(l, names)
	}
	return l
}

// add appends a row.
func (r *record) add(m *sim.Model, x []float64, c *columns) error {
	t := x[c.time]
	if n := len(r.time); n > 0 && t <= r.time[n-1] {
		if t < r.time[n-1] {
			return fmt.Errorf("time runs backward, from %g to %g s", r.time[n-1], t)
		}
		r.doubled++
		return nil
	}
	h := 0.0
	if len(r.time) > 0 {
		h = t - r.time[len(r.time)-1]
	}
	r.time, r.h = append(r.time, t), append(r.h, h)
	for kind, dst := range [3]*[][]float64{&r.q, &r.v, &r.u} {
		if c.at[kind] == nil {
			continue
		}
		row := make([]float64, len(c.at[kind]))
		for i, k := range c.at[kind] {
			row[i] = x[k]
		}
		*dst = append(*dst, row)
	}
	q := r.q[len(r.q)-1]
	for _, j := range m.Joints() {
		k := j.QuaternionOf()
		if k < 0 {
			continue
		}
		n := math.Hypot(math.Hypot(q[k], q[k+1]), math.Hypot(q[k+2], q[k+3]))
		if math.Abs(n-1) > 0.01 {
			return fmt.Errorf("the quaternion of joint %q has length %.3g, want 1 (w, x, y, z)", j.Name, n)
		}
		for i := range 4 {
			q[k+i] /= n
		}
	}
	return nil
}
