package mjcf

// siteSpec is a site as written.
type siteSpec struct {
	placement
	kind string
	size [3]float64
}

func defaultSite() siteSpec {
	return siteSpec{kind: "sphere", size: [3]float64{0.005, 0.005, 0.005}}
}

func (r *reader) readSite(n *node, s *siteSpec) {
	r.word(n, "type", &s.kind, geomTypes[SphereGeom:]...)
	r.placeEnds(n, &s.placement)
	r.upTo(n, "size", s.size[:])
}

func (r *reader) addSite(n *node, s scope) {
	m := r.model
	spec := r.class(n, s.class).site
	r.readSite(n, &spec)
	out := Site{Place: n.at, Name: r.declare(n, "site", len(m.Sites)), Body: s.body, Size: vec3(spec.size[:])}
	for t, name := range geomTypes {
		if name == spec.kind {
			out.Type = GeomType(t)
		}
	}
	pose := r.pose(n, &spec.placement)
	if spec.ends {
		var half float64
		pose, half = r.betweenEnds(n, &spec.placement)
		switch out.Type {
		case CapsuleGeom, CylinderGeom:
			out.Size.Y = half
		default:
			out.Size.Y, out.Size.Z = out.Size.X, half
		}
	}
	out.Pose = s.frame.Mul(pose)
	m.Sites = append(m.Sites, out)
}
