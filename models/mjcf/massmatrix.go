package mjcf

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
)

// springDamper asks for the stiffness and damping that give a joint a time constant and a damping ratio.
type springDamper struct {
	joint       int
	time, ratio float64
}

// maxDofs bounds the trees whose mass matrix is factored for a damping ratio or a spring damper.
const maxDofs = 1000

// reflectedMass returns the inertia an actuator feels in the pose the file draws, 1/(J M⁻¹ Jᵀ), with armatures
// and with all other joints free to give way.
func (r *reader) reflectedMass(a *Actuator) float64 {
	return r.apparentMass(r.along(a))
}

// along returns the derivative of an actuator's length by v, where it is not zero.
func (r *reader) along(a *Actuator) map[int]float64 {
	m := r.model
	along := map[int]float64{}
	if a.Target < 0 {
		return along
	}
	switch a.Transmission {
	case ToJoint, ToJointInParent:
		j := &m.Joints[a.Target]
		if j.Type == HingeJoint || j.Type == SlideJoint {
			along[j.V] = a.Gear[0]
		} else if j.Type == BallJoint {
			for k := range 3 {
				along[j.V+k] = a.Gear[k]
			}
		}
	case ToTendon:
		for _, t := range m.Tendons[a.Target].Terms {
			along[m.Joints[t.Joint].V] += a.Gear[0] * t.Coef
		}
	}
	return along
}

// apparentMass returns 1/(J M⁻¹ Jᵀ) for a sparse row J.
func (r *reader) apparentMass(along map[int]float64) float64 {
	m := r.model
	if len(along) == 0 {
		return 0
	}
	if r.mass == nil {
		r.mass = r.factorMass()
	}
	if r.mass.IsEmpty() {
		return 0
	}
	j := mat.NewVecDense(m.NV, nil)
	for _, i := range sortedKeys(along) {
		j.SetVec(i, along[i])
	}
	var x mat.VecDense
	if r.mass.SolveVecTo(&x, j) != nil {
		return 0
	}
	if s := mat.Dot(j, &x); s > 0 {
		return 1 / s
	}
	return 0
}

// factorMass returns the factored mass matrix, empty when there is none.
func (r *reader) factorMass() *mat.Cholesky {
	why := "there are too many degrees of freedom"
	c := new(mat.Cholesky)
	if r.model.NV <= maxDofs {
		if c.Factorize(r.massMatrix()) {
			return c
		}
		why = "the mass matrix is not positive definite"
	}
	r.notes.once(Place{r.main, 1}, "mujoco", r.model.Name, "dampratio and springdamper ignored: "+why+changes)
	return new(mat.Cholesky)
}

// massMatrix returns the mass matrix in the pose the file draws.
func (r *reader) massMatrix() *mat.SymDense {
	m := r.model
	world := r.worldPoses()
	full := mat.NewSymDense(m.NV, nil)
	// columns of velocities: one twist about the world's origin per degree of freedom
	type dof struct{ lin, ang r3.Vec }
	dofs := make([]dof, m.NV)
	for i := range m.Joints {
		j := &m.Joints[i]
		p := world[j.Body]
		at := p.Apply(j.Pos)
		turn := func(axis r3.Vec) dof { return dof{r3.Cross(at, axis), axis} }
		switch j.Type {
		case SlideJoint:
			dofs[j.V] = dof{lin: rotate(p, j.Axis)}
		case HingeJoint:
			dofs[j.V] = turn(rotate(p, j.Axis))
		case BallJoint, FreeJoint:
			v := j.V
			if j.Type == FreeJoint {
				dofs[v], dofs[v+1], dofs[v+2] = dof{lin: r3.Vec{X: 1}}, dof{lin: r3.Vec{Y: 1}}, dof{lin: r3.Vec{Z: 1}}
				v += 3
			}
			for k, e := range []r3.Vec{{X: 1}, {Y: 1}, {Z: 1}} {
				dofs[v+k] = turn(rotate(p, e))
			}
		}
	}
	for i := 1; i < len(m.Bodies); i++ {
		chain := r.chain(i)
		in := m.Bodies[i].Inertia.Placed(world[i])
		for a, u := range chain {
			// momentum of the body moving along dof u
			lin := r3.Scale(in.Mass, r3.Add(dofs[u].lin, r3.Cross(dofs[u].ang, in.COM)))
			ang := r3.Add(r3.Cross(in.COM, lin), inertiaTimes(&in, dofs[u].ang))
			for _, w := range chain[:a+1] {
				x, y := min(u, w), max(u, w)
				full.SetSym(x, y, full.At(x, y)+r3.Dot(lin, dofs[w].lin)+r3.Dot(ang, dofs[w].ang))
			}
		}
	}
	r.addArmatures(full)
	return full
}

// addArmatures adds the inertia of rotors in joints, tendons and actuators.
func (r *reader) addArmatures(full *mat.SymDense) {
	m := r.model
	for i := range m.Joints {
		j := &m.Joints[i]
		_, nv := j.Type.size()
		for k := j.V; k < j.V+nv; k++ {
			full.SetSym(k, k, full.At(k, k)+j.Armature)
		}
	}
	add := func(along map[int]float64, armature float64) {
		keys := sortedKeys(along)
		for a, i := range keys {
			for _, k := range keys[:a+1] {
				full.SetSym(k, i, full.At(k, i)+armature*along[i]*along[k])
			}
		}
	}
	for i := range m.Tendons {
		if t := &m.Tendons[i]; t.Armature != 0 {
			add(r.along(&Actuator{Transmission: ToTendon, Target: i, Gear: [6]float64{1}}), t.Armature)
		}
	}
	for i := range m.Actuators {
		if a := &m.Actuators[i]; a.Armature != 0 {
			add(r.along(a), a.Armature)
		}
	}
}

// chain returns the degrees of freedom that move a body, ascending.
func (r *reader) chain(body int) []int {
	m := r.model
	var out []int
	for b := body; b > 0; b = m.Bodies[b].Parent {
		k := &m.Bodies[b]
		for i := k.Joint + k.NumJoints - 1; i >= k.Joint; i-- {
			_, nv := m.Joints[i].Type.size()
			for d := nv - 1; d >= 0; d-- {
				out = append(out, m.Joints[i].V+d)
			}
		}
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out
}

func inertiaTimes(in *sim.Inertia, w r3.Vec) r3.Vec {
	s := spatial.Sym3{XX: in.Ixx, XY: in.Ixy, XZ: in.Ixz, YY: in.Iyy, YZ: in.Iyz, ZZ: in.Izz}
	return s.MulVec(w)
}

// applySpringDampers gives joints that state a time constant and a damping ratio the stiffness and damping of
// a spring that has them with the mass that the joint feels.
func (r *reader) applySpringDampers() {
	for _, s := range r.springs {
		j := &r.model.Joints[s.joint]
		_, nv := j.Type.size()
		mass := 0.0
		for k := range nv {
			mass += r.apparentMass(map[int]float64{j.V + k: 1}) / float64(nv)
		}
		j.Stiffness = [3]float64{mass / math.Max(1e-15, s.time*s.time*s.ratio*s.ratio)}
		j.Damping = [3]float64{2 * mass / math.Max(1e-15, s.time)}
	}
}
