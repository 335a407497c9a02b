package urdf_test

import (
	"math"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/models/urdf"
	"github.com/ukemi-sim/ukemi/sim"
)

// TestQuaternionsOfOrigins: the orientation of newer files, which was ignored with a remark.
func TestQuaternionsOfOrigins(t *testing.T) {
	m, notes := build(t, hinge("continuous", `<origin xyz="1 0 0" quat_xyzw="0 0 2 2"/>`), urdf.Options{Base: urdf.FixedBase})
	poses := make([]sim.Pose, 1)
	m.Poses(poses, make([]float64, m.NQ()))
	p := poses[0]
	if w, z := p.Rot.Real, p.Rot.Kmag; math.Abs(w-math.Sqrt2/2) > 1e-15 || math.Abs(z-math.Sqrt2/2) > 1e-15 || p.Pos.X != 1 || len(notes) > 1 {
		t.Errorf("%+v, %v", p, notes)
	}
	for inner, want := range map[string]string{
		`<origin rpy="0 0 1" quat_xyzw="0 0 0 1"/>`: "both give the orientation", `<origin quat_xyzw="0 0 0 0"/>`: "is no orientation", `<origin quat_xyzw="0 0 1"/>`: "has 3 numbers, want 4",
	} {
		if _, err := read(hinge("continuous", inner), urdf.Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", inner, err)
		}
	}
}

// TestLimitsInDegrees: a hinge whose limits are many turns is what a file in degrees looks like.
func TestLimitsInDegrees(t *testing.T) {
	for inner, want := range map[string]bool{`<limit lower="-90" upper="90"/>`: true, `<limit lower="-12.6" upper="12.6"/>`: false, `<limit lower="-1e8" upper="1e8"/>`: false} {
		_, notes := onlyJoint(t, "revolute", inner)
		said := false
		for _, n := range notes {
			said = said || strings.Contains(n.String(), "are they degrees?")
		}
		if said != want {
			t.Errorf("%s: %v", inner, notes)
		}
	}
	if _, notes := onlyJoint(t, "prismatic", `<limit lower="-90" upper="90"/>`); len(notes) != 0 {
		t.Errorf("a slider: %v", notes)
	}
}
