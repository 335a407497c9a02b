package lint

import (
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
)

// mixed returns the import that stands in one group with others though one of them is of the standard library and one is not; "" if
// there is none. gofmt sorts within groups and leaves such alone.
func mixed(src []byte) (string, error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", src, parser.ImportsOnly)
	if err != nil {
		return "", err
	}
	line, standard := 0, false
	for _, im := range f.Imports {
		p, err := strconv.Unquote(im.Path.Value)
		if err != nil {
			return "", err
		}
		host, _, _ := strings.Cut(p, "/")
		s, at := !strings.Contains(host, "."), fset.Position(im.Pos()).Line
		if at == line+1 && s != standard {
			return p, nil
		}
		line, standard = fset.Position(im.End()).Line, s
	}
	return "", nil
}

// TestImportGroups: the standard library stands first and apart.
func TestImportGroups(t *testing.T) {
	sources(t, func(dir, name string, src []byte) {
		if p, err := mixed(src); err != nil || p != "" {
			t.Errorf("%s/%s: import %q: leave an empty line between the standard library and others (%v)", dir, name, p, err)
		}
	})
	for src, want := range map[string]string{
		"package a\nimport (\n\t\"fmt\"\n\t\"a.b/c\"\n)\n":   "a.b/c",
		"package a\nimport (\n\t\"a.b/c\"\n\t\"fmt\"\n)\n":   "fmt",
		"package a\nimport (\n\t\"fmt\"\n\n\t\"a.b/c\"\n)\n": "",
	} {
		if p, err := mixed([]byte(src)); err != nil || p != want {
			t.Errorf("%q: %q, %v, want %q", src, p, err, want)
		}
	}
}
