// Package robust throws mechanisms about at random and counts the steps that fail. It is the measure behind
// the claim that the engine does not give up: every cell of a table (mechanism, step length, κ) gets tosses
// with friction coefficients from 0 to 5 and masses from 1e-6 to 1e6 kg.
//
// A few chosen mechanisms do not have all joints, limits, springs and drives. [Mechanisms] draws trees that do, and also
// watches their energy and their limits.
//
// A toss depends on the seed, its cell and its number alone, a mechanism on the seed and its number, so that a failure can
// be thrown again.
package robust
