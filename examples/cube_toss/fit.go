package main

import "math"

// fitMu returns the setup with the friction coefficient that fits the tosses best: the smallest sum of
// mean position and mean rotation error, each in units of the best published one. The objective is rough
// where single tosses land on another face, so a coarse scan finds the valley and a golden-section search
// its floor, to ±0.0005.
func fitMu(ex experiment, tosses []toss, set setup) (setup, error) {
	cost := func(mu float64) (float64, error) {
		s := set
		s.mu = mu
		out, err := rollOut(ex, tosses, s)
		if err != nil {
			return 0, err
		}
		p, _ := meanStd(out, position)
		r, _ := meanStd(out, rotation)
		return p/published[0].position + r/published[0].rotation, nil
	}
	const step = 0.04
	best, at := math.Inf(1), 0.0
	for mu := step; mu < 0.5; mu += step {
		c, err := cost(mu)
		if err != nil {
			return set, err
		}
		if c < best {
			best, at = c, mu
		}
	}
	mu, err := golden(cost, at-step, at+step, 1e-3)
	set.mu = mu
	return set, err
}

// golden returns the place of a minimum of f between a and b, to within width tol.
func golden(f func(float64) (float64, error), a, b, tol float64) (float64, error) {
	const r = math.Phi - 1
	x, y := b-r*(b-a), a+r*(b-a)
	fx, err := f(x)
	if err != nil {
		return 0, err
	}
	fy, err := f(y)
	for err == nil && b-a > tol {
		if fx <= fy {
			b, y, fy = y, x, fx
			x = b - r*(b-a)
			fx, err = f(x)
		} else {
			a, x, fx = x, y, fy
			y = a + r*(b-a)
			fy, err = f(y)
		}
	}
	if fx <= fy {
		return x, err
	}
	return y, err
}
