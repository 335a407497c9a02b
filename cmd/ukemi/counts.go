package main

import (
	"fmt"

	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// meetingCounts are how many contacts pushed, between how many pairs of colliders, and how many islands were solved, in
// the mean and most in one step.
type meetingCounts struct {
	ContactsMean number `json:"contacts_mean"`
	ContactsMax  int    `json:"contacts_max"`
	PairsMean    number `json:"pairs_mean"`
	PairsMax     int    `json:"pairs_max"`
	IslandsMean  number `json:"islands_mean"`
	IslandsMax   int    `json:"islands_max"`

	steps int
}

// add meetingCounts a step.
func (c *meetingCounts) add(contacts []sim.Contact, islands int) {
	n, pairs := 0, map[sim.Pair]bool{}
	for i := range contacts {
		if contacts[i].Force != (r3.Vec{}) {
			n++
			pairs[contacts[i].ID.Pair] = true
		}
	}
	c.steps++
	mean := func(to *number, x int) { *to += (number(x) - *to) / number(c.steps) }
	mean(&c.ContactsMean, n)
	mean(&c.PairsMean, len(pairs))
	mean(&c.IslandsMean, islands)
	c.ContactsMax, c.PairsMax, c.IslandsMax = max(c.ContactsMax, n), max(c.PairsMax, len(pairs)), max(c.IslandsMax, islands)
}

func (c *meetingCounts) String() string {
	islands := fmt.Sprintf("%.3g islands", c.IslandsMean)
	if c.IslandsMean == 1 {
		islands = "1 island"
	}
	return fmt.Sprintf("%.3g contacts of %.3g pairs per step, in %s; at most %d, %d and %d", c.ContactsMean, c.PairsMean, islands, c.ContactsMax, c.PairsMax, c.IslandsMax)
}
