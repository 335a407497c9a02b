package draft

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// TestDraft: what was there stays until the new is whole.
func TestDraft(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x.csv")
	if err := os.WriteFile(path, []byte("old"), 0o640); err != nil {
		t.Fatal(err)
	}
	for _, broken := range []bool{true, false} {
		d, err := New(path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Write([]byte("new")); err != nil {
			t.Fatal(err)
		}
		if text, _ := os.ReadFile(path); string(text) != "old" {
			t.Errorf("a draft shows as %q", text)
		}
		var fail error
		want := "new"
		if broken {
			fail, want = fmt.Errorf("disk full"), "old"
		}
		if err := d.Keep(fail); (err != nil) != broken {
			t.Errorf("%v", err)
		}
		if text, _ := os.ReadFile(path); string(text) != want {
			t.Errorf("the file is %q, want %q", text, want)
		}
	}
	if l, _ := os.ReadDir(dir); len(l) != 1 {
		t.Errorf("there are %v", l)
	}
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o640 {
		t.Errorf("the mode is %v", info.Mode())
	}
}

// TestWrite: an error on the way leaves the old file, a success the new one, and nothing else.
func TestWrite(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.html")
	text := func(s string, err error) func(io.Writer) error {
		return func(w io.Writer) error {
			_, _ = io.WriteString(w, s)
			return err
		}
	}
	if n, err := Write(path, text("old", nil)); n != 3 || err != nil {
		t.Fatalf("%d bytes, %v", n, err)
	}
	full := errors.New("the disk is full")
	if _, err := Write(path, text("ne", full)); !errors.Is(err, full) {
		t.Errorf("error %v", err)
	}
	if got, _ := os.ReadFile(path); !bytes.Equal(got, []byte("old")) {
		t.Errorf("the file holds %q after an error", got)
	}
	if _, err := Write(path, text("new", nil)); err != nil {
		t.Error(err)
	}
	if got, _ := os.ReadFile(path); string(got) != "new" {
		t.Errorf("the file holds %q", got)
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("%d files, want one", len(left))
	}
}
