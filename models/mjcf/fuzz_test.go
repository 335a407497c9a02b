package mjcf_test

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/models/internal/mutate"
	"github.com/ukemi-sim/ukemi/models/mjcf"
	"github.com/ukemi-sim/ukemi/sim"
)

// FuzzMJCF: whatever the file, the reader neither panics nor returns both or neither of model and error, and what it
// accepts becomes a robot and can be built, or is refused in words.
func FuzzMJCF(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.xml")
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte(`<!-- -- --><mujoco><option density="1"/><worldbody><body mocap="true" gravcomp="1"/></worldbody></mujoco>`))
	f.Fuzz(check)
}

func check(t *testing.T, file []byte) {
	m, err := mjcf.Parse(bytes.NewReader(file), "f.xml")
	if (m == nil) == (err == nil) {
		t.Fatalf("model %v, error %v", m, err)
	}
	if m == nil {
		return
	}
	for _, repair := range []bool{false, true} {
		r, err := m.Robot(mjcf.Options{Repair: repair, Ground: true})
		if (r == nil) == (err == nil) {
			t.Fatalf("robot %v, error %v", r, err)
		}
		if r == nil {
			continue
		}
		b, err := r.Builder.Build()
		if (b == nil) == (err == nil) {
			t.Fatalf("model %v, error %v", b, err)
		}
		if b != nil {
			if _, err := r.Start(b, r.Home()); err != nil {
				t.Fatal(err)
			}
			r.Inputs(make([]float64, b.NU()), make([]float64, len(m.Actuators)))
			rewrite(t, r.Builder, b)
		}
	}
}

// rewrite: what was built is written, and what was written is read, with the same coordinates.
func rewrite(t *testing.T, from *sim.Builder, m *sim.Model) {
	var text bytes.Buffer
	if _, err := (&mjcf.Export{Builder: from}).Write(&text); err != nil {
		t.Fatalf("read, but not written: %v", err)
	}
	again, err := mjcf.Parse(bytes.NewReader(text.Bytes()), "again.xml")
	if err != nil {
		t.Fatalf("written, but not read: %v in\n%s", err, text.String())
	}
	if again.NQ != m.NQ() || again.NV != m.NV() {
		t.Fatalf("nq %d, nv %d became %d, %d in\n%s", m.NQ(), m.NV(), again.NQ, again.NV, text.String())
	}
}

// TestMutations spoils well-formed files, which bytes changed at random rarely stay: values are replaced by bad
// ones and by each other, tags are dropped and doubled.
func TestMutations(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.xml")
	bad := []string{"", "0", "-1", "1e-320", "1e300", "-1e308", "NaN", "1 2", "0 0 0", "1e308 1e308 1e308", "a", "b", "j", "world", "main", "true", "auto", "ball", "free", "mesh", "plane", "hinge", "slide", "radian", "99999999999"}
	rng := rand.New(rand.NewPCG(1, 2))
	read, tried := 0, 0
	for _, name := range files {
		seed, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for range 150 {
			file := mutate.XML(rng, string(seed), bad)
			check(t, []byte(file))
			if t.Failed() {
				t.Fatalf("the file was\n%s", file)
			}
			tried++
			if _, err := mjcf.Parse(strings.NewReader(file), "f.xml"); err == nil {
				read++
			}
		}
	}
	if read < tried/20 || read > tried*19/20 {
		t.Errorf("%d of %d files are read; the mutations are too hard or too soft", read, tried)
	}
}
