package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestWeb refuses what cannot be a page before anything is compiled, and begins with the robot asked for. The page itself is tried
// in package live.
func TestWeb(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"nobody"}, `no model "nobody"`},
		{[]string{"ant", "--out", filepath.Join(dir, "a.png")}, "want a file ending in .html"},
		{[]string{"ant", "quadruped"}, "at most 1 arg"},
	} {
		if status, _, stderr := ukemi(append([]string{"web"}, c.args...)...); status != 1 || !strings.Contains(stderr, c.want) {
			t.Errorf("%v: status %d, %q, want %q", c.args, status, stderr, c.want)
		}
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("%d files were left", len(left))
	}
	all, err := offered("chain3")
	if err != nil || all[0].Name != "chain3" || len(all) < 10 || all[1].Summary == "" {
		t.Errorf("offered are %v, %v", all, err)
	}
}
