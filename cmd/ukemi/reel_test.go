package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/gif"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// TestFramesAreDueAtMultiples: a film of any rate neither gains nor loses time against the run.
func TestFramesAreDueAtMultiples(t *testing.T) {
	m := load(t, "block").model
	for _, c := range []struct {
		gap  float64
		want int // of 1001 instants in 10 s
	}{{0, 1001}, {0.01, 1001}, {0.02, 501}, {1.0 / 30, 301}, {0.005, 1001}, {1, 11}, {1000, 1}} {
		r := &reel{model: m, gap: c.gap}
		for k := range 1001 {
			now := scene.Moment{Time: 0.01 * float64(k), State: sim.State{Q: []float64{float64(k)}}}
			if err := r.take(&now); err != nil {
				t.Fatal(err)
			}
		}
		if len(r.frames) != c.want {
			t.Errorf("a frame every %g s: %d frames, want %d", c.gap, len(r.frames), c.want)
		}
		for i, f := range r.frames {
			if d := math.Abs(f.Time - float64(i)*c.gap); c.gap >= 0.01 && d > 0.005+1e-9 {
				t.Errorf("a frame every %g s: frame %d is at %g s", c.gap, i, f.Time)
			}
		}
	}
}

// TestReelKeepsCopies: the moment of a loop is overwritten by the next.
func TestReelKeepsCopies(t *testing.T) {
	w := load(t, "block")
	r := &reel{model: w.model}
	var now scene.Moment
	for k := range 3 {
		x := w.start.Clone()
		x.Q[2] = float64(k)
		now.Set(float64(k), x)
		now.Contacts = append(now.Contacts, sim.Contact{Gap: float64(k)})
		if err := r.take(&now); err != nil {
			t.Fatal(err)
		}
	}
	for k, q := range r.configurations() {
		if q[2] != float64(k) || r.frames[k].Contacts[0].Gap != float64(k) {
			t.Errorf("frame %d shows the height %g and the gap %g", k, q[2], r.frames[k].Contacts[0].Gap)
		}
	}
}

// TestHoldIsTheDefaultWhereThereIsSomethingToHold, and nothing is said where there is not.
func TestHoldIsTheDefaultWhereThereIsSomethingToHold(t *testing.T) {
	for _, c := range []struct {
		model, chosen string
		want          string
		note          string
	}{
		{"quadruped", "", "hold", ""},
		{"block", "", "none", ""},
		{"block", "hold", "hold", "has no effect"},
		{"quadruped", "random", "random", ""},
	} {
		var f runFlags
		cmd := &cobra.Command{}
		f.add(cmd, 2)
		if c.chosen != "" {
			if err := cmd.Flags().Set("controller", c.chosen); err != nil {
				t.Fatal(err)
			}
		}
		w, st, ctrl, err := f.prepareQuietly(c.model)
		if err != nil {
			t.Fatal(err)
		}
		said := strings.Join(w.said, "\n")
		if f.controller != c.want || (ctrl == nil) != (c.want == "none") || st.Model() != w.model || !strings.Contains(said, c.note) || c.note == "" && said != "" {
			t.Errorf("%s with --controller %q runs with %q and says %q", c.model, c.chosen, f.controller, said)
		}
	}
}

// TestRemarksAreBrief: a few lines, and where to read the rest.
func TestRemarksAreBrief(t *testing.T) {
	var errs bytes.Buffer
	c := &cobra.Command{}
	c.SetErr(&errs)
	var skipped []string
	for i := range 5 {
		skipped = append(skipped, fmt.Sprintf(" mesh %d ", i))
	}
	complain(c, skipped)
	if got, want := errs.String(), "note: mesh 0\nnote: mesh 1\nnote: mesh 2\nnote: and 2 more meshes\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	errs.Reset()
	w := &world{source: "r.urdf", flags: chosen(), model: load(t, "block").model, start: load(t, "block").start, said: []string{"the ground was lowered"}}
	w.notes = append(w.notes, w.notes...)
	new(runFlags).warn(c, w)
	if got := errs.String(); got != "note: the ground was lowered\n" {
		t.Errorf("%q", got)
	}
}

// TestRenderFlags: what is left out follows from the kind of file.
func TestRenderFlags(t *testing.T) {
	for _, c := range []struct {
		out, size     string
		fps           float64
		width, height int
		wantFPS       float64
	}{
		{"a.png", "", 0, 1280, 720, 30},
		{"a.GIF", "", 0, 640, 360, 25},
		{"a.mp4", "", 0, 1280, 720, 30},
		{"dir/a.mp4", "64X48", 12, 64, 48, 12},
		{"a.gif", "17x8192", 50, 17, 8192, 50},
	} {
		f := renderFlags{out: c.out, size: c.size, fps: c.fps, speed: 1}
		if err := f.check(); err != nil || f.width != c.width || f.height != c.height || f.fps != c.wantFPS {
			t.Errorf("%s %s: %d×%d at %g, %v", c.out, c.size, f.width, f.height, f.fps, err)
		}
	}
	for _, f := range []renderFlags{
		{out: "a.png", size: "15x100", speed: 1}, {out: "a.png", size: "100x8193", speed: 1}, {out: "a.png", size: "100", speed: 1},
		{out: "a.gif", fps: 0.5, speed: 1}, {out: "a.mp4", fps: 1001, speed: 1}, {out: "a.png", at: math.NaN(), speed: 1},
		{out: "a.png", speed: math.Inf(1)}, {out: "a.tiff", speed: 1},
	} {
		if err := f.check(); err == nil {
			t.Errorf("%+v passes", f)
		}
	}
}

func TestRenderCamera(t *testing.T) {
	const degree = math.Pi / 180
	for _, c := range []struct {
		flag  string
		fixed bool
		want  scene.Camera
	}{
		{"", false, scene.Camera{Azimuth: -50 * degree, Elevation: 17 * degree, Distance: 9}},
		{"90,-10", false, scene.Camera{Azimuth: 90 * degree, Elevation: -10 * degree, Distance: 9}},
		{" 90, -10 ,2.5", true, scene.Camera{Azimuth: 90 * degree, Elevation: -10 * degree, Distance: 2.5}},
	} {
		got := scene.Camera{Distance: 9}
		f := renderFlags{camera: c.flag}
		if fixed, err := f.aim(&got); err != nil || fixed != c.fixed || got != c.want {
			t.Errorf("%q is %+v, fixed %v, %v", c.flag, got, fixed, err)
		}
	}
	for _, flag := range []string{"1", "1,2,3,4", "a,b", "1,2,0", "1,2,-3", "1,NaN", ","} {
		if _, err := (&renderFlags{camera: flag}).aim(&scene.Camera{}); err == nil || !strings.Contains(err.Error(), "--camera") {
			t.Errorf("%q: %v", flag, err)
		}
	}
}

// TestPictureAt: a PNG shows the last frame that is not after --at, the first one when all are.
func TestPictureAt(t *testing.T) {
	w := load(t, "block")
	for _, c := range []struct{ at, want float64 }{{-1, 0}, {0, 0}, {0.014, 0.01}, {0.03, 0.03}, {math.Inf(1), 0.05}} {
		f := &renderFlags{out: t.TempDir() + "/a.png", kind: ".png", width: 16, height: 16, at: c.at, speed: 1}
		r := &reel{model: w.model, name: "block"}
		for k := range 6 {
			r.frames = append(r.frames, scene.Moment{Time: 0.01 * float64(k), State: w.start})
		}
		cmd := &cobra.Command{}
		a, err := newArtist(cmd, r, f)
		if err != nil {
			t.Fatal(err)
		}
		if err := a.draw(t.Context(), cmd, f, f.out, nil); err != nil {
			t.Fatal(err)
		}
		if math.Abs(a.last-c.want) > 1e-12 || a.drawn != 1 {
			t.Errorf("--at %g shows %g s (%d pictures), want %g s", c.at, a.last, a.drawn, c.want)
		}
	}
}

// impatient is a context that ends when some pictures have been drawn.
type impatient struct {
	context.Context
	a     *artist
	after int
}

func (c impatient) Err() error {
	if c.a.drawn >= c.after {
		return context.Canceled
	}
	return nil
}

// TestInterruptKeepsTheVideo: what was drawn until then is a whole video.
func TestInterruptKeepsTheVideo(t *testing.T) {
	w := load(t, "block")
	path := filepath.Join(t.TempDir(), "a.gif")
	f := &renderFlags{out: path, kind: ".gif", width: 64, height: 36, fps: 20, speed: 1}
	r := &reel{model: w.model, name: "block"}
	for k := range 9 {
		x := w.start.Clone()
		x.Q[0] += 0.1 * float64(k)
		r.frames = append(r.frames, scene.Moment{Time: 0.05 * float64(k), State: x})
	}
	cmd := &cobra.Command{}
	for after, want := range map[int]error{4: errInterrupted, 100: nil} {
		a, err := newArtist(cmd, r, f)
		if err != nil {
			t.Fatal(err)
		}
		if err := a.draw(impatient{t.Context(), a, after}, cmd, f, path, nil); !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		g, err := gif.DecodeAll(file)
		file.Close()
		if err != nil || len(g.Image) < min(after, 9) {
			t.Errorf("a GIF of %d pictures, %v", len(g.Image), err)
		}
	}
}

// TestArtistLeavesOut: every flag that leaves something out or adds something does just that.
func TestArtistLeavesOut(t *testing.T) {
	w := load(t, "quadruped")
	still := scene.Moment{Time: 0.5, State: w.start, Known: scene.KnownContacts, Contacts: make([]sim.Contact, 4)}
	still.Contacts[1].Force.Z, still.Contacts[1].BodyB = 50, int(sim.World)
	compose := func(change func(*renderFlags)) *scene.Scene {
		f := &renderFlags{kind: ".gif", width: 64, height: 36, speed: 0.5}
		change(f)
		r := &reel{model: w.model, name: "dog", frames: []scene.Moment{still}}
		a, err := newArtist(&cobra.Command{}, r, f)
		if err != nil {
			t.Fatal(err)
		}
		a.compose(&r.frames[0])
		return &a.scene
	}
	all := compose(func(*renderFlags) {})
	if len(all.Arrows) != 1 || len(all.Points) != 1 || len(all.Panels) != 1 || len(all.Plots)+len(all.Frames)+len(all.Traces) != 0 {
		t.Errorf("by default: %d arrows, %d points, %d panels", len(all.Arrows), len(all.Points), len(all.Panels))
	}
	if text := strings.Join(all.Panels[0].Lines, "|"); all.Panels[0].Title != "dog" || text != "time       0.50 s|speed      0.5×|contacts   1" {
		t.Errorf("the text is %q, %q", all.Panels[0].Title, text)
	}
	if s := compose(func(f *renderFlags) { f.noForces = true }); len(s.Arrows)+len(s.Points) != 0 || !strings.Contains(strings.Join(s.Panels[0].Lines, "|"), "contacts   1") {
		t.Errorf("--no-forces leaves %d arrows and %d points: %q", len(s.Arrows), len(s.Points), s.Panels[0].Lines)
	}
	if s := compose(func(f *renderFlags) { f.noText = true }); len(s.Panels) != 0 {
		t.Error("--no-text leaves text")
	}
	if s := compose(func(f *renderFlags) { f.kind = ".png" }); strings.Contains(strings.Join(s.Panels[0].Lines, "|"), "speed") {
		t.Error("a picture speaks of speed")
	}
	s := compose(func(f *renderFlags) { f.com, f.frames, f.plots, f.trail = true, true, true, "trunk" })
	if len(s.Points) != 2 || len(s.Frames) != 13 || len(s.Plots) != 2 || len(s.Traces) != 1 {
		t.Errorf("%d points, %d frames, %d plots, %d traces", len(s.Points), len(s.Frames), len(s.Plots), len(s.Traces))
	}
	if force := s.Plots[0].Series[0].Values; len(force) != 1 || force[0] != 50 {
		t.Errorf("the plot of forces holds %v", force)
	}
}

// TestTableStartsAsTold: what a table has no column of stayed where the robot's file has it, whatever --q said, without a word.
func TestTableStartsAsTold(t *testing.T) {
	table := write(t, "knee.csv", "time,FR_calf_joint\n0,-1.5\n0.1,-1.2\n")
	c := &cobra.Command{}
	var f runFlags
	f.add(c, 1)
	if err := c.ParseFlags([]string{"--model", "quadruped", "--q", "floating_base.z=0.7"}); err != nil {
		t.Fatal(err)
	}
	r, err := f.shoot(c, table, 0)
	if err != nil {
		t.Fatal(err)
	}
	for k, m := range r.frames {
		if z := m.State.Q[2]; z != 0.7 {
			t.Errorf("frame %d is drawn at the height %g, want 0.7", k, z)
		}
	}
}
