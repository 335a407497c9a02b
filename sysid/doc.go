// Package sysid finds the physical parameters of a model from what was measured.
//
// A [Set] turns named parameters of a model (any that implicit.Params lists) into the unknowns of a minimizer: factors of
// what is positive, coordinates of the log-Cholesky chart for the inertia of a body, so that no trial is an impossible one.
// [LeastSquares] is the minimizer, Levenberg–Marquardt on residuals that come in blocks, and [NewResult] says what was
// found, how sure it is, and what the data cannot tell.
//
// [Problem] compares simulated with measured states, over one step, windows or whole trajectories.
package sysid
