package models_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/generated"
	"github.com/ukemi-sim/ukemi/models"
)

// TestZooPage: docs/zoo.md has a row of each model, with the picture that the window is compared with. Run with -update to make it anew.
func TestZooPage(t *testing.T) {
	var table strings.Builder
	table.WriteString("| after 0.5 s | model | degrees of freedom | inputs | contacts with the ground | parameters from |\n|---|---|---|---|---|---|\n")
	for _, e := range models.All() {
		m, _ := build(t, e.Name, models.Options{})
		name := "**`" + e.Name + "`**"
		if e.Count != "" {
			name += " `[:N]`"
		}
		if len(e.Aliases) > 0 {
			name += ", `" + strings.Join(e.Aliases, "`, `") + "`"
		}
		picture := "viewer/testdata/" + e.Name + ".png"
		if _, err := os.Stat(filepath.Join("..", filepath.FromSlash(picture))); err != nil {
			t.Errorf("%s has no picture: %v", e.Name, err)
		}
		fmt.Fprintf(&table, "| <img src=\"../%s\" width=\"240\" alt=\"%s\"> | %s: %s | %d | %d | %d | %s |\n", picture, e.Name, name, e.Summary, m.NV(), m.NU(), m.MaxContacts(), e.Source)
	}
	file := filepath.Join("..", "docs", "zoo.md")
	page, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want, err := generated.Between(page, "zoo", []byte(table.String()))
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(file, want, 0o644); err != nil {
			t.Fatal(err)
		}
	} else if string(page) != string(want) {
		t.Errorf("docs/zoo.md is not what the zoo is; run this test with -update")
	}
}
