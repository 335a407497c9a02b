package spatial

// Motion is what a body does over one interval: the displacement of its frame origin and its rotation as a Gibbs vector,
// in world axes. The zero value is a body at rest.
type Motion struct {
	W, Dx Vec
	arc   float64 // of W: a dozen vectors are turned by the same rotation
}

// NewMotion returns the motion that turns a body by the Gibbs vector w and moves its frame origin by dx.
func NewMotion(w, dx Vec) (m Motion) {
	m.Set(w, dx)
	return m
}

// Set makes m the motion that turns a body by the Gibbs vector w and moves its frame origin by dx.
func (m *Motion) Set(w, dx Vec) { m.W, m.Dx, m.arc = w, dx, arc(w) }

// Displace returns (Rot(W) − I) r without cancellation: the displacement of a point at r from the frame origin relative to
// that.
func (m *Motion) Displace(r Vec) Vec { return displace(m.arc, m.W, r) }

// Rotate returns Rot(W) r.
func (m *Motion) Rotate(r Vec) Vec { return Add(r, displace(m.arc, m.W, r)) }
