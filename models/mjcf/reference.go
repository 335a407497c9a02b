package mjcf

import (
	"cmp"
	"math"
	"slices"
)

// Reference returns the coordinates of the pose the file draws.
func (m *Model) Reference() []float64 {
	q := make([]float64, m.NQ)
	for i := range m.Joints {
		j := &m.Joints[i]
		switch j.Type {
		case FreeJoint:
			p := m.Bodies[j.Body].Pose
			copy(q[j.Q:], []float64{p.Pos.X, p.Pos.Y, p.Pos.Z, p.Rot.Real, p.Rot.Imag, p.Rot.Jmag, p.Rot.Kmag})
		case BallJoint:
			q[j.Q] = 1
		default:
			q[j.Q] = j.Ref
		}
	}
	return q
}

// normalize scales the quaternions in q to length one. It reports whether all have a length.
func (m *Model) normalize(q []float64) bool {
	ok := true
	for i := range m.Joints {
		j := &m.Joints[i]
		at := j.Q
		switch j.Type {
		case FreeJoint:
			at += 3
		case BallJoint:
		default:
			continue
		}
		p := q[at : at+4]
		s := math.Sqrt(p[0]*p[0] + p[1]*p[1] + p[2]*p[2] + p[3]*p[3])
		if ok = ok && s > 1e-10; !ok {
			return false
		}
		for k := range p {
			p[k] /= s
		}
	}
	return ok
}

// sortedKeys returns the keys of a map in ascending order.
func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
