package urdf

import "github.com/ukemi-sim/ukemi/sim"

// materials collects the named colors of the whole file first: a visual may use one that is defined
// later, or inside another link.
func (r *reader) materials(root *node) {
	r.drawn = true
	defer func() { r.drawn = false }()
	for _, m := range root.children("material") {
		name, _ := m.attr("name")
		if name == "" {
			m.skip()
			r.errorf(m, "has no name, so nothing can use it")
		} else if _, known := r.colors[name]; known {
			m.skip()
			r.notef(Drawing, m, "ignored: the material is defined twice, the first one holds")
		} else if c, given := r.rgba(m); given {
			r.colors[name] = c
		}
	}
	inline := &reader{} // its errors and marks are left to the reader of the visual
	for _, l := range root.kids {
		for _, v := range l.kids {
			for _, m := range v.kids {
				if l.name != "link" || v.name != "visual" || m.name != "material" || m.peek("name") == "" {
					continue
				}
				name := m.peek("name")
				if _, known := r.colors[name]; known {
					continue
				}
				if c, given := inline.rgba(m.clone()); given {
					r.colors[name] = c
				}
			}
		}
	}
}

// rgba returns the color in a material and whether there is one.
func (r *reader) rgba(m *node) (sim.Color, bool) {
	c := m.child("color")
	if c == nil {
		return sim.Color{}, false
	}
	v, given, ok := r.numbers(c, "rgba", 4)
	if !given {
		r.errorf(c, "attribute rgba is missing")
	}
	if !given || !ok {
		return sim.Color{}, true
	}
	return sim.Color{R: v[0], G: v[1], B: v[2], A: v[3]}, true
}

// color returns the color of a visual: its own, or that of the material it names.
func (r *reader) color(visual *node) sim.Color {
	m := visual.child("material")
	if m == nil {
		return sim.Color{}
	}
	name, _ := m.attr("name")
	if c, given := r.rgba(m); given {
		return c
	}
	c, known := r.colors[name]
	if !known {
		r.notef(Drawing, m, "ignored: no color is given for material %q", clip(name))
	}
	return c
}
