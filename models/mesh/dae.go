package mesh

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// ParseDAE reads the geometry of a COLLADA 1.4 or 1.5 file: triangles, polygons, strips and fans of all geometries
// that its scene instances, moved by their nodes' transforms and brought to meters by its unit; name is the
// file named in errors. As the tools around URDF do, it leaves the file's up axis alone. Without a scene all
// geometries are taken as they are. Everything else is listed in Mesh.Ignored.
func ParseDAE(name string, data []byte) (*Mesh, error) {
	root, err := parseXML(name, data)
	if err != nil {
		return nil, err
	}
	if root.name != "COLLADA" {
		return nil, fmt.Errorf("%s:%d: the outermost element is <%.20s>, want <COLLADA>", name, root.line, root.name)
	}
	d := &dae{name: name, ids: map[string]*element{}, unit: 1, mesh: &Mesh{}, ignored: map[string]bool{}}
	d.index(root)
	if u := root.path("asset", "unit"); u != nil && u.attr["meter"] != "" {
		v, err := strconv.ParseFloat(u.attr["meter"], 64)
		if err != nil || !(v > 0) || v > 1e9 {
			return nil, d.errorf(u, "meter=%.20q is not a positive number", u.attr["meter"])
		}
		d.unit = v
	}
	if up := root.path("asset", "up_axis"); up != nil && strings.TrimSpace(string(up.text)) != "Z_UP" {
		d.ignore(up, fmt.Sprintf("up_axis %.10s: coordinates are taken as they are", strings.TrimSpace(string(up.text))))
	}
	if err := d.scene(root); err != nil {
		return nil, err
	}
	return d.mesh.finish(name)
}

// dae is a file being read.
type dae struct {
	name    string
	ids     map[string]*element
	unit    float64
	mesh    *Mesh
	ignored map[string]bool
	placed  int // nodes and geometries instanced so far
}

// affine is x → a x + t.
type affine struct {
	a [3][3]float64
	t r3.Vec
}

var identity = affine{a: [3][3]float64{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}

func (f *affine) apply(x r3.Vec) r3.Vec {
	v := [3]float64{x.X, x.Y, x.Z}
	var y [3]float64
	for i := range y {
		for j := range v {
			y[i] += f.a[i][j] * v[j]
		}
	}
	return spatial.Add(f.t, r3.Vec{X: y[0], Y: y[1], Z: y[2]})
}

// mul returns the map that applies g, then f.
func (f *affine) mul(g *affine) affine {
	var h affine
	for i := range h.a {
		for j := range h.a {
			for k := range h.a {
				h.a[i][j] += f.a[i][k] * g.a[k][j]
			}
		}
	}
	h.t = f.apply(g.t)
	return h
}

// mirrors reports whether f turns outside in.
func (f *affine) mirrors() bool {
	r := func(i int) r3.Vec { return r3.Vec{X: f.a[i][0], Y: f.a[i][1], Z: f.a[i][2]} }
	return spatial.Dot(r(0), spatial.Cross(r(1), r(2))) < 0
}

func (d *dae) errorf(e *element, format string, args ...any) error {
	return fmt.Errorf("%s:%d: <%.30s>: %w", d.name, e.line, e.name, fmt.Errorf(format, args...))
}

func (d *dae) ignore(e *element, what string) {
	if !d.ignored[what] && len(d.mesh.Ignored) < maxIgnored {
		d.ignored[what] = true
		d.mesh.Ignored = append(d.mesh.Ignored, fmt.Sprintf("%s:%d: %s", d.name, e.line, what))
	}
}

func (d *dae) index(e *element) {
	if id := e.attr["id"]; id != "" && d.ids[id] == nil {
		d.ids[id] = e
	}
	for _, k := range e.kids {
		d.index(k)
	}
}

// target returns the element a url="#id" names, which shall have the given name.
func (d *dae) target(e *element, attr, want string) (*element, error) {
	url := e.attr[attr]
	t := d.ids[strings.TrimPrefix(url, "#")]
	if !strings.HasPrefix(url, "#") || t == nil || t.name != want {
		return nil, d.errorf(e, "%s=%.40q names no <%s> in this file", attr, url, want)
	}
	return t, nil
}

// scene walks the nodes of the scene.
func (d *dae) scene(root *element) error {
	var scene *element
	if i := root.path("scene", "instance_visual_scene"); i != nil {
		s, err := d.target(i, "url", "visual_scene")
		if err != nil {
			return err
		}
		scene = s
	} else {
		scene = root.path("library_visual_scenes", "visual_scene")
	}
	at := identity
	for i := range at.a {
		at.a[i][i] = d.unit
	}
	if scene == nil {
		for _, l := range root.all("library_geometries") {
			for _, g := range l.all("geometry") {
				if err := d.geometry(g, &at); err != nil {
					return err
				}
			}
		}
		return nil
	}
	for _, n := range scene.all("node") {
		if err := d.node(n, at, 0); err != nil {
			return err
		}
	}
	return nil
}

// Bounds against files that instance themselves.
const (
	maxDepth  = 100
	maxPlaced = 1 << 16
)

func (d *dae) node(n *element, at affine, depth int) error {
	if d.placed++; depth > maxDepth || d.placed > maxPlaced {
		return d.errorf(n, "nodes are nested deeper than %d or more than %d; does one contain itself?", maxDepth, maxPlaced)
	}
	for _, k := range n.kids {
		step, moves, err := d.transform(k)
		if err != nil {
			return err
		}
		if moves {
			at = at.mul(&step)
		}
	}
	for _, k := range n.kids {
		var err error
		switch k.name {
		case "node":
			err = d.node(k, at, depth+1)
		case "instance_node":
			var t *element
			if t, err = d.target(k, "url", "node"); err == nil {
				err = d.node(t, at, depth+1)
			}
		case "instance_geometry":
			var t *element
			if t, err = d.target(k, "url", "geometry"); err == nil {
				err = d.geometry(t, &at)
			}
		case "instance_controller", "instance_camera", "instance_light":
			d.ignore(k, k.name)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// transform returns the map of a transform element, and false for other elements.
func (d *dae) transform(e *element) (f affine, moves bool, err error) {
	want := map[string]int{"matrix": 16, "translate": 3, "rotate": 4, "scale": 3}[e.name]
	if want == 0 {
		if e.name == "lookat" || e.name == "skew" {
			return f, false, d.errorf(e, "this transform is not supported; export with matrices")
		}
		return f, false, nil
	}
	v, err := d.floats(e, string(e.text))
	if err != nil {
		return f, false, err
	}
	if len(v) != want {
		return f, false, d.errorf(e, "%d numbers, want %d", len(v), want)
	}
	f = identity
	switch e.name {
	case "matrix":
		for i := range f.a {
			copy(f.a[i][:], v[4*i:4*i+3])
		}
		f.t = r3.Vec{X: v[3], Y: v[7], Z: v[11]}
	case "translate":
		f.t = r3.Vec{X: v[0], Y: v[1], Z: v[2]}
	case "scale":
		for i := range f.a {
			f.a[i][i] = v[i]
		}
	case "rotate":
		u, ok := spatial.Unit(r3.Vec{X: v[0], Y: v[1], Z: v[2]})
		if !ok {
			return f, false, d.errorf(e, "the axis has no direction")
		}
		q := quat.Number(r3.NewRotation(v[3]*degree, u))
		for j, x := range []r3.Vec{{X: 1}, {Y: 1}, {Z: 1}} {
			c := spatial.QuatRotate(q, x)
			f.a[0][j], f.a[1][j], f.a[2][j] = c.X, c.Y, c.Z
		}
	}
	return f, true, nil
}
