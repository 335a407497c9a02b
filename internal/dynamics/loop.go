package dynamics

import "github.com/ukemi-sim/ukemi/internal/spatial"

// LoopKind is what the two frames of a loop have in common.
type LoopKind uint8

// The kinds.
const (
	LoopPoint LoopKind = iota // the origins
	LoopHinge                 // the origins and the directions of the z axes
	LoopWeld                  // all
)

// Loop closes a chain of joints: a frame fixed to body A and one fixed to body B coincide. A moves; B may be World.
type Loop struct {
	Kind     LoopKind
	A, B     int
	OnA, OnB spatial.Pose // the frames in the bodies'
	Mass     float64      // what a force between the bodies moves (kg); sets the stiffness that stands for the equation, never results
}

// treeOfLoop returns the tree whose length measures turns: the smaller one.
func (m *Model) treeOfLoop(l *Loop) int {
	t := m.Bodies[l.A].Tree
	if l.B != World {
		if u := m.Bodies[l.B].Tree; m.Trees[u].Length < m.Trees[t].Length {
			t = u
		}
	}
	return t
}

// joins reports whether something may make one island of several trees.
func (m *Model) joins() bool { return len(m.Pairs) > 0 || len(m.Loops) > 0 }

// placed returns the frames of both sides in world coordinates when the bodies are at these poses.
func (l *Loop) placed(poses []spatial.Pose) (a, b spatial.Pose) {
	a, b = poses[l.A].Mul(l.OnA), l.OnB
	if l.B != World {
		b = poses[l.B].Mul(l.OnB)
	}
	return a, b
}
