package mjcf

// sensorTargets are the attributes that name what a sensor looks at.
var sensorTargets = []string{"site", "joint", "tendon", "actuator", "body", "camera", "geom", "mesh", "geom1", "body1", "subtree1"}

func (r *reader) readSensors() {
	m := r.model
	for _, s := range r.sections("sensor") {
		for _, n := range s.kids {
			out := Sensor{Place: n.at, Type: n.name, Name: r.declare(n, "sensor", len(m.Sensors))}
			for _, kind := range sensorTargets {
				if name, given := n.attr(kind); given && out.ObjName == "" {
					out.ObjType, out.ObjName = kind, name
				}
			}
			for _, kind := range []string{"site", "joint", "tendon", "body"} {
				if out.ObjType == kind {
					r.find(n, kind, kind)
				}
			}
			r.text(n, "objtype", &out.ObjType)
			r.text(n, "objname", &out.ObjName)
			r.text(n, "reftype", &out.RefType)
			r.text(n, "refname", &out.RefName)
			r.number(n, "cutoff", &out.Cutoff)
			r.number(n, "noise", &out.Noise)
			m.Sensors = append(m.Sensors, out)
		}
	}
}
