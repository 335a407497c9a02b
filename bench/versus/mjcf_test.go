package main

import (
	"encoding/xml"
	"errors"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/data"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// xmlModel is what is read back of a scene's MJCF.
type xmlModel struct {
	Option struct {
		Timestep float64 `xml:"timestep,attr"`
		Gravity  string  `xml:"gravity,attr"`
	} `xml:"option"`
	Planes    []xmlGeom  `xml:"worldbody>geom"`
	Bodies    []xmlBody  `xml:"worldbody>body"`
	Motors    []xmlDrive `xml:"actuator>motor"`
	Positions []xmlDrive `xml:"actuator>position"`
}

type xmlBody struct {
	Name     string `xml:"name,attr"`
	Pos      string `xml:"pos,attr"`
	Quat     string `xml:"quat,attr"`
	Inertial struct {
		Pos  string  `xml:"pos,attr"`
		Mass float64 `xml:"mass,attr"`
		Full string  `xml:"fullinertia,attr"`
	} `xml:"inertial"`
	Free   []struct{} `xml:"freejoint"`
	Joints []xmlJoint `xml:"joint"`
	Geoms  []xmlGeom  `xml:"geom"`
	Bodies []xmlBody  `xml:"body"`
}

type xmlJoint struct {
	Type    string  `xml:"type,attr"`
	Axis    string  `xml:"axis,attr"`
	Damping float64 `xml:"damping,attr"`
	Dry     float64 `xml:"frictionloss,attr"`
	Limited bool    `xml:"limited,attr"`
	Range   string  `xml:"range,attr"`
}

type xmlGeom struct {
	Type     string `xml:"type,attr"`
	Size     string `xml:"size,attr"`
	Friction string `xml:"friction,attr"`
}

type xmlDrive struct {
	Joint string  `xml:"joint,attr"`
	Kp    float64 `xml:"kp,attr"`
	Range string  `xml:"forcerange,attr"`
}

func floats(t *testing.T, s string) []float64 {
	t.Helper()
	var v []float64
	for _, f := range strings.Fields(s) {
		x, err := strconv.ParseFloat(f, 64)
		if err != nil {
			t.Fatal(err)
		}
		v = append(v, x)
	}
	return v
}

// reader walks a model that was read back as MuJoCo would, at a configuration q, and compares it with the one
// that was written.
type reader struct {
	*testing.T
	m      *sim.Model
	want   []sim.Pose
	q      []float64
	i, nv  int // next body, degrees of freedom so far
	shapes int
}

func (r *reader) read(b xmlBody, parent sim.Pose) {
	i := r.i
	r.i++
	j := r.m.Joints()[i]
	p, o := floats(r.T, b.Pos), floats(r.T, b.Quat)
	at := parent.Mul(sim.Pose{Pos: r3.Vec{X: p[0], Y: p[1], Z: p[2]}, Rot: quat.Number{Real: o[0], Imag: o[1], Jmag: o[2], Kmag: o[3]}})
	for range b.Free {
		q := r.take(7)
		at = sim.Pose{Pos: r3.Vec{X: q[0], Y: q[1], Z: q[2]}, Rot: quat.Number{Real: q[3], Imag: q[4], Jmag: q[5], Kmag: q[6]}}
		r.nv += 6
	}
	for k, x := range b.Joints {
		at = at.Mul(r.motion(x))
		a := j.Axes[k]
		if x.Damping != a.Damping || x.Dry != a.Friction || x.Limited != a.Limited {
			r.Errorf("joint %s: %+v, want %+v", j.Name, x, a)
		}
		if l := floats(r.T, x.Range); a.Limited && (l[0] != a.Lower || l[1] != a.Upper) {
			r.Errorf("joint %s is limited to %v, want %g to %g", j.Name, l, a.Lower, a.Upper)
		}
	}
	if d := r3.Norm(r3.Sub(at.Pos, r.want[i].Pos)); b.Name != r.m.Bodies()[i] || d > 1e-12 || turn(at, r.want[i]) > 1e-12 {
		r.Errorf("body %s is %g m and %g rad from where body %s should be", b.Name, d, turn(at, r.want[i]), r.m.Bodies()[i])
	}
	in, c, f := r.m.BodyInertia(i), floats(r.T, b.Inertial.Pos), floats(r.T, b.Inertial.Full)
	got := sim.Inertia{Mass: b.Inertial.Mass, COM: r3.Vec{X: c[0], Y: c[1], Z: c[2]}, Ixx: f[0], Iyy: f[1], Izz: f[2], Ixy: f[3], Ixz: f[4], Iyz: f[5]}
	if got != in {
		r.Errorf("body %s has the inertia %+v, want %+v", b.Name, got, in)
	}
	r.shapes += len(b.Geoms)
	for _, c := range b.Bodies {
		r.read(c, at)
	}
}

// motion returns what a joint at the configuration does.
func (r *reader) motion(x xmlJoint) sim.Pose {
	a := floats(r.T, x.Axis)
	axis := r3.Vec{X: a[0], Y: a[1], Z: a[2]}
	switch x.Type {
	case "hinge":
		r.nv++
		s, c := math.Sincos(r.take(1)[0] / 2)
		return sim.Pose{Rot: quat.Number{Real: c, Imag: s * axis.X, Jmag: s * axis.Y, Kmag: s * axis.Z}}
	case "slide":
		r.nv++
		return sim.Pose{Pos: r3.Scale(r.take(1)[0], axis), Rot: sim.IdentityPose.Rot}
	case "ball":
		r.nv += 3
		q := r.take(4)
		return sim.Pose{Rot: quat.Number{Real: q[0], Imag: q[1], Jmag: q[2], Kmag: q[3]}}
	}
	r.Fatalf("joint of type %q", x.Type)
	return sim.Pose{}
}

func (r *reader) take(n int) []float64 {
	v := r.q[:n]
	r.q = r.q[n:]
	return v
}

// turn returns by how much two poses are turned (rad).
func turn(a, b sim.Pose) float64 {
	d := quat.Mul(quat.Conj(a.Rot), b.Rot)
	return 2 * math.Sqrt(d.Imag*d.Imag+d.Jmag*d.Jmag+d.Kmag*d.Kmag)
}

// someConfiguration returns a random one.
func someConfiguration(m *sim.Model, rng *rand.Rand) []float64 {
	q := make([]float64, m.NQ())
	for i := range q {
		q[i] = rng.Float64() - 0.5
	}
	for _, j := range m.Joints() {
		if k := j.QuaternionOf(); k >= 0 {
			n := math.Sqrt(q[k]*q[k] + q[k+1]*q[k+1] + q[k+2]*q[k+2] + q[k+3]*q[k+3])
			for i := range 4 {
				q[k+i] /= n
			}
		}
	}
	return q
}

// built returns a scene for 10 ms, or nil when it needs data that is not there.
func built(t *testing.T, s scene) *world {
	t.Helper()
	w, err := build(s, timestep, data.Folder())
	if errors.Is(err, errNoData) {
		t.Logf("LEFT OUT: %s: %v; set UKEMI_DATA to the folder that holds urdf/", s.name, err)
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// TestMJCF: what another engine reads of every scene is the model that was written, joint for joint.
func TestMJCF(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, s := range scenes {
		w := built(t, s)
		if w == nil {
			continue
		}
		text, err := w.mjcf()
		if err != nil {
			t.Fatal(err)
		}
		var x xmlModel
		if err := xml.Unmarshal([]byte(text), &x); err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		m := w.model
		r := &reader{T: t, m: m, want: make([]sim.Pose, len(m.Joints())), q: someConfiguration(m, rng)}
		m.Poses(r.want, r.q)
		for _, b := range x.Bodies {
			r.read(b, sim.IdentityPose)
		}
		if r.i != len(m.Joints()) || len(r.q) != 0 || r.nv != m.NV() || r.shapes != len(m.Colliders()) {
			t.Errorf("%s: read back %d bodies, %d degrees of freedom, %d shapes and left %d coordinates", s.name, r.i, r.nv, r.shapes, len(r.q))
		}
		if n := len(x.Motors) + len(x.Positions); n != m.NU() || (s.control == servo) != (len(x.Positions) > 0) {
			t.Errorf("%s: %d motors and %d servos for %d inputs", s.name, len(x.Motors), len(x.Positions), m.NU())
		}
		if g := floats(t, x.Option.Gravity); x.Option.Timestep != timestep || g[2] != -gravity {
			t.Errorf("%s: %+v", s.name, x.Option)
		}
		if (m.MaxContacts() > 0) != (len(x.Planes) == 1) {
			t.Errorf("%s: %d grounds for %d contacts", s.name, len(x.Planes), m.MaxContacts())
		}
	}
}

// TestMJCFRefuses: what the writer cannot say is an error, not silence.
func TestMJCFRefuses(t *testing.T) {
	b := sim.NewBuilder("spring")
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{Z: -gravity})
	l := b.AddLink("ball", sim.SphereInertia(1, 0.1))
	b.AddJoint(sim.Joint{Name: "slide", Type: sim.Prismatic(r3.Vec{X: 1}), Parent: sim.World, Child: l, Axes: []sim.Axis{{Stiffness: 3}}})
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (&world{model: m}).mjcf(); err == nil || !strings.Contains(err.Error(), "joint slide_t0 has a spring") {
		t.Errorf("a spring is written as %v", err)
	}
}
