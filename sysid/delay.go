package sysid

import "math"

// inputs returns those of a window, late by the value of an unknown, and how they change with it (per s; nil when
// nothing is late). Inputs are held over steps, so what a step gets is the mean of two; before the first and behind the
// last input of the trajectory those stay.
func (f *fit) inputs(win window, x []float64) (u, du [][]float64) {
	n := f.substeps()
	first, last := win.first*n, win.last*n
	all := f.Trajectories[win.trajectory].Inputs
	if f.late < 0 || all == nil {
		if all == nil {
			return make([][]float64, last-first), f.still(last - first)
		}
		return all[first:last], nil
	}
	h := f.Model.Timestep()
	late, _ := f.set.unknowns[f.late].value(x[f.late])
	whole := math.Floor(late / h)
	part := late/h - whole
	at := func(k float64) []float64 {
		if v := all[int(max(0, min(k, float64(len(all)-1))))]; v != nil {
			return v
		}
		return make([]float64, f.Model.NU())
	}
	for k := first; k < last; k++ {
		now, before := at(float64(k)-whole), at(float64(k)-whole-1)
		v, d := make([]float64, len(now)), make([]float64, len(now))
		for i := range v {
			v[i], d[i] = (1-part)*now[i]+part*before[i], (before[i]-now[i])/h
		}
		u, du = append(u, v), append(du, d)
	}
	return u, du
}

// still returns the change of inputs that a trajectory does not have, where a delay is sought.
func (f *fit) still(steps int) [][]float64 {
	if f.late < 0 {
		return nil
	}
	return make([][]float64, steps)
}
