package sim

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/distance"
	"github.com/ukemi-sim/ukemi/internal/dynamics"
)

// Penetration returns how deep the deepest shape was in the ground, or in another one, where the last step ended, at
// least 0 (m). It measures the shapes themselves, whatever of them the solver looked at, and terrain as
// [Query.Distance] does.
func (s *Stepper) Penetration() float64 {
	if s.part.H == 0 {
		return 0 // no step yet
	}
	_, d := s.Deepest(s.part.Q)
	return d
}

// Deepest returns the collider and the half-space, or the two colliders, that are deepest in each other at configuration q, and how deep
// they are (m); 0 when nothing overlaps. It measures the shapes themselves and disturbs no reports.
func (s *Stepper) Deepest(q []float64) (deepest Pair, depth float64) {
	deepest, depth, _ = s.Overlaps(q, 0)
	return deepest, depth
}

// Overlaps is Deepest, and counts the pairs of colliders that are deeper in each other than least (m); those with
// half-spaces are not counted.
func (s *Stepper) Overlaps(q []float64, least float64) (deepest Pair, depth float64, n int) {
	m := s.m.dyn
	m.Kinematics(s.poses, q)
	for i := range m.Colliders {
		c := &m.Colliders[i]
		if c.Body == dynamics.World || c.ShapesOnly {
			continue // touches no half-space
		}
		pose := s.poses[c.Body].Mul(c.Pose)
		for k := range m.Planes {
			if g := -m.Planes[k].Gap(&c.Shape, pose.Pos, pose.Rot); g > depth {
				deepest, depth = Pair{i, -1 - k}, g
			}
		}
	}
	i, d, n := s.dyn.Overlap(s.poses, least)
	if d > depth {
		deepest, depth = Pair{m.Pairs[i].A, m.Pairs[i].B}, d
	}
	for i := range m.Pairs {
		if !m.IsOnTerrain(i) {
			continue
		}
		p := Pair{m.Pairs[i].A, m.Pairs[i].B}
		d := -s.apart(p)
		if d > depth {
			deepest, depth = p, d
		}
		if d > least {
			n++
		}
	}
	return deepest, depth, n
}

// apart returns how far two colliders are apart, at the poses of the bodies; +Inf of those that are farther than the balls around them.
func (s *Stepper) apart(p Pair) float64 {
	var x [2]distance.Solid
	for k, i := range [2]int{p.A, p.B} {
		c := &s.m.dyn.Colliders[i]
		x[k] = distance.Solid{Shape: &c.Shape, At: c.Pose}
		if c.Body != dynamics.World {
			x[k].At = s.poses[c.Body].Mul(c.Pose)
		}
	}
	if x[0].Beyond(&x[1], 0) {
		return math.Inf(1)
	}
	return s.finder.Between(&x[0], &x[1]).Gap
}
