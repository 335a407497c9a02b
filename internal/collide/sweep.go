package collide

import (
	"cmp"
	"slices"

	"gonum.org/v1/gonum/spatial/r3"
)

// Box is a box around something, along the axes of the world.
type Box struct{ Low, High r3.Vec }

// Sweep finds which of many boxes overlap: it sorts them along the axis on which they lie farthest apart, and compares each with those
// that begin before it ends (Baraff, "Dynamic Simulation of Non-Penetrating Rigid Bodies", 1992). It keeps the order of the last time, from
// which the next is soon sorted; what it finds does not depend on that.
type Sweep struct {
	order []int32
	boxes []swept
}

// swept is a box with the axis of the sweep first.
type swept struct {
	low, high [3]float64
	index     int32
}

// Overlaps appends to dst all pairs of boxes that overlap or touch, the lesser index first, in no particular order.
func (w *Sweep) Overlaps(dst [][2]int32, boxes []Box) [][2]int32 {
	w.sort(boxes)
	for k := range w.boxes {
		a := &w.boxes[k]
		for n := k + 1; n < len(w.boxes) && w.boxes[n].low[0] <= a.high[0]; n++ {
			b := &w.boxes[n]
			if a.low[1] <= b.high[1] && b.low[1] <= a.high[1] && a.low[2] <= b.high[2] && b.low[2] <= a.high[2] {
				dst = append(dst, [2]int32{min(a.index, b.index), max(a.index, b.index)})
			}
		}
	}
	return dst
}

// sort stores the boxes by where they begin.
func (w *Sweep) sort(boxes []Box) {
	if len(w.order) != len(boxes) {
		w.order = w.order[:0]
		for i := range boxes {
			w.order = append(w.order, int32(i))
		}
		w.boxes = make([]swept, len(boxes))
	}
	x := widest(boxes)
	begin := func(i int32) float64 { return array(boxes[i].Low)[x] }
	slices.SortFunc(w.order, func(i, j int32) int { return cmp.Compare(begin(i), begin(j)) })
	for k, i := range w.order {
		low, high := array(boxes[i].Low), array(boxes[i].High)
		y, z := (x+1)%3, (x+2)%3
		w.boxes[k] = swept{low: [3]float64{low[x], low[y], low[z]}, high: [3]float64{high[x], high[y], high[z]}, index: i}
	}
}

// widest returns the axis on which the middles of the boxes vary most.
func widest(boxes []Box) (axis int) {
	var sum, square [3]float64
	for i := range boxes {
		b := &boxes[i]
		for k, x := range array(r3.Add(b.Low, b.High)) {
			if x-x == 0 { // endless boxes have no middle
				sum[k], square[k] = sum[k]+x, square[k]+x*x
			}
		}
	}
	most := 0.0
	for k := range sum {
		if v := square[k] - sum[k]*sum[k]/float64(len(boxes)); v > most {
			axis, most = k, v
		}
	}
	return axis
}
