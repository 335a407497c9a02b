package main

import (
	"fmt"
	"math"
)

// claims returns an error unless what the pages say is so.
func claims(all []*quality) error {
	for _, q := range all {
		n := len(q.estimates)
		random, hardest, best := q.estimates[n-1], q.estimates[len(softs)-1], q.best()
		if !(random.bias < 4*random.deviation/math.Sqrt(repeats)) {
			return fmt.Errorf("%s: randomized smoothing is biased by %.3f", q.name, random.bias)
		}
		if !(best.error() < random.error()) {
			return fmt.Errorf("%s: %s is off by %.3f, %d rollouts without gradient by %.3f", q.name, best.name, best.error(), random.rollouts, random.error())
		}
		softer := best.bias / hardest.bias
		switch q.name {
		case "push": // κ sees beyond the force at which the block gives way
			if !(softer < 0.5) {
				return fmt.Errorf("push: %s has %.2f of the bias of hard contact, want less than half", best.name, softer)
			}
		case "throw": // where contact is made in any case the gradient of hard contact is as good as any
			if !(hardest.bias < 0.02) {
				return fmt.Errorf("throw: the gradient of hard contact is off by %.3f", hardest.bias)
			}
		case "hop": // κ softens contact, not the balance of a leg: no κ sees beyond the force that lifts the body
			if !(softer > 0.9) {
				return fmt.Errorf("hop: %s has %.2f of the bias of hard contact: the page says that no κ helps", best.name, softer)
			}
		}
	}
	return nil
}
