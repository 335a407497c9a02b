package sim

import (
	"fmt"
	"slices"
)

// FindBody returns the index in [Model.Bodies] of the body of the given name. A link that fixed joints merged
// into another body has none of its own: the error then names that body, and [Model.Frame] says where in it
// the link is.
func (m *Model) FindBody(name string) (int, error) {
	if i := slices.Index(m.bodies, name); i >= 0 {
		return i, nil
	}
	f, err := m.Frame(name)
	if err != nil {
		return -1, fmt.Errorf("sim: model %q has no body %q", m.name, name)
	}
	body := "the world"
	if f.Body >= 0 {
		body = fmt.Sprintf("body %q", m.bodies[f.Body])
	}
	return -1, fmt.Errorf("sim: link %q of model %q is fixed to %s and no body of its own", name, m.name, body)
}

// FindInput returns the index in an input vector of the input of the given name, as [Model.Inputs] lists them.
func (m *Model) FindInput(name string) (int, error) {
	if i := slices.Index(m.inputs, name); i >= 0 {
		return i, nil
	}
	return -1, fmt.Errorf("sim: model %q has no input %q", m.name, name)
}

// FindCollider returns the index in [Model.Colliders] of the collision shape of the given name.
func (m *Model) FindCollider(name string) (int, error) {
	if i := slices.Index(m.colliders, name); i >= 0 {
		return i, nil
	}
	return -1, fmt.Errorf("sim: model %q has no collider %q", m.name, name)
}
