package urdf

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/draft"
	"github.com/ukemi-sim/ukemi/models/internal/xmltree"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// Write writes the robot as URDF: reading that with the same options gives the same model to rounding, without
// repairs. What [Robot.Notes] lists as ignored is not written, but for velocity limits and collision meshes.
// Drives and contact friction are no part of URDF. Joints and properties that it has no word for are errors.
func (r *Robot) Write(w io.Writer) error { return r.write(w, func(mesh string) string { return mesh }) }

// WriteFile is Write to a file. Names of meshes relative to the folder the robot was loaded from become relative
// to that of the file.
func (r *Robot) WriteFile(path string) error {
	to, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("urdf: %w", err)
	}
	from, err := filepath.Abs(r.dir)
	if err != nil {
		return fmt.Errorf("urdf: %w", err)
	}
	var text bytes.Buffer
	if err := r.write(&text, func(mesh string) string {
		if strings.Contains(mesh, "://") || filepath.IsAbs(mesh) || r.dir == "" {
			return mesh
		}
		moved, err := filepath.Rel(to, filepath.Join(from, filepath.FromSlash(strings.ReplaceAll(mesh, `\`, "/"))))
		if err != nil {
			return mesh
		}
		return filepath.ToSlash(moved)
	}); err != nil {
		return err
	}
	if _, err := draft.Write(path, func(w io.Writer) error { _, err := text.WriteTo(w); return err }); err != nil {
		return fmt.Errorf("urdf: %w", err)
	}
	return nil
}

// writer puts together the elements of a description.
type writer struct {
	robot     *Robot
	names     []string // of links
	inertias  []sim.Inertia
	joints    []sim.Joint
	colliders map[sim.Link][]sim.Collider
	visuals   map[sim.Link][]sim.Visual
	moved     func(mesh string) string
	errs      []error
}

func (r *Robot) write(out io.Writer, moved func(string) string) error {
	w := &writer{robot: r, joints: r.Builder.Joints(), colliders: map[sim.Link][]sim.Collider{}, visuals: map[sim.Link][]sim.Visual{}, moved: moved}
	w.names, w.inertias = r.Builder.Links()
	for _, c := range r.Builder.Colliders() {
		w.colliders[c.Link] = append(w.colliders[c.Link], c)
	}
	for _, v := range r.Builder.Visuals() {
		w.visuals[v.Link] = append(w.visuals[v.Link], v)
	}
	root := xmltree.New("robot", "name", r.Builder.Name())
	implied := w.implied()
	if !implied {
		if slices.Contains(w.names, "world") {
			w.errorf("link \"world\": URDF takes the name for the world itself; call it otherwise")
		}
		root.Add(xmltree.New("link", "name", "world"))
	}
	for i := range w.names {
		root.Add(w.link(sim.Link(i)))
	}
	for i := range w.joints {
		if j := &w.joints[i]; j.Parent != sim.World || !implied {
			root.Add(w.joint(j))
		}
	}
	for _, l := range r.Builder.Loops() {
		root.Add(w.loop(&l))
	}
	for _, t := range r.Builder.Thrusters() {
		w.errorf("thruster %q: URDF has none", t.Name)
	}
	if err := errors.Join(w.errs...); err != nil {
		return fmt.Errorf("urdf: %w", err)
	}
	if err := root.Write(out); err != nil {
		return fmt.Errorf("urdf: %w", err)
	}
	return nil
}

func (w *writer) errorf(format string, args ...any) {
	w.errs = append(w.errs, fmt.Errorf(format, args...))
}

// implied reports whether a reader attaches the root to the world as it is attached here, with the same name
// for the joint. If not, a link "world" and the joint say so.
func (w *writer) implied() bool {
	base := -1
	for i, j := range w.joints {
		if j.Parent == sim.World {
			if base >= 0 {
				return false
			}
			base = i
		}
	}
	if base < 0 {
		return true
	}
	j := w.joints[base]
	p := place(j.Origin)
	if p != sim.IdentityPose || strings.TrimRight(j.Name, "_") != "floating_base" && strings.TrimRight(j.Name, "_") != "fixed_base" {
		return false
	}
	// the root with what is fixed to it, and what leaves it
	mass, leaving, roams := 0.0, 0, true
	stack := []sim.Link{j.Child}
	for len(stack) > 0 {
		l := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		mass += w.inertias[l].Mass
		for _, k := range w.joints {
			if k.Parent != l {
				continue
			}
			if k.Type.NV() == 0 {
				stack = append(stack, k.Child)
				continue
			}
			leaving++
			roams = roams && len(k.Type.Trans) > 1
		}
	}
	fixed := w.names[j.Child] == "world" || mass == 0 || roams && leaving > 0
	return fixed == (j.Type.NV() == 0)
}

func (w *writer) link(l sim.Link) *xmltree.Element {
	n := xmltree.New("link", "name", w.names[l])
	if in := w.inertias[l]; in != (sim.Inertia{}) {
		n.Add(xmltree.New("inertial").Add(xmltree.New("origin", "xyz", vector(in.COM)), xmltree.New("mass", "value", number(in.Mass)), xmltree.New("inertia",
			"ixx", number(in.Ixx), "ixy", number(in.Ixy), "ixz", number(in.Ixz), "iyy", number(in.Iyy), "iyz", number(in.Iyz), "izz", number(in.Izz))))
	}
	for _, v := range w.visuals[l] {
		k := w.drawn("visual", v)
		if c := v.Color; c != (sim.Color{}) {
			rgba := strings.Join([]string{number(c.R), number(c.G), number(c.B), number(c.A)}, " ")
			k.Add(xmltree.New("material", "name", "rgba "+rgba).Add(xmltree.New("color", "rgba", rgba)))
		}
		n.Add(k)
	}
	pieces := map[string]*collisionMesh{}
	meshes := w.robot.meshes[l]
	for i := range meshes {
		for _, name := range meshes[i].pieces {
			pieces[name] = &meshes[i]
		}
	}
	written := map[*collisionMesh]bool{}
	for _, c := range w.colliders[l] {
		m := pieces[c.Name]
		switch {
		case m == nil:
			n.Add(w.drawn("collision", sim.Visual{Name: c.Name, Shape: c.Shape, Pose: c.Pose}))
		case !written[m]:
			written[m] = true
			n.Add(w.drawn("collision", m.Visual))
		}
	}
	for i := range meshes {
		if !written[&meshes[i]] {
			n.Add(w.drawn("collision", meshes[i].Visual))
		}
	}
	return n
}

// drawn returns a visual or a collision.
func (w *writer) drawn(tag string, v sim.Visual) *xmltree.Element {
	n := xmltree.New(tag)
	if v.Name != "" {
		n = xmltree.New(tag, "name", v.Name)
	}
	n.Add(origin(v.Pose))
	g, s := xmltree.New("geometry"), v.Shape
	switch {
	case v.Mesh != "":
		m := xmltree.New("mesh", "filename", w.moved(v.Mesh))
		if v.Scale != (r3.Vec{X: 1, Y: 1, Z: 1}) {
			m = xmltree.New("mesh", "filename", w.moved(v.Mesh), "scale", vector(v.Scale))
		}
		g.Add(m)
	case s.Kind == contact.KindSphere:
		g.Add(xmltree.New("sphere", "radius", number(s.Radius)))
	case s.Kind == contact.KindBox:
		g.Add(xmltree.New("box", "size", vector(r3.Scale(2, s.Half))))
	case s.Kind == contact.KindCylinder, s.Kind == contact.KindCapsule:
		g.Add(xmltree.New(s.Kind.String(), "radius", number(s.Radius), "length", number(2*s.HalfLength)))
	default:
		w.errorf("shape %q: URDF has no %v", v.Name, s.Kind)
	}
	return n.Add(g)
}

func (w *writer) joint(j *sim.Joint) *xmltree.Element {
	kind, axis := w.kind(j)
	n := xmltree.New("joint", "name", j.Name, "type", kind)
	parent := "world"
	if j.Parent != sim.World {
		parent = w.names[j.Parent]
	}
	n.Add(xmltree.New("parent", "link", parent), xmltree.New("child", "link", w.names[j.Child]), origin(j.Origin))
	if axis != (r3.Vec{}) {
		n.Add(xmltree.New("axis", "xyz", vector(axis)))
	}
	if len(j.Axes) == 0 {
		return n
	}
	a := j.Axes[0]
	if a.Stiffness != 0 || a.Armature != 0 {
		w.errorf("joint %q: URDF has no springs and no armature", j.Name)
	}
	if kind == "revolute" || kind == "prismatic" || a.Effort != 0 || a.MaxSpeed > 0 || w.robot.velocity[j.Name] > 0 {
		l := xmltree.New("limit")
		if kind == "revolute" || kind == "prismatic" {
			lower, upper := a.Lower, a.Upper
			if !a.Limited {
				lower, upper = math.Inf(-1), math.Inf(1)
			}
			l.Set("lower", number(bounded(lower)), "upper", number(bounded(upper)))
		}
		if j.Mimic == nil {
			e := a.Effort
			if e == 0 {
				e = unlimited
			}
			l.Set("effort", number(e))
		}
		v := w.robot.velocity[j.Name]
		if a.MaxSpeed > 0 {
			v = a.MaxSpeed
		}
		if v > 0 {
			l.Set("velocity", number(bounded(v)))
		}
		n.Add(l)
	}
	if a.Damping != 0 || a.Friction != 0 {
		n.Add(xmltree.New("dynamics", "damping", number(a.Damping), "friction", number(a.Friction)))
	}
	if m := j.Mimic; m != nil {
		n.Add(xmltree.New("mimic", "joint", m.Joint, "multiplier", number(m.Ratio), "offset", number(m.Offset)))
	}
	return n
}

// unlimited stands for no limit where a number has to be: what exporters write, and readers everywhere accept.
const unlimited = 1e16

func bounded(x float64) float64 { return math.Max(-unlimited, math.Min(unlimited, x)) }

// kind returns the type of a joint in URDF and its axis.
func (w *writer) kind(j *sim.Joint) (string, r3.Vec) {
	t, r := j.Type.Trans, j.Type.Rot
	same := func(a, b []r3.Vec) bool {
		for i := range a {
			if r3.Norm(r3.Sub(r3.Unit(a[i]), r3.Unit(b[i]))) > 1e-12 {
				return false
			}
		}
		return len(a) == len(b)
	}
	switch [2]int{len(t), len(r)} {
	case [2]int{0, 0}:
		return "fixed", r3.Vec{}
	case [2]int{1, 0}:
		return "prismatic", t[0]
	case [2]int{0, 1}:
		if len(j.Axes) == 1 && j.Axes[0].Limited {
			return "revolute", r[0]
		}
		return "continuous", r[0]
	case [2]int{0, 3}:
		return "ball", r3.Vec{}
	case [2]int{3, 3}:
		if f := sim.Free(); same(t, f.Trans) && same(r, f.Rot) {
			return "floating", r3.Vec{}
		}
	case [2]int{2, 1}:
		if same(t, sim.Planar(r[0]).Trans) {
			return "planar", r[0]
		}
	case [2]int{0, 2}:
		axis := r3.Cross(r[0], r[1])
		for _, x := range []*float64{&axis.X, &axis.Y, &axis.Z} { // the axes chosen across it jump where one is zero
			if math.Abs(*x) < 1e-15 {
				*x = 0
			}
		}
		if same(r, sim.Planar(axis).Trans) {
			return "orbital", axis
		}
	}
	w.errorf("joint %q: URDF has no joint with these axes", j.Name)
	return "", r3.Vec{}
}

func place(p sim.Pose) sim.Pose {
	if p.Rot == (quat.Number{}) {
		p.Rot.Real = 1
	}
	return p
}

// origin returns an <origin>, or nil for the identity.
func origin(p sim.Pose) *xmltree.Element {
	if p = place(p); p == sim.IdentityPose {
		return nil
	}
	n := xmltree.New("origin", "xyz", vector(p.Pos))
	if rpy := rollPitchYaw(p.Rot); rpy != (r3.Vec{}) {
		n.Set("rpy", vector(rpy))
	}
	return n
}

// rollPitchYaw returns the angles of a rotation. Yaw comes first, and what it leaves is read without regard to
// how: where pitch is a right angle yaw is anything, but all three together are right to rounding.
func rollPitchYaw(q quat.Number) r3.Vec {
	rot := r3.Rotation(q)
	x := rot.Rotate(r3.Vec{X: 1})
	yaw := math.Atan2(x.Y, x.X)
	back := r3.NewRotation(-yaw, r3.Vec{Z: 1})
	x, y, z := back.Rotate(x), back.Rotate(rot.Rotate(r3.Vec{Y: 1})), back.Rotate(rot.Rotate(r3.Vec{Z: 1}))
	return r3.Vec{X: math.Atan2(-z.Y, y.Y), Y: math.Atan2(-x.Z, x.X), Z: yaw}
}

func number(x float64) string { return strconv.FormatFloat(x+0, 'g', -1, 64) } // +0: no "-0"

func vector(v r3.Vec) string { return number(v.X) + " " + number(v.Y) + " " + number(v.Z) }
