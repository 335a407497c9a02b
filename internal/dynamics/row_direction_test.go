package dynamics_test

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// directions checks where multipliers push. A limit pushes along the gradient of its value at knot 3, which is that at
// knot 2 but on ball joints. Dry friction and servos are impulses on their own degrees of freedom. A contact acts on
// the point of the body that touches at knot 2, along normal and tangents.
func (c *rowCheck) directions() {
	unit := [3]r3.Vec{{X: 1}, {Y: 1}, {Z: 1}}
	for _, k := range c.p.Dofs() {
		at3 := c.difference(third, func(d float64) knots { return c.x.moved(3, k, d) }, func(_ int, _ dynamics.Probe, r *dynamics.RowState) []float64 {
			return []float64{r.Value.X}
		})
		for n, r := range c.states {
			for i := range 3 {
				dofs, ws := c.p.Impulse(n, unit[i])
				w := ws[0]
				switch r.Kind {
				case dynamics.RowLower, dynamics.RowUpper, dynamics.RowCone:
					if i == 0 {
						c.agree(n, dofs[k:k+1], at3[n], 1, "direction of λ on dof %d", k)
					}
				case dynamics.RowFriction, dynamics.RowServo:
					want := 0.0
					if k-r.Dof == i {
						want = 1
					}
					if i == 0 || r.Ball {
						c.agree(n, dofs[k:k+1], []float64{want}, 1, "direction of λ%d on dof %d", i, k)
					}
				case dynamics.RowTouch:
					if r.Mode == gap.Turn {
						c.twists(n, i, w)
						continue
					}
					c.pushes(n, k, i, w)
				case dynamics.RowMeet:
					if r.Mode == gap.Turn {
						c.twists(n, i, w)
						continue
					}
					c.presses(n, i, ws)
				case dynamics.RowEqual:
					c.holds(n, k, i, ws)
				case dynamics.RowFast, dynamics.RowBack:
					if i == 0 {
						c.agree(n, []float64{dofs[k] / c.x.h}, at3[n], 1/c.x.h, "direction of λ on dof %d", k)
					}
				default:
					c.Fatalf("rows of kind %d: nobody says where they push", r.Kind)
				}
			}
		}
	}
}

// twists checks that the wrench of multiplier i of a contact that turns is a torque of the size of its lever,
// about the normal or across it.
func (c *rowCheck) twists(n, i int, w spatial.Wrench) {
	r := c.states[n]
	normal := r.Normal
	if r.Kind == dynamics.RowTouch {
		normal = c.x.m.Planes[c.x.m.Contacts[r.Contact].Plane].Normal
	}
	along, across := math.Abs(r3.Dot(w.Torque, normal)), r3.Norm(r3.Cross(w.Torque, normal))
	want := [2]float64{0, r.Lever}
	if i == 0 {
		want = [2]float64{r.Lever, 0}
	}
	tol.Within(c, r3.Norm(w.Force)+math.Abs(along-want[0])+math.Abs(across-want[1]), 1e-12, "contact that turns: wrench %v", w)
}

// pushes checks that the power of the wrench of multiplier i of contact n along degree of freedom k is that of a force at the
// point of the body that touches.
func (c *rowCheck) pushes(n, k, i int, w spatial.Wrench) {
	m, r := c.x.m, c.states[n]
	ct := &m.Contacts[r.Contact]
	normal := m.Planes[ct.Plane].Normal
	poses := make([]spatial.Pose, len(m.Bodies))
	m.Kinematics(poses, c.x.q2)
	p := poses[ct.Body].Inv().Apply(r.Point)
	var x [2]r3.Vec
	var q [2]spatial.Quat
	for j, d := range []float64{third, -third} {
		m.Kinematics(poses, c.x.moved(2, k, d).q2)
		x[j], q[j] = poses[ct.Body].Apply(p), poses[ct.Body].Rot
	}
	v := r3.Scale(1/(2*third), r3.Sub(x[0], x[1]))
	spin := r3.Scale(1/(2*third), spatial.LogQuat(quat.Mul(q[0], quat.Conj(q[1]))))
	// power = force·v of that point; the wrench is about the world's origin
	tw := spatial.Twist{Lin: r3.Add(v, r3.Cross(r.Point, spin)), Ang: spin}
	c.agree(n, []float64{tw.Power(&w)}, []float64{r3.Dot(w.Force, v)}, 1, "power of λ%d along dof %d", i, k)
	along := r3.Dot(w.Force, normal)
	if want := []float64{1, 0, 0}[i]; math.Abs(along-want) > 1e-12 || math.Abs(r3.Norm(w.Force)-1) > 1e-12 {
		c.Errorf("contact: λ%d is a force of %g, %g along the normal", i, r3.Norm(w.Force), along)
	}
}
