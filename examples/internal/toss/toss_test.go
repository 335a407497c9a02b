package toss

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPartOfTheTosses: a folder with some of the tosses takes the description of the experiment from above it, and
// without any the error says where it was looked for.
func TestPartOfTheTosses(t *testing.T) {
	t.Setenv("UKEMI_DATA", filepath.Join(t.TempDir(), "nothing"))
	all := t.TempDir()
	some := filepath.Join(all, "train")
	if err := os.Mkdir(some, 0o755); err != nil {
		t.Fatal(err)
	}
	row := strings.TrimSuffix(strings.Repeat("0,0,1,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0\n", 3), "\n")
	if err := os.WriteFile(filepath.Join(some, "7.csv"), []byte(row), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Load(some, 0); err == nil || !strings.Contains(err.Error(), "the folder above it") {
		t.Errorf("without a description: %v", err)
	}
	about := `{"dt": 0.0067, "g": 187, "inertia": 0.3, "mass": 0.37, "mu": 0.18}`
	if err := os.WriteFile(filepath.Join(all, "experiment.json"), []byte(about), 0o644); err != nil {
		t.Fatal(err)
	}
	if ex, tosses, err := Load(some, 0); err != nil || len(tosses) != 1 || ex.Mass != 0.37 {
		t.Errorf("%+v, %d tosses, %v", ex, len(tosses), err)
	}
}
