package replay

import (
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/spatial/r3"
)

// description is the JSON in a page: everything about a simulation that does not change.
type description struct {
	Title      string         `json:"title"`
	Model      string         `json:"model"`
	Autoplay   bool           `json:"autoplay"`
	Frames     int            `json:"frames"`
	Size       float64        `json:"size"`        // m
	Weight     float64        `json:"weight"`      // N
	ForceScale float64        `json:"force_scale"` // m/N
	Cell       float64        `json:"cell"`        // m
	Camera     camera         `json:"camera"`
	Grounds    []ground       `json:"grounds"`
	Bodies     []body         `json:"bodies"`
	Parts      []part         `json:"parts"`
	Solids     []part         `json:"solids"`   // what collides
	Inertias   []part         `json:"inertias"` // boxes
	Axes       []axis         `json:"axes"`     // of joints
	Shows      []scene.Show   `json:"shows"`
	Meshes     []meshSize     `json:"meshes"`
	Contacts   int            `json:"contacts"` // of all frames
	Signals    []Signal       `json:"signals"`
	Sliders    []scene.Slider `json:"sliders,omitempty"` // a column each, behind the signals; a recording has those of joints
	Block      string         `json:"block"`             // meshes, then the frames: deflated, in base64
}

type camera struct {
	Target    [3]float64 `json:"target"`
	Azimuth   float64    `json:"azimuth"`
	Elevation float64    `json:"elevation"`
	Distance  float64    `json:"distance"`
	FovY      float64    `json:"fov"`
	Follow    bool       `json:"follow"`
}

type ground struct {
	Normal [3]float64 `json:"normal"`
	Offset float64    `json:"offset"`
}

type body struct {
	Name   string     `json:"name"`
	Parent int        `json:"parent"` // −1 for the world
	Mass   float64    `json:"mass"`
	COM    [3]float64 `json:"com"`
}

type axis struct {
	Body   int        `json:"body"` // it goes through the origin of its frame
	Vector [3]float64 `json:"vector"`
	Slides bool       `json:"slides"`
}

type part struct {
	Name     string       `json:"name"`
	Body     int          `json:"body"`
	Kind     string       `json:"kind"`
	Position [3]float64   `json:"position"`
	Rotation [4]float64   `json:"rotation"` // w, x, y, z
	Radius   float64      `json:"radius,omitempty"`
	Length   float64      `json:"length,omitempty"` // half length
	Half     *[3]float64  `json:"half,omitempty"`
	Points   [][3]float64 `json:"points,omitempty"`
	Mesh     int          `json:"mesh"`
	Scale    *[3]float64  `json:"scale,omitempty"`
	Color    *[4]float64  `json:"color,omitempty"`
}

type meshSize struct {
	Vertices  int `json:"vertices"`
	Triangles int `json:"triangles"`
}

// describe returns the description of a figure and its meshes in the order of description.Meshes.
func describe(f *scene.Figure) (d *description, meshes []*scene.Mesh, err error) {
	m := f.Model()
	d = &description{
		Model: m.Name(), Size: f.Size(), Weight: f.Weight(), ForceScale: f.ForceScale(), Cell: f.Cell(),
		Grounds: []ground{}, Bodies: []body{}, Meshes: []meshSize{},
		Signals: signalsOf(m), Shows: scene.Shows[:], Axes: []axis{},
	}
	planes, _ := m.HalfSpaces()
	for _, h := range planes {
		d.Grounds = append(d.Grounds, ground{vec(h.Normal), h.Offset})
	}
	joints := m.Joints()
	for i, name := range m.Bodies() {
		in := m.BodyInertia(i)
		d.Bodies = append(d.Bodies, body{name, joints[i].Parent, in.Mass, vec(in.COM)}) // joint i carries body i
	}
	for _, a := range f.Axes() {
		d.Axes = append(d.Axes, axis{a.Body, vec(a.Vector), a.Slides})
	}
	known := map[*scene.Mesh]int{}
	for _, l := range []struct {
		parts []scene.Part
		to    *[]part
	}{{f.Parts(), &d.Parts}, {f.Solids(), &d.Solids}, {f.Inertias(), &d.Inertias}} {
		*l.to = []part{}
		for i := range l.parts {
			o, err := newPart(&l.parts[i])
			if err != nil {
				return nil, nil, err
			}
			if mesh := l.parts[i].Mesh; mesh != nil {
				k, seen := known[mesh]
				if !seen {
					k = len(meshes)
					known[mesh] = k
					meshes = append(meshes, mesh)
					d.Meshes = append(d.Meshes, meshSize{len(mesh.Vertices), len(mesh.Triangles)})
				}
				o.Kind, o.Mesh = "mesh", k
			}
			*l.to = append(*l.to, o)
		}
	}
	return d, meshes, nil
}

// newPart returns a part; whoever calls it says which mesh it is.
func newPart(p *scene.Part) (part, error) {
	q := scene.Upright(p.Pose.Rot)
	o := part{Name: p.Name, Body: p.Body, Position: vec(p.Pose.Pos), Rotation: [4]float64{q.Real, q.Imag, q.Jmag, q.Kmag}}
	if p.Color != (scene.Color{}) {
		o.Color = &[4]float64{p.Color.R, p.Color.G, p.Color.B, p.Color.A}
	}
	if p.Mesh == nil {
		if err := o.shape(&p.Shape); err != nil {
			return o, fmt.Errorf("replay: %q: %w", p.Name, err)
		}
	} else if p.Scale != (r3.Vec{}) {
		s := vec(p.Scale)
		o.Scale = &s
	}
	return o, nil
}

func (p *part) shape(s *contact.Shape) error {
	p.Radius, p.Length = s.Radius, s.HalfLength
	switch s.Kind {
	case contact.KindSphere:
		p.Kind = "sphere"
	case contact.KindCapsule:
		p.Kind = "capsule"
	case contact.KindCylinder:
		p.Kind = "cylinder"
	case contact.KindBox:
		h := vec(s.Half)
		p.Kind, p.Half = "box", &h
	case contact.KindEllipsoid:
		h := vec(s.Half)
		p.Kind, p.Radius, p.Scale = "sphere", 1, &h // stretched
	case contact.KindPoints:
		p.Kind = "points"
		for _, v := range s.Vertices {
			p.Points = append(p.Points, vec(v))
		}
	default:
		return fmt.Errorf("shapes of kind %d cannot be drawn", s.Kind)
	}
	return nil
}

// aim chooses the camera for configurations that a film sweeps over: all of it when it stays in one place,
// following the model when it travels.
func (d *description) aim(f *scene.Figure, configurations [][]float64) {
	c := scene.Camera{Azimuth: -0.9, Elevation: 0.3, FovY: 40 * math.Pi / 180}
	const aspect = 1.3 // of a wide window, without the plots
	follow := f.Aim(&c, aspect, configurations)
	d.Camera = camera{vec(c.Target), c.Azimuth, c.Elevation, c.Distance, c.FovY, follow}
}

func vec(v r3.Vec) [3]float64 { return [3]float64{v.X, v.Y, v.Z} }
