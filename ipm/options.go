package ipm

// Options tune a solve. Zero values select the defaults.
type Options struct {
	// Kappa is the central-path parameter κ > 0. It has no default: with blocks, a κ that is not positive
	// and finite is the status NotFinite.
	Kappa float64

	// Tolerance bounds the norm of F and the mismatch |u − s| of values and slacks, in natural units.
	// The last is also bounded by Centrality times the slack itself. Default 1e-9.
	Tolerance float64
	// Centrality bounds |s∘λ − κe|/κ. The solution then lies within about that fraction of κ of the
	// central path. Default 1e-4.
	Centrality float64
	// Start is the κ of the central starting point: 1 starts with products as large as the problem itself,
	// less suits problems whose multipliers are small for their size. Default 1.
	Start float64
	// Warm starts first from the point of the central path that has the values Block.Past, and from Start only
	// where that does not lead on. The multipliers of the step before need not be remembered: on the path
	// they follow from its values. With Polish it starts from the values of x and next to no normal forces.
	Warm bool
	// Onward leaps from the point of the central path that has the values of x, which nearly solve the problem, and goes no other way.
	Onward bool
	// Loaded says that blocks may carry many times what is natural for them, as at the foot of a tower: a warm start takes over multipliers
	// of any size.
	Loaded bool
	// Jointed says that joints hold what the blocks touch: friction that dilates comes before the fast run, as it does
	// where blocks are Loaded.
	Jointed bool
	// Polish takes the solution on to κ = 0 by Newton's method on the branches of the laws that it is on. There
	// it is no smooth function of the problem's data any more.
	Polish     bool
	MaxIter    int  // Of the fast run; each way tried after it has some times as many. Default 40.
	NoFallback bool // Leave out the other ways when the fast run fails.
	Late       bool // Leave out what a solve with NoFallback has tried.
	Spare      bool // Leave out the ways that rarely help, where a problem can be made easier.
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

func (o *Options) defaults() {
	if o.Tolerance == 0 {
		o.Tolerance = 1e-9
	}
	if o.Centrality == 0 {
		o.Centrality = 1e-4
	}
	if o.Start == 0 {
		o.Start = 1
	}
	if o.MaxIter == 0 {
		o.MaxIter = 40
	}
}
