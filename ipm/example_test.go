package ipm_test

import (
	"fmt"

	"github.com/ukemi-sim/ukemi/ipm"
)

// A block of 2 kg hits the ground at 1 m/s and slides at 5 m/s with a friction coefficient of 0.5. The
// ground takes all of its normal velocity; friction takes 0.5 m/s of its sliding.
func ExampleSolver_Solve() {
	inverse := 1. / 2
	contact := ipm.NewDelassus(
		[]float64{
			inverse, 0, 0,
			0, inverse, 0,
			0, 0, inverse,
		},
		[]float64{-1, 3, 4}, // relative velocity: normal, both tangents
		[]float64{0.5},
	)
	var solver ipm.Solver
	res := solver.Solve(contact, ipm.Options{Kappa: 1e-8})
	if err := res.Status.Err(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("impulse  %.3f N·s\n", solver.Lambda)
	fmt.Printf("velocity %.3f m/s\n", solver.U)
	// Output:
	// impulse  [{2.000 -0.600 -0.800}] N·s
	// velocity [{0.000 2.700 3.600}] m/s
}

// A trace shows how the violations and κ fall from iteration to iteration.
func ExampleOptions_trace() {
	contact := ipm.NewDelassus([]float64{1, 0, 0, 0, 1, 0, 0, 0, 1}, []float64{-1, 2, 0}, []float64{0.5})
	var solver ipm.Solver
	solver.Solve(contact, ipm.Options{Kappa: 1e-3, Tolerance: 1e-7, Centrality: 0.01, Trace: func(i ipm.Iteration) {
		fmt.Printf("%d: residual %.0e, κ %.0e towards %.0e, step %.2f\n", i.Number, i.Residual, i.Kappa, i.Target, i.Alpha)
	}})
	// Output:
	// 1: residual 1e+00, κ 1e+00 towards 6e-03, step 0.99
	// 2: residual 1e-02, κ 1e-01 towards 1e-03, step 1.00
	// 3: residual 2e-05, κ 4e-03 towards 1e-03, step 1.00
	// 4: residual 2e-09, κ 1e-03 towards 1e-03, step 1.00
}
