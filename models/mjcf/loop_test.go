package mjcf_test

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/fixture"
	"github.com/ukemi-sim/ukemi/models/mjcf"
	"github.com/ukemi-sim/ukemi/sim"
)

// TestConnectAndWeld: equalities of bodies are loops, where the file says that bodies and points are.
func TestConnectAndWeld(t *testing.T) {
	const file = `<mujoco><option gravity="0 0 -9.81"/><worldbody>
<body name="a"><joint name="a" axis="0 1 0"/><geom type="capsule" size=".02" fromto="0 0 0 .2 0 0"/>
 <body name="b" pos=".2 0 0"><joint name="b" axis="0 1 0"/><geom type="capsule" size=".02" fromto="0 0 0 0 0 .2"/></body></body>
<body name="c" pos="0 0 .2"><joint name="c" axis="0 1 0"/><geom type="capsule" size=".02" fromto="0 0 0 .2 0 0"/></body>
<body name="d" pos="0 1 1"><freejoint/><geom size=".1"/></body>
<body name="e" pos="0 1 1.5"><joint name="e" type="slide" axis="0 0 1"/><geom size=".1"/></body>
</worldbody><equality>
<connect name="corner" body1="b" body2="c" anchor="0 0 .2"/>
<weld body1="d" body2="e" relpose="0 0 .4 1 0 0 0"/>
<connect name="fixed" body1="d" anchor="0 0 0" active="false"/>
</equality></mujoco>`
	r, m := build(t, file, mjcf.Options{Timestep: 0.005})
	loops := m.Loops()
	if len(loops) != 2 || loops[0].Name != "corner" || loops[0].Type != sim.LoopPoint || loops[1].Type != sim.LoopWeld {
		t.Fatalf("loops %+v", loops)
	}
	if !says(r, "is not active") {
		t.Errorf("notes %v", r.Notes)
	}
	x, err := r.Start(m, "")
	if err != nil {
		t.Fatal(err)
	}
	x.Q[0] = 0.3 // of a parallelogram
	for i := range loops {
		d, angle := m.LoopGap(i, x.Q)
		if want := []float64{2 * 0.2 * math.Sin(0.15), 0.1}[i]; i == 1 && math.Abs(d-want) > 1e-12 || angle > 1e-12 || i == 0 && d < 0.01 {
			t.Errorf("loop %d begins %g m and %g rad open", i, d, angle)
		}
	}
	if err := m.Assemble(&x); err != nil {
		t.Fatal(err)
	}
	s := m.NewStepper(sim.Options{})
	for range 100 {
		if _, err := s.Step(&x, x, nil); err != nil {
			t.Fatal(err)
		}
	}
	a, err := m.Joint("a")
	if err != nil {
		t.Fatal(err)
	}
	c, err := m.Joint("c")
	if err != nil {
		t.Fatal(err)
	}
	if d := math.Abs(x.Q[a.Q] - x.Q[c.Q]); d > 1e-9 || math.Abs(x.Q[a.Q]-0.3) < 0.01 {
		t.Errorf("opposite bars at %.12f and %.12f", x.Q[a.Q], x.Q[c.Q])
	}
}

// TestGrippersRunClosed: the fingers of grippers, four-bars that connect closes, stay closed.
func TestGrippersRunClosed(t *testing.T) {
	for _, file := range []string{"robotiq_2f85/2f85.xml", "ufactory_xarm7/xarm7.xml"} {
		path := fixture.DataFile(t, "mjcf_menagerie/"+file)
		if path == "" {
			continue
		}
		r, err := mjcf.Load(path, mjcf.Options{Timestep: 0.002})
		if err != nil {
			t.Fatal(err)
		}
		m, err := r.Builder.Build()
		if err != nil {
			t.Fatal(err)
		}
		if n := len(m.Loops()); n != 2 {
			t.Fatalf("%s: %d loops, want 2", file, n)
		}
		x := m.NewState()
		if h := r.Home(); h != "" {
			if x, err = r.Start(m, h); err != nil {
				t.Fatal(err)
			}
		}
		if err := m.Assemble(&x); err != nil {
			t.Fatal(err)
		}
		s, u, hold := m.NewStepper(sim.Options{}), make([]float64, m.NU()), x.Clone()
		worst, moved := 0.0, 0.0
		for k := range 2000 {
			for i := range u {
				j := m.InputInfo(i)
				u[i] = hold.Q[m.Joints()[j.Joint].Q]
			}
			u[len(u)-1] += 0.4 * math.Sin(0.004*float64(k)) // fingers
			if _, err := s.Step(&x, x, u); err != nil {
				t.Fatalf("%s, step %d: %v", file, k, err)
			}
			for i := range m.Loops() {
				d, _ := m.LoopGap(i, x.Q)
				worst = max(worst, d)
			}
			last := m.Joints()[m.InputInfo(len(u)-1).Joint].Q
			moved = max(moved, math.Abs(x.Q[last]-hold.Q[last]))
		}
		if worst > 1e-9 || moved < 0.2 {
			t.Errorf("%s: loops open by %.3g m while the fingers move by %.3g rad", file, worst, moved)
		}
		t.Logf("%s: loops open by at most %.2g m in 2000 steps, fingers move by %.2g rad", file, worst, moved)
	}
}
