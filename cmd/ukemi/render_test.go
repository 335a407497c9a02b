package main

import (
	"bytes"
	"image/gif"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// TestRender draws every kind of file and looks whether they are what they say.
func TestRender(t *testing.T) {
	dir := t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	do := func(args ...string) {
		t.Helper()
		if s, out, errs := ukemi(args...); s != 0 || !strings.Contains(out, "kB") {
			t.Fatalf("%v: status %d, %s%s", args, s, out, errs)
		}
	}
	do("render", "block", "--out", file("block.png"), "--at", "0.3", "--size", "320x180", "--com", "--plots", "--trail", "block")
	f, err := os.Open(file("block.png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if m, err := png.Decode(f); err != nil || m.Bounds().Dx() != 320 || m.Bounds().Dy() != 180 {
		t.Errorf("block.png: %v", err)
	}

	if s, _, errs := ukemi("simulate", "block", "--seconds", "1", "--out", file("block.csv")); s != 0 {
		t.Fatal(errs)
	}
	do("render", file("block.csv"), "--model", "block", "--out", file("block.gif"), "--size", "160x90", "--fps", "20", "--speed", "0.5", "--no-text")
	g, err := os.Open(file("block.gif"))
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	// 1 s at half speed and 20 frames per second: 40 and the last; those without a change may be merged
	if a, err := gif.DecodeAll(g); err != nil || len(a.Image) < 20 || len(a.Image) > 41 {
		t.Errorf("block.gif: %d frames, %v", len(a.Image), err)
	}
}

// TestReplayedPixels checks that a run drawn from its CSV file is the run drawn while it is simulated,
// contact forces included: but for text, the pictures are the same.
func TestReplayedPixels(t *testing.T) {
	dir := t.TempDir()
	csv, live, replayed := filepath.Join(dir, "a.csv"), filepath.Join(dir, "live.png"), filepath.Join(dir, "replayed.png")
	common := []string{"--size", "160x90", "--no-text", "--no-forces", "--camera", "20,30,2"}
	for _, args := range [][]string{
		{"simulate", "ant", "--seconds", "0.5", "--out", csv},
		append([]string{"render", "ant", "--controller", "none", "--at", "0.5", "--out", live}, common...),
		append([]string{"render", csv, "--model", "ant", "--out", replayed}, common...),
	} {
		if s, _, errs := ukemi(args...); s != 0 {
			t.Fatalf("%v: %s", args, errs)
		}
	}
	a, err := os.ReadFile(live)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(replayed); err != nil || !bytes.Equal(a, b) {
		t.Errorf("the pictures differ (%v)", err)
	}
}

// TestCSVMistakes checks that errors name file, line and column.
func TestCSVMistakes(t *testing.T) {
	dir := t.TempDir()
	good := filepath.Join(dir, "good.csv")
	if s, _, errs := ukemi("simulate", "sphere", "--seconds", "0.03", "--out", good); s != 0 {
		t.Fatal(errs)
	}
	data, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(data), "\n")
	cells := strings.Split(lines[2], ",")
	with := func(i int, cell string) string {
		c := append([]string{}, cells...)
		c[i] = cell
		return lines[0] + lines[1] + strings.Join(c, ",")
	}
	for name, c := range map[string]struct{ text, want string }{
		"empty":     {"", "no line of numbers"},
		"garbage":   {"\x00\xff\x00PNG", "zero bytes"},
		"header":    {lines[0], "no line of numbers"},
		"other":     {strings.Replace(lines[0], ".qw", ".qq", 1) + lines[1], ":1: column"},
		"short":     {lines[0] + lines[1] + "1,2,3\n", ":3: 3 columns"},
		"word":      {with(2, "high"), `:3: column 3: "high" is not a number`},
		"infinite":  {with(2, "Inf"), ":3: "},
		"not unit":  {with(4, "7"), ":3: "},
		"back":      {with(0, "-1"), ":3: the time"},
		"quote":     {lines[0] + "\"a\"b\n", ":2: "},
		"truncated": {lines[0] + lines[1] + lines[2][:len(lines[2])/2], ":3: "},
	} {
		path := write(t, "bad.csv", c.text)
		s, _, errs := ukemi("render", path, "--model", "sphere", "--out", filepath.Join(dir, "x.png"), "--size", "32x32")
		if s == 0 || !strings.Contains(errs, "bad.csv") || !strings.Contains(errs, c.want) {
			t.Errorf("%s: status %d, %q; want %q", name, s, errs, c.want)
		}
	}
}

// TestRenderMistakes checks that wrong flags are said to be wrong, before anything is simulated.
func TestRenderMistakes(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "x.gif")
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"render", "ant"}, "--out is missing"},
		{[]string{"render"}, "wants one robot"},
		{[]string{"render", "ant", "--out", "x.jpg"}, ".png, .gif or .mp4"},
		{[]string{"render", "ant", "--out", out, "--size", "big"}, "WIDTHxHEIGHT"},
		{[]string{"render", "ant", "--out", "x.mp4", "--size", "101x50"}, "even"},
		{[]string{"render", "ant", "--out", out, "--fps", "100"}, "1…50"},
		{[]string{"render", "ant", "--out", out, "--speed", "0"}, "--speed"},
		{[]string{"render", "ant", "--out", out, "--camera", "1"}, "--camera"},
		{[]string{"render", "ant", "--out", out, "--camera", "1,2,NaN"}, "--camera"},
		{[]string{"render", "ant", "--out", out, "--trail", "tail", "--seconds", "0.05"}, "torso"},
		{[]string{"render", "ant", "--out", out, "--model", "ant"}, "--model"},
		{[]string{"render", "ant.csv", "--out", out}, "--model"},
		{[]string{"render", "ant.csv", "--out", out, "--model", "ant"}, "ant.csv"},
		{[]string{"render", "cow", "--out", out}, "cow"},
		{[]string{"render", "ant", "--out", filepath.Join(dir, "no", "x.gif"), "--seconds", "0.05"}, "there is no folder"},
		{[]string{"view", "ant", "--html", "x.html", "--web"}, "exclude"},
		{[]string{"view", "ant.csv"}, "--model"},
		{[]string{"view", "ant.csv", "--model", "ant"}, "ant.csv"},
		{[]string{"view", "ant.csv", "--model", "ant", "--web"}, "--html"},
		{[]string{"view", "ant", "--web", "--address", "0.0.0.0:0"}, "on this computer"},
		{[]string{"view", "ant", "--html", filepath.Join(dir, "no", "x.html"), "--seconds", "0.05"}, "--html"},
	} {
		if s, _, errs := ukemi(c.args...); s == 0 || !strings.Contains(errs, c.want) {
			t.Errorf("%v: status %d, %q; want %q", c.args, s, errs, c.want)
		}
	}
	t.Run("no screen", func(t *testing.T) {
		if runtime.GOOS != "linux" {
			t.Skip("the screen has no name that could be taken away")
		}
		t.Setenv("DISPLAY", "")
		t.Setenv("WAYLAND_DISPLAY", "")
		s, _, errs := ukemi("render", "ant", "--gl", "--out", filepath.Join(dir, "x.png"), "--seconds", "0.05")
		if s == 0 || !strings.Contains(errs, "--gl: ") || !strings.Contains(errs, "apt-get install") {
			t.Errorf("status %d, %q; want what to install", s, errs)
		}
	})
	t.Run("no ffmpeg", func(t *testing.T) {
		t.Setenv("PATH", dir)
		if s, _, errs := ukemi("render", "ant", "--out", filepath.Join(dir, "x.mp4"), "--seconds", "0.05"); s == 0 || !strings.Contains(errs, "install") || !strings.Contains(errs, ".gif") {
			t.Errorf("status %d, %q; want what to install and what to do instead", s, errs)
		}
	})
}

func TestViewHTML(t *testing.T) {
	page := filepath.Join(t.TempDir(), "q.html")
	s, out, errs := ukemi("view", "quadruped", "--html", page, "--seconds", "10")
	if s != 0 || !strings.Contains(out, "501 frames") {
		t.Fatalf("status %d, %s%s", s, out, errs)
	}
	info, err := os.Stat(page)
	if err != nil || info.Size() > 2e6 || info.Size() < 1e5 {
		t.Errorf("%v bytes, %v", info.Size(), err)
	}
	if math.Abs(float64(info.Size()-245e3)) > 150e3 {
		t.Errorf("10 s of the quadruped take %d bytes; they took 245 kB", info.Size())
	}
}

// TestViewCSV checks that a table becomes a page, and for the window the trajectory that it is a table of.
func TestViewCSV(t *testing.T) {
	dir := t.TempDir()
	table, page := filepath.Join(dir, "ant.csv"), filepath.Join(dir, "ant.html")
	if s, _, errs := ukemi("simulate", "ant", "--seconds", "0.5", "--timestep", "0.005", "--out", table); s != 0 {
		t.Fatal(errs)
	}
	if s, out, errs := ukemi("view", table, "--model", "ant", "--html", page); s != 0 || !strings.Contains(out, "26 frames") {
		t.Errorf("status %d, %s%s", s, out, errs)
	}
	f := runFlags{model: "ant"}
	f.world.add(&cobra.Command{}) // sets the defaults
	r, err := f.readCSV(table, 0)
	if err != nil {
		t.Fatal(err)
	}
	x, even := r.trajectory()
	if !even || len(x.States) != 101 || len(x.Inputs) != 100 || math.Abs(x.Timestep-0.005) > 1e-12 {
		t.Errorf("%d states and %d inputs, steps of %g s, even %v", len(x.States), len(x.Inputs), x.Timestep, even)
	}
	for i, u := range x.Inputs {
		if len(u) != r.model.NU() {
			t.Fatalf("input %d has %d values", i, len(u))
		}
	}
	if n := len(r.frames[100].Contacts); n == 0 || len(x.Contacts) != 100 || len(x.Contacts[99]) != n {
		t.Errorf("%d contacts, the trajectory has those of %d steps", n, len(x.Contacts))
	}
	r.frames[3].Time += 0.002
	if _, even := r.trajectory(); even {
		t.Error("unequal steps went unnoticed")
	}
	r.frames = r.frames[:1]
	if x, even := r.trajectory(); !even || len(x.States) != 1 || !(x.Timestep > 0) {
		t.Errorf("a table of one line: steps of %g s, even %v", x.Timestep, even)
	}
}
