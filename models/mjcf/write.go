package mjcf

import (
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/ukemi-sim/ukemi/internal/draft"
	"github.com/ukemi-sim/ukemi/models/internal/xmltree"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// Export says what is written.
type Export struct {
	Builder *sim.Builder
	Start   sim.State // becomes the keyframe "home"; without Q there is none
	// Find returns the file of a drawn mesh by the name that the model has for it. Default: drawn meshes are left out.
	Find func(mesh string) (string, error)
}

// Write writes any model as MJCF: reading it gives the same model to rounding, with q and v in the same order. Joints of several motions
// become several joints, hinges that close loops two points on their axis. It returns in words what the file does not say: drawn meshes
// that MuJoCo cannot read, drives of ball joints. MuJoCo itself refuses links that move without mass, and its contacts are soft.
func (x *Export) Write(out io.Writer) (left []string, err error) { return x.write(out, "") }

// WriteFile is Write to a file, with the names of meshes relative to its folder.
func (x *Export) WriteFile(path string) (left []string, err error) {
	dir, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return nil, fmt.Errorf("mjcf: %w", err)
	}
	var text strings.Builder
	if left, err = x.write(&text, dir); err != nil {
		return nil, err
	}
	if _, err := draft.Write(path, func(w io.Writer) error { _, err := io.WriteString(w, text.String()); return err }); err != nil {
		return nil, fmt.Errorf("mjcf: %w", err)
	}
	return left, nil
}

// writer puts together the sections of a file.
type writer struct {
	*Export
	dir   string // that mesh names are relative to, "" without a file
	model *sim.Model
	links []sim.Inertia
	names []string
	on    map[sim.Link][]sim.Joint // that hang on each link
	shape map[sim.Link][]*xmltree.Element
	used  map[string]bool     // names of geoms
	parts map[string][]string // geoms of each collider
	flat  []string            // names of planes
	own   map[sim.Link]int    // mechanism of each link
	files map[string]string
	left  []string
	errs  []error

	asset, world, contact, equality, actuator *xmltree.Element
	sites                                     map[sim.Link][]*xmltree.Element
	thrust                                    []*xmltree.Element
}

func (x *Export) write(out io.Writer, dir string) ([]string, error) {
	m, err := x.Builder.Build()
	if err != nil {
		return nil, fmt.Errorf("mjcf: %w", err)
	}
	w := &writer{
		Export: x, dir: dir, model: m, on: map[sim.Link][]sim.Joint{}, shape: map[sim.Link][]*xmltree.Element{}, used: map[string]bool{}, parts: map[string][]string{}, files: map[string]string{},
		asset: xmltree.New("asset"), world: xmltree.New("worldbody"), contact: xmltree.New("contact"), equality: xmltree.New("equality"), actuator: xmltree.New("actuator"),
		sites: map[sim.Link][]*xmltree.Element{},
	}
	w.names, w.links = x.Builder.Links()
	for i, n := range w.names {
		if n == "world" {
			w.names[i] = "world_link" // MuJoCo's name for what does not move
		}
	}
	for _, j := range x.Builder.Joints() {
		w.on[j.Parent] = append(w.on[j.Parent], j)
	}
	w.planes()
	w.shapes()
	w.loops()
	w.couplings()
	w.thrusters()
	w.world.Add(w.shape[sim.World]...).Add(w.sites[sim.World]...)
	for i := range w.on[sim.World] {
		w.world.Add(w.body(&w.on[sim.World][i]))
	}
	w.actuator.Add(w.thrust...) // after those of joints, as inputs are
	if err := errors.Join(w.errs...); err != nil {
		return nil, fmt.Errorf("mjcf: %w", err)
	}
	root := xmltree.New("mujoco", "model", m.Name())
	root.Add(xmltree.New("compiler", "angle", "radian", "inertiafromgeom", "false"), xmltree.New("option", "timestep", num(m.Timestep()), "gravity", vec(m.Gravity())))
	for _, s := range []*xmltree.Element{w.asset, w.world, w.contact, w.equality, w.actuator, w.keyframe()} {
		if s != nil && len(s.Kids) > 0 {
			root.Add(s)
		}
	}
	if err := root.Write(out); err != nil {
		return nil, fmt.Errorf("mjcf: %w", err)
	}
	return w.left, nil
}

// body writes the child of a joint with all that hangs on it. The body's frame is that of the joint.
func (w *writer) body(j *sim.Joint) *xmltree.Element {
	l := j.Child
	n := xmltree.New("body", "name", w.names[l])
	place(n, j.Origin)
	w.joints(n, j)
	if in := w.links[l]; in.Mass > 0 {
		n.Add(xmltree.New("inertial", "pos", vec(in.COM), "mass", num(in.Mass), "fullinertia", nums(in.Ixx, in.Iyy, in.Izz, in.Ixy, in.Ixz, in.Iyz)))
	}
	n.Add(w.shape[l]...).Add(w.sites[l]...)
	for i := range w.on[l] {
		n.Add(w.body(&w.on[l][i]))
	}
	return n
}

// joints writes the motions of a joint, translations first, and their drives.
func (w *writer) joints(n *xmltree.Element, j *sim.Joint) {
	axes := append(append([]r3.Vec{}, j.Type.Trans...), j.Type.Rot...)
	free := sim.Free()
	switch {
	case j.Parent == sim.World && unmoved(j.Origin) && len(axes) == 6 && equalAxes(j.Type.Trans, free.Trans) && idle(j.Axes):
		n.Add(xmltree.New("freejoint", "name", j.Name))
		return
	case len(j.Type.Rot) == 3:
		axes = axes[:len(j.Type.Trans)+1]
	}
	for k, a := range axes {
		name, kind := j.Name, "slide"
		if j.Type.NV() > 1 {
			name = fmt.Sprintf("%s[%d]", j.Name, k)
		}
		e := xmltree.New("joint", "name", name)
		switch {
		case k < len(j.Type.Trans):
		case len(j.Type.Rot) == 3:
			kind = "ball"
		default:
			kind = "hinge"
		}
		e.Set("type", kind)
		if kind != "ball" {
			e.Set("axis", vec(r3.Unit(a)))
		}
		if k < len(j.Axes) {
			w.axis(e, j, kind, name, &j.Axes[k])
		}
		n.Add(e)
	}
}

// farLimit stands for none where a limit has two ends.
const farLimit = 1e10

// axis writes the properties of one motion.
func (w *writer) axis(e *xmltree.Element, j *sim.Joint, kind, name string, a *sim.Axis) {
	if a.Limited {
		low := math.Max(a.Lower, -farLimit)
		if kind == "ball" {
			low = 0
		}
		e.Set("limited", "true", "range", nums(low, math.Min(a.Upper, farLimit)))
	}
	for _, p := range []struct {
		name string
		v    float64
	}{{"stiffness", a.Stiffness}, {"springref", a.Rest}, {"damping", a.Damping}, {"armature", a.Armature}, {"frictionloss", a.Friction}} {
		if p.v != 0 && !(kind == "ball" && p.name == "springref") {
			e.Set(p.name, num(p.v))
		}
	}
	if a.MaxSpeed != 0 {
		w.left = append(w.left, fmt.Sprintf("joint %q: the bound on its speed", j.Name))
	}
	if a.Drive == sim.Passive {
		return
	}
	if kind == "ball" {
		w.left = append(w.left, fmt.Sprintf("joint %q: the drive of a ball joint", j.Name))
		return
	}
	d := xmltree.New("motor", "name", name, "joint", name)
	if a.Drive == sim.Servo {
		d = xmltree.New("position", "name", name, "joint", name, "kp", num(a.Kp), "kv", num(a.Kd))
	}
	if a.Effort > 0 {
		d.Set("forcelimited", "true", "forcerange", nums(-a.Effort, a.Effort))
	}
	w.actuator.Add(d)
}

// couplings writes mimics.
func (w *writer) couplings() {
	for _, j := range w.Builder.Joints() {
		if m := j.Mimic; m != nil {
			w.equality.Add(xmltree.New("joint", "joint1", j.Name, "joint2", m.Joint, "polycoef", nums(m.Offset, m.Ratio, m.Curve[0], m.Curve[1], m.Curve[2])))
		}
	}
}

// loops writes what closes chains of joints, between sites in both links.
func (w *writer) loops() {
	for _, l := range w.Builder.Loops() {
		w.closure("connect", l.Name, &l, 0)
		switch l.Type {
		case sim.LoopHinge:
			w.closure("connect", l.Name+"/axis", &l, 0.1)
		case sim.LoopWeld:
			w.equality.Kids[len(w.equality.Kids)-1].Name = "weld"
		}
	}
}

// closure adds the sites of a loop, at a distance along the z axes of its frames, and what ties them.
func (w *writer) closure(tag, name string, l *sim.Loop, along float64) {
	e := xmltree.New(tag, "name", name)
	for k, link := range [2]sim.Link{l.LinkA, l.LinkB} {
		p := [2]sim.Pose{l.PoseA, l.PoseB}[k]
		p = filled(p).Mul(sim.At(0, 0, along))
		site := xmltree.New("site", "name", fmt.Sprintf("%s/%c", name, 'a'+k))
		place(site, p)
		w.sites[link] = append(w.sites[link], site)
		e.Set(fmt.Sprintf("site%d", k+1), fmt.Sprintf("%s/%c", name, 'a'+k))
	}
	w.equality.Add(e)
}

func (w *writer) keyframe() *xmltree.Element {
	if len(w.Start.Q) == 0 {
		return nil
	}
	return xmltree.New("keyframe").Add(xmltree.New("key", "name", "home", "qpos", nums(w.Start.Q...), "qvel", nums(w.Start.V...)))
}

// place writes a pose where it is not the identity.
func place(n *xmltree.Element, p sim.Pose) {
	p = filled(p)
	if p.Pos != (r3.Vec{}) {
		n.Set("pos", vec(p.Pos))
	}
	if p.Rot != sim.IdentityPose.Rot {
		n.Set("quat", nums(p.Rot.Real, p.Rot.Imag, p.Rot.Jmag, p.Rot.Kmag))
	}
}

func filled(p sim.Pose) sim.Pose {
	if p.Rot == (quat.Number{}) {
		p.Rot.Real = 1
	}
	return p
}

func unmoved(p sim.Pose) bool { return filled(p) == sim.IdentityPose }

// idle reports whether no motion has a property that a freejoint lacks.
func idle(axes []sim.Axis) bool {
	for i := range axes {
		if axes[i] != (sim.Axis{}) {
			return false
		}
	}
	return true
}

func equalAxes(a, b []r3.Vec) bool {
	for i := range a {
		if len(a) != len(b) || r3.Unit(a[i]) != b[i] {
			return false
		}
	}
	return true
}

func num(x float64) string { return strconv.FormatFloat(x+0, 'g', -1, 64) } // +0: no "-0"

func nums(x ...float64) string {
	s := make([]string, len(x))
	for i := range x {
		s[i] = num(x[i])
	}
	return strings.Join(s, " ")
}

func vec(v r3.Vec) string { return nums(v.X, v.Y, v.Z) }
