// Package lint checks rules of the house that a program can check: who imports whom, what engine code may
// not use, and that the README's map of folders is true.
package lint

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/ukemi-sim/ukemi"

// mayImport says which of our packages each room may know; a room is a folder with all below it, and the
// longest match counts. Every room may know itself and the value types of internal/spatial. Rooms that are
// not listed here are mistakes: add them with a reason.
var mayImport = map[string][]string{
	"cmd":                   {"*"},
	"examples":              {"*"},
	"python":                {"*"},
	"bench":                 {"*"},
	"viewer":                {"sim", "contact", "models/mesh", "internal/draft"},
	"viewer/live":           {"sim", "contact", "viewer", "implicit", "internal/draft"}, // how a body answers to a push
	"viewer/internal/knobs": {"sim", "implicit"},                                        // parameters by name
	"models":                {"sim", "contact", "internal/draft"},
	"models/mesh":           {"sim", "contact", "internal/hull", "internal/pieces", "models/internal/xmltree"}, // COLLADA is XML
	"trajopt":               {"implicit", "sim"},
	"trajopt/task":          {"models", "sim", "trajopt"}, // motions of robots of the zoo
	"sysid":                 {"implicit", "sim", "internal/csvtext"},
	"implicit":              {"internal/dynamics", "sim"},
	"sim/ik":                {"sim"},
	"sim":                   {"internal/dynamics", "internal/distance", "contact", "ipm"},
	"contact":               {"internal/ground", "internal/pieces"},
	"ipm":                   {},
	"internal/csvtext":      {}, // tables as programs write them
	"internal/draft":        {}, // files that are whole or not there
	"internal/data":         {}, // where the optional data are
	"internal/dynamics":     {"contact", "ipm", "internal/articulated", "internal/collide", "internal/gap"},
	"internal/collide":      {"contact", "internal/gap", "internal/ground", "internal/hull"},
	"internal/distance":     {"contact", "internal/ground"},
	"internal/gap":          {},
	"internal/articulated":  {},
	"internal/spatial":      {},
	"internal/robust":       {"models", "sim", "contact"}, // throws models about, for the command and its test
	"internal/figure":       {"internal/draft"},
	"internal/fixture":      {"contact", "internal/spatial", "internal/data"}, // of tests
	"internal/show":         {"sim", "viewer", "internal/draft"},              // pictures of motions, for examples and command
	"internal/generated":    {},
	"internal/ground":       {},
	"internal/hull":         {},
	"internal/pieces":       {"internal/hull"}, // of surfaces that are not convex
	"internal/lint":         {},
	"internal/xmlroot":      {}, // which format a file has
	"internal/tol":          {}, // tolerances of tests
}

// withoutOurs know nothing of ours at all, not even the value types.
var withoutOurs = []string{"ipm", "internal/spatial"}

// engine rooms compute: same inputs, same bits, no output. Goroutines are started for batches of states and for islands of a step, in
// sim/batch.go and internal/dynamics/crew.go alone.
var engine = []string{"ipm", "contact", "internal/dynamics", "internal/articulated", "internal/collide", "internal/distance", "internal/gap", "internal/ground", "internal/hull", "internal/pieces", "internal/spatial", "sim"}

// withC may use cgo: the window, and the C interface of the Python package. All else builds without a C compiler.
var withC = []string{"viewer", "python/native"}

// throughTheDoor may reach into the machine room with the methods Engine and WithEngine of sim, which no import
// betrays. Everybody else asks sim.
var throughTheDoor = []string{"sim", "implicit"}

// outside lists the packages of others that engine rooms may use.
var outside = []string{"gonum.org/v1/gonum/"}

func within(dir, room string) bool { return dir == room || strings.HasPrefix(dir, room+"/") }

func room(dir string) string {
	best := ""
	for r := range mayImport {
		if within(dir, r) && len(r) > len(best) {
			best = r
		}
	}
	return best
}

func withinAny(dir string, rooms []string) bool {
	return slices.ContainsFunc(rooms, func(r string) bool { return within(dir, r) })
}

func isEngine(dir string) bool { return withinAny(dir, engine) }

// check returns what is wrong with a source file of the folder dir.
func check(dir, name string, f *ast.File, fset *token.FileSet) []string {
	var bad []string
	say := func(pos token.Pos, format string, args ...any) {
		bad = append(bad, fmt.Sprintf("%s/%s:%d: %s", dir, name, fset.Position(pos).Line, fmt.Sprintf(format, args...)))
	}
	home := room(dir)
	if home == "" {
		say(f.Package, "folder %s is not in the table of who may import whom", dir)
	}
	local := map[string]string{} // name in the file → import path
	for _, im := range f.Imports {
		p := strings.Trim(im.Path.Value, `"`)
		local[path.Base(p)] = p
		if im.Name != nil {
			local[im.Name.Name] = p
		}
		if p == "C" && !withinAny(dir, withC) {
			say(im.Pos(), "only %s may use cgo", strings.Join(withC, " and "))
		}
		switch ours := strings.TrimPrefix(p, module+"/"); {
		case ours != p:
			ok := within(ours, home)
			for _, r := range mayImport[home] {
				ok = ok || r == "*" || within(ours, r)
			}
			if ours == "internal/spatial" {
				ok = true
			}
			for _, r := range withoutOurs {
				ok = ok && (home != r || within(ours, r))
			}
			if !ok {
				say(im.Pos(), "%s may not import %s", home, ours)
			}
		case isEngine(dir) && strings.Contains(strings.Split(p, "/")[0], "."):
			ok := false
			for _, o := range outside {
				ok = ok || strings.HasPrefix(p, o)
			}
			if !ok {
				say(im.Pos(), "the engine may not import %s", p)
			}
		case isEngine(dir) && (p == "math/rand" || p == "math/rand/v2" || p == "log" || p == "unsafe"):
			say(im.Pos(), "the engine may not import %s", p)
		}
	}
	if !withinAny(dir, throughTheDoor) {
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr) // a field may well be called Engine
			if !ok {
				return true
			}
			if x, ok := call.Fun.(*ast.SelectorExpr); ok && (x.Sel.Name == "Engine" || x.Sel.Name == "WithEngine") {
				say(x.Sel.Pos(), "%s may not use %s of sim: only %s may", home, x.Sel.Name, strings.Join(throughTheDoor, " and "))
			}
			return true
		})
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if t, ok := n.(*ast.TypeSpec); ok && t.Assign.IsValid() && t.Name.IsExported() && !strings.Contains("/"+dir+"/", "/internal/") {
			if s, ok := t.Type.(*ast.SelectorExpr); ok && strings.HasPrefix(local[fmt.Sprint(s.X)], module+"/internal/") {
				say(t.Pos(), "%s stands for an internal type: go doc shows neither its fields nor its methods", t.Name.Name)
			}
		}
		return true
	})
	if !isEngine(dir) {
		return bad
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			if path.Join(dir, name) != "sim/batch.go" && path.Join(dir, name) != "internal/dynamics/crew.go" {
				say(n.Pos(), "the engine starts no goroutines outside sim/batch.go and internal/dynamics/crew.go")
			}
		case *ast.SelectorExpr:
			x, ok := n.X.(*ast.Ident)
			if !ok {
				break
			}
			switch p, s := local[x.Name], n.Sel.Name; {
			case p == "time" && (s == "Now" || s == "Since" || s == "Sleep" || s == "After"):
				say(n.Pos(), "the engine does not read the clock")
			case p == "fmt" && strings.HasPrefix(s, "Print"):
				say(n.Pos(), "the engine does not print")
			case p == "os" && (s == "Stdout" || s == "Stderr" || s == "Exit" || s == "Getenv"):
				say(n.Pos(), "the engine does not know os.%s", s)
			}
		case *ast.CallExpr:
			if id, ok := n.Fun.(*ast.Ident); ok && (id.Name == "print" || id.Name == "println") {
				say(n.Pos(), "the engine does not print")
			}
		}
		return true
	})
	return bad
}

// root is the module's folder, seen from this package.
const root = "../.."

// sources calls f for every Go file of the module that is not a test.
func sources(t *testing.T, f func(dir, name string, src []byte)) {
	t.Helper()
	n := 0
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if b := d.Name(); p != root && (strings.HasPrefix(b, ".") || b == "testdata" || b == "node_modules") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") {
			return nil
		}
		src, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		dir, err := filepath.Rel(root, filepath.Dir(p))
		if err != nil {
			return err
		}
		f(filepath.ToSlash(dir), filepath.Base(p), src)
		n++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n < 20 {
		t.Fatalf("only %d source files found: the test looks in the wrong place", n)
	}
}

func TestImportsAndBans(t *testing.T) {
	sources(t, func(dir, name string, src []byte) {
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, name, src, parser.SkipObjectResolution)
		if err != nil {
			t.Error(err)
			return
		}
		for _, b := range check(dir, name, f, fset) {
			t.Error(b)
		}
	})
}

// TestSeededViolations shows that the checks above can fail.
func TestSeededViolations(t *testing.T) {
	for _, c := range []struct{ dir, name, body string }{
		{"ipm", "a.go", `import "` + module + `/contact"`},
		{"ipm", "a.go", `import "` + module + `/internal/spatial"`},
		{"contact", "a.go", `import "` + module + `/ipm"`},
		{"sim", "a.go", `import "` + module + `/implicit"`},
		{"models/urdf", "a.go", `import "` + module + `/internal/dynamics"`},
		{"viewer/raster", "a.go", `import "` + module + `/models"`},
		{"internal/dynamics", "a.go", `import "` + module + `/sim"`},
		{"internal/articulated", "a.go", `import "` + module + `/internal/dynamics"`},
		{"internal/articulated", "a.go", `import "` + module + `/ipm"`},
		{"internal/articulated", "a.go", `import "log"`},
		{"attic", "a.go", ``},
		{"sim", "a.go", `import "github.com/spf13/cobra"`},
		{"sim", "a.go", `import "math/rand/v2"`},
		{"contact", "a.go", `import "C"`},
		{"python/rows", "a.go", `import "C"`},
		{"sim", "a.go", `import "time"; func f() { time.Now() }`},
		{"sim", "a.go", `import clock "time"; func f() { clock.Now() }`},
		{"ipm", "a.go", `import "fmt"; func f() { fmt.Println() }`},
		{"ipm", "a.go", `func f() { println() }`},
		{"sim", "stepper.go", `func f() { go f() }`},
		{"contact", "batch.go", `func f() { go f() }`},
		{"viewer/scene", "a.go", `func f(m model) { e := m.Engine(); e.x() }`},
		{"cmd/ukemi", "a.go", `func f(s stepper) int { return len(s.Model().Engine().Bodies) }`},
		{"models", "a.go", `func f(m model) { g(m.WithEngine(e)) }`},
		{"sim", "a.go", `import "` + module + `/internal/dynamics"; type Energy = dynamics.Energy`},
		{"viewer/scene", "a.go", `import "` + module + `/internal/spatial"; type Pose = spatial.Pose`},
	} {
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, c.name, "package a\n"+c.body, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		if len(check(c.dir, c.name, f, fset)) == 0 {
			t.Errorf("in %s/%s nothing is found wrong with %s", c.dir, c.name, c.body)
		}
	}
	for _, c := range []struct{ dir, name, body string }{
		{"sim", "batch.go", `func f() { go f() }`},
		{"internal/dynamics", "crew.go", `func f() { go f() }`},
		{"cmd/ukemi", "a.go", `import ("fmt"; "` + module + `/models"); func f() { fmt.Println() }`},
		{"internal/dynamics", "a.go", `import "` + module + `/contact"`},
		{"python/native", "a.go", `import "C"; import "` + module + `/python/rows"`},
		{"implicit", "a.go", `func f(m model) { m.Engine() }`},
		{"sim", "a.go", `import "` + module + `/internal/spatial"; type Pose struct{ X int }; type vec = spatial.Vec`},
		{"viewer", "a.go", `type t struct{ Engine int }; func f() t { return t{Engine: 1} }; func g(x t) int { return x.Engine }`},
	} {
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, c.name, "package a\n"+c.body, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		if bad := check(c.dir, c.name, f, fset); len(bad) != 0 {
			t.Errorf("good code is refused: %v", bad)
		}
	}
}

// TestReadmeMap compares the folders the README names with those that exist: every folder at the top and every room of internal
// that holds Go files is named, and every `folder/` named is there. A new room of internal was missing for a while.
func TestReadmeMap(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	if os.IsNotExist(err) {
		t.Fatal(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range mapErrors(t, string(text)) {
		t.Error(b)
	}
	if len(mapErrors(t, "`nowhere/` only")) < 2 {
		t.Error("a wrong map passes")
	}
}

var folder = regexp.MustCompile("`((?:[a-z0-9_.-]+/)+)`|(?m)^((?:[a-z0-9_.-]+/)+)\\s")

// TestDocsNameFiles: every Go file that the pages of docs name is there, at its path or, without one, somewhere.
func TestDocsNameFiles(t *testing.T) {
	files := map[string]bool{}
	sources(t, func(dir, name string, _ []byte) { files[dir+"/"+name], files[name] = true, true })
	pages, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil || len(pages) < 5 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	named := 0
	for _, page := range append(pages, filepath.Join(root, "README.md")) {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range goFile.FindAllStringSubmatch(string(text), -1) {
			if named++; !files[m[1]] && !testFile(m[1]) {
				t.Errorf("%s names %s, which is not there", filepath.Base(page), m[1])
			}
		}
	}
	if named < 30 {
		t.Errorf("only %d names of files found: the test reads the wrong thing", named)
	}
}

var goFile = regexp.MustCompile("`([a-z0-9_/]+\\.go)`")

// testFile reports whether a file of tests exists at its path.
func testFile(name string) bool {
	_, err := os.Stat(filepath.Join(root, filepath.FromSlash(name)))
	return err == nil && strings.HasSuffix(name, "_test.go")
}

// mapped returns the folder that the map shows for dir: the one at the top, in internal the one below.
func mapped(dir string) string {
	parts := strings.SplitN(dir, "/", 3)
	if parts[0] == "internal" && len(parts) > 1 {
		return "internal/" + parts[1]
	}
	return parts[0]
}

func mapErrors(t *testing.T, text string) (bad []string) {
	tops := map[string]bool{}
	sources(t, func(dir, _ string, _ []byte) { tops[mapped(dir)] = true })
	named := map[string]bool{}
	for _, m := range folder.FindAllStringSubmatch(text, -1) {
		p := strings.TrimSuffix(m[1]+m[2], "/")
		named[mapped(p)] = true
		if st, err := os.Stat(filepath.Join(root, filepath.FromSlash(p))); err != nil || !st.IsDir() {
			bad = append(bad, fmt.Sprintf("README names %s/, which is not there", p))
		}
	}
	for d := range tops {
		if !named[d] {
			bad = append(bad, fmt.Sprintf("README does not name %s/", d))
		}
	}
	return bad
}

// whoever writes files without a draft has a reason.
var undrafted = map[string]bool{
	"internal/draft/draft.go":          true, // is it
	"viewer/raster/gif.go":             true, // frame by frame, under the name of the command's draft
	"viewer/internal/golden/golden.go": true, // of tests
	"internal/fixture/rounding.go":     true, // of tests
	"cmd/ukemi/browse.go":              true, // in a folder that is thrown away
}

// TestFilesAreDrafts: a full disk or an interrupt leaves the old file or a whole one, whatever is written.
func TestFilesAreDrafts(t *testing.T) {
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		name, _ := filepath.Rel(root, path)
		name = filepath.ToSlash(name)
		if err != nil || e.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") || undrafted[name] || strings.HasPrefix(name, "bench/") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, call := range []string{"os.Create(", "os.WriteFile(", "os.OpenFile("} {
			if strings.Contains(string(text), call) {
				t.Errorf("%s calls %s…): package draft writes files that are whole or not there", name, call)
			}
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
