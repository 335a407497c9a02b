package models

import (
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// Lowest returns the height of the lowest point of the model's moving collision shapes at configuration q (m),
// and false when it has none.
func Lowest(m *sim.Model, q []float64) (float64, bool) {
	low := math.Inf(1)
	for _, z := range lowest(m, q) {
		low = math.Min(low, z)
	}
	return low, !math.IsInf(low, 1)
}

// lowest returns the lowest point of each body's collision shapes, +Inf for bodies without any.
func lowest(m *sim.Model, q []float64) []float64 {
	poses := make([]sim.Pose, len(m.Joints()))
	m.Poses(poses, q)
	low := make([]float64, len(poses))
	for i := range low {
		low[i] = math.Inf(1)
	}
	for _, d := range m.Drawn() {
		if d.Collides && d.Body >= 0 {
			low[d.Body] = math.Min(low[d.Body], bottom(d.Shape, poses[d.Body].Mul(d.Pose)))
		}
	}
	return low
}

// bottom returns the height of the lowest point of a shape.
func bottom(s contact.Shape, p sim.Pose) float64 {
	up := r3.Rotation(quat.Conj(p.Rot)).Rotate(r3.Vec{Z: 1}) // world's up in the shape's axes
	z := p.Pos.Z
	switch s.Kind {
	case contact.KindSphere:
		return z - s.Radius
	case contact.KindCapsule:
		return z - s.Radius - s.HalfLength*math.Abs(up.Z)
	case contact.KindBox:
		return z - s.Half.X*math.Abs(up.X) - s.Half.Y*math.Abs(up.Y) - s.Half.Z*math.Abs(up.Z)
	case contact.KindCylinder:
		return z - s.HalfLength*math.Abs(up.Z) - s.Radius*math.Hypot(up.X, up.Y)
	case contact.KindEllipsoid:
		return z - math.Sqrt(s.Half.X*s.Half.X*up.X*up.X+s.Half.Y*s.Half.Y*up.Y*up.Y+s.Half.Z*s.Half.Z*up.Z*up.Z)
	case contact.KindPoints:
		low := math.Inf(1)
		for _, v := range s.Vertices {
			low = math.Min(low, z+r3.Dot(v, up))
		}
		return low
	}
	return z
}

// PlaceAbove moves every mechanism that is free to move up and down so that its lowest collision shape is
// at the given height above z = 0, or its base when it has no shapes. Mechanisms that hang on the world by
// a joint of two or three free translations (floating and planar bases) are moved; others stay where they
// are. It reports whether any was moved.
func PlaceAbove(m *sim.Model, q []float64, height float64) bool {
	return place(m, q, func(int, float64) (float64, bool) { return height, true })
}

// LiftTo is PlaceAbove for the mechanisms that reach below the height; others stay where they are.
func LiftTo(m *sim.Model, q []float64, height float64) bool {
	return place(m, q, func(_ int, low float64) (float64, bool) { return height, low < height })
}

// PlaceLike moves every mechanism that is free to move up and down so that its lowest point is as high at q as it is at the
// configuration like. It reports whether any was moved.
func PlaceLike(m *sim.Model, q, like []float64) bool {
	under := undersides(m, like)
	return place(m, q, func(root int, _ float64) (float64, bool) { return under[root], true })
}

// undersides returns the height of the lowest point of each mechanism at its root, or of its base when it has no shapes.
func undersides(m *sim.Model, q []float64) []float64 {
	low := lowest(m, q)
	joints := m.Joints()
	root := make([]int, len(joints))
	under := make([]float64, len(joints))
	poses := make([]sim.Pose, len(joints))
	m.Poses(poses, q)
	for i, j := range joints {
		root[i], under[i] = i, math.Inf(1)
		if j.Parent >= 0 {
			root[i] = root[j.Parent]
		}
		under[root[i]] = math.Min(under[root[i]], low[i])
	}
	for i := range under {
		if math.IsInf(under[i], 1) {
			under[i] = poses[i].Pos.Z
		}
	}
	return under
}

// place moves the lowest points of mechanisms to where they are wanted: want says where, and whether at all.
func place(m *sim.Model, q []float64, want func(root int, low float64) (float64, bool)) bool {
	under := undersides(m, q)
	joints := m.Joints()
	var poses, moved []sim.Pose
	any := false
	for i, j := range joints {
		if n := len(j.Type.Trans); j.Parent >= 0 || n < 2 {
			continue
		}
		if poses == nil {
			poses, moved = make([]sim.Pose, len(joints)), make([]sim.Pose, len(joints))
		}
		m.Poses(poses, q)
		height, moves := want(i, under[i])
		if !moves {
			continue
		}
		// how much each translation lifts, by trying: a coordinate acts linearly
		var lift [3]float64
		sum := 0.0
		for k := range j.Type.Trans {
			was := q[j.Q+k]
			q[j.Q+k]++
			m.Poses(moved, q)
			q[j.Q+k] = was
			lift[k] = moved[i].Pos.Z - poses[i].Pos.Z
			sum += lift[k] * lift[k]
		}
		const level = 1e-3 // a plane this level cannot lift anything
		if sum < level {
			continue
		}
		for k := range j.Type.Trans {
			q[j.Q+k] += lift[k] / sum * (height - under[i])
		}
		any = true
	}
	return any
}
