package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const published = "result.json"

// TestDocument: the published tables are those of the published result; whoever changes one makes the other
// again by versus table result.json --doc.
func TestDocument(t *testing.T) {
	r, err := loadResult(published)
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("../../docs/comparison.md")
	if err != nil {
		t.Fatal(err)
	}
	made, err := r.document(page)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(page, made) {
		t.Error("docs/comparison.md does not hold the tables of result.json")
	}
	if _, err := r.document([]byte("a page without marks")); err == nil {
		t.Error("a page without marks is accepted")
	}
}

// TestTablesAreComplete: every scene of the published result has its lines, every line all its cells, and
// whatever has no number is named as left out or is none of the engine's.
func TestTablesAreComplete(t *testing.T) {
	r, err := loadResult(published)
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]*table{}
	for _, x := range r.tables() {
		byName[x.name] = x
		for _, row := range x.rows {
			if len(row) != len(x.head) {
				t.Errorf("table %s: %d cells below a head of %d: %q", x.name, len(row), len(x.head), row)
			}
		}
	}
	has := func(name, first string) bool {
		x := byName[name]
		if x == nil {
			return false
		}
		for _, row := range x.rows {
			if strings.HasPrefix(row[0], first) {
				return true
			}
		}
		return false
	}
	absent := map[absence]bool{}
	for _, a := range r.LeftOut {
		absent[absence{Engine: a.Engine, Scene: a.Scene}] = true
	}
	for _, s := range scenes {
		if absent[absence{Engine: "all engines", Scene: s.name}] {
			continue
		}
		for p, name := range partNames {
			if s.parts&p != 0 && !has(name, s.title) {
				t.Errorf("table %s has no line of %s", name, s.title)
			}
		}
		for _, e := range engines {
			if !e.takes(s, steps) || absent[absence{Engine: e.name, Scene: s.name}] {
				continue
			}
			if r.find(s.name, e.name, "step") == nil {
				t.Errorf("%s has no step of %s and is not named as left out", e.name, s.name)
			}
		}
	}
}

// small is a result with one scene.
func small() *result {
	return &result{
		Machine: machine{CPU: "a processor", Cores: 2}, Rounds: 1, Versions: map[string]string{},
		Measures: []measure{
			{Scene: "chain10", Engine: ukemi, What: "step", H: timestep, DOF: 10, Least: 8, Iterations: 2.8},
			{Scene: "chain10", Engine: mujoco, What: "step", H: timestep, DOF: 10, Least: 2, Warnings: 3},
		},
		LeftOut: []absence{{drake, "chain10", "a reason | with a bar"}, {drake, "chain100", "a reason | with a bar"}},
	}
}

func TestMarkdown(t *testing.T) {
	r := small()
	got := r.stepTable().markdown()
	want := `| scene | dof | touching | ukemi | it. | MuJoCo | it. | ÷ | MuJoCo tight | ÷ | Drake | MJX | Brax |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
| hanging chain of 10 links | 10 | 0.0 | 8.00 | 2.8 | 2.00 | 0.0 (3 warnings) | 4.00 | – | – | – | – | – |
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := r.absenceTable().markdown(); !strings.Contains(got, "| Drake | chain10, chain100 | a reason / with a bar |") {
		t.Errorf("got\n%s", got)
	}
}

func TestTerminal(t *testing.T) {
	var out bytes.Buffer
	if err := small().print(&out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(out.String(), "\n")
	for i, l := range lines {
		if strings.HasPrefix(l, "  scene") {
			head, row := []rune(l), []rune(lines[i+1])
			if len(head) != len(row) || !strings.HasPrefix(string(row), "  hanging chain of 10 links") {
				t.Errorf("columns are not aligned:\n%s\n%s", l, lines[i+1])
			}
			return
		}
	}
	t.Errorf("no table of steps in\n%s", &out)
}

func TestNumbers(t *testing.T) {
	for v, want := range map[float64]string{7.994: "7.99", 9.996: "10.0", 0.5: "0.50", 22.34: "22.3", 99.96: "100", 1387.6: "1388"} {
		if got := three(v); got != want {
			t.Errorf("%g is printed as %s, want %s", v, got, want)
		}
	}
	for v, want := range map[float64]string{1.234e-2: "12", 1.234e-3: "1.2", 1.234e-5: "0.012", 1.234e-6: "1.2e-03", 0: "0.0e+00", 0.345: "345"} {
		if got := millimeters(v); got != want {
			t.Errorf("%g m are printed as %s mm, want %s", v, got, want)
		}
	}
}

// TestStored: a result is read as it was written; other files are refused.
func TestStored(t *testing.T) {
	file := filepath.Join(t.TempDir(), "result.json")
	if err := small().save(file); err != nil {
		t.Fatal(err)
	}
	r, err := loadResult(file)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := r.stepTable().markdown(), small().stepTable().markdown(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for _, bad := range []string{"{}", "nonsense"} {
		if err := os.WriteFile(file, []byte(bad), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := loadResult(file); err == nil || !strings.Contains(err.Error(), file) {
			t.Errorf("%s is read: %v", bad, err)
		}
	}
}

// TestPlot: the picture of the published result is drawn.
func TestPlot(t *testing.T) {
	r, err := loadResult(published)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "plot.png")
	if err := r.plotPrecision(file); err != nil {
		t.Fatal(err)
	}
	if st, err := os.Stat(file); err != nil || st.Size() < 20000 {
		t.Errorf("plot: %v", err)
	}
}
