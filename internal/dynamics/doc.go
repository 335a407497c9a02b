// Package dynamics is the machine room: one time step of a kinematic tree with hard contact, written as
// a problem for the interior-point solver, and its partial derivatives.
//
// The integrator is the variational one of docs/theory.md. Configurations live at
// knots, velocities on intervals: a state is (q2, v) with v the velocity of the interval that ends at
// knot 2, or at the instant itself; a step finds the velocity of the next interval, which ends at knot 3. Every rotation over an
// interval is a Gibbs vector tan(θ/2)·axis in world axes, so the inner loop uses no trigonometry and no
// rotation matrices, and time reversal is a change of sign of v.
//
// # A step
//
// Load places the bodies at knot 2 and adds up what arrives there. Solve lists what may touch (touches of half-spaces, meetings of pairs of
// colliders), splits the trees into islands that nothing couples, and solves each: a problem whose unknowns are velocities and whose blocks
// are its rows (limits, dry friction, servos, touches, meetings, closures of loops). What would penetrate after that takes part and the
// island is solved again. Linearize keeps the factors, and Jacobians, JVP and VJP are solves with them.
//
// # Files
//
// The model: model.go, motion.go (what a joint is), configuration.go, loop.go, mimic.go, thruster.go, surface.go, terrain.go; param.go (its
// numbers as parameters), scales.go and effective.go (natural sizes, and the masses that κ is measured in), contact_index.go.
//
// A step: stepper.go (memory, Load, Solve, SetModel), body.go (balance of momentum), force.go and force_ball.go
// (joints), knot.go (energy and velocity at an instant), part.go (what a tree has), islands.go and crew.go (trees that
// are solved together, and islands at the same time), problem.go (an island as the solver sees it), ways.go (the ways
// in which an island is solved), room.go (where constraints leave a single position, and what stays deep), guide.go
// (contacts that joints or others guide), groove.go (whether what is deep has a way out), exclude.go (constraints that
// exclude each other) and nip.go (surfaces that draw bodies in: no solution either).
//
// Rows: row.go, row_joint.go (what all on joints share), row_limit.go, row_friction.go, row_servo.go, row_speed.go, row_touch.go,
// row_meet.go, row_meet_roll.go, row_turn.go (contacts that resist turning), row_equal.go and row_equal_linear.go (closures); rebound.go (restitution), soft.go (compliance).
//
// What may touch: cluster.go (features of one collider near half-spaces), broad.go (pairs that come near), pairs.go
// (their features), late.go (those found where the step ends), bond.go (what those of a pair share), vertex.go (corners
// as parameters), detect.go (what takes
// part, and starts that are deep).
//
// After the solve: wild.go (energy from nowhere), calm.go (bounces that give energy), cause.go (why a step failed), impact.go (when
// something lands).
//
// Linear algebra beyond internal/articulated: local.go (how rows answer to themselves), link.go (which bodies a matrix
// couples), carrier.go and stress.go (forces that close loops, and what they do against each other); against rounding: rounding.go (how much there is), defect.go and
// refine.go (iterative refinement of directions, and of derivatives), wide.go (values with twice the digits), apart.go
// (a dense matrix that adds no stiffness to inertia).
//
// Derivatives: linear.go, column.go, condensed.go and schur.go (Jacobians; under hard blows), tangent.go (JVP),
// adjoint.go (VJP), perturb.go (parameters), change.go (direct changes of the equations), cotangent.go and
// report_tangent.go (forces), course.go (what a derivative leaves of the equations of changed problems).
//
// Reports: report.go, report_loop.go, report_meet.go, piece.go (forces in fixed joints). Without a step: mass.go, inverse.go, regressor.go,
// assemble.go (closing loops).
package dynamics
