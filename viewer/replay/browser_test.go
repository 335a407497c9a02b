package replay

import (
	"errors"
	"image"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/internal/chromium"
	"github.com/ukemi-sim/ukemi/viewer/raster"
	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/spatial/r3"
)

// open opens a page in Chromium, or skips the test.
func open(t *testing.T, page string) *chromium.Page {
	t.Helper()
	p, err := chromium.Open(1280, 720, 3*time.Minute)
	if errors.Is(err, chromium.ErrMissing) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(page)}
	if err := p.Go(u.String(), "window.ukemi"); err != nil {
		t.Fatal(err)
	}
	return p
}

// picture takes a picture; with UKEMI_PICTURES set to a folder it is left there to be looked at.
func picture(t *testing.T, p *chromium.Page, name string) image.Image {
	t.Helper()
	// two frames: what was asked for is drawn in the first
	if err := p.Eval("new Promise(r => requestAnimationFrame(() => requestAnimationFrame(() => r(1))))", nil); err != nil {
		t.Fatal(err)
	}
	m, err := p.Picture()
	if err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("UKEMI_PICTURES"); dir != "" {
		if err := raster.WritePNG(filepath.Join(dir, name+".png"), m); err != nil {
			t.Error(err)
		}
	}
	return m
}

func eval(t *testing.T, p *chromium.Page, expression string) float64 {
	t.Helper()
	var x float64
	if err := p.Eval(expression, &x); err != nil {
		t.Fatal(err)
	}
	return x
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// middle is where the robot is: no panel reaches it.
var middle = image.Rect(200, 100, 900, 600)

// differing counts the pixels of a region that differ visibly.
func differing(a, b image.Image, region image.Rectangle) int {
	n := 0
	for y := region.Min.Y; y < region.Max.Y; y++ {
		for x := region.Min.X; x < region.Max.X; x++ {
			r, g, u, _ := a.At(x, y).RGBA()
			s, h, v, _ := b.At(x, y).RGBA()
			if far(r, s) || far(g, h) || far(u, v) {
				n++
			}
		}
	}
	return n
}

func far(a, b uint32) bool { return max(a, b)-min(a, b) > 0x1000 }

// colors counts the colors of a region, coarsely.
func colors(m image.Image, region image.Rectangle) int {
	seen := map[[3]uint32]bool{}
	for y := region.Min.Y; y < region.Max.Y; y++ {
		for x := region.Min.X; x < region.Max.X; x++ {
			r, g, b, _ := m.At(x, y).RGBA()
			seen[[3]uint32{r >> 11, g >> 11, b >> 11}] = true
		}
	}
	return len(seen)
}

// sameNumbers compares what the page has unpacked with what went in.
func sameNumbers(t *testing.T, p *chromium.Page, f *Film) {
	t.Helper()
	var got [][]float64
	must(t, p.Eval("ukemi.track.data.map(c => Array.from(c, x => Number.isFinite(x) ? x : -12345))", &got))
	var contacts [][][]float64 // by frame
	must(t, p.Eval("Array.from({length: ukemi.track.count}, (_, i) => ukemi.track.contacts(i).map(c => Array.from(c)))", &contacts))
	frames, x := f.contacts()
	seen := 0
	for k, frame := range frames {
		if len(contacts[frame]) == 0 {
			t.Fatalf("frame %d has too few contacts in the page", frame)
		}
		got := contacts[frame][0]
		contacts[frame] = contacts[frame][1:]
		for c, v := range got {
			if d := math.Abs(v - x[c][k]); !(d <= 1e-6+1e-5*(slices.Max(x[c])-slices.Min(x[c]))) {
				t.Fatalf("number %d of a contact in frame %d: the page has %g, want %g", c, frame, v, x[c][k])
			}
		}
		seen++
	}
	for _, rest := range contacts {
		seen += len(rest)
	}
	if seen != len(frames) || seen == 0 {
		t.Fatalf("the page has %d contacts, want %d", seen, len(frames))
	}
	want := append(f.columns(), f.positions()...)
	common := 7*len(f.probe.poses) + len(signals)
	if len(got) != len(want) {
		t.Fatalf("the page has %d columns, want %d", len(got), len(want))
	}
	for c, w := range want {
		for i, x := range w {
			if math.IsNaN(x) {
				w[i] = -12345
			}
		}
		for i, x := range w {
			// half a step of the column's range, and the rounding of 32 bits, of forces of drives and joints to 12
			most := 1e-6 + 1e-5*math.Abs(slices.Max(w)-slices.Min(w))
			if c >= common && c < f.probe.Columns() {
				most += math.Abs(x) / 4096
			}
			if d := math.Abs(got[c][i] - x); !(d <= most) {
				t.Fatalf("column %d, frame %d: the page has %g, want %g", c, i, got[c][i], x)
			}
		}
	}
}

// TestBrowser opens a page in Chromium and uses it as a person would: the picture shows something, scrubbing
// with the mouse changes it, keys do what help says, and the console has nothing to say.
func TestBrowser(t *testing.T) {
	page := filepath.Join(t.TempDir(), "quadruped.html")
	file, err := os.Create(page)
	must(t, err)
	f := film(t, "quadruped12", 2, Options{Still: true})
	must(t, f.WriteHTML(file))
	must(t, file.Close())
	p := open(t, page)

	sameNumbers(t, p, f)
	start := picture(t, p, "start")
	if n := colors(start, middle); n < 100 {
		t.Errorf("the picture has only %d colors: is the canvas blank?", n)
	}

	var box struct{ X, Y, Width, Height float64 }
	must(t, p.Eval("(({x,y,width,height})=>({x,y,width,height}))(document.querySelector('#scrub').getBoundingClientRect())", &box))
	y := box.Y + box.Height/2
	must(t, p.Mouse("mousePressed", box.X+10, y, 0))
	must(t, p.Mouse("mouseMoved", box.X+0.5*box.Width, y, 0))
	must(t, p.Mouse("mouseReleased", box.X+0.5*box.Width, y, 0))
	if at := eval(t, p, "ukemi.at"); at < 0.9 || at > 1.1 {
		t.Errorf("the middle of the scrub bar is %g s, want 1 s of 2", at)
	}
	fallen := picture(t, p, "scrubbed")
	if n := differing(start, fallen, middle); n < 2000 {
		t.Errorf("scrubbing changed only %d pixels", n)
	}

	must(t, p.Key("f"))
	bare := picture(t, p, "no forces")
	if n := differing(fallen, bare, middle); n < 50 {
		t.Errorf("hiding the contact forces changed only %d pixels", n)
	}
	must(t, p.Key("f"))

	must(t, p.Mouse("mousePressed", 500, 300, 0))
	must(t, p.Mouse("mouseMoved", 620, 330, 0))
	must(t, p.Mouse("mouseReleased", 620, 330, 0))
	if n := differing(fallen, picture(t, p, "orbited"), middle); n < 5000 {
		t.Errorf("dragging the mouse changed only %d pixels", n)
	}
	must(t, p.Key("z"))

	must(t, p.Key(" "))
	must(t, p.Wait("ukemi.at > 1.2"))
	must(t, p.Key(" "))
	if eval(t, p, "Number(ukemi.playing)") != 0 {
		t.Error("space does not pause")
	}
	at := eval(t, p, "ukemi.at")
	must(t, p.Key("ArrowLeft"))
	if back := at - eval(t, p, "ukemi.at"); back < 0 || back > 0.021 {
		t.Errorf("the left arrow went back by %g s, want a frame of 0.02 s", back)
	}
	must(t, p.Key("Backspace"))
	if at := eval(t, p, "ukemi.at"); at != 0 {
		t.Errorf("backspace went to %g s", at)
	}

	// A replay has the panels of what it knows: its signals and bodies.
	whole := picture(t, p, "whole")
	must(t, p.Key("o"))
	must(t, p.Eval("document.querySelectorAll('#panels details').forEach((d) => d.open = true)", nil))
	if n := eval(t, p, "[...document.querySelectorAll('#panels details')].filter((d) => d.offsetParent).length"); n != 4 {
		t.Errorf("%g panels, want show, joints, signals and bodies", n)
	}
	must(t, p.Wait("document.querySelector('#joints output').textContent !== ''"))
	must(t, p.Eval("document.querySelector('#bodies input').click()", nil))
	if n := differing(whole, picture(t, p, "panels"), middle); n < 2000 {
		t.Errorf("hiding the trunk changed only %d pixels", n)
	}
	must(t, p.Eval("document.querySelector('#bodies input').click()", nil))
	must(t, p.Eval("document.querySelector('#signals input').click()", nil))
	if n := eval(t, p, "document.querySelectorAll('#plots figure').length"); n != 2 {
		t.Errorf("%g plots after one was taken away, want 2", n)
	}
	// What a joint carries and a drive applies is there to be plotted, and told of the selected body.
	must(t, p.Eval("[...document.querySelectorAll('#signals label')].find((l) => l.textContent === 'tau.FR_calf_joint').firstChild.click()", nil))
	if n := eval(t, p, "document.querySelectorAll('#plots figure').length"); n != 3 {
		t.Errorf("%g plots with the force of a drive, want 3", n)
	}
	must(t, p.Eval("ukemi.select(3)", nil))
	var text string
	must(t, p.Eval("document.querySelector('#info dl').textContent", &text))
	if !strings.Contains(text, "tau.FR_calf_joint") || !strings.Contains(text, "force.FR_calf_joint") || strings.Contains(text, "tau.FL_calf_joint") {
		t.Errorf("of the selected calf the text says %q", text)
	}
	if v := eval(t, p, "ukemi.track.get(ukemi.track.signal + ukemi.info.signals.findIndex((s) => s.name === 'force.FR_calf_joint'), 90)"); !(v > 1) {
		t.Errorf("the knee of the standing robot carries %g N", v)
	}
	must(t, p.Key("Escape"))
	if b := eval(t, p, "ukemi.stage.selected"); b != -1 {
		t.Errorf("Esc leaves body %g selected", b)
	}
	must(t, p.Key("PageDown"))
	must(t, p.Key("PageDown"))
	must(t, p.Key("PageUp"))
	if b := eval(t, p, "ukemi.stage.selected"); b != 0 {
		t.Errorf("page keys lead to body %g, want the trunk", b)
	}
	must(t, p.Key("Escape"))
	must(t, p.Key("o"))

	// All that a picture shows or not, by the keys that the help names.
	plain := picture(t, p, "plain")
	for _, s := range scene.Shows {
		must(t, p.Key(strings.ToLower(s.Key)))
		if n := differing(plain, picture(t, p, "show "+s.Name), image.Rect(200, 100, 1280, 720)); n < 20 {
			t.Errorf("%s (%s) changes only %d pixels", s.Name, s.Key, n)
		}
		if on := eval(t, p, "Number(ukemi.stage.show."+s.Name+")"); (on != 0) == s.On {
			t.Errorf("%s did not switch %s", s.Key, s.Name)
		}
		must(t, p.Key(strings.ToLower(s.Key)))
	}

	must(t, p.Key("d"))
	must(t, p.Key("m"))
	must(t, p.Key("e"))
	must(t, p.Eval("ukemi.seek(0.4, true)", nil))
	if n := differing(start, picture(t, p, "dark"), middle); n < 50000 {
		t.Errorf("the dark theme changed only %d pixels", n)
	}
	must(t, p.Key("h"))
	picture(t, p, "help")
	if l := p.Problems(); len(l) > 0 {
		t.Errorf("the console says %q", l)
	}
}

// TestHostileNames: what a robot file calls its robot, bodies and joints is text wherever a page shows it.
func TestHostileNames(t *testing.T) {
	const name = `</script><img src=x onerror="window.broken=1"><!--`
	b := sim.NewBuilder(name)
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{Z: -9.81})
	b.AddGround()
	l := b.AddLink(name+"link", sim.SphereInertia(1, 0.1))
	b.AddFree(name+"free", l)
	b.AddCollider(sim.Collider{Name: name + "shape", Link: l, Shape: contact.Sphere(0.1)})
	m, err := b.Build()
	must(t, err)
	f, st, x := NewFilm(m, Options{Still: true}), m.NewStepper(sim.Options{}), m.NewState()
	f.Start(st, x)
	res, err := st.Step(&x, x, nil)
	must(t, err)
	f.Add(st, x, res)
	f.Add(st, x, res)
	path := filepath.Join(t.TempDir(), "hostile.html")
	file, err := os.Create(path)
	must(t, err)
	must(t, f.WriteHTML(file))
	must(t, file.Close())
	p := open(t, path)
	must(t, p.Key("o"))
	must(t, p.Eval("ukemi.select(0)", nil))
	var seen string
	must(t, p.Eval("document.querySelector('h1').textContent + document.querySelector('#bodies').textContent + document.querySelector('#info p').textContent + document.title", &seen))
	if n := strings.Count(seen, name); n != 4 {
		t.Errorf("the name is shown %d times as it is, want 4: %q", n, seen)
	}
	if eval(t, p, "document.images.length + (window.broken ?? 0)") != 0 || len(p.Problems()) > 0 {
		t.Errorf("a name became part of the page: %q", p.Problems())
	}
	// and if one did, it would not run
	must(t, p.Eval("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.broken=1\">')", nil))
	must(t, p.Eval("new Promise(r => setTimeout(() => r(1), 300))", nil))
	if eval(t, p, "Number(window.broken ?? 0)") != 0 {
		t.Error("the page runs scripts that are not its own")
	}
}
