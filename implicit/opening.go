package implicit

import (
	"errors"
	"fmt"
	"slices"

	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/sim"
)

// Where loops say the same several times, as those of a planar linkage do, there are parameters with which they say
// different things: a hinge that leaves the plane. Motion then follows the closest fit, but what joints and loops do
// against each other has no bound and no derivative. It is an error and not left out: a sum of forces goes wrong by
// more than its size.

// ErrOpens is the error of a derivative of forces by such a parameter.
var ErrOpens = errors.New("implicit: a change of the parameter opens a loop that others hold closed too, as the hinges of a planar linkage do, and nothing can close it: forces of joints and loops have no derivative by it")

// opens reports whether p opens a loop in one of the solves that the step's forces are of.
func (t *taken) opens(p Param) bool {
	switch p.p.Kind {
	case dynamics.ParamOrigin, dynamics.ParamLoopA, dynamics.ParamLoopB, dynamics.ParamMimic:
	default:
		return false
	}
	column := NewTangent(t.m)
	for k := range t.count() {
		t.at(t.last(k))
		if t.e.ParamColumn(column.Q, column.V, p.p); t.e.Opened() {
			return true
		}
	}
	return false
}

// checkOpening returns an error when forces of joints or loops are to be pulled back to a parameter that opens a loop.
func (t *taken) checkOpening(params []Param, f Forces) error {
	pulls := func(l []sim.Wrench) bool {
		return slices.ContainsFunc(l, func(w sim.Wrench) bool { return w != sim.Wrench{} })
	}
	if len(t.m.Engine().Loops) == 0 || !pulls(f.Joints) && !pulls(f.Loops) {
		return nil
	}
	for _, p := range params {
		if t.opens(p) {
			return fmt.Errorf("%w (%s)", ErrOpens, p.Name)
		}
	}
	return nil
}
