package lint

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"testing"
)

// What fits on a screen or two is read; what does not is skimmed. Tests may be longer.
const (
	fileLines     = 450
	functionLines = 80
)

// tooLong lists what is too long, by how much, and why. The list can only shrink: what is no longer too long, or gone, must leave
// it, and nothing may grow beyond the lines it says.
var tooLong = map[string]exception{}

type exception struct {
	lines int
	why   string
}

// lengths calls f with the name and length of a source file and of every function in it: "dir/file.go", "dir.Func", "dir.Type.Method".
func lengths(dir, name string, src []byte, f func(what string, lines, limit int)) error {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, src, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	f(dir+"/"+name, bytes.Count(src, []byte("\n")), fileLines)
	for _, d := range file.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		what := dir + "."
		if fn.Recv != nil {
			what += receiver(fn.Recv.List[0].Type) + "."
		}
		f(what+fn.Name.Name, fset.Position(fn.End()).Line-fset.Position(fn.Pos()).Line+1, functionLines)
	}
	return nil
}

func receiver(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return receiver(e.X)
	case *ast.IndexExpr:
		return receiver(e.X)
	case *ast.IndexListExpr:
		return receiver(e.X)
	case *ast.Ident:
		return e.Name
	}
	return "?"
}

// judge returns what is wrong with something of a length, given the list of exceptions.
func judge(what string, lines, limit int, allowed map[string]exception) string {
	e, listed := allowed[what]
	switch {
	case !listed && lines > limit:
		return fmt.Sprintf("%s has %d lines, want at most %d: divide it by what it does", what, lines, limit)
	case listed && lines > e.lines:
		return fmt.Sprintf("%s has grown to %d lines from %d, want at most %d", what, lines, e.lines, limit)
	case listed && lines <= limit:
		return fmt.Sprintf("%s has %d lines: take it off the list of what is too long", what, lines)
	}
	return ""
}

// TestLengths: no function over 80 lines and no source file over 450.
func TestLengths(t *testing.T) {
	left := maps.Clone(tooLong)
	for what, e := range tooLong {
		if e.why == "" {
			t.Errorf("%s may be too long, but nobody says why", what)
		}
	}
	sources(t, func(dir, name string, src []byte) {
		err := lengths(dir, name, src, func(what string, lines, limit int) {
			delete(left, what)
			if bad := judge(what, lines, limit, tooLong); bad != "" {
				t.Error(bad)
			}
		})
		if err != nil {
			t.Error(err)
		}
	})
	for _, what := range slices.Sorted(maps.Keys(left)) {
		t.Errorf("%s is on the list of what is too long and does not exist", what)
	}
}

// TestSeededLengths shows that the rule can fail in each of its ways.
func TestSeededLengths(t *testing.T) {
	src := "package a\n\ntype T[P any] struct{}\n\nfunc (t *T[P]) M() {\n" + string(bytes.Repeat([]byte("\t_ = 1\n"), functionLines)) + "}\n\nfunc f() {}\n"
	got := map[string]int{}
	if err := lengths("d", "a.go", []byte(src), func(what string, lines, _ int) { got[what] = lines }); err != nil {
		t.Fatal(err)
	}
	if want := map[string]int{"d/a.go": 6 + functionLines + 2, "d.T.M": functionLines + 2, "d.f": 1}; !maps.Equal(got, want) {
		t.Errorf("lengths %v, want %v", got, want)
	}
	for _, c := range []struct {
		what  string
		lines int
		bad   bool
	}{{"new", 81, true}, {"new", 80, false}, {"old", 100, false}, {"old", 101, true}, {"old", 80, true}} {
		if bad := judge(c.what, c.lines, 80, map[string]exception{"old": {100, "old"}}); (bad != "") != c.bad {
			t.Errorf("%s of %d lines: %q", c.what, c.lines, bad)
		}
	}
}
