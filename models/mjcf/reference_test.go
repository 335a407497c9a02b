package mjcf_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/fixture"
	"github.com/ukemi-sim/ukemi/models/mjcf"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// numbers is what testdata/reference.py stores of one file, by name.
type numbers map[string]json.RawMessage

func (n numbers) floats(t *testing.T, key string) []float64 {
	t.Helper()
	var v []float64
	n.get(t, key, &v)
	return v
}

func (n numbers) get(t *testing.T, key string, v any) {
	t.Helper()
	if raw, ok := n[key]; ok {
		if err := json.Unmarshal(raw, v); err != nil {
			t.Fatal(err)
		}
	}
}

func references(t *testing.T, name string) map[string]numbers {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]numbers
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// comparison compares lists of numbers in the order in which they were stored.
type comparison struct {
	t    *testing.T
	ref  numbers
	got  map[string][]float64
	most float64 // largest relative difference
}

func (c *comparison) add(key string, v ...float64) { c.got[key] = append(c.got[key], v...) }

// check compares what was added under key to 1e-9 of the largest number of its row.
func (c *comparison) check(key string, row int) {
	c.t.Helper()
	want, got := c.ref.floats(c.t, key), c.got[key]
	if len(want) != len(got) {
		c.t.Errorf("%s: %d numbers, MuJoCo has %d", key, len(got), len(want))
		return
	}
	for i := range want {
		size := 0.0
		for k := i / row * row; k < i/row*row+row && k < len(want); k++ {
			size = math.Max(size, math.Abs(want[k]))
		}
		d := math.Abs(got[i]-want[i]) / math.Max(size, 1e-6)
		c.most = math.Max(c.most, d)
		if !(d <= 1e-9) {
			c.t.Errorf("%s, row %d, number %d: %.15g, MuJoCo has %.15g", key, i/row, i%row, got[i], want[i])
			return
		}
	}
}

func list(v r3.Vec) []float64 { return []float64{v.X, v.Y, v.Z} }

// attitude returns a quaternion with the sign that makes it comparable.
func attitude(q quat.Number) []float64 {
	v := []float64{q.Real, q.Imag, q.Jmag, q.Kmag}
	for _, x := range v {
		if math.Abs(x) > 1e-7 {
			if x < 0 {
				for i := range v {
					v[i] = -v[i]
				}
			}
			break
		}
	}
	return v
}

func flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// sameAttitudes puts stored quaternions into the same form.
func (c *comparison) sameAttitudes(key string) {
	v := c.ref.floats(c.t, key)
	for i := 0; i+3 < len(v); i += 4 {
		copy(v[i:], attitude(quat.Number{Real: v[i], Imag: v[i+1], Jmag: v[i+2], Kmag: v[i+3]}))
	}
	if v != nil {
		c.ref[key], _ = json.Marshal(v)
	}
}

// TestSmallFilesAgree compares the compiled numbers of small files, one per feature, with MuJoCo's.
func TestSmallFilesAgree(t *testing.T) {
	refs := references(t, "small.json")
	files, _ := filepath.Glob("testdata/*.xml")
	if len(files) != len(refs) {
		t.Errorf("%d files, %d references; run testdata/reference.py", len(files), len(refs))
	}
	for _, f := range files {
		name := strings.TrimSuffix(filepath.Base(f), ".xml")
		t.Run(name, func(t *testing.T) { agree(t, f, refs[name]) })
	}
}

// TestRobotsAgree does the same with published robots.
func TestRobotsAgree(t *testing.T) {
	refs := references(t, "robots.json")
	for _, f := range robots(t) {
		name := strings.TrimSuffix(filepath.Base(f), ".xml")
		if name == "brax_test_convex_convex" {
			continue // MuJoCo refuses it: its meshes are not there
		}
		t.Run(name, func(t *testing.T) { agree(t, f, refs[name]) })
	}
}

// robots returns the files of published robots, none when the data are not there.
func robots(t *testing.T) []string {
	return fixture.Data(t, "mjcf/*.xml", "mjcf_menagerie/*/*.xml")
}

func agree(t *testing.T, file string, ref numbers) {
	m, err := mjcf.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	c := &comparison{t: t, ref: ref, got: map[string][]float64{}}
	c.bodies(m)
	c.joints(m)
	c.geoms(m)
	c.rest(m)
	t.Logf("largest relative difference %.2g", c.most)
}

func (c *comparison) bodies(m *mjcf.Model) {
	for i := range m.Bodies {
		b := &m.Bodies[i]
		in := &b.Inertia
		c.add("mass", in.Mass)
		c.add("com", list(r3.Scale(flag(in.Mass > 0), in.COM))...)
		c.add("inertia", in.Ixx, in.Ixy, in.Ixz, in.Iyy, in.Iyz, in.Izz)
		c.add("pos", list(b.Pose.Pos)...)
		c.add("quat", attitude(b.Pose.Rot)...)
		c.add("parent", math.Max(0, float64(b.Parent)))
	}
	c.sameAttitudes("quat")
	for key, row := range map[string]int{"mass": 1, "com": 3, "inertia": 6, "pos": 3, "quat": 4, "parent": 1} {
		c.check(key, row)
	}
}

func (c *comparison) joints(m *mjcf.Model) {
	for i := range m.Joints {
		j := &m.Joints[i]
		c.add("jtype", float64(j.Type))
		c.add("jpos", list(j.Pos)...)
		c.add("axis", list(j.Axis)...)
		c.add("limited", flag(j.Limited))
		c.add("range", j.Range[:]...)
		c.add("stiffness", j.Stiffness[0])
		c.add("actfrc", j.ForceRange[:]...)
		nv := [...]int{6, 3, 1, 1}[j.Type]
		for range nv {
			c.add("damping", j.Damping[0])
			c.add("armature", j.Armature)
			c.add("friction", j.FrictionLoss)
		}
		switch j.Type {
		case mjcf.FreeJoint:
			b := &m.Bodies[j.Body]
			c.add("spring", append(list(b.Pose.Pos), b.Pose.Rot.Real, b.Pose.Rot.Imag, b.Pose.Rot.Jmag, b.Pose.Rot.Kmag)...)
		case mjcf.BallJoint:
			c.add("spring", 1, 0, 0, 0)
		default:
			c.add("spring", j.SpringRef)
		}
	}
	c.add("qpos0", m.Reference()...)
	for key, row := range map[string]int{"jtype": 1, "jpos": 3, "axis": 3, "limited": 1, "range": 2, "stiffness": 1, "damping": 1, "armature": 1, "friction": 1, "spring": 1, "qpos0": 1, "actfrc": 2} {
		c.check(key, row)
	}
}

// geoms compares geoms but those whose mesh is missing, which the script takes out. Poses of meshes are
// MuJoCo's own choice of axes, and are left out.
func (c *comparison) geoms(m *mjcf.Model) {
	types := c.ref.floats(c.t, "gtype")
	pos, rot, size := c.ref.floats(c.t, "gpos"), c.ref.floats(c.t, "gquat"), c.ref.floats(c.t, "gsize")
	k := 0
	for i := range m.Geoms {
		g := &m.Geoms[i]
		if g.Mesh >= 0 && m.Meshes[g.Mesh].Surface == nil {
			continue
		}
		c.add("gtype", float64(g.Type))
		c.add("gbody", float64(g.Body))
		c.add("gfriction", g.Friction[:]...)
		c.add("masks", float64(g.Contype), float64(g.Conaffinity), float64(g.Condim), float64(g.Priority), float64(g.Group))
		if g.Type == mjcf.MeshGeom && k < len(types) {
			c.add("gpos", pos[3*k:3*k+3]...)
			c.add("gquat", attitude(quat.Number{Real: rot[4*k], Imag: rot[4*k+1], Jmag: rot[4*k+2], Kmag: rot[4*k+3]})...)
			c.add("gsize", size[3*k:3*k+3]...)
		} else {
			n := [...]int{3, 0, 1, 2, 3, 2, 3, 0, 0}[g.Type]
			c.add("gpos", list(g.Pose.Pos)...)
			q := g.Pose.Rot
			if g.Type != mjcf.PlaneGeom && g.Type != mjcf.HFieldGeom && k < len(types) {
				q = halfTurn(q, quat.Number{Real: rot[4*k], Imag: rot[4*k+1], Jmag: rot[4*k+2], Kmag: rot[4*k+3]})
			}
			c.add("gquat", attitude(q)...)
			c.add("gsize", append(list(g.Size)[:n], size[3*k+n:3*k+3]...)...)
		}
		k++
	}
	c.sameAttitudes("gquat")
	for key, row := range map[string]int{"gtype": 1, "gbody": 1, "gfriction": 3, "masks": 5, "gpos": 3, "gquat": 4, "gsize": 3} {
		c.check(key, row)
	}
}

// halfTurn returns q, or q after half a turn about an axis of its own, whichever is closest to want. Primitives look
// the same then, and the axes of a mesh to which one was fitted are no better known.
func halfTurn(q, want quat.Number) quat.Number {
	best, most := q, -1.0
	for _, turn := range []quat.Number{{Real: 1}, {Imag: 1}, {Jmag: 1}, {Kmag: 1}} {
		p := quat.Mul(q, turn)
		if d := math.Abs(quat.Mul(quat.Conj(want), p).Real); d > most+1e-9 {
			best, most = p, d
		}
	}
	return best
}

// rest compares sites, actuators, couplings, keyframes and the world.
func (c *comparison) rest(m *mjcf.Model) {
	for i := range m.Sites {
		c.add("spos", list(m.Sites[i].Pose.Pos)...)
		c.add("squat", attitude(m.Sites[i].Pose.Rot)...)
	}
	c.sameAttitudes("squat")
	for i := range m.Actuators {
		a := &m.Actuators[i]
		c.add("gain", a.GainPrm[:]...)
		c.add("bias", a.BiasPrm[:]...)
		c.add("gear", a.Gear[:]...)
		c.add("ctrl", a.CtrlRange[:]...)
		c.add("force", a.ForceRange[:]...)
		c.add("alimited", flag(a.CtrlLimited), flag(a.ForceLimited))
	}
	for i := range m.Equalities {
		e := &m.Equalities[i]
		c.add("eqtype", float64(e.Type))
		c.add("active", flag(e.Active))
		c.add("eq", c.equality(e, i)...)
	}
	for i := range m.Pairs {
		c.add("pairfriction", m.Pairs[i].Friction[:]...)
		c.add("pairdim", float64(m.Pairs[i].Condim))
	}
	for i := range m.Tendons {
		c.add("trange", m.Tendons[i].Range[:]...)
		c.add("tspring", m.Tendons[i].SpringLength[:]...)
		for _, term := range m.Tendons[i].Terms {
			c.add("coef", term.Coef)
		}
	}
	for _, k := range m.Keys {
		c.add("kq", k.Q...)
		c.add("kv", k.V...)
		c.add("kctrl", k.Ctrl...)
	}
	c.add("timestep", m.Option.Timestep)
	c.add("gravity", list(m.Option.Gravity)...)
	c.ref["timestep"] = json.RawMessage(fmt.Sprintf("[%s]", c.ref["timestep"]))
	if len(m.Keys) == 0 { // <size nkey> makes empty ones
		delete(c.ref, "kq")
		delete(c.ref, "kv")
		delete(c.ref, "kctrl")
	}
	for key, row := range map[string]int{
		"spos": 3, "squat": 4, "gain": 3, "bias": 3, "gear": 6, "ctrl": 2, "force": 2, "alimited": 1, "eqtype": 1, "active": 1, "eq": 11,
		"pairfriction": 5, "pairdim": 1, "trange": 2, "tspring": 2, "coef": 1, "kq": m.NQ + 1, "kv": m.NV + 1, "kctrl": 1, "timestep": 1, "gravity": 3,
	} {
		c.check(key, row)
	}
}

// equality returns MuJoCo's eleven numbers of an equality.
func (c *comparison) equality(e *mjcf.Equality, i int) []float64 {
	want := c.ref.floats(c.t, "eq")[11*i : 11*i+11]
	out := append([]float64(nil), want...) // what has no meaning for the type
	switch e.Type {
	case mjcf.Connect:
		copy(out, append(list(e.Anchors[0]), list(e.Anchors[1])...))
	case mjcf.Weld:
		turn := quat.Mul(e.Poses[0].Rot, quat.Conj(e.Poses[1].Rot))
		copy(out, append(list(e.Anchors[1]), list(e.Anchors[0])...))
		w := quat.Number{Real: want[6], Imag: want[7], Jmag: want[8], Kmag: want[9]}
		if d := quat.Mul(quat.Conj(w), turn).Real; d < 0 {
			turn = quat.Scale(-1, turn)
		}
		copy(out[6:], []float64{turn.Real, turn.Imag, turn.Jmag, turn.Kmag})
	default:
		copy(out, e.PolyCoef[:])
	}
	return out
}

// generator makes the states of the reference, as the script does.
type generator struct{ x uint64 }

func (g *generator) next() float64 {
	g.x = (1103515245*g.x + 12345) % (1 << 31)
	return 2*float64(g.x)/(1<<31) - 1
}

func randomState(m *mjcf.Model, g *generator, x *sim.State) {
	for i := range x.Q {
		x.Q[i] = g.next()
	}
	for i := range x.V {
		x.V[i] = g.next()
	}
	for i := range m.Joints {
		j := &m.Joints[i]
		at := j.Q
		switch j.Type {
		case mjcf.FreeJoint:
			at += 3
		case mjcf.BallJoint:
		default:
			continue
		}
		p := x.Q[at : at+4]
		s := math.Sqrt(p[0]*p[0] + p[1]*p[1] + p[2]*p[2] + p[3]*p[3])
		for k := range p {
			p[k] /= s
		}
	}
}
