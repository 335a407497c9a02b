//go:build !js

package live

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ukemi-sim/ukemi/viewer/internal/chromium"
	"github.com/ukemi-sim/ukemi/viewer/raster"
)

// leave takes a picture; with UKEMI_PICTURES set to a folder it is left there to be looked at.
func leave(t *testing.T, p *chromium.Page, name string) {
	t.Helper()
	dir := os.Getenv("UKEMI_PICTURES")
	if dir == "" {
		return
	}
	must(t, p.Eval("new Promise(r => requestAnimationFrame(() => requestAnimationFrame(() => r(1))))", nil))
	m, err := p.Picture()
	must(t, err)
	must(t, raster.WritePNG(filepath.Join(dir, name+".png"), m))
}

func value(t *testing.T, p *chromium.Page, expression string) (x float64) {
	t.Helper()
	must(t, p.Eval(expression, &x))
	return x
}

// TestBrowser opens the live page in Chromium, pauses, steps, changes κ and pulls the robot up by the mouse.
func TestBrowser(t *testing.T) {
	s, _ := serve(t, "quadruped", Options{})
	p, err := chromium.Open(960, 600, 2*time.Minute)
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
	low := lift(t, p, "live")
	must(t, p.Wait("ukemi.stage.bodies[0].position.z < "+number(low)))

	// Nobody pushes the past.
	must(t, p.Key(" "))
	must(t, p.Wait("!ukemi.playing"))
	must(t, p.Eval("ukemi.seek(0, true)", nil))
	must(t, p.Eval("new Promise(r => requestAnimationFrame(() => requestAnimationFrame(() => r(1))))", nil))
	at := onScreen(t, p)
	must(t, p.Mouse("mousePressed", at.X, at.Y, ctrl))
	must(t, p.Wait("document.querySelector('#info p').textContent.includes('go on')"))
	must(t, p.Mouse("mouseReleased", at.X, at.Y, 0))
	if l := p.Problems(); len(l) > 0 {
		t.Errorf("the console says %q", l)
	}
}

const ctrl = 2

// onScreen returns where the first body is: on the screen, and above the ground.
func onScreen(t *testing.T, p *chromium.Page) (at struct{ X, Y, Z float64 }) {
	t.Helper()
	must(t, p.Eval(`(() => { const s = ukemi.stage, v = s.bodies[0].position.clone().project(s.camera);
		return {x: (v.x + 1) / 2 * innerWidth, y: (1 - v.y) / 2 * innerHeight, z: s.bodies[0].position.z}; })()`, &at))
	return at
}

// lift takes the first body where it is on the screen, pulls it up by the mouse, and lets it go once a picture of that name is taken. It
// returns how high it was.
func lift(t *testing.T, p *chromium.Page, picture string) (low float64) {
	t.Helper()
	at := onScreen(t, p)
	must(t, p.Mouse("mouseMoved", at.X, at.Y, 0))
	must(t, p.Mouse("mousePressed", at.X, at.Y, ctrl))
	must(t, p.Mouse("mouseMoved", at.X, at.Y-150, ctrl))
	must(t, p.Key(" "))
	must(t, p.Wait("ukemi.stage.bodies[0].position.z > 0.1 + "+number(at.Z)))
	leave(t, p, picture)
	must(t, p.Mouse("mouseReleased", at.X, at.Y-150, 0))
	return at.Z
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestComesBack: a page goes on when its simulation, or another one, comes back to the address.
func TestComesBack(t *testing.T) {
	if _, err := chromium.Find(); err != nil {
		t.Skipf("left out, the page needs a browser: %v", err)
	}
	p, err := chromium.Open(390, 700, 2*time.Minute)
	must(t, err)
	t.Cleanup(p.Close)
	run := func(name, address string) (url string, stop func()) {
		m, start := zoo(t, name)
		ctx, cancel := context.WithCancel(context.Background())
		ready, done := make(chan string, 1), make(chan error, 1)
		go func() { done <- Serve(ctx, address, m, start, Options{Ready: func(u string) { ready <- u }}) }()
		stop = func() {
			cancel()
			must(t, <-done)
		}
		select {
		case url = <-ready:
		case err := <-done:
			t.Fatal(err)
		}
		return url, stop
	}
	url, stop := run("block", "0")
	must(t, p.Go(url, "ukemi.info?.title === 'block' && ukemi.track.count > 3"))
	stop()
	must(t, p.Wait("!document.querySelector('#message').hidden"))
	port := url[strings.LastIndex(url, ":")+1:]
	_, stop = run("quadruped", strings.TrimSuffix(port, "/"))
	defer stop()
	must(t, p.Wait("ukemi.info.title === 'quadruped' && ukemi.track.count > 3 && document.querySelector('#message').hidden"))
	leave(t, p, "narrow")

	// On a narrow screen panels leave the robot alone: the middle of the page is the picture.
	var covered []string
	must(t, p.Eval(`(() => { const over = new Set();
		for (let x = 10; x < 390; x += 10) for (let y = 140; y < 630; y += 10) over.add(document.elementFromPoint(x, y).id);
		return [...over]; })()`, &covered))
	if !slices.Equal(covered, []string{"view"}) {
		t.Errorf("the middle of a narrow page shows %q", covered)
	}
	if wide := value(t, p, "document.documentElement.scrollWidth"); wide > 390 {
		t.Errorf("the page is %g wide", wide)
	}
	if n := value(t, p, "ukemi.stage.bodies.filter((b) => Math.abs(b.position.clone().project(ukemi.stage.camera).x) > 0.95).length"); n != 0 {
		t.Errorf("%g bodies of the robot are beyond the sides of the picture", n)
	}
	must(t, p.Key("p"))
	must(t, p.Key("o"))
	if !(value(t, p, "document.querySelector('#panels').offsetHeight") > 100 && value(t, p, "document.querySelector('#plots').offsetHeight") == 0) {
		t.Error("panels and plots are on top of each other")
	}
	leave(t, p, "narrow panels")
}
