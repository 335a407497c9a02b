package main

import (
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/sim"
)

// sense says what of a log can hardly be meant: of every joint of one motion its positions and, unless v is nil,
// velocities, columns by Q and V of the joint. torques says that torques are compared, which know nothing of what holds
// a joint at its limit.
func sense(path string, m *sim.Model, time []float64, q, v [][]float64, torques bool) (notes []string) {
	say := func(format string, args ...any) { notes = append(notes, path+": "+fmt.Sprintf(format, args...)) }
	for _, j := range m.Joints() {
		if j.NV != 1 || j.NQ != 1 {
			continue
		}
		low, high, stands := math.Inf(1), math.Inf(-1), 0
		a := sim.Axis{}
		if len(j.Axes) > 0 {
			a = j.Axes[0]
		}
		const near = 1e-3 // rad or m: what a sensor tells of a joint that stands at its limit
		for _, row := range q {
			x := row[j.Q]
			low, high = math.Min(low, x), math.Max(high, x)
			if a.Limited && (x < a.Lower+near || x > a.Upper-near) {
				stands++
			}
		}
		beyond := math.Max(a.Lower-low, high-a.Upper)
		switch {
		case a.Limited && beyond > 0.1*(a.Upper-a.Lower):
			hint := ""
			if len(j.Type.Trans) == 0 && beyond > 4 {
				hint = ": are its positions in degrees?"
			}
			say("joint %s goes from %.3g to %.3g %s, beyond its limits of %.3g and %.3g%s", j.Name, low, high, coordinateUnit(j), a.Lower, a.Upper, hint)
		case !a.Limited && len(j.Type.Trans) == 0 && swingsFar(q, j.Q, high-low):
			say("joint %s swings from %.3g to %.3g rad and back: are its positions in degrees?", j.Name, low, high)
		case torques && stands*50 > len(q):
			say("joint %s stands at a limit in %d %% of the samples: what holds it there is in no torque, and what is found of it is wrong; leave that part out", j.Name, 100*stands/len(q))
		case high-low < 1e-9:
			say("joint %s does not move: neither its friction nor its damping can be told", j.Name)
		}
		if v == nil {
			continue
		}
		if r := ratio(time, q, v, j); r < 0.5 || r > 2 {
			say("the velocities of joint %s are %.3g times what its positions change by: are their units the same, and is time in seconds?", j.Name, r)
		}
	}
	return notes
}

// swingsFar reports whether a hinge without limits goes to and fro by more than two turns: wheels do, but they mostly go on.
func swingsFar(q [][]float64, at int, width float64) bool {
	const turns = 2
	way := 0.0
	for k := 1; k < len(q); k++ {
		way += math.Abs(q[k][at] - q[k-1][at])
	}
	return width > turns*2*math.Pi && way > 1.5*width
}

func coordinateUnit(j sim.JointInfo) string {
	if len(j.Type.Trans) > 0 {
		return "m"
	}
	return "rad"
}

// ratio returns how large velocities of a joint are, over the differences of its positions per time (least squares); 1
// for one that does not move.
func ratio(time []float64, q, v [][]float64, j sim.JointInfo) float64 {
	both, square := 0.0, 0.0
	for k := 1; k < len(time); k++ {
		d := (q[k][j.Q] - q[k-1][j.Q]) / (time[k] - time[k-1])
		both += d * (v[k][j.V] + v[k-1][j.V]) / 2
		square += d * d
	}
	if square < 1e-12 {
		return 1
	}
	return both / square
}
