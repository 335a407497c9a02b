package mjcf_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/fixture"
	"github.com/ukemi-sim/ukemi/models/mjcf"
)

// cupFile has a cup of mesh, a ball over it, and a pair of them with a friction of its own.
func cupFile() string {
	vertices, triangles := fixture.Cup(24)
	var v, f strings.Builder
	for _, p := range vertices {
		fmt.Fprintf(&v, "%g %g %g ", p.X, p.Y, p.Z)
	}
	for _, t := range triangles {
		fmt.Fprintf(&f, "%d %d %d ", t[0], t[1], t[2])
	}
	return `<mujoco><asset><mesh name="m" inertia="exact" vertex="` + v.String() + `" face="` + f.String() + `"/></asset><worldbody><geom name="floor" type="plane" size="1 1 1" friction="0.2"/>
<body name="cup"><freejoint/><geom name="cup" type="mesh" mesh="m" friction="0.7"/></body><body name="ball"><freejoint/><geom name="ball" size="0.02" pos="0 0 0.05"/></body></worldbody>
<contact><pair geom1="cup" geom2="ball" friction="0.3 0.3"/></contact></mujoco>`
}

// TestDecompose: a cup touches by its hull as in MuJoCo, which a note says, or by pieces where that is asked for. Each has the friction of
// the geom, on planes and in pairs; its mass stays.
func TestDecompose(t *testing.T) {
	r, whole := build(t, cupFile(), mjcf.Options{})
	if n := len(whole.Colliders()); n != 2 || !says(r, `mesh "m" touches by its convex hull, as in MuJoCo, which is up to 0.03`) {
		t.Errorf("%d colliders: %v", n, r.Notes)
	}
	heard := map[string]int{}
	r, m := build(t, cupFile(), mjcf.Options{Decompose: 0.003, Progress: func(mesh string, _ int) { heard[mesh]++ }})
	if len(heard) != 1 || heard["m"] < 10 {
		t.Errorf("heard of %v", heard)
	}
	names := m.Colliders()
	if n := len(names); n < 6 || n > 25 || names[0] != "cup" || names[1] != "cup_2" || !says(r, `convex pieces, up to 0.00`) {
		t.Errorf("colliders %q: %v", names, r.Notes)
	}
	if a, b := whole.TotalMass(), m.TotalMass(); a != b {
		t.Errorf("the mass is %g, was %g", b, a)
	}
	pairs := shapePairs(m)
	for _, name := range names[:len(names)-1] {
		if mu, ok := pairs["ball-"+name]; !ok || mu != 0.3 {
			t.Errorf("%s: friction %g on the ball, %v", name, mu, ok)
		}
	}
	for _, c := range m.Engine().Colliders[:len(names)-1] {
		if c.Friction != 0.7 {
			t.Errorf("friction %g on the floor", c.Friction)
		}
	}
	file, err := mjcf.Parse(strings.NewReader(cupFile()), "cup.xml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.Robot(mjcf.Options{Decompose: math.NaN()}); err == nil || !strings.Contains(err.Error(), "want a length in meters") {
		t.Error(err)
	}
}
