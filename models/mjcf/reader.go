package mjcf

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"gonum.org/v1/gonum/mat"
)

// maxErrors keeps the report of a hopeless file readable.
const maxErrors = 100

// reader turns the text of a model into its description.
type reader struct {
	main       string // name of the main file
	source     source
	files      map[string]Place // included files, and where
	root       *node
	count      int
	notes      notes
	errs       []error
	more       int // errors beyond maxErrors
	trying     bool
	compiler   compiler
	off        switches
	widest     widest
	classes    map[string]*class
	colors     map[string][4]float64 // of materials
	model      *Model
	named      map[[2]string]int // kind and name → index
	suffix     string            // of names inside of <replicate>
	springs    []springDamper
	dampRatios []float64     // of the actuators
	mass       *mat.Cholesky // of the pose the file draws, once it is needed
}

// Parse reads a model from src, which holds all of it: files it includes are errors and mesh files are missing.
// The name stands for the file in errors.
func Parse(src io.Reader, name string) (*Model, error) {
	text, err := bounded(src)
	if err != nil {
		return nil, fmt.Errorf("mjcf: %s: %w", name, err)
	}
	return parse(text, name, source{})
}

// ParseFile reads the model in the file at path, with the files it refers to.
func ParseFile(path string) (*Model, error) {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is no regular file", path)
	}
	var text []byte
	if err == nil {
		text, err = readBounded(path)
	}
	if err != nil {
		return nil, fmt.Errorf("mjcf: %w", err)
	}
	return parse(text, filepath.Base(path), source{dir: filepath.Dir(path), has: true})
}

func parse(text []byte, name string, src source) (*Model, error) {
	r := &reader{main: name, source: src, files: map[string]Place{name: {name, 1}}, model: &Model{main: name, dir: src.dir}, named: map[[2]string]int{}}
	p := r.newParser(name)
	root, err := r.parse(p, text)
	if err == nil && root.name != "mujoco" {
		err = p.Errorf(root.at.Line, "the outermost element is <%s>, want <mujoco>%s", clip(root.name), otherFormat(root.name))
	}
	if err == nil {
		err = r.include(root, 0)
	}
	if err != nil {
		return nil, fmt.Errorf("mjcf: %w", err)
	}
	r.root = root
	r.read()
	if err := r.err(); err != nil {
		return nil, fmt.Errorf("mjcf: %w", err)
	}
	r.model.notes, r.model.off = r.notes, r.off
	r.model.Notes = r.notes.sorted(name)
	return r.model, nil
}

func otherFormat(tag string) string {
	switch tag {
	case "robot":
		return " (this is a URDF file, which models/urdf reads)"
	case "sdf":
		return " (this is an SDFormat file, which is not read; convert it to URDF or MJCF)"
	case "mujocoinclude":
		return " (this file is a part, to be included by another one)"
	}
	return ""
}

// read fills the model section by section, in the order in which they need each other.
func (r *reader) read() {
	m := r.model
	m.Name = strings.TrimSuffix(r.main, filepath.Ext(r.main))
	r.text(r.root, "model", &m.Name)
	r.readCompiler()
	r.readOption()
	r.readClasses()
	r.readMaterials()
	r.readMeshes()
	r.readHFields()
	r.readWorld()
	r.units()
	r.coordinates()
	r.inertias()
	r.readContacts()
	r.readTendons()
	r.readEqualities()
	r.readActuators()
	r.applySpringDampers()
	r.readSensors()
	r.readKeys()
	r.leftovers(r.root)
}

// sections returns the children of the root of the given name.
func (r *reader) sections(name string) []*node {
	var out []*node
	for _, k := range r.root.kids {
		if k.name == name {
			out = append(out, k)
		}
	}
	return out
}

func (r *reader) errorf(n *node, format string, args ...any) {
	if r.trying {
		r.errs = append(r.errs, fmt.Errorf(format, args...))
		return
	}
	if len(r.errs) == maxErrors {
		r.more++
		return
	}
	r.errs = append(r.errs, fmt.Errorf("%s:%d: %s: %w", n.at.File, n.at.Line, n.label(), fmt.Errorf(format, args...)))
}

// try reads one element and returns its mistakes, which are no errors yet: what is only drawn does not stop a simulation.
func (r *reader) try(read func()) []error {
	was, before := r.errs, r.trying
	r.errs, r.trying = nil, true
	read()
	wrong := r.errs
	r.errs, r.trying = was, before
	return wrong
}

// mistakes counts the errors so far.
func (r *reader) mistakes() int { return len(r.errs) + r.more }

func (r *reader) notef(n *node, format string, args ...any) {
	r.notes.add(n.at, n.name, n.ownName(), fmt.Sprintf(format, args...))
}

// err returns all mistakes found so far, or nil.
func (r *reader) err() error {
	if r.more > 0 {
		return errors.Join(append(r.errs, fmt.Errorf("%s: and %d more", r.main, r.more))...)
	}
	return errors.Join(r.errs...)
}

// declare returns the name of an element and remembers its index. Names of a kind must differ; "" is none.
func (r *reader) declare(n *node, kind string, index int) string {
	name, _ := n.attr("name")
	if name == "" {
		return ""
	}
	name += r.suffix
	key := [2]string{kind, name}
	if _, twice := r.named[key]; twice {
		r.errorf(n, "the name is used twice; names of each kind of element must differ")
		return name
	}
	r.named[key] = index
	return name
}

// find returns the index of the element of a kind that an attribute names, −1 where the attribute is absent
// or, after an error, wrong.
func (r *reader) find(n *node, attr, kind string) int {
	name, given := n.attr(attr)
	if !given {
		return -1
	}
	i, ok := r.named[[2]string{kind, name}]
	if !ok {
		r.errorf(n, "attribute %s: there is no %s %q", attr, kind, clip(name))
		return -1
	}
	return i
}

// mustFind finds an element that must be named.
func (r *reader) mustFind(n *node, attr, kind string) int {
	if n.peek(attr) == "" {
		r.errorf(n, "attribute %s is missing", attr)
		return -1
	}
	return r.find(n, attr, kind)
}
