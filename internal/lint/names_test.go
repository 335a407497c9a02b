package lint

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A code span that is one identifier, perhaps of a package, type or verb by …: what a reader looks up.
var (
	span       = regexp.MustCompile("`([A-Za-z][A-Za-z0-9]*(?:\\.[A-Za-z][A-Za-z0-9]*)*)`")
	identifier = regexp.MustCompile(`[A-Za-z_][A-Za-z0-9_]*`)
)

// strangers returns the identifiers in code spans of a text that are not among the words.
func strangers(text string, words map[string]bool) (l []string) {
	for _, m := range span.FindAllStringSubmatch(text, -1) {
		for _, w := range strings.Split(strings.TrimSuffix(m[1], ".go"), ".") {
			if !words[w] {
				l = append(l, w)
			}
		}
	}
	return l
}

// TestExtendNamesWhatIsThere: docs/extend.md is a list of functions and tables to touch; it named two that had been renamed.
func TestExtendNamesWhatIsThere(t *testing.T) {
	words := map[string]bool{}
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(p, ".go") || strings.HasPrefix(p, filepath.Join(root, "internal", "lint")) {
			return err
		}
		src, err := os.ReadFile(p)
		for _, w := range identifier.FindAllString(string(src), -1) {
			words[w] = true
		}
		words[strings.TrimSuffix(filepath.Base(p), ".go")] = true
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(root, "docs", "extend.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range strangers(string(text), words) {
		t.Errorf("docs/extend.md names %q, which is nowhere in the code", w)
	}
	if l := strangers("`here.There` and `nowhere`, `model.go`", map[string]bool{"here": true, "There": true, "model": true}); len(l) != 1 || l[0] != "nowhere" {
		t.Errorf("seeded: %q", l)
	}
}
