package main

import (
	"fmt"
	"math"
	"strings"

	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/spatial/r3"
)

// Signals are the numbers of an instant by name: the columns of tables, the curves of pictures. Those of pairs of colliders come behind
// the others and are written by csvFile, as most pairs never touch.

var (
	energyColumns = []string{"energy.kinetic", "energy.gravity", "energy.spring", "energy.total"}
	// pairColumns are those of a pair of colliders: the sum of the forces on A, and where it acts.
	pairColumns   = []string{".fx", ".fy", ".fz", ".px", ".py", ".pz"}
	wrenchColumns = []string{".fx", ".fy", ".fz", ".tx", ".ty", ".tz"}
)

// signalNames returns the names of all signals but those of pairs: time, q, v, energies, inputs, forces of drives, wrenches of joints.
func signalNames(m *sim.Model) []string {
	l := append(append([]string{"time"}, coordinateNames(m)...), velocityNames(m)...)
	l = append(l, energyColumns...)
	for _, n := range m.Inputs() {
		l = append(l, "u."+n)
	}
	for _, n := range m.Inputs() {
		l = append(l, "tau."+n)
	}
	for _, j := range m.Joints() {
		for _, c := range wrenchColumns {
			l = append(l, "wrench."+j.Name+c)
		}
	}
	return l
}

// signalUnits returns the unit of each of columnNames.
func signalUnits(m *sim.Model) []string {
	var q, v, f []string
	for _, j := range m.Joints() {
		nt := len(j.Type.Trans)
		for k := range j.NQ {
			switch {
			case k < nt:
				q = append(q, "m")
			case j.QuaternionOf() >= 0:
				q = append(q, "")
			default:
				q = append(q, "rad")
			}
		}
		for k := range j.NV {
			if k < nt {
				v = append(v, "m/s")
			} else {
				v = append(v, "rad/s")
			}
		}
		f = append(f, "N", "N", "N", "N m", "N m", "N m")
	}
	l := append(append(append([]string{"s"}, q...), v...), "J", "J", "J", "J")
	forces := map[string]string{"m": "N", "rad": "N m"} // of servos
	for _, input := range [...]bool{true, false} {
		for i := range m.NU() {
			unit := m.InputInfo(i).Unit
			if f := forces[unit]; f != "" && !input {
				unit = f
			}
			l = append(l, unit)
		}
	}
	l = append(l, f...)
	for range m.Pairs() {
		l = append(l, "N", "N", "N", "m", "m", "m")
	}
	return l
}

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

// appendSignals appends the values of signalNames; NaN where they are not known.
func appendSignals(dst []float64, m *sim.Model, now *scene.Moment) []float64 {
	dst = append(dst, now.Time)
	dst = append(dst, now.State.Q...)
	dst = append(dst, now.State.V...)
	dst = append(dst, now.Energy.Kinetic, now.Energy.Gravity, now.Energy.Spring, now.TotalEnergy())
	dst = appendKnown(dst, now.Input, m.NU())
	dst = appendKnown(dst, now.Drives, m.NU())
	for i := range m.NB() {
		var w sim.Wrench
		if i < len(now.Wrenches) {
			w = now.Wrenches[i]
		} else {
			w.Force.X = math.NaN()
			w.Force.Y, w.Force.Z, w.Torque.X, w.Torque.Y, w.Torque.Z = w.Force.X, w.Force.X, w.Force.X, w.Force.X, w.Force.X
		}
		dst = append(dst, w.Force.X, w.Force.Y, w.Force.Z, w.Torque.X, w.Torque.Y, w.Torque.Z)
	}
	return dst
}

// appendKnown appends v, or n times NaN when it is not known.
func appendKnown(dst, v []float64, n int) []float64 {
	if len(v) == n {
		return append(dst, v...)
	}
	for range n {
		dst = append(dst, math.NaN())
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

// columnNames returns all columns that a table of the model can have.
func columnNames(m *sim.Model) []string {
	l := signalNames(m)
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

// coordinateNames returns a name for every coordinate: the joint's, with what it is when there are several.
func coordinateNames(m *sim.Model) []string { return axisNames(m, true) }

// velocityNames returns a name for every velocity, "v." and the joint's.
func velocityNames(m *sim.Model) []string { return axisNames(m, false) }

func axisNames(m *sim.Model, position bool) []string {
	var l []string
	for _, j := range m.Joints() {
		nt, nr := len(j.Type.Trans), len(j.Type.Rot)
		name, parts := j.Name, []string{}
		if !position {
			name = "v." + name
		}
		for k := range nt {
			parts = append(parts, translations(nt)[k])
		}
		switch {
		case nr == 3 && position:
			parts = append(parts, "qw", "qx", "qy", "qz")
		case nr == 3:
			parts = append(parts, "wx", "wy", "wz")
		case nr == 1:
			parts = append(parts, "angle")
		default:
			for k := range nr {
				parts = append(parts, fmt.Sprintf("angle%d", k+1))
			}
		}
		if len(parts) == 1 {
			l = append(l, name)
			continue
		}
		for _, p := range parts {
			l = append(l, name+"."+p)
		}
	}
	return l
}

func translations(n int) []string {
	if n == 3 {
		return []string{"x", "y", "z"}
	}
	return []string{"t1", "t2"}[:n]
}
