package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/fixture"
)

// TestDecomposeFlag: every command that loads a file takes it; reports name the pieces, and what is wrong names the flag.
func TestDecomposeFlag(t *testing.T) {
	dir := t.TempDir()
	robot := filepath.Join(dir, "hook.urdf")
	const text = `<robot name="hook"><link name="hook"><inertial><mass value="0.4"/><inertia ixx="1e-3" iyy="1e-3" izz="1e-3"/></inertial>
<collision><geometry><mesh filename="hook.stl"/></geometry></collision></link></robot>`
	for path, data := range map[string][]byte{robot: []byte(text), filepath.Join(dir, "hook.stl"): fixture.STL(fixture.Hook())} {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, out, _ := ukemi("inspect", robot); !strings.Contains(out, "which is up to 0.02 m outside of it (Options.Decompose, --decompose, takes convex pieces)") {
		t.Errorf("of its hull: %s", out)
	}
	if _, out, _ := ukemi("inspect", robot, "--decompose", "0.001"); !strings.Contains(out, "3 convex pieces") || !strings.Contains(out, "hook_3") {
		t.Errorf("of its pieces: %s", out)
	}
	for _, args := range [][]string{
		{"simulate", robot, "--seconds", "0.2", "--json"}, {"gradcheck", robot, "--steps", "5"}, {"fit", robot, "--list"}, {"render", robot, "--seconds", "0.1", "--size", "80x60", "--out", filepath.Join(dir, "hook.png")},
		{"view", robot, "--seconds", "0.1", "--html", filepath.Join(dir, "hook.html")},
	} {
		if status, out, errs := ukemi(append(args, "--decompose", "0.001")...); status != 0 {
			t.Errorf("%v: status %d, %s%s", args, status, out, errs)
		} else if args[len(args)-1] == "--json" && !json.Valid([]byte(out)) {
			t.Errorf("%v: %s", args, out)
		}
	}
	for want, args := range map[string][]string{
		"--decompose is -1 m, want a positive number": {robot, "--decompose", "-1"},
		"--decompose is NaN m, want a positive":       {robot, "--decompose", "NaN"},
		"--decompose is for files":                    {"block", "--decompose", "0.1"},
	} {
		if status, _, errs := ukemi(append([]string{"simulate"}, args...)...); status == 0 || !strings.Contains(errs, want) {
			t.Errorf("%v: status %d, %q, want %q", args, status, errs, want)
		}
	}
}
