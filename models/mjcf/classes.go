package mjcf

// class is a class of defaults: one of each kind of element, as written so far. An element starts as a copy of its class's.
type class struct {
	name     string
	joint    jointSpec
	geom     geomSpec
	site     siteSpec
	mesh     meshSpec
	tendon   tendonSpec
	actuator actuatorSpec
	equality equalitySpec
	pair     pairSpec
	color    [4]float64
}

// mainClass is the class of elements that name none.
const mainClass = "main"

// readClasses reads all <default> elements. A nested class starts as a copy of the one around it.
func (r *reader) readClasses() {
	top := &class{
		name: mainClass, joint: defaultJoint(), geom: defaultGeom(), site: defaultSite(), mesh: defaultMesh(),
		tendon: defaultTendon(), actuator: defaultActuator(), equality: defaultEquality(), pair: defaultPair(), color: [4]float64{1, 1, 1, 1},
	}
	r.classes = map[string]*class{mainClass: top}
	for _, n := range r.sections("default") {
		name := mainClass
		if r.text(n, "class", &name) && name != mainClass && r.classes[name] == nil {
			r.classes[name] = top // MuJoCo 3 allowed another name for the outermost class
		}
		r.readClass(n, top)
	}
}

func (r *reader) readClass(n *node, c *class) {
	for _, k := range n.kids {
		switch k.name {
		case "joint":
			r.readJoint(k, &c.joint)
		case "geom":
			r.readGeom(k, &c.geom)
		case "site":
			r.readSite(k, &c.site)
		case "mesh":
			r.readMesh(k, &c.mesh)
		case "tendon":
			r.readTendon(k, &c.tendon)
		case "equality":
			r.readEquality(k, &c.equality)
		case "pair":
			r.readPair(k, &c.pair)
		case "material":
			r.tint(k, c.color[:])
		default:
			if actuatorKinds[k.name] {
				r.readActuator(k, &c.actuator)
			}
		}
	}
	for _, k := range n.kids {
		if k.name != "default" {
			continue
		}
		name := r.need(k, "class")
		if r.classes[name] != nil && name != "" {
			r.errorf(k, "the class is defined twice")
			continue
		}
		inner := *c
		inner.name = name
		r.classes[name] = &inner
		r.readClass(k, &inner)
	}
}

// class returns the class of defaults for n: the one it names, or that of the body or frame around it.
func (r *reader) class(n *node, around *class) *class {
	return r.namedClass(n, "class", around)
}

func (r *reader) namedClass(n *node, attr string, around *class) *class {
	name, given := n.attr(attr)
	if !given || name == "" {
		return around
	}
	c := r.classes[name]
	if c == nil {
		r.errorf(n, "attribute %s: there is no class %q of defaults", attr, clip(name))
		return around
	}
	return c
}

func (r *reader) readMaterials() {
	r.colors = map[string][4]float64{}
	for _, s := range r.sections("asset") {
		for _, n := range s.kids {
			if n.name != "material" {
				continue
			}
			color := r.class(n, r.classes[mainClass]).color
			name, _ := n.attr("name")
			r.tint(n, color[:])
			r.colors[name] = color
		}
	}
}
