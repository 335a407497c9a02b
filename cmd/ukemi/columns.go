package main

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// stateColumns are where the numbers of a model are in a table.
type stateColumns struct {
	time    int
	q, v    []int // −1: not there
	u       []int // nil when not all are there
	energy  []int // the same
	pairs   []pairColumn
	forces  bool     // whether contacts are known: there is a column of a pair, or an energy where there are no pairs
	missing []string // coordinates that are not there
	ignored []string // columns that belong to nothing
}

// pairColumn is a pair of colliders with the first of its columns. Tables of before have no torques.
type pairColumn struct {
	sim.PairInfo
	at      int
	torques bool
}

// columnIndex knows where the columns of a table are, and which of them have been taken.
type columnIndex struct {
	at   map[string]int
	used []bool
}

// indexColumns names all columns that come twice.
func indexColumns(header []string) (*columnIndex, error) {
	x := &columnIndex{at: map[string]int{}, used: make([]bool, len(header))}
	var errs []error
	for k, h := range header {
		if _, twice := x.at[h]; twice {
			errs = append(errs, fmt.Errorf("column %d: there is another one called %q", k+1, h))
		}
		x.at[h] = k
	}
	return x, errors.Join(errs...)
}

// take takes the column that has the first of the names, and returns -1 where none has one.
func (x *columnIndex) take(names ...string) int {
	for _, n := range names {
		if k, ok := x.at[n]; ok {
			x.used[k] = true
			return k
		}
	}
	return -1
}

// all takes a column for each list of names and returns how many there are.
func (x *columnIndex) all(names [][]string) (at []int, found int) {
	for _, l := range names {
		k := x.take(l...)
		if at = append(at, k); k >= 0 {
			found++
		}
	}
	return at, found
}

// findColumns finds the columns of a model by their names, in any order. There must be the time and one coordinate, and a
// quaternion whole.
func findColumns(m *sim.Model, header []string) (*stateColumns, error) {
	x, err := indexColumns(header)
	if err != nil {
		return nil, err
	}
	c := &stateColumns{time: x.take("time", "t")}
	if c.time < 0 {
		return nil, fmt.Errorf(`column 1 is %q and none is "time" (s)`, header[0])
	}
	names := positionColumns(m)
	var found int
	if c.q, found = x.all(names); found == 0 && m.NQ() > 0 {
		return nil, fmt.Errorf("no column is a coordinate of %s, such as %q: is --model right?", m.Name(), names[0][0])
	}
	for i, k := range c.q {
		if k < 0 {
			c.missing = append(c.missing, names[i][0])
		}
	}
	if err := c.wholeTurns(m, names); err != nil {
		return nil, err
	}
	c.v, _ = x.all(velocityColumns(m))
	if u, n := x.all(inputColumns(m)); n == m.NU() && n > 0 {
		c.u = u
	}
	var energies [][]string
	for _, n := range scene.EnergySignals {
		energies = append(energies, []string{n})
	}
	if e, n := x.all(energies); n == len(e) {
		c.energy = e
	}
	pairs := m.Pairs()
	for _, p := range pairs {
		names := pairNames(p)
		k, ok := x.at[names[0]]
		has := func(n int) bool { return ok && k+n <= len(header) && slices.Equal(header[k:k+n], names[:n]) }
		if has(forceColumns) {
			c.pairs = append(c.pairs, pairColumn{p, k, p.Turns && has(len(names))})
		}
	}
	c.forces = len(c.pairs) > 0
	known := columnNames(m)
	for k, h := range header {
		if !x.used[k] && !slices.Contains(known, h) {
			c.ignored = append(c.ignored, h)
		}
	}
	return c, nil
}

// wholeTurns returns an error when a part of a quaternion is missing.
func (c *stateColumns) wholeTurns(m *sim.Model, names [][]string) error {
	var errs []error
	for _, j := range m.Joints() {
		k := j.QuaternionOf()
		if k < 0 {
			continue
		}
		n, lost := 0, ""
		for i := k; i < k+4; i++ {
			if c.q[i] >= 0 {
				n++
			} else {
				lost = names[i][0]
			}
		}
		if n%4 != 0 {
			errs = append(errs, fmt.Errorf("column %q of the quaternion of %s is missing", lost, j.Name))
		}
	}
	return errors.Join(errs...)
}

// state stores the row's numbers in x, what is missing stays, and followers of joints that are there follow them.
func (c *stateColumns) state(m *sim.Model, x *sim.State, row []float64) error {
	set := make([]bool, m.NQ())
	for i, k := range c.q {
		if k >= 0 {
			x.Q[i], set[i] = row[k], true
		}
	}
	for i, k := range c.v {
		if k >= 0 {
			x.V[i] = row[k]
		}
	}
	follow(m, x, set)
	for _, j := range m.Joints() {
		if k := j.QuaternionOf(); k >= 0 && set[k] {
			if err := normalize(x.Q[k:k+4], j.Name); err != nil {
				return err
			}
		}
	}
	return m.CheckState(*x)
}

// normalize makes a quaternion of a log unit: those have few digits. One that is unit to rounding keeps its bits.
func normalize(q []float64, joint string) error {
	n := math.Hypot(math.Hypot(q[0], q[1]), math.Hypot(q[2], q[3]))
	if !(math.Abs(n-1) <= 0.01) {
		return fmt.Errorf("the quaternion of %s has length %.3g, want 1 (w, x, y, z)", joint, n)
	}
	if math.Abs(n-1) > 1e-9 {
		for i := range q {
			q[i] /= n
		}
	}
	return nil
}

// follow places the followers of joints that were set, but for those that were set themselves.
func follow(m *sim.Model, x *sim.State, set []bool) {
	joints := m.Joints()
	for _, c := range m.Mimics() {
		i, of := joints[c.Joint].Q, joints[c.Of].Q
		if set[of] && !set[i] {
			q := x.Q[of]
			x.Q[i] = c.Offset + q*(c.Ratio+q*(c.Curve[0]+q*(c.Curve[1]+q*c.Curve[2])))
			set[i] = true
		}
	}
}
