package urdf_test

import (
	"math"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/models/urdf"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// onlyJoint builds a robot on a fixed base and returns its only joint.
func onlyJoint(t *testing.T, kind, inner string) (sim.JointInfo, []urdf.Note) {
	t.Helper()
	m, notes := build(t, hinge(kind, inner), urdf.Options{Base: urdf.FixedBase})
	return m.Joints()[0], notes
}

func TestJointTypes(t *testing.T) {
	tests := []struct {
		kind       string
		trans, rot int
		driven     bool
	}{
		{"revolute", 0, 1, true},
		{"continuous", 0, 1, true},
		{"prismatic", 1, 0, true},
		{"floating", 3, 3, false},
		{"planar", 2, 1, false},
		{"planaraxis", 2, 1, false},
		{"ball", 0, 3, true},
		{"spherical", 0, 3, true},
		{"orbital", 0, 2, true},
	}
	axis := r3.Unit(r3.Vec{X: 1, Y: 2, Z: 2})
	for _, c := range tests {
		t.Run(c.kind, func(t *testing.T) {
			j, _ := onlyJoint(t, c.kind, `<origin xyz="1 2 3"/><axis xyz="1 2 2"/><limit lower="-1" upper="1" effort="7"/>`)
			if len(j.Type.Trans) != c.trans || len(j.Type.Rot) != c.rot {
				t.Fatalf("%d translations and %d rotations, want %d and %d", len(j.Type.Trans), len(j.Type.Rot), c.trans, c.rot)
			}
			for k, a := range j.Axes {
				if want := map[bool]sim.Drive{true: sim.Torque, false: sim.Passive}[c.driven]; a.Drive != want {
					t.Errorf("drive of axis %d is %v", k, a.Drive)
				}
				if c.driven && a.Effort != 7 {
					t.Errorf("effort %g", a.Effort)
				}
			}
			across := append([]r3.Vec(nil), j.Type.Trans...)
			switch c.kind {
			case "revolute", "continuous", "planar", "planaraxis":
				if !near(j.Type.Rot[0], axis) {
					t.Errorf("axis %v, want %v", j.Type.Rot[0], axis)
				}
			case "prismatic":
				if !near(j.Type.Trans[0], axis) {
					t.Errorf("axis %v, want %v", j.Type.Trans[0], axis)
				}
				across = nil
			case "orbital":
				across = j.Type.Rot
			}
			if c.kind != "floating" {
				for _, a := range across {
					if math.Abs(r3.Dot(a, axis)) > 1e-12 {
						t.Errorf("axis %v is not across %v", a, axis)
					}
				}
			}
		})
	}
	m, _ := build(t, hinge("fixed", `<origin xyz="1 2 3"/>`), urdf.Options{})
	if f, err := m.Frame("b"); err != nil || m.NV() != 6 || !near(f.Pose.Pos, r3.Vec{X: 1, Y: 2, Z: 3}) || m.TotalMass() != 4 {
		t.Errorf("fixed: nv %d, frame %+v, mass %g, %v", m.NV(), f, m.TotalMass(), err)
	}
}

func TestMissingAxisIsX(t *testing.T) {
	j, notes := onlyJoint(t, "continuous", "")
	if !near(j.Type.Rot[0], r3.Vec{X: 1}) || len(notes) != 0 {
		t.Errorf("axis %v, notes %v", j.Type.Rot[0], notes)
	}
}

func TestLimitsAndDynamics(t *testing.T) {
	inf := math.Inf(1)
	tests := []struct {
		name, kind, inner string
		want              sim.Axis
		note              string // "" means none at all
	}{
		{"all", "revolute", `<limit lower="-1" upper="2" effort="3"/><dynamics damping="4" friction="5"/>`,
			sim.Axis{Limited: true, Lower: -1, Upper: 2, Effort: 3, Damping: 4, Friction: 5, Drive: sim.Torque}, ""},
		{"lower alone", "prismatic", `<limit lower="-1"/>`, sim.Axis{Limited: true, Lower: -1, Drive: sim.Torque}, ""},
		{"velocity", "revolute", `<limit upper="1" velocity="9"/>`, sim.Axis{Limited: true, Upper: 1, Drive: sim.Torque},
			`line 1: <limit> "j": attribute velocity="9" ignored: velocity limits hold where they are asked for (Options.VelocityLimits, --velocity-limits)`},
		{"effort 0", "continuous", `<limit effort="0"/>`, sim.Axis{Drive: sim.Torque}, "effort 0 read as no bound"},
		{"no limit", "revolute", "", sim.Axis{Drive: sim.Torque}, "has no <limit>"},
		{"zeros", "revolute", `<limit lower="0" upper="0"/>`, sim.Axis{Drive: sim.Torque}, "lower = upper = 0 read as none"},
		{"far", "revolute", `<limit lower="-1e16" upper="1e16"/>`, sim.Axis{Drive: sim.Torque}, "upper limit 1e+16 read as none"},
		{"far above", "revolute", `<limit lower="-1" upper="1e16"/>`, sim.Axis{Limited: true, Lower: -1, Upper: inf, Drive: sim.Torque}, "upper limit 1e+16 read as none"},
		{"continuous", "continuous", `<limit lower="-1" upper="1"/>`, sim.Axis{Drive: sim.Torque}, `attribute lower="-1" ignored: a continuous joint has no limits`},
		{"planar", "planar", `<limit effort="1"/><dynamics damping="50"/>`, sim.Axis{Damping: 50}, `attribute effort="1" ignored: a planar joint has no drive`},
		{"floating", "floating", `<dynamics damping="50"/>`, sim.Axis{}, "<dynamics> \"j\": ignored: a floating joint has no"},
		{"ball", "ball", `<axis xyz="1 0 0"/><dynamics damping="2"/>`, sim.Axis{Damping: 2, Drive: sim.Torque}, "<axis> \"j\": ignored: a spherical joint turns about all axes"},
		{"twice", "continuous", `<dynamics damping="1"/><dynamics damping="2"/>`, sim.Axis{Damping: 1, Drive: sim.Torque}, "<dynamics> is given twice, the first one holds"},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			j, notes := onlyJoint(t, c.kind, c.inner)
			for k, a := range j.Axes {
				if a != c.want {
					t.Errorf("axis %d is %+v, want %+v", k, a, c.want)
				}
			}
			if c.note != "" {
				wantNote(t, notes, c.note)
			} else if len(notes) > 0 {
				t.Errorf("notes %v", notes)
			}
		})
	}
}

func TestMimic(t *testing.T) {
	// c follows b follows a, and the file names them in the other order
	var b strings.Builder
	b.WriteString(`<link name="world"/>`)
	for _, n := range []string{"c", "b", "a"} {
		b.WriteString(`<link name="` + n + `">` + heavy + `</link><joint name="j` + n + `" type="continuous"><child link="` + n + `"/>`)
		switch n {
		case "c":
			b.WriteString(`<parent link="b"/><mimic joint="jb" multiplier="-2" offset="0.5"/><limit effort="3"/>`)
		case "b":
			b.WriteString(`<parent link="a"/><mimic joint="ja" multiplier="3" offset="1"/>`)
		default:
			b.WriteString(`<parent link="world"/>`)
		}
		b.WriteString(`</joint>`)
	}
	robot, err := read(b.String(), urdf.Options{})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]sim.Mimic{}
	for _, j := range robot.Builder.Joints() {
		if j.Mimic != nil {
			got[j.Name] = *j.Mimic
			if j.Axes[0].Drive != sim.Passive {
				t.Errorf("mimic joint %q has drive %v", j.Name, j.Axes[0].Drive)
			}
		}
	}
	if got["jb"] != (sim.Mimic{Joint: "ja", Ratio: 3, Offset: 1}) || got["jc"] != (sim.Mimic{Joint: "ja", Ratio: -6, Offset: -1.5}) || len(got) != 2 {
		t.Errorf("mimics %+v", got)
	}
	wantNote(t, robot.Notes, `attribute effort="3" ignored: a mimic joint has no drive`)
	if m, err := robot.Builder.Build(); err != nil || m.NU() != 1 {
		t.Errorf("built: %v", err)
	}
}
