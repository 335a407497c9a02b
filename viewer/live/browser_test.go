//go:build !js

package live

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/ukemi-sim/ukemi/viewer/internal/chromium"
	"github.com/ukemi-sim/ukemi/viewer/raster"
)

// TestBrowser opens the live page in Chromium, pauses, steps, changes κ and pulls the robot up by the mouse.
func TestBrowser(t *testing.T) {
	s, _ := serve(t, "quadruped", Options{})
	p, err := chromium.Open(960, 600, time.Minute)
	if errors.Is(err, chromium.ErrMissing) {
		t.Skipf("left out, the page needs a browser: %v", err)
	}
	must(t, err)
	t.Cleanup(p.Close)
	must(t, p.Go(s.URL, "window.ukemi && ukemi.track.count > 5"))
	must(t, p.Wait("ukemi.track.time(ukemi.track.count - 1) > 0.02"))

	must(t, p.Key(" "))
	must(t, p.Wait("!ukemi.playing"))
	var before, after float64
	must(t, p.Eval("ukemi.track.time(ukemi.track.count - 1)", &before))
	must(t, p.Key("ArrowRight"))
	must(t, p.Wait("ukemi.track.time(ukemi.track.count - 1) > "+number(before)))
	must(t, p.Eval("ukemi.track.time(ukemi.track.count - 1)", &after))
	if !near(after-before, 0.01, 1e-4) {
		t.Errorf("a step took %g s, want 0.01 s", after-before)
	}

	must(t, p.Eval("ukemi.soften(2)", nil))
	must(t, p.Wait("ukemi.now.kappa > 5e-5"))

	// Take the trunk where it is on the screen, and pull it up.
	must(t, p.Key("Backspace"))
	must(t, p.Wait("ukemi.at === 0"))
	var at struct{ X, Y, Z float64 }
	must(t, p.Eval(`(() => { const s = ukemi.stage, v = s.bodies[0].position.clone().project(s.camera);
		return {x: (v.x + 1) / 2 * innerWidth, y: (1 - v.y) / 2 * innerHeight, z: s.bodies[0].position.z}; })()`, &at))
	const ctrl = 2
	must(t, p.Mouse("mouseMoved", at.X, at.Y, 0))
	must(t, p.Mouse("mousePressed", at.X, at.Y, ctrl))
	must(t, p.Mouse("mouseMoved", at.X, at.Y-150, ctrl))
	must(t, p.Key(" "))
	must(t, p.Wait("ukemi.stage.bodies[0].position.z > 0.1 + "+number(at.Z)))
	if dir := os.Getenv("UKEMI_PICTURES"); dir != "" {
		m, err := p.Picture()
		must(t, err)
		must(t, raster.WritePNG(filepath.Join(dir, "live.png"), m))
	}
	must(t, p.Mouse("mouseReleased", at.X, at.Y-150, 0))
	must(t, p.Wait("ukemi.stage.bodies[0].position.z < "+number(at.Z)))
	if l := p.Problems(); len(l) > 0 {
		t.Errorf("the console says %q", l)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
