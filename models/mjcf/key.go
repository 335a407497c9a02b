package mjcf

func (r *reader) readKeys() {
	m := r.model
	for _, s := range r.sections("keyframe") {
		for _, n := range s.kids {
			if n.name != "key" {
				continue
			}
			k := Key{Place: n.at, Name: r.declare(n, "key", len(m.Keys)), Q: m.Reference(), V: make([]float64, m.NV), Ctrl: make([]float64, len(m.Actuators))}
			r.number(n, "time", &k.Time)
			r.vector(n, "qpos", k.Q, "coordinates")
			r.vector(n, "qvel", k.V, "velocities")
			k.HasCtrl = r.vector(n, "ctrl", k.Ctrl, "actuators")
			if !m.normalize(k.Q) {
				r.errorf(n, "attribute qpos holds a quaternion of length zero")
			}
			m.Keys = append(m.Keys, k)
		}
	}
}

// vector reads all numbers of one of a key's vectors.
func (r *reader) vector(n *node, name string, dst []float64, what string) bool {
	before := r.mistakes()
	v := r.list(n, name)
	if v == nil || r.mistakes() > before {
		return false
	}
	if len(v) != len(dst) {
		r.errorf(n, "attribute %s has %d numbers, the model has %d %s", name, len(v), len(dst), what)
		return false
	}
	copy(dst, v)
	return true
}
