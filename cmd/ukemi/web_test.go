package main

import (
	"bytes"
	"errors"
	"io"
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

// TestWriteFile: an error on the way leaves the old file, a success the new one, and nothing else.
func TestWriteFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.html")
	text := func(s string, err error) func(io.Writer) error {
		return func(w io.Writer) error {
			_, _ = io.WriteString(w, s)
			return err
		}
	}
	if n, err := writeFile(path, text("old", nil)); n != 3 || err != nil {
		t.Fatalf("%d bytes, %v", n, err)
	}
	full := errors.New("the disk is full")
	if _, err := writeFile(path, text("ne", full)); !errors.Is(err, full) {
		t.Errorf("error %v", err)
	}
	if got, _ := os.ReadFile(path); !bytes.Equal(got, []byte("old")) {
		t.Errorf("the file holds %q after an error", got)
	}
	if _, err := writeFile(path, text("new", nil)); err != nil {
		t.Error(err)
	}
	if got, _ := os.ReadFile(path); string(got) != "new" {
		t.Errorf("the file holds %q", got)
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("%d files, want one", len(left))
	}
}
