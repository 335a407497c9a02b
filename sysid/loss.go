package sysid

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// Loss says how a residual counts whose norm is e, in standard deviations of its noise.
type Loss struct {
	Kind  LossKind
	Width float64 // where a residual starts to count as an outlier, in standard deviations
	Group int     // the norm is that of so many rows in sequence, such as the three of a position; 0 is 1
}

// LossKind is the law of a [Loss], of a residual of norm e:
//
//	Square  ½e²
//	Huber   ½e² up to Width, Width (e − ½Width) beyond       (Huber 1964)
//	Cauchy  ½ Width² log(1 + (e/Width)²)
type LossKind uint8

// The laws.
const (
	Square LossKind = iota
	Huber
	Cauchy
)

func (l Loss) check() error {
	if l.Kind > Cauchy || l.Group < 0 || l.Kind != Square && !(l.Width > 0 && !math.IsInf(l.Width, 1)) {
		return fmt.Errorf("sysid: loss %d of width %g over %d rows, want one of Square, Huber and Cauchy with a positive width", l.Kind, l.Width, l.Group)
	}
	return nil
}

// of returns the loss of e and its weight: the factor at which ½e² has the same slope.
func (l Loss) of(e float64) (loss, weight float64) {
	switch {
	case l.Kind == Huber && e > l.Width:
		return l.Width * (e - l.Width/2), l.Width / e
	case l.Kind == Cauchy:
		s := e / l.Width
		return l.Width * l.Width / 2 * math.Log1p(s*s), 1 / (1 + s*s)
	}
	return e * e / 2, 1
}

// apply returns the loss of a block and, where it has derivatives, scales its rows by the roots of their weights, so that
// least squares of them steps toward the minimum of the loss (Holland and Welsch 1977). Priors stay as they are.
func (l Loss) apply(b *Block) float64 {
	sum, data := 0.0, len(b.R)-b.Priors
	for first := 0; first < data; {
		end := min(first+max(l.Group, 1), data)
		loss, w := l.of(norm(b.R[first:end]))
		sum += loss
		for i := first; i < end && w != 1; i++ {
			b.R[i] *= math.Sqrt(w)
			for _, j := range []*mat.Dense{b.X, b.Y} {
				if j != nil {
					row := j.RawRowView(i)
					for k := range row {
						row[k] *= math.Sqrt(w)
					}
				}
			}
		}
		first = end
	}
	e := norm(b.R[data:])
	return sum + e*e/2
}

func norm(x []float64) float64 {
	s := 0.0
	for _, v := range x {
		s += v * v
	}
	return math.Sqrt(s)
}
