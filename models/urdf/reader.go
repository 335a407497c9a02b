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
	file   string
	opt    Options
	notes  []Note
	errs   []error
	more   int // errors beyond maxErrors
	b      *sim.Builder
	links  []*link
	joints []*joint
	byName map[string]int // links
	colors map[string]sim.Color
	shapes map[string]int // names of colliders in use, and the last number given to each
}

func (r *reader) errorf(n *node, format string, args ...any) {
	if len(r.errs) == maxErrors {
		r.more++
		return
	}
	r.errs = append(r.errs, fmt.Errorf("%s:%d: %s: %w", r.file, n.line, n.label(), fmt.Errorf(format, args...)))
}

func (r *reader) notef(n *node, format string, args ...any) {
	r.notes = append(r.notes, Note{n.line, n.name, n.ownName(), fmt.Sprintf(format, args...)})
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
	r.materials(root)
	r.readLinks(root)
	r.readJoints(root)
	r.loops(root)
	r.resolveMimics()
	r.leftovers(root)
	if !r.tree() {
		return
	}
	base := r.base()
	r.leaves(base)
	r.emit(base)
}
