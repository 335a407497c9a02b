package implicit

import (
	"errors"
	"fmt"
	"strings"

	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/sim"
)

// FindParam returns the parameter of the given name. An unknown name is an error that lists similar ones.
//
// Friction of zero is no parameter. For every κ > 0 the force of friction is of second order in its coefficient near zero
// (docs/gradients.md), so its derivative there is exactly zero and tells nothing: give the model a small one, 1e-3, to
// differentiate by it. Neither are vertices of flat ground: as one moves, a fold comes to be, a ridge to one side and a valley to the
// other.
func FindParam(m *sim.Model, name string) (Param, error) {
	all := Params(m)
	if err := errors.Join(noFriction(m, name), noFold(m, name)); err != nil {
		return Param{}, err
	}
	var near []string
	owner, _, _ := strings.Cut(name, ".")
	for _, p := range all {
		if p.Name == name {
			return p, nil
		}
		if strings.HasSuffix(p.Name, ":"+name) || strings.Contains(p.Name, owner+".") {
			near = append(near, p.Name)
		}
	}
	if len(near) > 12 {
		near = append(near[:12], "…")
	}
	if len(near) == 0 {
		return Param{}, fmt.Errorf("implicit: model %q has no parameter %q; Params lists all %d", m.Name(), name, len(all))
	}
	return Param{}, fmt.Errorf("implicit: model %q has no parameter %q; did you mean one of %s", m.Name(), name, strings.Join(near, ", "))
}

// noFriction returns an error when name would be that of a friction that m does not have.
func noFriction(m *sim.Model, name string) error {
	d := m.Engine()
	for i, c := range m.Colliders() {
		p := dynamics.Param{Kind: dynamics.ParamFriction, Index: i}
		if (name == c+".friction" || name == "collider:"+c+".friction") && !d.Differentiable(p) {
			switch {
			case d.Colliders[i].Body == dynamics.World:
				return fmt.Errorf("implicit: collider %q of model %q is fixed to the world; friction belongs to the shapes that touch it", c, m.Name())
			case d.Law == dynamics.Frictionless:
				return fmt.Errorf("implicit: model %q is frictionless: %q is no parameter", m.Name(), name)
			}
			return fmt.Errorf("implicit: the friction coefficient of collider %q of model %q is 0, where its derivative is zero for every κ; build the model with a small one (1e-3) to differentiate by it", c, m.Name())
		}
	}
	for _, j := range m.Joints() {
		for k := range j.NV {
			owner := j.Name
			if j.NV > 1 {
				owner += fmt.Sprintf("[%d]", k)
			}
			if (name == owner+".dry_friction" || name == "joint:"+owner+".dry_friction") && d.Dofs[j.V+k].Friction == 0 {
				return fmt.Errorf("implicit: the dry friction of joint %q of model %q is 0, where its derivative is zero for every κ; build the model with a small one to differentiate by it", j.Name, m.Name())
			}
		}
	}
	return nil
}

// noFold returns an error when name would be that of a vertex of flat ground.
func noFold(m *sim.Model, name string) error {
	d := m.Engine()
	for i, c := range m.Colliders() {
		size, ok := strings.CutPrefix(strings.TrimPrefix(name, "collider:"), c+".")
		if s := &d.Colliders[i].Shape; ok && d.OfTerrain(dynamics.Param{Kind: dynamics.ParamShape, Index: i}) {
			for k := range s.NumParams() {
				if s.ParamName(k) == size && !d.Differentiable(dynamics.Param{Kind: dynamics.ParamShape, Index: i, Comp: k}) {
					return fmt.Errorf("implicit: around %s of terrain %q of model %q triangles are coplanar, or could be cut otherwise: derivatives by it are one-sided; move the vertices a little (1e-4 m) to differentiate by them", size, c, m.Name())
				}
			}
		}
	}
	return nil
}
