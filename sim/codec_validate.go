package sim

import (
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// validate checks a loaded model for all that the engine takes for granted about one that a [Builder]
// made: every index is in range, every table has its length, every number the sign and size it must have.
// Contacts are not placed yet.
func (m *Model) validate() error {
	for _, check := range []func() error{m.validWorld, m.validBodies, m.validTrees, m.validDofs, m.validMimics, m.validJoints, m.validShapes, m.validContacts, m.validLoops, m.validPieces, m.validThrusters} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func positive(v float64) bool    { return v > 0 && !math.IsInf(v, 0) }
func nonNegative(v float64) bool { return v >= 0 && !math.IsInf(v, 0) }

// unit is how far from 1 the length of a unit vector or quaternion may be: products of many rotations in a
// long chain of fixed joints drift.
const unit = 1e-6

func validUnit(v r3.Vec) bool { return math.Abs(spatial.Norm(v)-1) <= unit }

func validPose(p Pose) bool {
	q := p.Rot
	n := q.Real*q.Real + q.Imag*q.Imag + q.Jmag*q.Jmag + q.Kmag*q.Kmag
	return spatial.Finite(p.Pos) && math.Abs(n-1) <= unit
}

func (m *Model) validWorld() error {
	d := m.dyn
	switch {
	case !positive(d.Timestep):
		return fmt.Errorf("timestep is %g", d.Timestep)
	case !spatial.Finite(d.Gravity) || !positive(d.GravityRef):
		return fmt.Errorf("gravity is (%g, %g, %g) with reference %g", d.Gravity.X, d.Gravity.Y, d.Gravity.Z, d.GravityRef)
	case d.Law > dynamics.Frictionless:
		return fmt.Errorf("unknown friction law %d", d.Law)
	case len(m.planes) != len(d.Planes):
		return fmt.Errorf("%d names for %d half-spaces", len(m.planes), len(d.Planes))
	}
	for i, p := range d.Planes {
		if !validUnit(p.Normal) || !finite(p.Offset) || !spatial.Finite(p.Velocity) || !spatial.Finite(p.Spin) {
			return fmt.Errorf("half-space %q has normal (%g, %g, %g) and offset %g", m.planes[i], p.Normal.X, p.Normal.Y, p.Normal.Z, p.Offset)
		}
	}
	return nil
}

func (m *Model) validBodies() error {
	d := m.dyn
	if len(m.bodies) != len(d.Bodies) {
		return fmt.Errorf("%d names for %d bodies", len(m.bodies), len(d.Bodies))
	}
	nq, nv := 0, 0
	for i := range d.Bodies {
		b := &d.Bodies[i]
		if b.Parent < dynamics.World || b.Parent >= i {
			return fmt.Errorf("body %d has parent %d", i, b.Parent)
		}
		if b.NT < 0 || b.NT > 3 || b.NR < 0 || b.NR > 3 || b.NV() == 0 {
			return fmt.Errorf("body %d has %d translations and %d rotations", i, b.NT, b.NR)
		}
		if b.Q != nq || b.V != nv {
			return fmt.Errorf("body %d begins at coordinate %d and velocity %d, want %d and %d", i, b.Q, b.V, nq, nv)
		}
		for k, a := range b.Axes {
			if used := k < b.NV(); used && !validUnit(a) || !used && a != (r3.Vec{}) {
				return fmt.Errorf("body %d: axis %d is (%g, %g, %g)", i, k, a.X, a.Y, a.Z)
			}
		}
		if b.NR == 3 && (b.Axes[b.NT] != ex || b.Axes[b.NT+1] != ey || b.Axes[b.NT+2] != ez) {
			return fmt.Errorf("body %d: the axes of a spherical rotation must be x, y, z", i)
		}
		if !validPose(Pose(b.Origin)) {
			return fmt.Errorf("body %d: origin is not a pose", i)
		}
		in := m.BodyInertia(i)
		if in != (Inertia{}) {
			if err := in.Check(); err != nil {
				return fmt.Errorf("body %d: %w", i, err)
			}
		}
		nq, nv = nq+b.NQ(), nv+b.NV()
	}
	if d.NQ != nq || d.NV != nv || len(d.Dofs) != nv || len(d.QIndex) != nv {
		return fmt.Errorf("%d coordinates, %d velocities, tables of %d and %d, want %d and %d", d.NQ, d.NV, len(d.Dofs), len(d.QIndex), nq, nv)
	}
	return nil
}

// validTrees rebuilds the trees from the bodies and compares: bodies of a tree are neighbors. A root that is
// in the tree of the body before it is coupled to it by a mimic.
func (m *Model) validTrees() error {
	d := m.dyn
	var trees []dynamics.Tree
	for i := range d.Bodies {
		b := &d.Bodies[i]
		if b.Parent == dynamics.World && (i == 0 || b.Tree != d.Bodies[i-1].Tree) {
			trees = append(trees, dynamics.Tree{First: i, V0: b.V})
		}
		t := len(trees) - 1
		if b.Tree != t || (b.Parent != dynamics.World && d.Bodies[b.Parent].Tree != t) {
			return fmt.Errorf("body %d is in tree %d, want %d", i, b.Tree, t)
		}
		trees[t].Last, trees[t].V1 = i+1, b.V+b.NV()
	}
	if len(d.Trees) != len(trees) {
		return fmt.Errorf("%d trees, want %d", len(d.Trees), len(trees))
	}
	for i, t := range d.Trees {
		w := trees[i]
		if t.First != w.First || t.Last != w.Last || t.V0 != w.V0 || t.V1 != w.V1 {
			return fmt.Errorf("tree %d covers other bodies than its own", i)
		}
		if !positive(t.Mass) || !positive(t.Length) {
			return fmt.Errorf("tree %d has mass %g and length %g", i, t.Mass, t.Length)
		}
	}
	return nil
}

func (m *Model) validDofs() error {
	d := m.dyn
	inputs := 0
	for i := range d.Bodies {
		b := &d.Bodies[i]
		for k := 0; k < b.NV(); k++ {
			f := &d.Dofs[b.V+k]
			ball := b.NR == 3 && k >= b.NT
			at, first := b.Q+k, f
			if ball {
				at, first = b.Q+b.NT, &d.Dofs[b.V+b.NT]
			}
			bad := func(what string, v any) error { return fmt.Errorf("body %d, dof %d: %s is %v", i, k, what, v) }
			want := -1
			if f.Drive != dynamics.Passive {
				want = inputs
				inputs++
			}
			same := *f // of a ball, but for the fields that count
			same.Input, same.Scale, same.Mass = first.Input, first.Scale, first.Mass
			switch {
			case d.QIndex[b.V+k] != at:
				return bad("coordinate", d.QIndex[b.V+k])
			case f.Body != i:
				return bad("body", f.Body)
			case f.Drive > dynamics.Servo:
				return bad("drive", f.Drive)
			case f.Input != want:
				return bad("input", f.Input)
			case !(f.Lower < f.Upper):
				return bad("range", [2]float64{f.Lower, f.Upper})
			case !nonNegative(f.Damping) || !nonNegative(f.Stiffness) || !nonNegative(f.Friction) || !nonNegative(f.Armature) || !nonNegative(f.Kp) || !nonNegative(f.Kd):
				return bad("a coefficient", "not a finite number ≥ 0")
			case !finite(f.Rest):
				return bad("rest position", f.Rest)
			case !(f.Effort > 0):
				return bad("effort", f.Effort)
			case !(f.MaxSpeed > 0) || ball && !math.IsInf(f.MaxSpeed, 1):
				return bad("bound on the speed", f.MaxSpeed)
			case f.Drive == dynamics.Servo && !(f.Kp+f.Kd > 0):
				return bad("servo gain", f.Kp+f.Kd)
			case !positive(f.Scale) || !positive(f.Speed) || !positive(f.Mass):
				return bad("scale, speed or mass", [3]float64{f.Scale, f.Speed, f.Mass})
			case !nonNegative(f.Leave):
				return bad("speed of leaving a limit", f.Leave)
			case ball && same != *first:
				return bad("a spherical axis", "not like the first")
			case ball && !math.IsInf(f.Upper, 1) && !(f.Lower == 0 && f.Upper < math.Pi):
				return bad("spherical limit", [2]float64{f.Lower, f.Upper})
			}
		}
	}
	if inputs += len(d.Thrusters); d.NU != inputs || len(m.inputs) != inputs {
		return fmt.Errorf("%d inputs and %d names, want %d", d.NU, len(m.inputs), inputs)
	}
	return nil
}

func (m *Model) validMimics() error {
	d := m.dyn
	follows := map[int]bool{}
	for i, c := range d.Mimics {
		scalar := func(v int) bool { return v >= 0 && v < d.NV && d.Bodies[d.Dofs[v].Body].NV() == 1 }
		switch {
		case !scalar(c.Dof) || !scalar(c.Of) || c.Dof == c.Of:
			return fmt.Errorf("mimic %d couples velocities %d and %d", i, c.Dof, c.Of)
		case d.Bodies[d.Dofs[c.Dof].Body].Tree != d.Bodies[d.Dofs[c.Of].Body].Tree:
			return fmt.Errorf("mimic %d couples two trees", i)
		case follows[c.Dof]:
			return fmt.Errorf("mimic %d is the second of velocity %d", i, c.Dof)
		case !finite(c.Ratio, c.Offset) || !finite(c.Curve[:]...):
			return fmt.Errorf("mimic %d has ratio %g and offset %g", i, c.Ratio, c.Offset)
		}
		follows[c.Dof] = true
	}
	for i, c := range d.Mimics {
		if follows[c.Of] {
			return fmt.Errorf("mimic %d couples velocity %d to %d, which is coupled itself", i, c.Dof, c.Of)
		}
	}
	return nil
}

func (m *Model) validJoints() error {
	d := m.dyn
	if len(m.joints) != len(d.Bodies) {
		return fmt.Errorf("%d joints for %d bodies", len(m.joints), len(d.Bodies))
	}
	for i, j := range m.joints {
		b := &d.Bodies[i]
		if j.Parent != b.Parent || j.Child != i || j.Q != b.Q || j.NQ != b.NQ() || j.V != b.V || j.NV != b.NV() ||
			len(j.Type.Trans) != b.NT || len(j.Type.Rot) != b.NR || len(j.Axes) != b.NV() {
			return fmt.Errorf("joint %q does not agree with body %d", j.Name, i)
		}
		if err := j.Type.check(); err != nil {
			return fmt.Errorf("joint %q %w", j.Name, err)
		}
	}
	return nil
}

func (m *Model) validShapes() error {
	d := m.dyn
	onBody := func(b int) bool { return b >= dynamics.World && b < len(d.Bodies) }
	if len(m.colliders) != len(d.Colliders) {
		return fmt.Errorf("%d names for %d colliders", len(m.colliders), len(d.Colliders))
	}
	for i := range d.Colliders {
		c := &d.Colliders[i]
		if !onBody(c.Body) || !validPose(Pose(c.Pose)) || !nonNegative(c.Friction) || c.Body != dynamics.World && !positive(c.Mass) {
			return fmt.Errorf("collider %q: body %d, friction %g, or its pose", m.colliders[i], c.Body, c.Friction)
		}
		if err := c.Shape.Check(); err != nil {
			return fmt.Errorf("collider %q: %w", m.colliders[i], err)
		}
		if c.Shape.Kind == contact.KindTerrain && c.Body != dynamics.World {
			return fmt.Errorf("collider %q: terrain that moves", m.colliders[i])
		}
		if err := c.Surface.Check(); err != nil {
			return fmt.Errorf("collider %q: %w", m.colliders[i], err)
		}
	}
	if err := m.validPairs(); err != nil {
		return err
	}
	for _, f := range m.frames {
		if !onBody(f.Body) || !validPose(f.Pose) {
			return fmt.Errorf("frame %q: body %d or its pose", f.Name, f.Body)
		}
	}
	for _, v := range m.visuals {
		if !onBody(v.Body) || !validPose(v.Pose) {
			return fmt.Errorf("visual %q: body %d or its pose", v.Name, v.Body)
		}
		if v.Mesh == "" {
			if err := v.Shape.Check(); err != nil {
				return fmt.Errorf("visual %q: %w", v.Name, err)
			}
		}
	}
	return nil
}

// validContacts counts the contacts before they are placed. Their names are in the file, so its length
// bounds them; the product of many points and many half-spaces would not.
func (m *Model) validContacts() error {
	d := m.dyn
	n := 0
	for i := range d.Colliders {
		c := &d.Colliders[i]
		if c.Body != dynamics.World && !c.ShapesOnly {
			n += d.NumFeatures(i) * len(d.Planes)
		}
		if n > len(m.contacts) {
			break
		}
	}
	if n != len(m.contacts) {
		return fmt.Errorf("%d names of contacts, want %d or more", len(m.contacts), n)
	}
	return nil
}
