package sysid

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/ukemi-sim/ukemi/internal/csvtext"
	"github.com/ukemi-sim/ukemi/sim"
)

// Log is what was measured of a robot whose joints are hinges and sliders. Rows belong to the instants of Time, columns to the
// velocities of the model (its joints in order).
type Log struct {
	Name   string
	Time   []float64   // s, strictly growing
	Q      [][]float64 // rad, of sliders m
	V      [][]float64 // rad/s or m/s; nil when the file has none
	Torque [][]float64 // N m, of sliders N

	// What was left out: samples whose instant repeats the one before, and samples that repeat all numbers of the one before,
	// as a reader does that is faster than the robot's own clock.
	Doubled, Stale int
	Early          int // and samples before the first torque, as the tables of `ukemi simulate` begin
}

// fewest is how many samples a log must have.
const fewest = 20

// rest is how many samples in a row that repeat the one before are a robot that rests. Fewer are stale.
const rest = 4

// quantities are the kinds of columns, with their units on a hinge, and what their names begin with: in front of a joint's
// name, and in front of its number.
var quantities = [3]struct {
	what, unit string
	name       string
	numbered   []string
}{
	{"position", "rad", "", []string{"q"}},
	{"velocity", "rad/s", "v.", []string{"v", "dq", "qd"}},
	{"torque", "N m", "tau.", []string{"tau", "torque"}},
}

// LoadLog is ReadLog of a file.
func LoadLog(path string, m *sim.Model, others ...string) (*Log, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("sysid: %w", err)
	}
	defer f.Close()
	return ReadLog(f, path, m, others...)
}

// ReadLog reads a table with a header: time in s and, for every joint of the model, position (rad or m), torque (N m or
// N) and, if there are any, velocity. The columns may come in any order; they are called JOINT, v.JOINT and tau.JOINT,
// or by the number of the joint in the model, from 1: q1, v1 (or dq1), tau1. Others are columns that may be there and
// are left out. Mistakes are errors that name column and row (the line of the file).
func ReadLog(r io.Reader, name string, m *sim.Model, others ...string) (*Log, error) {
	rows, err := csvtext.NewReader(r)
	switch {
	case err == io.EOF:
		return nil, fmt.Errorf("sysid: %s is empty", name)
	case err != nil:
		return nil, fmt.Errorf("sysid: %s: %w", name, err)
	}
	header := rows.Names
	time, columns, err := match(header, m, others)
	if err != nil {
		return nil, fmt.Errorf("sysid: %s: %w", name, err)
	}
	l := &Log{Name: name}
	for {
		fields, row, err := rows.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("sysid: %s: row %d: %w", name, row, err)
		}
		x := make([]float64, len(fields))
		early := len(l.Time) == 0 && slices.ContainsFunc(columns[2], func(c int) bool { return strings.TrimSpace(fields[c]) == "NaN" })
		if early && len(others) > 0 {
			l.Early++
			continue
		}
		for c, s := range fields {
			if x[c], err = strconv.ParseFloat(strings.TrimSpace(s), 64); (err != nil || x[c]-x[c] != 0) && !slices.Contains(others, header[c]) {
				return nil, fmt.Errorf("sysid: %s: row %d, column %q: %q is no finite number", name, row, header[c], s)
			}
		}
		if err := l.add(x, time, columns); err != nil {
			return nil, fmt.Errorf("sysid: %s: row %d, column %q: %w", name, row, header[time], err)
		}
	}
	if len(l.Time) < fewest {
		return nil, fmt.Errorf("sysid: %s has %d samples, want at least %d", name, len(l.Time), fewest)
	}
	l.dropStale()
	return l, nil
}

// match finds the columns of the instants and, for each quantity, of each joint.
func match(header []string, m *sim.Model, others []string) (time int, columns [3][]int, err error) {
	var errs []error
	at := map[string]int{}
	for c, h := range header {
		h = strings.TrimSpace(h)
		if _, twice := at[h]; twice {
			errs = append(errs, fmt.Errorf("column %q comes twice", h))
		}
		at[h] = c
	}
	used := map[int]bool{}
	take := func(names ...string) int {
		for _, n := range names {
			if c, ok := at[n]; ok {
				used[c] = true
				return c
			}
		}
		return -1
	}
	if time = take("time", "t"); time < 0 {
		errs = append(errs, errors.New(`there is no column "time" (s)`))
	}
	joints := m.Joints()
	for k, q := range quantities {
		var missing []string
		for i, j := range joints {
			if j.NV != 1 {
				return 0, columns, fmt.Errorf("joint %q of model %q has %d motions; logs are of hinges and sliders", j.Name, m.Name(), j.NV)
			}
			names := []string{q.name + j.Name}
			for _, n := range q.numbered {
				names = append(names, n+strconv.Itoa(i+1))
			}
			c := take(names...)
			if c < 0 {
				missing = append(missing, fmt.Sprintf("%q (or %q)", names[0], names[1]))
			}
			columns[k] = append(columns[k], c)
		}
		switch {
		case k == 1 && len(missing) == len(joints):
			columns[k] = nil // velocities may be left out
		case len(missing) > 0:
			errs = append(errs, fmt.Errorf("there is no column %s: the %s (%s) of a joint of model %q", strings.Join(missing, ", "), q.what, q.unit, m.Name()))
		}
	}
	for c, h := range header {
		if !used[c] && !slices.Contains(others, strings.TrimSpace(h)) {
			errs = append(errs, fmt.Errorf("column %q belongs to no joint of model %q", h, m.Name()))
		}
	}
	return time, columns, errors.Join(errs...)
}

// add appends a sample.
func (l *Log) add(x []float64, time int, columns [3][]int) error {
	t := x[time]
	if n := len(l.Time); n > 0 && t <= l.Time[n-1] {
		if t < l.Time[n-1] {
			return fmt.Errorf("time runs backward, from %g to %g s", l.Time[n-1], t)
		}
		l.Doubled++
		return nil
	}
	l.Time = append(l.Time, t)
	for k, dst := range [3]*[][]float64{&l.Q, &l.V, &l.Torque} {
		if columns[k] == nil {
			continue
		}
		row := make([]float64, len(columns[k]))
		for i, c := range columns[k] {
			row[i] = x[c]
		}
		*dst = append(*dst, row)
	}
	return nil
}

// dropStale takes out samples that repeat all numbers of the one before, unless they are so many that the robot rests.
func (l *Log) dropStale() {
	same := func(i int) bool {
		return slices.Equal(l.Q[i], l.Q[i-1]) && slices.Equal(l.Torque[i], l.Torque[i-1]) && (l.V == nil || slices.Equal(l.V[i], l.V[i-1]))
	}
	keep := []int{0}
	for i := 1; i < len(l.Time); {
		end := i
		for end < len(l.Time) && same(end) {
			end++
		}
		if end-i >= rest {
			for k := i; k < end; k++ {
				keep = append(keep, k)
			}
		} else {
			l.Stale += end - i
		}
		if end < len(l.Time) {
			keep = append(keep, end)
		}
		i = end + 1
	}
	pick := func(rows [][]float64) (out [][]float64) {
		for _, i := range keep {
			out = append(out, rows[i])
		}
		return out
	}
	times := make([]float64, len(keep))
	for n, i := range keep {
		times[n] = l.Time[i]
	}
	l.Time, l.Q, l.Torque = times, pick(l.Q), pick(l.Torque)
	if l.V != nil {
		l.V = pick(l.V)
	}
}

// Between returns the part of the log from one instant to another, the last excluded; math.Inf leaves a side open.
func (l *Log) Between(from, to float64) *Log {
	first, _ := slices.BinarySearch(l.Time, from)
	last, _ := slices.BinarySearch(l.Time, to)
	last = max(first, last)
	p := &Log{Name: fmt.Sprintf("%s (%.6g to %.6g s)", l.Name, math.Max(from, l.Time[0]), math.Min(to, l.Time[len(l.Time)-1])), Time: l.Time[first:last], Q: l.Q[first:last], Torque: l.Torque[first:last]}
	if l.V != nil {
		p.V = l.V[first:last]
	}
	return p
}
