package viewer

import (
	"fmt"
	"math"
)

// clock turns real time into steps.
type clock struct {
	speed    float64 // simulated seconds per second
	owed     float64 // simulated time that should have been shown (s)
	free     bool    // no clock: as many steps as fit
	achieved float64 // running mean of simulated seconds per second
	window   float64 // real time in which shown was counted
	shown    float64
}

// maxSpeed keeps a long press of + from making it look as if keys had no effect.
const minSpeed, maxSpeed = 1.0 / 128, 64.0

func (c *clock) faster() { c.speed = min(c.speed*2, maxSpeed) }
func (c *clock) slower() { c.speed = max(c.speed/2, minSpeed) }

// most is how much real time a clock lags behind at most (s): what a slow loop or a stopped program missed
// is not made up for in a rush.
const most = 0.25

// pass adds real time.
func (c *clock) pass(dt float64) {
	dt = clamp(dt, 0, most)
	c.owed = min(c.owed+dt*c.speed, most*c.speed)
	c.window += dt
	if c.window >= 0.5 {
		c.achieved = c.shown / c.window
		c.window, c.shown = 0, 0
	}
}

// due takes one step of length h from the debt if it is owed.
func (c *clock) due(h float64) bool {
	if !c.free && c.owed < h*(1-1e-9) { // sums of small times round
		return false
	}
	c.owed = math.Max(0, c.owed-h)
	c.shown += h
	return true
}

// forgive drops the debt of a simulation that cannot keep up.
func (c *clock) forgive() { c.owed = 0 }

func (c *clock) String() string {
	s := fmt.Sprintf("%g×", c.speed)
	switch {
	case c.free:
		s = "unbounded"
	case c.speed < 1:
		s = fmt.Sprintf("1/%g×", 1/c.speed)
	}
	return s
}
