package sim

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
)

// Structure identifies all of m that its parameters do not change: names, the tree of joints, inputs, kinds of shapes,
// half-spaces, which shapes may touch, the friction law. Models of one structure share states, inputs, parameters (package implicit) and
// steppers ([Stepper.SetModel]); a description that is compiled twice gives it twice.
func (m *Model) Structure() uint64 { return m.structure }

// setStructure computes it, once the model is complete.
func (m *Model) setStructure() {
	h, d := fnv.New64a(), m.dyn
	fmt.Fprintf(h, "%q %q %q %q %q %d ", m.bodies, m.inputs, m.planes, m.colliders, m.contacts, d.Law)
	for i := range d.Bodies {
		b := &d.Bodies[i]
		fmt.Fprintf(h, "%q %d %d %d ", m.joints[i].Name, b.Parent, b.NT, b.NR)
	}
	for i := range d.Dofs {
		fmt.Fprintf(h, "%d %d ", d.Dofs[i].Drive, d.Dofs[i].Input)
	}
	for i := range d.Colliders {
		c := &d.Colliders[i]
		fmt.Fprintf(h, "%d %d %d ", c.Body, c.Shape.Kind, c.Shape.NumParams())
	}
	for _, c := range d.Mimics {
		fmt.Fprintf(h, "%d %d ", c.Dof, c.Of)
	}
	for i := range d.Loops {
		l := &d.Loops[i]
		fmt.Fprintf(h, "%q %d %d %d ", m.loops[i], l.Kind, l.A, l.B)
	}
	for i := range d.Thrusters {
		fmt.Fprintf(h, "%d ", d.Thrusters[i].Body)
	}
	var pair [16]byte
	for i := range d.Pairs { // there may be millions
		binary.LittleEndian.PutUint64(pair[:], uint64(d.Pairs[i].A))
		binary.LittleEndian.PutUint64(pair[8:], uint64(d.Pairs[i].B))
		h.Write(pair[:])
	}
	m.structure = h.Sum64()
}

// WithoutContact returns m with shapes that touch nothing, neither half-spaces nor each other. Its structure is another one: it needs a
// stepper of its own.
func (m *Model) WithoutContact() *Model {
	d := m.dyn.Clone()
	d.Contacts, d.Pairs = nil, nil
	c := m.WithEngine(d)
	c.contacts = nil
	c.setStructure()
	return c
}

// SetModel makes the steps to come those of m, without building the stepper anew: m must have the structure of the
// stepper's model and may have other numbers, as package implicit sets them. External wrenches and the reports of
// the last step stay. The models themselves never change, others may share both.
func (s *Stepper) SetModel(m *Model) error {
	if m.structure != s.m.structure {
		return fmt.Errorf("sim: a stepper of model %q cannot take steps of model %q: bodies, joints, shapes, pairs that may touch or names differ, not only numbers", s.m.name, m.name)
	}
	s.m = m
	s.dyn.SetModel(m.dyn)
	if s.meter != nil {
		s.meter.SetModel(m.dyn)
	}
	return nil
}
