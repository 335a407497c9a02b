package sim

import "github.com/ukemi-sim/ukemi/internal/dynamics"

// Penetration returns how deep the deepest shape was in the ground, or in another one, where the last step ended, at least 0 (m). It measures the shapes
// themselves, whatever of them the solver looked at.
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

// Overlaps is Deepest, and counts the pairs of colliders that are deeper in each other than least (m); those with half-spaces are not counted.
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
	return deepest, depth, n
}
