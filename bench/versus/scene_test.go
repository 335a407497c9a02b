package main

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/ukemi-sim/ukemi/sim"
)

func TestScenes(t *testing.T) {
	seen := map[string]bool{}
	covered := part(0)
	for _, s := range scenes {
		if seen[s.name] || seen[s.title] || s.parts == 0 || s.long <= 0 {
			t.Errorf("scene %+v has a name or title twice, or no part or length", s)
		}
		seen[s.name], seen[s.title] = true, true
		covered |= s.parts
	}
	if covered != steps|gradients|batches|precision {
		t.Errorf("only the parts %b have scenes", covered)
	}
	for _, e := range engines {
		n := 0
		for _, s := range scenes {
			for p := range partNames {
				if e.takes(s, p) {
					n++
				}
			}
		}
		if n == 0 {
			t.Errorf("%s takes no scene", e.name)
		}
		for _, o := range e.only {
			if !seen[o] {
				t.Errorf("%s is for scene %s, which does not exist", e.name, o)
			}
		}
	}
}

// TestSmoothScenes: engines without contact get scenes without contact, dry friction and limits, and every
// driven joint of them moves.
func TestSmoothScenes(t *testing.T) {
	for _, s := range scenes {
		if !s.smooth() {
			continue
		}
		w := built(t, s)
		if w == nil {
			continue
		}
		if n := w.model.MaxContacts(); n > 0 {
			t.Errorf("%s has %d contacts", s.name, n)
		}
		for _, j := range w.model.Joints() {
			for _, a := range j.Axes {
				if a.Limited || a.Friction != 0 {
					t.Errorf("%s: joint %s has limits or dry friction", s.name, j.Name)
				}
			}
		}
		if s.control == noise && slices.ContainsFunc(w.inputs, func(u []float64) bool { return slices.Contains(u, 0) }) {
			t.Errorf("%s: an input is zero", s.name)
		}
	}
}

// TestRandomInputs: the forces depend on time alone, not on the step, and are held.
func TestRandomInputs(t *testing.T) {
	s, err := findScene("a1_torque12")
	if err != nil {
		t.Fatal(err)
	}
	coarse, err := build(s, 0.01, "")
	if err != nil {
		t.Fatal(err)
	}
	fine, err := build(s, 0.005, "")
	if err != nil {
		t.Fatal(err)
	}
	for k, u := range coarse.inputs {
		if !slices.Equal(u, fine.inputs[2*k]) || !slices.Equal(u, coarse.inputs[k/2*2]) {
			t.Fatalf("step %d has other forces than it should", k)
		}
	}
	if slices.Equal(coarse.inputs[0], coarse.inputs[2]) {
		t.Error("the forces never change")
	}
}

// TestSceneFile: reading a scene gives back every bit of it.
func TestSceneFile(t *testing.T) {
	for _, name := range []string{"a1_stand", "fall_a1", "chain10"} {
		s, err := findScene(name)
		if err != nil {
			t.Fatal(err)
		}
		w, err := build(s, 0.01, "")
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), name)
		if err := w.write(file); err != nil {
			t.Fatal(err)
		}
		r, err := readWorld(file)
		if err != nil {
			t.Fatal(err)
		}
		same := r.model.Hash() == w.model.Hash() && slices.Equal(r.start.Q, w.start.Q) && slices.Equal(r.start.V, w.start.V) && r.warm == w.warm && r.run == w.run
		if !same || !slices.EqualFunc(r.inputs, w.inputs, slices.Equal) {
			t.Errorf("%s is not read as it was written", name)
		}
	}
}

// TestStartsAtRest: a fall from rest is exact at any step: the velocity of a start is that of the instant.
func TestStartsAtRest(t *testing.T) {
	s, err := findScene("fall_ant")
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range []float64{0.02, 0.001} {
		w, err := build(s, h, "")
		if err != nil {
			t.Fatal(err)
		}
		x := w.start.Clone()
		st := w.model.NewStepper(sim.Options{})
		n := 0
		for ; float64(n)*h < 0.0999; n++ {
			if _, err := st.Step(&x, x, nil); err != nil {
				t.Fatal(err)
			}
		}
		fallen, want := w.start.Q[2]-x.Q[2], gravity*0.1*0.1/2
		if d := fallen - want; d > 1e-9 || d < -1e-9 {
			t.Errorf("steps of %g s: fallen %.12f m, want %.12f m", h, fallen, want)
		}
	}
}
