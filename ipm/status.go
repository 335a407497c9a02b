package ipm

import "errors"

// Status says how a solve ended. The zero value is Unsolved, so a forgotten result is no success.
type Status uint8

// The ends of a solve.
const (
	Unsolved   Status = iota
	Solved            // all tolerances hold
	MaxIter           // iteration limit
	Stalled           // the line search found no acceptable step
	Singular          // the condensed matrix could not be factored
	NotFinite         // the problem could not be evaluated at its start
	statusEnds        // number of statuses
)

var statuses = [statusEnds]struct {
	name string
	err  error
}{
	Unsolved:  {"unsolved", errors.New("ipm: not solved yet")},
	Solved:    {"solved", nil},
	MaxIter:   {"max iterations", errors.New("ipm: iteration limit reached")},
	Stalled:   {"stalled", errors.New("ipm: line search found no acceptable step")},
	Singular:  {"singular", errors.New("ipm: singular matrix")},
	NotFinite: {"not finite", errors.New("ipm: start is outside the domain or not finite")},
}

func (s Status) String() string {
	if s >= statusEnds {
		return "unknown"
	}
	return statuses[s].name
}

// Err returns nil for Solved and an error for everything else.
func (s Status) Err() error {
	if s >= statusEnds {
		return errors.New("ipm: unknown status")
	}
	return statuses[s].err
}

// Result is the outcome of a solve. Residuals are those of the returned point, solved or not.
type Result struct {
	Status     Status
	Iterations int     // factorizations
	Residual   float64 // ‖F‖, natural units
	Gap        float64 // max |u − s| over the block's natural sizes
	Centrality float64 // max |s∘λ − κe|/κ
	Kappa      float64 // mean complementarity product reached, in units of κ
}

// Options tune a solve. Zero values select the defaults.
type Options struct {
	Kappa float64 // central-path parameter κ > 0; no default

	// Tolerance bounds the norm of F and the mismatch |u − s| of values and slacks, in natural units.
	// The last is also bounded by Centrality times the slack itself. Default 1e-9.
	Tolerance float64
	// Centrality bounds |s∘λ − κe|/κ. The solution then lies within about that fraction of κ of the
	// central path. Default 1e-6.
	Centrality float64
	MaxIter    int  // Of the fast run; the careful one has five times as many. Default 40.
	NoFallback bool // Leave out the careful run.
	// Trace, when not nil, is called after every iteration.
	Trace func(Iteration)
}

// Iteration is one line of a trace.
type Iteration struct {
	Number                    int
	Residual, Gap, Centrality float64
	Kappa, Target, Alpha      float64
	Trials                    int // line search evaluations
}
