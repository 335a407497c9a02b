package sim

import (
	"fmt"

	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// LoopType says what the two frames of a loop have in common.
type LoopType uint8

// The types of loops.
const (
	LoopPoint LoopType = iota // a ball joint: the origins coincide (3 equations)
	LoopHinge                 // a hinge about the z axes of both frames, which coincide with their origins (5)
	LoopWeld                  // the frames coincide (6)
)

func (t LoopType) String() string {
	if int(t) < len(loopTypes) {
		return loopTypes[t]
	}
	return fmt.Sprintf("LoopType(%d)", uint8(t))
}

var loopTypes = [...]string{"point", "hinge", "weld"}

// Loop closes a chain of joints: a frame fixed to LinkA and one fixed to LinkB coincide in what the type says, in every
// step. One of the links may be the World. Loops may say the same several times, as the hinges of a planar linkage do.
type Loop struct {
	Name         string
	Type         LoopType
	LinkA, LinkB Link
	PoseA, PoseB Pose // of the frames in those of the links; zero Rot means no rotation
}

// AddLoop closes a chain of joints. A start must obey its loops, see [Model.Assemble].
func (b *Builder) AddLoop(l Loop) { b.loops = append(b.loops, l) }

// LoopInfo describes a loop of a model.
type LoopInfo struct {
	Name         string
	Type         LoopType
	BodyA, BodyB int  // −1 for the world
	PoseA, PoseB Pose // of the frames in those of the bodies
}

// Loops returns the loops in the order in which they were added.
func (m *Model) Loops() []LoopInfo {
	var all []LoopInfo
	for i := range m.dyn.Loops {
		l := &m.dyn.Loops[i]
		all = append(all, LoopInfo{m.loops[i], LoopType(l.Kind), l.A, l.B, Pose(l.OnA), Pose(l.OnB)})
	}
	return all
}

// LoopGap returns how far loop i is from closed in configuration q: the distance of the origins (m), and the angle between the
// axes of a hinge or the frames of a weld (rad).
func (m *Model) LoopGap(i int, q []float64) (distance, angle float64) {
	poses := make([]spatial.Pose, len(m.dyn.Bodies))
	m.dyn.Kinematics(poses, q)
	return m.dyn.LoopGap(i, poses)
}

// Assemble changes the configuration of s so that all loops are closed and all mimics obeyed, starting from where it is
// and within the limits of the joints, by a Gauss–Newton method of least changes (Levenberg–Marquardt; an angle counts
// as much as the path of a point at the mechanism's radius of gyration). Velocities stay: those that would open a loop
// are lost in the first step, as in an impact. Where that comes to nothing, the error names the loop that is left
// farthest open and by how much, and s stays as it was. There may be several ways to close a loop: start near the one
// that is meant.
func (m *Model) Assemble(s *State) error {
	if err := m.CheckState(*s); err != nil {
		return err
	}
	q := append([]float64(nil), s.Q...)
	a := m.dyn.Assemble(q)
	switch {
	case a.Closed:
		copy(s.Q, q)
		return nil
	case a.Loop >= 0:
		return fmt.Errorf("sim: model %q cannot be assembled from here: %s; start nearer to a configuration in which the loop is closed, or see whether the lengths of its links and the limits of its joints allow one", m.name, m.leftOpen(a.Loop, q))
	default:
		c := &m.dyn.Mimics[a.Mimic]
		return fmt.Errorf("sim: model %q cannot be assembled from here: %s does not follow %s", m.name, m.jointOf(c.Dof), m.jointOf(c.Of))
	}
}

// leftOpen says how far loop i is open at q.
func (m *Model) leftOpen(i int, q []float64) string {
	d, angle := m.LoopGap(i, q)
	text := fmt.Sprintf("loop %s is %.3g m open", m.loops[i], d)
	if m.dyn.Loops[i].Kind != dynamics.LoopPoint {
		text += fmt.Sprintf(" and %.3g rad turned", angle)
	}
	return text
}

// LoopForce is what a loop did in the last step: the mean force and torque on body A, those on body B being their opposites, about
// the place At (the middle of the two origins at the start of the step) in world axes.
type LoopForce struct {
	Wrench
	At r3.Vec
}

// LoopForce returns what loop i did in the last step. Of loops that say the same the sum is determined, the shares are those of springs of
// equal stiffness.
func (s *Stepper) LoopForce(i int) LoopForce {
	l := &s.loops[i]
	return LoopForce{Wrench{spatial.Scale(1/s.weights, l.Force), spatial.Scale(1/s.weights, l.Torque)}, l.At}
}
