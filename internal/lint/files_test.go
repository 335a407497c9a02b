package lint

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// withFileMap are the packages that are too large to find one's way in by the names of files: their doc.go says under Files what each is.
var withFileMap = []string{"internal/dynamics", "internal/collide"}

var fileName = regexp.MustCompile(`[a-z0-9_]+\.go`)

// unlike returns the files that are there and not named in the text behind "# Files", and those that are named and not there.
func unlike(doc string, there []string) (unnamed, gone []string) {
	_, text, _ := strings.Cut(doc, "# Files")
	left := map[string]bool{}
	for _, name := range fileName.FindAllString(text, -1) {
		left[name] = true
	}
	for _, name := range there {
		if name != "doc.go" && !left[name] {
			unnamed = append(unnamed, name)
		}
		delete(left, name)
	}
	return unnamed, slices.Sorted(maps.Keys(left))
}

// TestFileMaps: who adds a file says what is in it.
func TestFileMaps(t *testing.T) {
	docs, there := map[string]string{}, map[string][]string{}
	sources(t, func(dir, name string, src []byte) {
		if there[dir] = append(there[dir], name); name == "doc.go" {
			docs[dir] = string(src)
		}
	})
	for _, dir := range withFileMap {
		unnamed, gone := unlike(docs[dir], there[dir])
		for _, name := range unnamed {
			t.Errorf("%s/doc.go does not say under Files what %s is", dir, name)
		}
		for _, name := range gone {
			t.Errorf("%s/doc.go names %s, which is not there", dir, name)
		}
	}
	unnamed, gone := unlike("a.go\n# Files\nb.go, c_d.go", []string{"a.go", "b.go", "doc.go"})
	if !slices.Equal(unnamed, []string{"a.go"}) || !slices.Equal(gone, []string{"c_d.go"}) {
		t.Errorf("seeded: %v not named, %v gone", unnamed, gone)
	}
}
