package rows

import (
	"errors"
	"fmt"

	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
)

// query answers questions about a model without a step.
type query struct {
	*sim.Query
	m        *sim.Model
	inverse  *sim.Inverse
	frames   []sim.Frame
	jacobian mat.Dense
	mass     mat.SymDense
}

// ask runs job for every row with a query at its configuration. What has no answer is an error that names the row.
func (b *Batch) ask(r Rows, job func(i int, q *query, x sim.State) error) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.check(r, 1, nil); err != nil {
		return err
	}
	fails, err := b.each(r, make([]Status, r.N), func(i int, s *sim.Stepper, w *worker) (Status, error) {
		q := w.queries[s.Model()]
		if q == nil {
			q = &query{Query: s.Model().NewQuery(), m: s.Model(), frames: s.Model().Frames()}
			w.queries[s.Model()] = q
		}
		err := q.At(w.cur.Q)
		if err == nil {
			err = job(i, q, w.cur)
		}
		if err != nil {
			return Failed, err
		}
		return Solved, nil
	})
	return errors.Join(err, fails.Err)
}

// Frames stores the poses of links (n×k×7: position, quaternion) and the derivatives of their motion by the velocity
// (n×k×6×nv, [sim.Query.Jacobian]; in axes of the frame with body), which may be nil. links are indices of
// [sim.Model.Frames].
func (b *Batch) Frames(r Rows, links []int32, body bool, poses, jacobians []float64) error {
	for _, l := range links {
		if l < 0 || int(l) >= len(b.m.Frames()) {
			return fmt.Errorf("link %d, model %q has %d", l, b.m.Name(), len(b.m.Frames()))
		}
	}
	size := 6 * b.m.NV()
	return b.ask(r, func(i int, q *query, _ sim.State) error {
		for k, l := range links {
			at, f := i*len(links)+k, q.frames[l]
			p := q.Pose(f)
			copy(poses[7*at:], []float64{p.Pos.X, p.Pos.Y, p.Pos.Z, p.Rot.Real, p.Rot.Imag, p.Rot.Jmag, p.Rot.Kmag})
			if jacobians == nil || size == 0 {
				continue
			}
			if body {
				q.BodyJacobian(&q.jacobian, f)
			} else {
				q.Jacobian(&q.jacobian, f)
			}
			copy(jacobians[size*at:], q.jacobian.RawMatrix().Data)
		}
		return nil
	})
}

// DistanceSize is how many numbers tell of a distance: gap, normal (3), points (3 + 3).
const DistanceSize = 10

// Distances stores how far pairs of colliders (k×2, the second below zero a half-space) are apart, n×k×[DistanceSize],
// and the derivatives of the gaps by the tangent of the configuration, n×k×nv, which may be nil.
func (b *Batch) Distances(r Rows, pairs []int32, out, gradients []float64) error {
	k, nv := len(pairs)/2, b.m.NV()
	return b.ask(r, func(i int, q *query, _ sim.State) error {
		for j := range k {
			d, err := q.Distance(sim.Pair{A: int(pairs[2*j]), B: int(pairs[2*j+1])})
			if err != nil {
				return err
			}
			copy(out[(i*k+j)*DistanceSize:], []float64{d.Gap, d.Normal.X, d.Normal.Y, d.Normal.Z,
				d.PointA.X, d.PointA.Y, d.PointA.Z, d.PointB.X, d.PointB.Y, d.PointB.Z})
			if gradients != nil {
				q.Gradient(gradients[(i*k+j)*nv:(i*k+j+1)*nv], &d)
			}
		}
		return nil
	})
}

// HitSize is how many numbers tell of a ray: collider, distance, point (3), normal (3).
const HitSize = 8

// Rays stores what k rays per row meet (n×k×6: from, direction), n×k×[HitSize]. The distance of one that meets nothing
// is +Inf, its point and normal are zero.
func (b *Batch) Rays(r Rows, k int, rays, out []float64) error {
	return b.ask(r, func(i int, q *query, _ sim.State) error {
		for j := range k {
			at := i*k + j
			v := rays[6*at : 6*at+6]
			h, err := q.Ray(r3.Vec{X: v[0], Y: v[1], Z: v[2]}, r3.Vec{X: v[3], Y: v[4], Z: v[5]})
			if err != nil {
				return err
			}
			copy(out[at*HitSize:], []float64{float64(h.Collider), h.Distance, h.Point.X, h.Point.Y, h.Point.Z, h.Normal.X, h.Normal.Y, h.Normal.Z})
		}
		return nil
	})
}

// Dynamics stores mass matrices (n×nv×nv) and bias forces (n×nv) of M dv/dt + bias = τ ([sim.Query]), and the forces
// that give the accelerations a (n×nv, nil for none) beside what joints do by themselves (n×nv, [sim.Inverse.At]).
// Velocities count as those of the instant.
func (b *Batch) Dynamics(r Rows, a, mass, bias, inverse []float64) error {
	nv := b.m.NV()
	return b.ask(r, func(i int, q *query, x sim.State) error {
		if nv == 0 {
			return nil
		}
		if a != nil {
			if q.inverse == nil {
				q.inverse = q.m.NewInverse()
			}
			return q.inverse.At(inverse[i*nv:(i+1)*nv], x.Q, x.V, a[i*nv:(i+1)*nv])
		}
		q.MassMatrix(&q.mass)
		for j := range nv {
			for k := range nv {
				mass[(i*nv+j)*nv+k] = q.mass.At(j, k)
			}
		}
		return q.Bias(bias[i*nv:(i+1)*nv], x.V)
	})
}
