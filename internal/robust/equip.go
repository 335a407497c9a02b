package robust

import (
	"math"
	"math/rand/v2"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// equip draws limits, springs, dampers, dry friction and drives. Their sizes come from what each axis feels of the bare
// tree, so that a light finger on a heavy arm is not driven by the arm's motors.
func (m *Mechanism) equip(r *rand.Rand) error {
	bare, err := m.Build()
	if err != nil {
		return err
	}
	for i := range m.Bodies {
		b := &m.Bodies[i]
		j, err := bare.Joint(b.Joint.Name)
		if err != nil {
			continue // fixed
		}
		b.Joint.Axes, b.Inputs = make([]sim.Axis, j.NV), make([][2]float64, j.NV)
		if j.NV == 6 && j.Parent < 0 {
			continue // a body in space
		}
		tree := bare.Mechanism(j.Child)
		nt := len(j.Type.Trans)
		for k := range j.NV {
			turns, ball := k >= nt, k >= nt && len(j.Type.Rot) == 3
			if ball && k > nt { // one rotation, one set of properties
				b.Joint.Axes[k], b.Inputs[k] = b.Joint.Axes[nt], b.Inputs[nt]
				continue
			}
			reach := m.Size
			if turns {
				reach = 1
			}
			// κ's unit is the mass that the axis moves, over ℓ² where it turns, times g h ℓ
			inertia := bare.DofKappaUnit(j.V+k) / (tree.Gravity * m.H * tree.Radius)
			if turns {
				inertia *= tree.Radius * tree.Radius
			}
			b.Joint.Axes[k], b.Inputs[k] = m.axis(r, inertia, reach, 9.81/m.Size, ball)
		}
	}
	return nil
}

// axis draws the properties of an axis that moves the given inertia by about the given reach (m or rad), with the square of
// its natural frequency under gravity, and the range of its input.
func (m *Mechanism) axis(r *rand.Rand, inertia, reach, natural float64, ball bool) (a sim.Axis, input [2]float64) {
	input = [2]float64{-reach, reach}
	if chance(r, 0.4) {
		a.Limited, a.Lower, a.Upper = true, -reach*between(r, 0.1, 2.5), reach*between(r, 0.1, 2.5)
		if ball {
			a.Lower = 0
		}
		input = [2]float64{a.Lower, a.Upper}
	}
	force := inertia * natural * reach
	if chance(r, 0.4) {
		a.Damping = inertia / between(r, 0.01, 10)
	}
	if chance(r, 0.25) {
		a.Friction = force * between(r, 1e-3, 1)
	}
	if chance(r, 0.15) {
		a.Armature = inertia * between(r, 1e-3, 10)
	}
	if m.Kind != Passive && chance(r, 0.3) {
		a.Stiffness = inertia * math.Pow(between(r, 1, 100), 2)
		if !ball {
			a.Rest = within(r, input[0], input[1])
		}
	}
	if m.Kind != Driven || !chance(r, 0.6) {
		return a, input
	}
	effort := force * between(r, 0.1, 30)
	if chance(r, 0.6) {
		a.Effort = effort
	}
	if chance(r, 0.5) {
		a.Drive = sim.Torque
		return a, [2]float64{-1.2 * effort, 1.2 * effort}
	}
	a.Drive = sim.Servo
	omega := between(r, 3, 100)
	a.Kp, a.Kd = inertia*omega*omega, 2*inertia*omega*between(r, 0.1, 2)
	return a, input
}

// couple lets some joints of one free motion follow others of the same kind.
func (m *Mechanism) couple(r *rand.Rand) {
	for i := range m.Bodies {
		j := &m.Bodies[i].Joint
		if j.Type.NV() != 1 || !chance(r, 0.1) {
			continue
		}
		for k := range i {
			of := &m.Bodies[k].Joint
			if of.Type.NV() != 1 || len(of.Type.Rot) != len(j.Type.Rot) || of.Mimic != nil {
				continue
			}
			ratio := between(r, 0.3, 3)
			if chance(r, 0.5) {
				ratio = -ratio
			}
			j.Mimic = &sim.Mimic{Joint: of.Name, Ratio: ratio, Offset: m.Size * within(r, -1, 1)}
			j.Axes[0] = sim.Axis{Damping: j.Axes[0].Damping} // what it follows is limited and driven
			break
		}
	}
}

// start draws a start between the limits, at a few radians or sizes per second.
func (m *Mechanism) start(r *rand.Rand) {
	for i := range m.Bodies {
		b := &m.Bodies[i]
		nt, turns := len(b.Joint.Type.Trans), len(b.Joint.Type.Rot)
		b.V = make([]float64, nt+turns)
		b.Q = make([]float64, nt, nt+turns+1)
		for k := range b.V {
			scale := 2.0
			if k < nt {
				scale *= m.Size
			}
			b.V[k] = scale * r.NormFloat64()
			if k >= nt && turns == 3 {
				continue
			}
			low, up := -scale/2, scale/2
			if a := b.Joint.Axes[k]; a.Limited {
				low, up = a.Lower, a.Upper
			}
			b.Q = append(b.Q[:k], low+(up-low)*within(r, 0.1, 0.9))
		}
		if turns == 3 {
			angle := math.Pi
			if a := b.Joint.Axes[nt]; a.Limited {
				angle = a.Upper
			}
			angle *= 0.9 * r.Float64()
			u := r3.Scale(math.Sin(angle/2), direction(r))
			b.Q = append(b.Q, math.Cos(angle/2), u.X, u.Y, u.Z)
		}
		if c := b.Joint.Mimic; c != nil {
			for k := range i {
				if of := &m.Bodies[k]; of.Joint.Name == c.Joint {
					b.Q[0], b.V[0] = c.Ratio*of.Q[0]+c.Offset, c.Ratio*of.V[0]
				}
			}
		}
	}
}

// ground puts up to two planes below the start, touching more often than far, level or tilted.
func (m *Mechanism) ground(r *rand.Rand) error {
	n := [...]int{0, 1, 1, 1, 1, 2}[r.IntN(6)]
	level := chance(r, 0.6)
	for i := range n {
		normal := r3.Vec{Z: 1}
		if !level || i > 0 {
			tilt, around := within(r, 0.05, 0.8), within(r, 0, 2*math.Pi)
			normal = r3.Vec{X: math.Sin(tilt) * math.Cos(around), Y: math.Sin(tilt) * math.Sin(around), Z: math.Cos(tilt)}
		}
		m.Planes = append(m.Planes, contact.HalfSpace{Normal: normal})
	}
	model, err := m.Build()
	if err != nil || n == 0 {
		return err
	}
	poses := make([]sim.Pose, len(model.Bodies()))
	model.Poses(poses, m.Start(model).Q)
	for i := range m.Planes {
		p := &m.Planes[i]
		lowest := math.Inf(1)
		for _, d := range model.Drawn() {
			if d.Collides && d.Body >= 0 {
				at := poses[d.Body].Mul(d.Pose)
				lowest = min(lowest, p.Gap(&d.Shape, at.Pos, at.Rot))
			}
		}
		if !math.IsInf(lowest, 1) { // something can touch
			p.Offset = lowest - m.Size*math.Pow(r.Float64(), 3)
		}
	}
	return nil
}
