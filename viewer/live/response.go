package live

import (
	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
)

// respond appends how the center of mass of the watched body answers to a push: for a force along x, y and z
// during the last step the change of the way it went, world axes, as a fraction of what it would be if the body were
// alone in space. A body that nothing holds has the unit matrix; one that sticks to the ground has zeros, and the
// more the larger κ the less. Zeros too where nobody asks or the step has no derivative.
func (s *Session) respond(dst []float64) []float64 {
	var r [3]r3.Vec
	if s.weight > 0 && s.failure == nil {
		if err := s.response(&r); err != nil {
			r = [3]r3.Vec{} // a divided or degenerate step; the next one may have a derivative again
		}
	}
	for _, v := range r {
		dst = append(dst, v.X, v.Y, v.Z)
	}
	return dst
}

func (s *Session) response(r *[3]r3.Vec) error {
	m := s.st.Model()
	body := m.BodyInertia(s.watched)
	center := sim.Frame{Body: s.watched, Pose: sim.At(body.COM.X, body.COM.Y, body.COM.Z)}
	jacobian, err := implicit.FrameJacobian(m, s.cur.Q, center)
	if err != nil {
		return err
	}
	way := jacobian.Slice(0, 3, 0, m.NV()) // of the center, without its rotation
	next := implicit.NewTangent(m)
	alone := s.weight * m.Timestep() / body.Mass // m/N: Δq = h v, m Δv = w f
	for k, p := range s.pushes {
		if err := s.gradient.ParamJVP(next, p); err != nil {
			return err
		}
		var x mat.VecDense
		x.MulVec(way, mat.NewVecDense(m.NV(), next.Q))
		r[k] = r3.Scale(1/alone, r3.Vec{X: x.AtVec(0), Y: x.AtVec(1), Z: x.AtVec(2)})
	}
	return nil
}

// watch asks for the response of a body, −1 none.
func (s *Session) watch(body int) {
	s.watched, s.weight = -1, 0
	if body < 0 || !(s.st.Model().BodyInertia(body).Mass > 0) { // what has no mass has no response to compare with
		return
	}
	name := s.st.Model().Bodies()[body]
	for _, p := range implicit.Params(s.st.Model()) {
		if p.Kind != "external force" {
			continue
		}
		for k, axis := range []string{".fx", ".fy", ".fz"} {
			if p.Name == name+axis || p.Name == "body:"+name+axis { // the prefix is there where the name alone is of two things
				s.pushes[k] = p
			}
		}
	}
	s.watched = body
}
