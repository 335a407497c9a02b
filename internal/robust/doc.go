// Package robust throws mechanisms about at random and counts the steps that fail. It is the measure behind
// the claim that the engine does not give up: every cell of a table (mechanism, step length, κ) gets tosses
// with friction coefficients from 0 to 5 and masses from 1e-6 to 1e6 kg.
//
// A toss depends on the seed, its cell and its number alone, so that a failure can be thrown again.
package robust
