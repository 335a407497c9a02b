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

// pairColumns are those of a pair of colliders: the sum of the forces on A, and where it acts.
var pairColumns = []string{".fx", ".fy", ".fz", ".px", ".py", ".pz"}

// appendPairs appends what the pairs of colliders did: the sum of the forces on the first, and where it acts, NaN without force.
func appendPairs(dst []float64, pairs []sim.PairInfo, now *scene.Moment) []float64 {
	at, from := map[sim.Pair]int{}, len(dst)
	for i, p := range pairs {
		at[p.Pair] = from + i*len(pairColumns)
		dst = append(dst, 0, 0, 0, 0, 0, 0)
	}
	load := make([]float64, len(pairs))
	for i := range now.Contacts {
		c := &now.Contacts[i]
		k, ok := at[c.ID.Pair]
		if !ok {
			continue
		}
		n := r3.Norm(c.Force)
		for d, x := range [...]float64{c.Force.X, c.Force.Y, c.Force.Z, n * c.Point.X, n * c.Point.Y, n * c.Point.Z} {
			dst[k+d] += x
		}
		load[(k-from)/len(pairColumns)] += n
	}
	for i, n := range load {
		for d := 3; d < len(pairColumns); d++ {
			dst[from+i*len(pairColumns)+d] *= 1 / n // 0/0 is NaN: nowhere. As csvFile does, to the last bit
		}
	}
	return dst
}

// pairNames returns the columns of a pair of colliders.
func pairNames(p sim.PairInfo) []string {
	l := make([]string, 0, len(pairColumns))
	for _, c := range pairColumns {
		l = append(l, p.Name+c)
	}
	return l
}

// columnUnits returns the unit of each of columnNames.
func columnUnits(m *sim.Model) []string {
	l := scene.SignalUnits(m)
	for range m.Pairs() {
		l = append(l, "N", "N", "N", "m", "m", "m")
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
