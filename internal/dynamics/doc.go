// Package dynamics is the machine room: one time step of a kinematic tree with hard contact, written as
// a problem for the interior-point solver, and its partial derivatives.
//
// The integrator is the variational one of docs/theory.md. Configurations live at
// knots, velocities on intervals: a state is (q2, v) with v the velocity of the interval that ends at
// knot 2, or at the instant itself; a step finds the velocity of the next interval, which ends at knot 3. Every rotation over an
// interval is a Gibbs vector tan(θ/2)·axis in world axes, so the inner loop uses no trigonometry and no
// rotation matrices, and time reversal is a change of sign of v.
package dynamics
