package mjcf

import (
	"errors"
	"math"

	"github.com/ukemi-sim/ukemi/models/mesh"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// meshInertia returns the inertia of a mesh for a density of one, zero when it is not known: its mass is the
// volume, or the area of a shell.
func (r *reader) meshInertia(i int) sim.Inertia {
	if i < 0 {
		return sim.Inertia{}
	}
	m := &r.model.Meshes[i]
	if m.unit == nil {
		m.unit = &sim.Inertia{}
		if m.Surface != nil {
			in, err := unitInertia(m.Surface, m.rule)
			if err != nil {
				m.err = err
				r.notes.add(m.Place, "mesh", m.Name, "its mass is not known: "+err.Error())
				return sim.Inertia{}
			}
			*m.unit = in
		}
	}
	return *m.unit
}

// unitInertia follows the rule that <mesh inertia> names, as MuJoCo's compiler does. All sum pyramids over the
// triangles: "exact" with the sign that a triangle's winding gives, "convex" so for the hull, and "legacy", MuJoCo's
// default, without sign, from the center of the surface for the center of mass and from that for volume and
// moments, which counts the dents of a mesh twice.
func unitInertia(m *mesh.Mesh, rule string) (sim.Inertia, error) {
	switch rule {
	case "shell":
		return shellInertia(m)
	case "convex":
		hull, err := m.Hull()
		if err != nil {
			return sim.Inertia{}, err
		}
		m = hull
	case "exact":
		if !m.Closed() {
			return sim.Inertia{}, errors.New(`inertia="exact" wants a closed mesh, this one is open`)
		}
	}
	legacy := rule == "legacy"
	center, _ := areaCenter(m)
	volume, com := 0.0, r3.Vec{}
	for _, t := range m.Triangles {
		a, b, c := r3.Sub(m.Vertices[t[0]], center), r3.Sub(m.Vertices[t[1]], center), r3.Sub(m.Vertices[t[2]], center)
		v := pyramid(a, b, c, legacy)
		volume += v
		com = r3.Add(com, r3.Scale(v/4, r3.Add(a, r3.Add(b, c))))
	}
	if !(volume > 1e-15) {
		return sim.Inertia{}, errors.New(`the mesh has no volume, or is wound inside out; inertia="convex" takes its hull, "shell" its surface`)
	}
	com = r3.Add(center, r3.Scale(1/volume, com))
	volume = 0
	var p moments
	for _, t := range m.Triangles {
		a, b, c := r3.Sub(m.Vertices[t[0]], com), r3.Sub(m.Vertices[t[1]], com), r3.Sub(m.Vertices[t[2]], com)
		v := pyramid(a, b, c, legacy)
		volume += v
		p.add(v/20, a, b, c)
	}
	return p.inertia(volume, com)
}

// pyramid returns the volume between the origin and a triangle, negative where the triangle faces the origin.
func pyramid(a, b, c r3.Vec, unsigned bool) float64 {
	v := r3.Dot(a, r3.Cross(b, c)) / 6
	if unsigned {
		return math.Abs(v)
	}
	return v
}

func area(a, b, c r3.Vec) float64 { return r3.Norm(r3.Cross(r3.Sub(b, a), r3.Sub(c, a))) / 2 }

// areaCenter returns the center of the surface and its area.
func areaCenter(m *mesh.Mesh) (r3.Vec, float64) {
	var sum r3.Vec
	total := 0.0
	for _, t := range m.Triangles {
		a, b, c := m.Vertices[t[0]], m.Vertices[t[1]], m.Vertices[t[2]]
		s := area(a, b, c)
		total += s
		sum = r3.Add(sum, r3.Scale(s/3, r3.Add(a, r3.Add(b, c))))
	}
	if total == 0 {
		return r3.Vec{}, 0
	}
	return r3.Scale(1/total, sum), total
}

func shellInertia(m *mesh.Mesh) (sim.Inertia, error) {
	com, total := areaCenter(m)
	if !(total > 1e-15) {
		return sim.Inertia{}, errors.New("the mesh has no area")
	}
	var p moments
	for _, t := range m.Triangles {
		a, b, c := r3.Sub(m.Vertices[t[0]], com), r3.Sub(m.Vertices[t[1]], com), r3.Sub(m.Vertices[t[2]], com)
		p.add(area(a, b, c)/12, a, b, c)
	}
	return p.inertia(total, com)
}

// moments is ∫ x xᵀ, the upper triangle of it row by row.
type moments [6]float64

// add adds w (Σ v vᵀ + Σv Σvᵀ) over the corners of a triangle: the second moments of the triangle for a twelfth of its
// area, those of the pyramid over it for a twentieth of its volume.
func (p *moments) add(w float64, a, b, c r3.Vec) {
	for _, v := range [4]r3.Vec{a, b, c, r3.Add(a, r3.Add(b, c))} {
		p[0] += w * v.X * v.X
		p[1] += w * v.X * v.Y
		p[2] += w * v.X * v.Z
		p[3] += w * v.Y * v.Y
		p[4] += w * v.Y * v.Z
		p[5] += w * v.Z * v.Z
	}
}

func (p *moments) inertia(mass float64, com r3.Vec) (sim.Inertia, error) {
	in := sim.Inertia{Mass: mass, COM: com, Ixx: p[3] + p[5], Iyy: p[0] + p[5], Izz: p[0] + p[3], Ixy: -p[1], Ixz: -p[2], Iyz: -p[4]}
	if _, _, ok := principal(in); !ok {
		return sim.Inertia{}, errors.New("the inertia of the mesh is not finite")
	}
	return in, nil
}

// fit gives the primitive g the size and pose of its mesh: those of the box with the same inertia or, when the
// compiler says so, of the smallest box along the principal axes that holds the mesh. z is the longest axis.
func (r *reader) fit(n *node, g *Geom, spec *geomSpec, pose *sim.Pose) bool {
	m := &r.model.Meshes[g.Mesh]
	in := r.meshInertia(g.Mesh)
	if in.Mass == 0 {
		r.notef(n, "its size should come from mesh %q, which is not known%s", clip(m.Name), changes)
		g.Type = MeshGeom
		return true
	}
	p, axes, _ := principal(in)
	col := func(k int) r3.Vec { return r3.Vec{X: axes.At(0, k), Y: axes.At(1, k), Z: axes.At(2, k)} }
	q, _ := fromAxes(col(2), col(1)) // moments are ascending: the longest axis is the first
	box := sim.Pose{Pos: in.COM, Rot: q}
	I := [3]float64{p[2], p[1], p[0]}
	var half [3]float64
	for k := range half {
		half[k] = math.Sqrt(math.Max(0, 6*(I[(k+1)%3]+I[(k+2)%3]-I[k])/in.Mass)) / 2
	}
	if r.compiler.fitAABB {
		low, high := bounds(m.Surface, box)
		mid := r3.Scale(0.5, r3.Add(low, high))
		box.Pos = box.Apply(mid)
		h := r3.Scale(0.5, r3.Sub(high, low))
		half = [3]float64{h.X, h.Y, h.Z}
	}
	g.Size = r3.Scale(spec.fitscale, fitted(g.Type, half, r.compiler.fitAABB))
	*pose = pose.Mul(box)
	g.Mesh = -1
	return true
}

// fitted returns the sizes of a primitive for the half sizes of a box, outside of it or of like volume.
func fitted(t GeomType, h [3]float64, outside bool) r3.Vec {
	radius := (h[0] + h[1]) / 2
	if outside {
		radius = math.Max(h[0], h[1])
	}
	switch t {
	case SphereGeom:
		if outside {
			return r3.Vec{X: math.Max(radius, h[2])}
		}
		return r3.Vec{X: (h[0] + h[1] + h[2]) / 3}
	case CapsuleGeom:
		if outside {
			return r3.Vec{X: radius, Y: math.Max(0, h[2]-radius)}
		}
		return r3.Vec{X: radius, Y: math.Max(0, h[2]-radius/2)}
	case CylinderGeom:
		return r3.Vec{X: radius, Y: h[2]}
	}
	return vec3(h[:])
}

// bounds returns the corners of the box along the axes of a frame that holds the mesh.
func bounds(m *mesh.Mesh, frame sim.Pose) (low, high r3.Vec) {
	back := frame.Inv()
	moved := &mesh.Mesh{Vertices: make([]r3.Vec, len(m.Vertices))}
	for i, v := range m.Vertices {
		moved.Vertices[i] = back.Apply(v)
	}
	return moved.Bounds()
}
