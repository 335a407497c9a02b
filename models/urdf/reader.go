package urdf

import (
	"errors"
	"fmt"

	"github.com/ukemi-sim/ukemi/sim"
)

// maxErrors keeps the report of a hopeless file readable.
const maxErrors = 100

// reader turns one document into a builder.
type reader struct {
	file        string
	dir         string // that of the file, empty when it is not known
	opt         Options
	notes       []Note
	errs        []error
	more        int // errors beyond maxErrors
	b           *sim.Builder
	links       []*link
	joints      []*joint
	byName      map[string]int    // links
	joint       map[string]*joint // of each name the first
	colors      map[string]sim.Color
	shapes      map[string]int         // names of colliders in use, and the last number given to each
	solids      map[string]sim.Inertia // of meshes, by name and scale
	sought      map[string]bool        // mesh files already looked for
	odd         []oddInertia
	lost        []string // those that are nowhere
	firstLost   *node
	whyLost     error
	touching    map[string]touching // of collision meshes, likewise
	absent      int                 // collision meshes that are nowhere
	firstAbsent *node
	whyAbsent   error
	meshDir     string // <compiler meshdir>, and whether
	strip       bool   // names of meshes lose their folders
	base        Base
	baseWhy     string
	space       string // default namespace of the file
	drawn       bool   // what is being read is only drawn: mistakes in it are notes
	closures    []loop // that were read
	spoiled     int    // how many of those there were
}

func (r *reader) errorf(n *node, format string, args ...any) {
	if r.drawn {
		r.notef(Drawing, n, "not drawn: %v", fmt.Errorf(format, args...))
		r.spoiled++
		return
	}
	if len(r.errs) == maxErrors {
		r.more++
		return
	}
	r.errs = append(r.errs, fmt.Errorf("%s:%d: %s: %w", r.file, n.line, n.label(), fmt.Errorf(format, args...)))
}

func (r *reader) notef(s Severity, n *node, format string, args ...any) {
	r.notes = append(r.notes, Note{n.line, n.name, n.ownName(), fmt.Sprintf(format, args...), s})
}

// mend reports something wrong and what Options.Repair does about it: an error without, a note with it.
func (r *reader) mend(n *node, wrong, cure string) {
	if r.opt.Repair {
		r.notef(Physics, n, "repaired: %s: %s", wrong, cure)
	} else {
		r.errorf(n, "%s; correct it, or load with Repair: %s then", wrong, cure)
	}
}

// err returns all mistakes found so far, or nil.
func (r *reader) err() error {
	if r.more > 0 {
		return errors.Join(append(r.errs, fmt.Errorf("%s: and %d more", r.file, r.more))...)
	}
	return errors.Join(r.errs...)
}

// read turns the document into the builder. Mistakes are collected; steps that rely on earlier ones
// being right are left out when they are not.
func (r *reader) read(root *node) {
	r.compiler(root)
	r.materials(root)
	r.readLinks(root)
	r.lostMeshes()
	r.absentMeshes()
	r.readJoints(root)
	r.loops(root)
	r.resolveMimics()
	for _, j := range r.joints {
		if j.kind != "" && j.kind != "fixed" {
			r.readAxes(j)
		}
	}
	r.follow()
	r.leftovers(root)
	if !r.tree() {
		for _, o := range r.odd { // who is fixed to whom is not known
			r.repair(o)
		}
		return
	}
	r.chooseBase()
	r.settle()
	r.weigh()
	r.emit()
	r.emitLoops()
}
