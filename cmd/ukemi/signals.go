package main

import (
	"fmt"
	"strings"

	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/spatial/r3"
)

// Columns of tables and curves of pictures are the signals of package scene. Those of pairs of colliders come behind
// them and are written by csvFile, as most pairs never touch.

// pairColumns are those of a pair of colliders: the sum of the forces on A, where it acts, and the sum of the torques by
// which A's turning was resisted, which only pairs have that resist it.
var pairColumns = []string{".fx", ".fy", ".fz", ".px", ".py", ".pz", ".tx", ".ty", ".tz"}

const forceColumns = 6 // without torques

// columnsOf returns those of a pair.
func columnsOf(p sim.PairInfo) []string {
	if p.Turns {
		return pairColumns
	}
	return pairColumns[:forceColumns]
}

// pairSum adds up the contacts of a pair.
type pairSum struct {
	force, torque r3.Vec  // N, N m
	point         r3.Vec  // the points times their forces
	load          float64 // sum of the sizes of forces (N)
}

func (p *pairSum) add(c *sim.Contact) {
	n := r3.Norm(c.Force)
	p.force, p.torque, p.load = r3.Add(p.force, c.Force), r3.Add(p.torque, c.Torque), p.load+n
	p.point = r3.Add(p.point, r3.Scale(n, c.Point))
}

// columns returns the numbers of pairColumns: the point is the mean of the points, NaN where there is no force.
func (p pairSum) columns() [9]float64 {
	at := r3.Scale(1/p.load, p.point) // 0/0 is NaN: nowhere
	return [...]float64{p.force.X, p.force.Y, p.force.Z, at.X, at.Y, at.Z, p.torque.X, p.torque.Y, p.torque.Z}
}

// appendPairs appends what the pairs of colliders did.
func appendPairs(dst []float64, pairs []sim.PairInfo, now *scene.Moment) []float64 {
	sums := map[sim.Pair]pairSum{}
	for i := range now.Contacts {
		c := &now.Contacts[i]
		p := sums[c.ID.Pair]
		p.add(c)
		sums[c.ID.Pair] = p
	}
	for _, p := range pairs {
		x := sums[p.Pair].columns()
		dst = append(dst, x[:len(columnsOf(p))]...)
	}
	return dst
}

// pairNames returns the columns of a pair of colliders.
func pairNames(p sim.PairInfo) (l []string) {
	for _, c := range columnsOf(p) {
		l = append(l, p.Name+c)
	}
	return l
}

// columnUnits returns the unit of each of columnNames.
func columnUnits(m *sim.Model) []string {
	l := scene.SignalUnits(m)
	for _, p := range m.Pairs() {
		l = append(l, []string{"N", "N", "N", "m", "m", "m", "N m", "N m", "N m"}[:len(columnsOf(p))]...)
	}
	return l
}

// columnNames returns all columns that a table of the model can have.
func columnNames(m *sim.Model) []string {
	l := scene.SignalNames(m)
	for _, p := range m.Pairs() {
		l = append(l, pairNames(p)...)
	}
	return l
}

// choice says which signals are wanted: all but the wrenches of joints when it is empty.
type choice struct {
	flag string // that made it
	text string // patterns, separated by commas; * stands for any letters
}

// of returns whether each of the names is wanted. A pattern that fits nothing is an error.
func (c choice) of(names []string) ([]bool, error) {
	keep := make([]bool, len(names))
	if strings.TrimSpace(c.text) == "" {
		for i, n := range names {
			keep[i] = !strings.HasPrefix(n, "wrench.")
		}
		return keep, nil
	}
	for _, p := range strings.Split(c.text, ",") {
		p = strings.TrimSpace(p)
		is, n := like(p), 0
		for i, name := range names {
			if is(name) {
				keep[i] = true
				n++
			}
		}
		if n == 0 {
			return nil, fmt.Errorf("--%s: there is no signal %q%s", c.flag, p, meant(p, names))
		}
	}
	return keep, nil
}
