package replay

import (
	"bytes"
	"math"
	"os"
	"testing"

	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
)

// film simulates a model of the zoo.
func film(t testing.TB, name string, seconds float64, opt Options) *Film {
	t.Helper()
	e, err := models.Find(name)
	if err != nil {
		t.Fatal(err)
	}
	m, err := e.Builder(models.Options{}).Build()
	if err != nil {
		t.Fatal(err)
	}
	f, st, s := NewFilm(m, opt), m.NewStepper(sim.Options{}), e.Start(m)
	f.Start(st, s)
	for range int(math.Round(seconds / m.Timestep())) {
		res, err := st.Step(&s, s, nil)
		if err != nil {
			t.Fatal(err)
		}
		f.Add(st, s, res)
	}
	return f
}

// TestSize holds pages to the size that can be sent around: 10 s of the quadruped at 100 Hz in 2 MB.
func TestSize(t *testing.T) {
	for _, fps := range []float64{50, 100} {
		f := film(t, "quadruped", 10, Options{FPS: fps})
		var b bytes.Buffer
		if err := f.WriteHTML(&b); err != nil {
			t.Fatal(err)
		}
		t.Logf("10 s at %g Hz: %d frames, %.0f kB", fps, f.Frames(), float64(b.Len())/1e3)
		if want := int(10*fps) + 1; f.Frames() != want {
			t.Errorf("%d frames, want %d", f.Frames(), want)
		}
		if b.Len() > 2e6 {
			t.Errorf("the page has %d bytes, want at most 2 MB", b.Len())
		}
		if p := os.Getenv("REPLAY_OUT"); p != "" {
			os.WriteFile(p, b.Bytes(), 0o666)
		}
	}
}
