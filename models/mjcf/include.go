package mjcf

import (
	"fmt"
	"path"
	"strings"
)

// maxIncluded bounds the number of files of a model.
const maxIncluded = 1000

// include replaces every <include> below n by the elements of its file, as MuJoCo does: file names count from
// the folder of the main file or, where there is none, of the including one, and no file may be included twice.
func (r *reader) include(n *node, depth int) error {
	var kids []*node
	for _, k := range n.kids {
		if k.name != "include" {
			if err := r.include(k, depth+1); err != nil {
				return err
			}
			kids = append(kids, k)
			continue
		}
		inner, err := r.included(k, depth)
		if err != nil {
			return err
		}
		kids = append(kids, inner...)
	}
	n.kids = kids
	return nil
}

func (r *reader) included(k *node, depth int) ([]*node, error) {
	fail := func(format string, args ...any) ([]*node, error) {
		return nil, fmt.Errorf("%s:%d: <include>: %w", k.at.File, k.at.Line, fmt.Errorf(format, args...))
	}
	name, ok := k.attr("file")
	if !ok || name == "" {
		return fail("attribute file is missing")
	}
	full := r.locate(k.at.File, strings.ReplaceAll(name, `\`, "/"))
	if at, twice := r.files[full]; twice {
		return fail("file %q is already part of the model (line %d of %s); a file can be included once", clip(name), at.Line, at.File)
	}
	if len(r.files) >= maxIncluded || depth > maxDepth {
		return fail("more than %d files", maxIncluded)
	}
	r.files[full] = k.at
	text, err := r.source.read(full, ".xml", ".mjcf")
	if err != nil {
		return fail("file %q: %w", clip(name), err)
	}
	root, err := r.parse(r.newParser(full), text)
	if err != nil {
		return nil, err
	}
	if err := r.include(root, depth+1); err != nil {
		return nil, err
	}
	return root.kids, nil
}

// locate returns where an included file is, relative to the folder of the main file.
func (r *reader) locate(from, name string) string {
	if path.IsAbs(name) || strings.Contains(name, "://") {
		return name // to be refused
	}
	full := path.Join(name)
	if from != r.main && r.source.missing(full) {
		return path.Join(path.Dir(from), name)
	}
	return full
}
