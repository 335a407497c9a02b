package data_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/data"
)

// TestFolder is found from the root of a project and from folders of it, and the variable comes first.
func TestFolder(t *testing.T) {
	t.Setenv("UKEMI_DATA", "")
	dir := t.TempDir()
	below := filepath.Join("project", "a", "b", "c")
	if err := os.MkdirAll(filepath.Join(dir, below), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Chdir(filepath.Join(dir, below))
	if got, want := data.Folder(), filepath.Join("..", "shared", "data"); got != want {
		t.Errorf("nowhere: %s, want %s", got, want)
	}
	if err := os.MkdirAll(filepath.Join(dir, "shared", "data"), 0o755); err != nil {
		t.Fatal(err)
	}
	want := filepath.Join("..", "..", "..", "..", "shared", "data")
	for range 4 {
		if got := data.Folder(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
		t.Chdir("..")
		want, _ = filepath.Rel("..", want)
	}
	t.Setenv("UKEMI_DATA", "elsewhere")
	if got := data.Folder(); got != "elsewhere" {
		t.Errorf("%s in spite of the variable", got)
	}
}
