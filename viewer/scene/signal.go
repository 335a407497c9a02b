package scene

import (
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/sim"
)

// Signals are the numbers of a moment by name: columns of tables, curves of pictures, of the window and of pages.

// EnergySignals are the names of the energies.
var EnergySignals = []string{"energy.kinetic", "energy.gravity", "energy.spring", "energy.total"}

var wrenchParts = []string{".fx", ".fy", ".fz", ".tx", ".ty", ".tz"}

// SignalNames returns the names of all signals but those of pairs: time, q, v, energies, inputs, forces of drives, wrenches of joints.
func SignalNames(m *sim.Model) []string {
	l := append(append([]string{"time"}, CoordinateNames(m)...), VelocityNames(m)...)
	l = append(l, EnergySignals...)
	for _, n := range m.Inputs() {
		l = append(l, "u."+n)
	}
	for _, n := range m.Inputs() {
		l = append(l, "tau."+n)
	}
	for _, j := range m.Joints() {
		for _, c := range wrenchParts {
			l = append(l, "wrench."+j.Name+c)
		}
	}
	return l
}

// SignalGroup is a range of signals.
type SignalGroup struct {
	Name     string
	First, N int
}

// SignalGroups returns the ranges of SignalNames, without the time.
func SignalGroups(m *sim.Model) []SignalGroup {
	at := 1
	group := func(name string, n int) SignalGroup {
		at += n
		return SignalGroup{name, at - n, n}
	}
	return []SignalGroup{
		group("positions", m.NQ()), group("velocities", m.NV()), group("energies", len(EnergySignals)),
		group("inputs", m.NU()), group("drive forces", m.NU()), group("joint wrenches", len(wrenchParts)*m.NB()),
	}
}

// SignalUnits returns the unit of each signal.
func SignalUnits(m *sim.Model) []string {
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
	return l
}

// AppendSignals appends the values of SignalNames; NaN where they are not known.
func AppendSignals(dst []float64, m *sim.Model, now *Moment) []float64 {
	dst = append(dst, now.Time)
	dst = append(dst, now.State.Q...)
	dst = append(dst, now.State.V...)
	if now.Knows(KnownEnergy) {
		dst = append(dst, now.Energy.Kinetic, now.Energy.Gravity, now.Energy.Spring, now.TotalEnergy())
	} else {
		dst = appendKnown(dst, nil, len(EnergySignals))
	}
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

// SignalAt returns one of the values of AppendSignals.
func SignalAt(m *sim.Model, now *Moment, i int) float64 {
	if i == 0 {
		return now.Time
	}
	i--
	for _, l := range [...][]float64{now.State.Q, now.State.V} {
		if i < len(l) {
			return l[i]
		}
		i -= len(l)
	}
	if i < len(EnergySignals) {
		if !now.Knows(KnownEnergy) {
			return math.NaN()
		}
		return [...]float64{now.Energy.Kinetic, now.Energy.Gravity, now.Energy.Spring, now.TotalEnergy()}[i]
	}
	i -= len(EnergySignals)
	for _, l := range [...][]float64{now.Input, now.Drives} {
		if i < m.NU() {
			if len(l) != m.NU() {
				return math.NaN()
			}
			return l[i]
		}
		i -= m.NU()
	}
	if i/len(wrenchParts) >= len(now.Wrenches) {
		return math.NaN()
	}
	w := &now.Wrenches[i/len(wrenchParts)]
	return [...]float64{w.Force.X, w.Force.Y, w.Force.Z, w.Torque.X, w.Torque.Y, w.Torque.Z}[i%len(wrenchParts)]
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

// CoordinateNames returns a name for every coordinate: the joint's, with what it is when there are several.
func CoordinateNames(m *sim.Model) []string { return axisNames(m, true) }

// VelocityNames returns a name for every velocity, "v." and the joint's.
func VelocityNames(m *sim.Model) []string { return axisNames(m, false) }

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
