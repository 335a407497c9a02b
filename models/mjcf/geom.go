package mjcf

import (
	"errors"
	"math"

	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// geomSpec is a geom as written.
type geomSpec struct {
	placement
	kind                 string
	size                 [3]float64
	contype, conaffinity int
	condim, priority     int
	friction             [3]float64
	group                int
	mass                 float64 // NaN when the density decides
	density              float64
	shell                bool
	mesh, hfield         string
	material             string
	rgba                 [4]float64
	colored              bool
	fitscale             float64
}

func defaultGeom() geomSpec {
	return geomSpec{
		kind: "sphere", contype: 1, conaffinity: 1, condim: 3, friction: [3]float64{1, 0.005, 0.0001},
		mass: math.NaN(), density: 1000, rgba: [4]float64{0.5, 0.5, 0.5, 1}, fitscale: 1,
	}
}

func (r *reader) readGeom(n *node, g *geomSpec) {
	r.word(n, "type", &g.kind, geomTypes...)
	r.placeEnds(n, &g.placement)
	if r.upTo(n, "size", g.size[:]) {
		r.reachable(n, "size", g.size[:])
	}
	r.integer(n, "contype", &g.contype)
	r.integer(n, "conaffinity", &g.conaffinity)
	r.integer(n, "condim", &g.condim)
	r.integer(n, "priority", &g.priority)
	r.upTo(n, "friction", g.friction[:])
	r.integer(n, "group", &g.group)
	r.number(n, "mass", &g.mass)
	r.number(n, "density", &g.density)
	r.flag(n, "shellinertia", &g.shell)
	r.text(n, "mesh", &g.mesh)
	r.text(n, "hfield", &g.hfield)
	r.text(n, "material", &g.material)
	g.colored = r.tint(n, g.rgba[:]) || g.colored
	r.number(n, "fitscale", &g.fitscale)
}

func (r *reader) addGeom(n *node, s scope) {
	m := r.model
	var g Geom
	var spec geomSpec
	wrong := r.try(func() { g, spec = r.geom(n, s) })
	if wrong != nil && r.onlyDrawn(&spec, s.body) {
		g.Type, g.Mesh, g.wrong = MeshGeom, -1, true // a shape that nothing knows
		r.notef(n, "not drawn: %v", errors.Join(wrong...))
	} else {
		for _, err := range wrong {
			r.errorf(n, "%w", err)
		}
	}
	m.Geoms = append(m.Geoms, g)
}

// onlyDrawn reports whether a geom neither touches nor weighs.
func (r *reader) onlyDrawn(g *geomSpec, body int) bool {
	c := &r.compiler
	weighs := g.mass > 0 || math.IsNaN(g.mass) && g.density > 0
	counts := body > 0 && (c.inertiaFromGeom == "true" || c.inertiaFromGeom == "auto" && !r.model.Bodies[body].Stated) && g.group >= c.groups[0] && g.group <= c.groups[1]
	return g.contype == 0 && g.conaffinity == 0 && !(weighs && counts)
}

func (r *reader) geom(n *node, s scope) (Geom, geomSpec) {
	spec := r.class(n, s.class).geom
	r.readGeom(n, &spec)
	g := Geom{
		Place: n.at, Name: r.declare(n, "geom", len(r.model.Geoms)), Body: s.body, Mesh: -1, HField: -1,
		Contype: uint32(spec.contype), Conaffinity: uint32(spec.conaffinity), Condim: spec.condim,
		Priority: spec.priority, Friction: spec.friction, Group: spec.group, Color: r.color(n, &spec),
	}
	for t, name := range geomTypes {
		if name == spec.kind {
			g.Type = GeomType(t)
		}
	}
	r.validFriction(n, spec.condim, spec.friction[:])
	if g.Mesh = r.asset(n, "mesh", spec.mesh); g.Mesh >= 0 {
		for _, err := range r.model.Meshes[g.Mesh].wrong {
			r.errorf(n, "mesh %q: %w", clip(spec.mesh), err)
		}
	}
	g.HField = r.asset(n, "hfield", spec.hfield)
	local, ok := r.shape(n, &g, &spec)
	g.Pose = s.frame.Mul(local)
	if ok {
		r.geomMass(n, &g, &spec)
	}
	return g, spec
}

// asset finds an asset that may have been named by a class of defaults.
func (r *reader) asset(n *node, kind, name string) int {
	if name == "" {
		return -1
	}
	i, ok := r.named[[2]string{kind, name}]
	if !ok {
		r.errorf(n, "attribute %s: there is no %s %q", kind, kind, clip(name))
		return -1
	}
	return i
}

func (r *reader) color(n *node, spec *geomSpec) sim.Color {
	c := spec.rgba
	m, ok := r.colors[spec.material]
	if !ok && spec.material != "" {
		r.notef(n, "there is no material %q to draw it with", clip(spec.material))
	}
	if ok && !spec.colored {
		c = m
	}
	return sim.Color{R: c[0], G: c[1], B: c[2], A: c[3]}
}

// tint reads a color; a wrong one is drawn as its class has it.
func (r *reader) tint(n *node, dst []float64) (ok bool) {
	for _, err := range r.try(func() { ok = r.upTo(n, "rgba", dst) }) {
		r.notef(n, "%v; drawn as if it had none", err)
	}
	return ok
}

// sizes is how many numbers of size each type needs.
var sizes = [...]int{PlaneGeom: 0, HFieldGeom: 0, SphereGeom: 1, CapsuleGeom: 2, EllipsoidGeom: 3, CylinderGeom: 2, BoxGeom: 3, MeshGeom: 0, SDFGeom: 0}

// shape fills the size of g and returns where it is. It reports whether the shape is right.
func (r *reader) shape(n *node, g *Geom, spec *geomSpec) (sim.Pose, bool) {
	before := r.mistakes()
	pose := r.pose(n, &spec.placement)
	size := spec.size
	if spec.ends {
		var half float64
		pose, half = r.betweenEnds(n, &spec.placement)
		switch g.Type {
		case CapsuleGeom, CylinderGeom:
			size[1] = half
		case BoxGeom, EllipsoidGeom:
			size[1], size[2] = size[0], half
		default:
			r.errorf(n, "fromto is for capsules, cylinders, boxes and ellipsoids, this is a %s", g.Type)
		}
	}
	switch {
	case g.Type == MeshGeom || g.Type == SDFGeom:
		if g.Mesh < 0 && spec.mesh == "" {
			r.errorf(n, "attribute mesh is missing")
		}
	case g.Type == HFieldGeom:
		if g.HField < 0 && spec.hfield == "" {
			r.errorf(n, "attribute hfield is missing")
		}
	case g.Mesh >= 0:
		return pose, r.fit(n, g, spec, &pose)
	}
	for k := range sizes[g.Type] {
		if !(size[k] > 0) {
			numbers := "numbers"
			if sizes[g.Type] == 1 {
				numbers = "number"
			}
			r.errorf(n, "a %s needs %d positive %s in size, number %d is %g", g.Type, sizes[g.Type], numbers, k+1, size[k])
			break
		}
	}
	g.Size = vec3(size[:])
	if (g.Type == PlaneGeom || g.Type == HFieldGeom) && r.moves(g.Body) {
		r.errorf(n, "a %s can only belong to what does not move", g.Type)
	}
	return pose, r.mistakes() == before
}

// moves reports whether a body or one it hangs on has a joint.
func (r *reader) moves(body int) bool {
	for ; body > 0; body = r.model.Bodies[body].Parent {
		if b := &r.model.Bodies[body]; b.NumJoints > 0 || b.Joint < len(r.model.Joints) && r.model.Joints[b.Joint].Body == body {
			return true
		}
	}
	return false
}

// geomMass fills mass and inertia of g. A stated mass overrides the density.
func (r *reader) geomMass(n *node, g *Geom, spec *geomSpec) {
	if spec.mass < 0 || spec.density < 0 {
		r.errorf(n, "mass and density must not be negative")
		return
	}
	unit := r.unitInertia(n, g, spec)
	switch {
	case unit.Mass == 0:
		g.unknown = g.Mesh >= 0 && (math.IsNaN(spec.mass) && spec.density > 0 || spec.mass > 0)
		return
	case !math.IsNaN(spec.mass):
		g.Mass = spec.mass
	default:
		g.Mass = spec.density * unit.Mass
	}
	k := g.Mass / unit.Mass
	g.inertia = sim.Inertia{
		Mass: g.Mass, COM: unit.COM,
		Ixx: k * unit.Ixx, Ixy: k * unit.Ixy, Ixz: k * unit.Ixz, Iyy: k * unit.Iyy, Iyz: k * unit.Iyz, Izz: k * unit.Izz,
	}
}

// unitInertia returns the inertia of g for a density of one: its mass is a volume, or the area of a shell.
func (r *reader) unitInertia(n *node, g *Geom, spec *geomSpec) sim.Inertia {
	a, b, c := g.Size.X, g.Size.Y, g.Size.Z
	switch g.Type {
	case SphereGeom:
		if spec.shell {
			m := 4 * math.Pi * a * a
			return diagonal(m, 2*m*a*a/3, 2*m*a*a/3, 2*m*a*a/3)
		}
		return sim.SphereInertia(4*math.Pi*a*a*a/3, a)
	case CapsuleGeom:
		if spec.shell {
			return capsuleShell(a, b)
		}
		return sim.CapsuleInertia(math.Pi*a*a*(2*b+4*a/3), a, b)
	case CylinderGeom:
		if spec.shell {
			return cylinderShell(a, b)
		}
		return sim.CylinderInertia(2*math.Pi*a*a*b, a, b)
	case EllipsoidGeom:
		if spec.shell {
			r.errorf(n, "shellinertia of an ellipsoid is not supported: its surface has no closed form; state the body's inertia")
			return sim.Inertia{}
		}
		return sim.EllipsoidInertia(4*math.Pi*a*b*c/3, g.Size)
	case BoxGeom:
		if spec.shell {
			return boxShell(a, b, c)
		}
		return sim.BoxInertia(8*a*b*c, r3.Vec{X: a, Y: b, Z: c})
	case MeshGeom, SDFGeom:
		return r.meshInertia(g.Mesh)
	}
	return sim.Inertia{} // planes and height fields have none
}

func diagonal(m, x, y, z float64) sim.Inertia { return sim.Inertia{Mass: m, Ixx: x, Iyy: y, Izz: z} }

// capsuleShell is a cylindrical tube and the two halves of a spherical shell, whose centers are half a
// radius from their rims.
func capsuleShell(r, half float64) sim.Inertia {
	tube, caps := 4*math.Pi*r*half, 4*math.Pi*r*r
	across := tube*(r*r/2+half*half/3) + caps*(2*r*r/3+half*half+half*r)
	return diagonal(tube+caps, across, across, tube*r*r+caps*2*r*r/3)
}

// cylinderShell is a tube and two disks.
func cylinderShell(r, half float64) sim.Inertia {
	tube, disks := 4*math.Pi*r*half, 2*math.Pi*r*r
	across := tube*(r*r/2+half*half/3) + disks*(r*r/4+half*half)
	return diagonal(tube+disks, across, across, tube*r*r+disks*r*r/2)
}

// boxShell is six plates.
func boxShell(a, b, c float64) sim.Inertia {
	x, y, z := 8*b*c, 8*a*c, 8*a*b // areas of the plates across each axis
	moment := func(p, q, r, u, v float64) float64 {
		// p, q, r: plates across the axis and across the two others, of half extents u and v
		return p*(u*u+v*v)/3 + q*(u*u+v*v/3) + r*(v*v+u*u/3)
	}
	return diagonal(x+y+z, moment(x, y, z, b, c), moment(y, x, z, a, c), moment(z, x, y, a, b))
}
