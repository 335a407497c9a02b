package mjcf

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/models/internal/xmltree"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// everyone is the mask of all groups.
const everyone = "2147483647"

// planes writes half-spaces as planes. Their own friction is none: that of a shape is the larger of both.
func (w *writer) planes() {
	planes, names := w.model.HalfSpaces()
	for i, p := range planes {
		g := xmltree.New("geom", "name", w.geomName(names[i]), "type", "plane", "size", "0 0 1", "friction", "0 0 0", "contype", everyone, "conaffinity", everyone)
		w.flat = append(w.flat, g.Attrs[0].Value)
		if p.Runs() {
			w.left = append(w.left, fmt.Sprintf("half-space %q: the velocity of its surface", names[i]))
		}
		place(g, sim.Pose{Pos: r3.Scale(p.Offset, p.Normal), Rot: fromZ(p.Normal)})
		w.shape[sim.World] = append(w.shape[sim.World], g)
	}
}

// fromZ returns the shortest rotation of the z axis to a direction.
func fromZ(u r3.Vec) quat.Number {
	if u.Z < -1+1e-9 {
		return quat.Number{Imag: 1}
	}
	q := quat.Number{Real: 1 + u.Z, Imag: -u.Y, Jmag: u.X}
	return quat.Scale(1/quat.Abs(q), q)
}

// geomName returns a name that no other geom has.
func (w *writer) geomName(name string) string { return unique(w.used, name, "geom") }

// shapes writes what touches and what is only drawn. Here shapes of one mechanism pass through each other, in MuJoCo
// they do by their masks.
func (w *writer) shapes() {
	own := w.mechanisms()
	filters := make([]contact.Filter, len(w.Builder.Colliders()))
	for i, c := range w.Builder.Colliders() {
		name := c.Name
		if name == "" {
			name = w.model.Colliders()[i]
		}
		f := own[c.Link]
		if c.Filter != nil {
			f = *c.Filter
		}
		filters[i] = f
		if c.ShapesOnly {
			w.left = append(w.left, fmt.Sprintf("that shape %q touches no half-space", name))
		}
		turning := [2]float64{c.Surface.Torsion, c.Surface.Rolling}
		if c.Surface.Torsion, c.Surface.Rolling = 0, 0; c.Surface != (contact.Surface{}) {
			w.left = append(w.left, fmt.Sprintf("shape %q: what its surface does besides friction", name))
		}
		for _, g := range w.geoms(name, c.Shape, c.Pose) {
			w.parts[name] = append(w.parts[name], g.Attrs[0].Value)
			if f == (contact.Filter{}) { // half-spaces touch it all the same
				for k, p := range w.flat {
					if _, _, own := w.footing(name, &c, k); !own {
						w.pair(g.Attrs[0].Value, p, c.Friction, turning)
					}
				}
			}
			condim(g, turning)
			g.Set("friction", nums(c.Friction, turning[0], turning[1]), "contype", fmt.Sprint(int32(f.Groups)), "conaffinity", fmt.Sprint(int32(f.Touches)))
			color(g, c.Color)
			w.shape[c.Link] = append(w.shape[c.Link], g)
		}
	}
	w.grips(filters)
	for _, v := range w.Builder.Visuals() {
		g := w.drawn(&v)
		if g == nil {
			continue
		}
		g.Set("contype", "0", "conaffinity", "0", "group", "1")
		color(g, v.Color)
		w.shape[v.Link] = append(w.shape[v.Link], g)
	}
	names := w.model.Colliders()
	for _, e := range w.Builder.ExcludedPairs() {
		a, b := slices.Index(names, e[0]), slices.Index(names, e[1])
		if x, y := w.Builder.Colliders()[a].Link, w.Builder.Colliders()[b].Link; w.own[x] != w.own[y] { // those of one robot are not asked for
			w.left = append(w.left, fmt.Sprintf("that shapes %q and %q are kept apart", e[0], e[1]))
		}
	}
	for _, e := range w.Builder.Excluded() {
		if e[0] != sim.World && e[1] != sim.World {
			w.contact.Add(xmltree.New("exclude", "body1", w.names[e[0]], "body2", w.names[e[1]]))
		}
	}
}

// grips writes pairs of shapes that touch although they are of one robot or their filters say otherwise, and the
// friction of others where it is not the larger of theirs, as MuJoCo has it.
func (w *writer) grips(filters []contact.Filter) {
	shapes, names := w.Builder.Colliders(), w.model.Colliders()
	own, turns := w.Builder.PairFrictions(), w.Builder.PairTurnings()
	for _, p := range w.model.Pairs() {
		if k, flat := p.HalfSpace(); flat {
			if mu, lengths, own := w.footing(names[p.A], &shapes[p.A], k); own {
				for _, part := range w.parts[names[p.A]] {
					w.pair(part, w.flat[k], mu, lengths)
				}
			}
			continue
		}
		a, b := shapes[p.A].Friction, shapes[p.B].Friction
		pair := [2]string{names[p.A], names[p.B]}
		mu, given := own[pair]
		x, y := &shapes[p.A].Surface, &shapes[p.B].Surface
		lengths, turning := turns[pair]
		if !turning {
			lengths = [2]float64{max(x.Torsion, y.Torsion), max(x.Rolling, y.Rolling)}
		}
		terrain := shapes[p.B].Shape.Kind == contact.KindTerrain // whose friction is none, so that the larger is that of the other
		asked := w.own[shapes[p.A].Link] == w.own[shapes[p.B].Link] || !filters[p.A].Touch(filters[p.B])
		if asked || turning || given && mu != a || a != b && !terrain {
			switch {
			case given:
			case terrain:
				mu = a
			case a+b > 0:
				mu = 2 * a * b / (a + b)
			}
			for _, part := range w.parts[names[p.B]] { // a mesh that is terrain is several
				w.pair(names[p.A], part, mu, lengths)
			}
		}
	}
}

// footing returns the friction of a shape on half-space k, and whether it is the pair's own.
func (w *writer) footing(name string, c *sim.Collider, k int) (mu float64, lengths [2]float64, own bool) {
	_, planes := w.model.HalfSpaces()
	pair := [2]string{name, planes[k]}
	mu, grips := w.Builder.PairFrictions()[pair]
	lengths, turns := w.Builder.PairTurnings()[pair]
	if !grips {
		mu = c.Friction
	}
	if !turns {
		lengths = [2]float64{c.Surface.Torsion, c.Surface.Rolling}
	}
	return mu, lengths, grips || turns
}

// pair writes the friction of two geoms: sliding, and against spinning and rolling.
func (w *writer) pair(a, b string, mu float64, turning [2]float64) {
	p := xmltree.New("pair", "geom1", a, "geom2", b, "friction", nums(mu, mu, turning[0], turning[1], turning[1]))
	condim(p, turning)
	w.contact.Add(p)
}

// condim writes how many dimensions a contact has where it resists spinning or rolling.
func condim(e *xmltree.Element, turning [2]float64) {
	switch {
	case turning[1] > 0:
		e.Set("condim", "6")
	case turning[0] > 0:
		e.Set("condim", "4")
	}
}

// mechanisms returns the filter of links whose shapes have none of their own: every mechanism is a group. Where there
// are too many for bits, or others have groups of their own, all touch all.
func (w *writer) mechanisms() map[sim.Link]contact.Filter {
	own, n := map[sim.Link]int{sim.World: 0}, 1
	w.own = own
	var mark func(j *sim.Joint, bolted bool)
	mark = func(j *sim.Joint, bolted bool) {
		if own[j.Child] = own[j.Parent]; j.Parent == sim.World || bolted && j.Type.NV() == 6 {
			own[j.Child] = n
			n++
		}
		for i := range w.on[j.Child] {
			mark(&w.on[j.Child][i], bolted && j.Type.NV() == 0)
		}
	}
	for i := range w.on[sim.World] {
		mark(&w.on[sim.World][i], true)
	}
	const most = 30
	for _, c := range w.Builder.Colliders() {
		if c.Filter != nil {
			n = most + 1
		}
	}
	filters := map[sim.Link]contact.Filter{}
	var solid []sim.Link // in order, each once
	for _, c := range w.Builder.Colliders() {
		if _, known := filters[c.Link]; !known {
			solid = append(solid, c.Link)
		}
		k := own[c.Link]
		if filters[c.Link] = contact.Everyone; n <= most {
			filters[c.Link] = contact.Filter{Groups: 1 << k, Touches: ^uint32(1<<k) & 0x7fffffff}
		}
	}
	for i := 0; n > most && i < len(solid); i++ { // no groups: what passes through each other is listed
		for _, l := range solid[:i] {
			if k := solid[i]; l != sim.World && k != sim.World && own[l] == own[k] {
				w.contact.Add(xmltree.New("exclude", "body1", w.names[l], "body2", w.names[k]))
			}
		}
	}
	return filters
}

// geoms writes a collider: as one geom, or a mesh that is terrain as a prism under each of its triangles, for meshes
// touch as their hulls in MuJoCo.
func (w *writer) geoms(name string, s contact.Shape, p sim.Pose) []*xmltree.Element {
	if s.Kind != contact.KindTerrain || s.Terrain.IsField() {
		if g := w.geom(w.geomName(name), s, p); g != nil {
			return []*xmltree.Element{g}
		}
		return nil
	}
	var all []*xmltree.Element
	for _, corners := range prisms(s.Terrain.Surface()) {
		all = append(all, w.geom(w.geomName(name), contact.Points(corners), p))
	}
	w.left = append(w.left, fmt.Sprintf("shape %q: that it is one surface; it is %d prisms under its triangles", name, len(all)))
	return all
}

// prisms returns the triangles of a surface with a body behind each, a fiftieth as thick as the surface is large.
func prisms(corners []r3.Vec, triangles [][3]int32) (all [][]r3.Vec) {
	low, high := spatial.Bounds(corners)
	thick := r3.Norm(r3.Sub(high, low)) / 50
	for _, t := range triangles {
		a, b, c := corners[t[0]], corners[t[1]], corners[t[2]]
		n := r3.Cross(r3.Sub(b, a), r3.Sub(c, a))
		if n == (r3.Vec{}) {
			continue
		}
		in := r3.Scale(-thick, r3.Unit(n))
		all = append(all, []r3.Vec{a, b, c, r3.Add(a, in), r3.Add(b, in), r3.Add(c, in)})
	}
	return all
}

// geom writes a shape without mass, which belongs to its link.
func (w *writer) geom(name string, s contact.Shape, p sim.Pose) *xmltree.Element {
	g := xmltree.New("geom", "name", name, "type", s.Kind.String(), "mass", "0")
	switch s.Kind {
	case contact.KindSphere:
		g.Set("size", num(s.Radius))
	case contact.KindCapsule, contact.KindCylinder:
		g.Set("size", nums(s.Radius, s.HalfLength))
	case contact.KindBox, contact.KindEllipsoid:
		g.Set("size", vec(s.Half))
	case contact.KindPoints:
		g.Attrs[1].Value = "mesh"
		g.Set("mesh", name)
		var x []float64
		for _, v := range s.Vertices {
			x = append(x, v.X, v.Y, v.Z)
		}
		w.asset.Add(xmltree.New("mesh", "name", name, "vertex", nums(x...)))
	case contact.KindTerrain:
		g.Attrs[1].Value = "hfield"
		g.Set("hfield", name)
		var low float64
		if low = w.field(name, s.Terrain); low != 0 {
			p = p.Mul(sim.At(0, 0, low))
		}
	default:
		w.errs = append(w.errs, fmt.Errorf("shape %q: MJCF has no %v that this program writes", name, s.Kind))
		return nil
	}
	place(g, p)
	return g
}

// drawn writes a shape that is only drawn, or nil.
func (w *writer) drawn(v *sim.Visual) *xmltree.Element {
	name := v.Name
	if name == "" {
		name = w.names[v.Link] + "/look"
	}
	name = w.geomName(name)
	if v.Mesh == "" {
		return w.geom(name, v.Shape, v.Pose)
	}
	asset := w.meshAsset(v)
	if asset == "" {
		w.left = append(w.left, fmt.Sprintf("drawn mesh %q", clip(v.Mesh)))
		return nil
	}
	g := xmltree.New("geom", "name", name, "type", "mesh", "mesh", asset, "mass", "0")
	place(g, v.Pose)
	return g
}

// meshAsset returns the name of the asset of a drawn mesh, "" where MuJoCo could not read it.
func (w *writer) meshAsset(v *sim.Visual) string {
	key := fmt.Sprintf("%s %v", v.Mesh, v.Scale)
	if name, known := w.files[key]; known {
		return name
	}
	w.files[key] = ""
	if w.Find == nil || w.dir == "" {
		return ""
	}
	file, err := w.Find(v.Mesh)
	if err != nil {
		return ""
	}
	switch strings.ToLower(filepath.Ext(file)) {
	case ".stl", ".obj", ".msh":
	default:
		return ""
	}
	if file, err = filepath.Abs(file); err != nil {
		return ""
	}
	if file, err = filepath.Rel(w.dir, file); err != nil {
		return ""
	}
	name := fmt.Sprintf("mesh%d", len(w.files))
	a := xmltree.New("mesh", "name", name, "file", filepath.ToSlash(file))
	if v.Scale != (r3.Vec{X: 1, Y: 1, Z: 1}) {
		a.Set("scale", vec(v.Scale))
	}
	w.asset.Add(a)
	w.files[key] = name
	return name
}

func color(g *xmltree.Element, c sim.Color) {
	if c != (sim.Color{}) {
		g.Set("rgba", nums(c.R, c.G, c.B, c.A))
	}
}
