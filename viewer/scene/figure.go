package scene

import (
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// FigureOptions are the choices around how a model is drawn. The zero value selects the defaults.
type FigureOptions struct {
	MeshDir   string   // folder of the robot description, where its mesh files are looked for
	MeshDirs  []string // more folders with meshes or packages of them, see package mesh
	Collision bool     // draw what collides instead of what is meant to be looked at
}

// Figure draws a model into scenes, again for every state, without new memory once the lists have grown.
// It belongs to one goroutine.
//
// Bodies show their visuals. Colliders are drawn where they have a color of their own (then somebody wanted
// them seen), on bodies without a visual, and on bodies of which a mesh was not found. Such a body gets bones from joint to
// joint, and balls of its mass where it has no colliders either; so do all bodies of a model of which most are invisible.
// Points are drawn as their convex hull, or where they have none as balls.
type Figure struct {
	model   *sim.Model
	parts   []Part
	solids  []Part // what collides
	touch   bool   // draws solids in place of parts
	hidden  []bool // bodies
	skipped []string
	planes  []contact.HalfSpace
	poses   []Pose
	bodies  []sim.Inertia
	weight  float64 // of all bodies (N), on Earth when the model has no gravity
	size    float64 // diameter of the neutral model (m)
}

// Part is one thing a [Figure] draws, in a body frame (body −1 is the world).
type Part struct {
	Name  string
	Body  int
	Pose  Pose
	Shape contact.Shape
	Mesh  *Mesh
	Scale r3.Vec
	Color Color
}

// FromModel returns a figure of m. Meshes that could not be loaded are left out and listed by
// [Figure.Skipped].
func FromModel(m *sim.Model, opt FigureOptions) *Figure {
	f := &Figure{model: m, poses: make([]Pose, m.NB()), hidden: make([]bool, m.NB())}
	f.planes, _ = m.HalfSpaces()
	f.choose(m.Drawn(), opt)
	g := math.Sqrt(spatial.Dot(m.Gravity(), m.Gravity()))
	if g == 0 {
		g = 9.81
	}
	for i := range f.poses {
		f.bodies = append(f.bodies, m.BodyInertia(i))
	}
	f.weight = m.TotalMass() * g
	low, high := f.Bounds(m.NewState().Q)
	f.size = math.Max(r3.Norm(r3.Sub(high, low)), 1e-3)
	return f
}

// choose keeps the drawn things that are shown and loads their meshes.
func (f *Figure) choose(all []sim.Drawn, opt FigureOptions) {
	loaded := map[string]*Mesh{}
	shown := map[int]bool{} // bodies with a visual to show
	lost := map[int]bool{}  // bodies with a mesh that was not found
	var colliders []Part
	for _, d := range all {
		p := Part{Name: d.Name, Body: d.Body, Pose: d.Pose, Shape: d.Shape, Scale: d.Scale, Color: Color(d.Color)}
		if p.Body < 0 && d.Shape.Kind != contact.KindTerrain {
			p.Color = p.Color.Or(RGB(0x9AA3AD))
		}
		if d.Shape.Kind == contact.KindPoints {
			p.Mesh = hull(d.Shape.Vertices)
		}
		switch {
		case d.Shape.Kind == contact.KindTerrain:
			p.Mesh = terrain(d.Shape.Terrain)
			p.Color = p.Color.Or(RGB(0x8C9A78))
			f.solids = append(f.solids, p)
		case d.Collides:
			colliders, f.solids = append(colliders, p), append(f.solids, p)
			continue
		case opt.Collision:
			continue
		case d.Mesh != "":
			m, seen := loaded[d.Mesh]
			if !seen {
				var err error
				if m, err = opt.load(d.Mesh); err != nil {
					f.skipped = append(f.skipped, fmt.Sprintf("not drawn on %q: %v", f.owner(&d), err))
				}
				loaded[d.Mesh] = m
			}
			if m == nil {
				lost[p.Body] = true
				continue
			}
			p.Mesh = m
		}
		shown[p.Body] = shown[p.Body] || !d.Collides
		f.parts = append(f.parts, p)
	}
	if !opt.Collision && len(lost) == 0 && f.mostHidden(shown, colliders) {
		colliders = nil // a few shapes for contact would hide the bones of the others
	}
	for _, p := range colliders {
		if !shown[p.Body] || lost[p.Body] || p.Color != (Color{}) {
			f.parts = append(f.parts, p)
			shown[p.Body] = true
		}
	}
	if !opt.Collision {
		f.bones(shown, lost)
	}
}

// owner returns a name for what a mesh belongs to: visuals of robot files seldom have their own.
func (f *Figure) owner(d *sim.Drawn) string {
	switch {
	case d.Name != "":
		return d.Name
	case d.Body < 0:
		return "world"
	}
	return f.model.Bodies()[d.Body]
}

// Model returns the model that f draws.
func (f *Figure) Model() *sim.Model { return f.model }

// Parts returns what f draws. It must not be changed.
func (f *Figure) Parts() []Part { return f.parts }

// Skipped says which meshes are not drawn and why, one line each.
func (f *Figure) Skipped() []string { return f.skipped }

// Size returns the diameter of the model in its neutral configuration (m).
func (f *Figure) Size() float64 { return f.size }

// Weight returns the weight of the model (N); on Earth when it has no gravity.
func (f *Figure) Weight() float64 { return f.weight }

// ForceScale returns the length of arrow that one newton gets (m/N): the model's weight is drawn as long
// as the model is large.
func (f *Figure) ForceScale() float64 {
	if f.weight == 0 { // nothing moves, nothing pushes
		return 0
	}
	return f.size / f.weight
}

// Cell returns the edge of a field of the ground (m): 1, 2 or 5 times a power of ten, near the model's size.
func (f *Figure) Cell() float64 {
	want := 0.6 * f.size
	p := math.Pow(10, math.Floor(math.Log10(want)))
	for _, k := range []float64{1, 2, 5} {
		if k*p*1.5 >= want {
			return k * p
		}
	}
	return 10 * p
}

// Fill resets s and adds the ground and the model at configuration q. The camera stays.
func (f *Figure) Fill(s *Scene, q []float64) {
	s.Reset()
	f.model.Poses(f.poses, q)
	f.add(s)
}

// FillPoses is [Figure.Fill] with the poses of the bodies, such as those of a recording.
func (f *Figure) FillPoses(s *Scene, poses []Pose) {
	s.Reset()
	copy(f.poses, poses)
	f.add(s)
}

func (f *Figure) add(s *Scene) {
	for _, h := range f.planes {
		s.Grounds = append(s.Grounds, Ground{Normal: h.Normal, Offset: h.Offset, Cell: f.Cell()})
	}
	parts := f.parts
	if f.touch {
		parts = f.solids
	}
	for i := range parts {
		p := &parts[i]
		if p.Body >= 0 && f.hidden[p.Body] {
			continue
		}
		s.Items = append(s.Items, Item{
			Shape: p.Shape, Mesh: p.Mesh, Scale: p.Scale, Pose: f.place(p), Color: p.Color, Name: p.Name, Group: p.Body,
		})
	}
}

// place returns the pose of a part in the world.
func (f *Figure) place(p *Part) Pose {
	at := p.Pose
	at.Rot = Upright(at.Rot)
	if p.Body >= 0 {
		at = f.poses[p.Body].Mul(at)
	}
	return at
}

// CenterOfMass returns the center of mass of the model as last drawn.
func (f *Figure) CenterOfMass() r3.Vec { return f.CenterOfMassAt(f.poses) }

// CenterOfMassAt returns the center of mass of the model with its bodies at the given poses.
func (f *Figure) CenterOfMassAt(poses []Pose) r3.Vec {
	var sum r3.Vec
	mass := 0.0
	for i := range f.bodies {
		in := &f.bodies[i]
		sum = spatial.AddScaled(sum, in.Mass, poses[i].Apply(in.COM))
		mass += in.Mass
	}
	if mass == 0 {
		return r3.Vec{}
	}
	return spatial.Scale(1/mass, sum)
}

// AddCenterOfMass adds a marker at the center of mass.
func (f *Figure) AddCenterOfMass(s *Scene) {
	s.Points = append(s.Points, Point{At: f.CenterOfMass(), Kind: CenterOfMass, Radius: 0.03 * f.size})
}

// AddFrames adds the axes of every body frame.
func (f *Figure) AddFrames(s *Scene) {
	for _, p := range f.poses {
		s.Frames = append(s.Frames, Frame{Pose: p, Size: 0.2 * f.size})
	}
}

// Touches reports whether a contact carries enough to be shown: more than a thousandth of the weight.
func (f *Figure) Touches(c *sim.Contact) bool { return r3.Norm(c.Force) > 1e-3*f.weight }

// reaction is the color of the arrow on what a body pushes against.
var reaction = RGB(0xB4540A)

// AddContacts adds a point and a force arrow for every contact that touches, and returns how many there are: where two
// bodies that move meet, a second, darker arrow for the force on the other. An impact may be many weights; its arrow
// ends at two sizes.
func (f *Figure) AddContacts(s *Scene, contacts []sim.Contact) int {
	n := 0
	for i := range contacts {
		c := &contacts[i]
		if !f.Touches(c) {
			continue
		}
		n++
		force := r3.Norm(c.Force)
		length := math.Min(force*f.ForceScale(), 2*f.size)
		s.Points = append(s.Points, Point{At: c.Point, Radius: 0.012 * f.size, Color: RGB(0xE0443E)})
		s.Arrows = append(s.Arrows, Arrow{From: c.Point, Vector: spatial.Scale(length/force, c.Force), Radius: 0.008 * f.size})
		if c.BodyB >= 0 {
			s.Arrows = append(s.Arrows, Arrow{From: c.Point, Vector: spatial.Scale(-length/force, c.Force), Radius: 0.008 * f.size, Color: reaction})
		}
	}
	return n
}
