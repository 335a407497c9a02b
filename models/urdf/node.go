package urdf

import (
	"encoding/xml"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ukemi-sim/ukemi/models/internal/xmltree"
)

// maxDepth is that of elements: robots stay below a tenth of it.
const maxDepth = 100

// node is an element. Readers mark what they use; the rest is reported.
type node struct {
	name     string
	line     int // of its "<"
	attrs    xmltree.Attrs
	kids     []*node
	owner    *node // the child of <robot> it is in, or itself
	text     string
	textLine int
	used     bool
	skipped  bool // ignored for a reason that was reported
}

// attr returns the value of an attribute and marks it as used.
func (n *node) attr(name string) (string, bool) { return n.attrs.Get(name) }

func (n *node) peek(name string) string { return n.attrs.Peek(name) }

// child returns the first child element of any of the given names and marks it as used.
func (n *node) child(names ...string) *node {
	for _, k := range n.kids {
		for _, name := range names {
			if k.name == name && !k.skipped {
				k.used = true
				return k
			}
		}
	}
	return nil
}

// children returns all child elements of the given name and marks them as used.
func (n *node) children(name string) []*node {
	var out []*node
	for _, k := range n.kids {
		if k.name == name {
			k.used = true
			out = append(out, k)
		}
	}
	return out
}

// skip marks n as ignored: it is not found by child, nor reported again.
func (n *node) skip() {
	n.used, n.skipped, n.kids, n.text = true, true, nil, ""
	for i := range n.attrs {
		n.attrs[i].Used = true
	}
}

// clone returns a copy of n whose marks are its own, to look ahead.
func (n *node) clone() *node {
	c := *n
	c.attrs = slices.Clone(n.attrs)
	c.kids = make([]*node, len(n.kids))
	for i, k := range n.kids {
		c.kids[i] = k.clone()
	}
	return &c
}

// ownName returns the name a reader of messages knows n by.
func (n *node) ownName() string {
	for _, s := range []string{n.peek("name"), n.peek("reference"), n.owner.peek("name")} {
		if s != "" {
			return s
		}
	}
	return ""
}

// label names n in errors.
func (n *node) label() string {
	s := "<" + n.owner.name + ">"
	if name := n.owner.peek("name"); name != "" {
		s = fmt.Sprintf("%s %q", n.owner.name, clip(name))
	}
	if n != n.owner {
		s += ": <" + n.name + ">"
	}
	return s
}

// parse reads the elements of a document.
func (r *reader) parse(text []byte) (*node, error) {
	count, root := 0, true
	p := xmltree.Parser{File: r.file, Format: "a URDF file", Holds: "robot", Root: "robot", Depth: maxDepth, Count: &count,
		Name: func(n xml.Name, _ bool) string {
			if root && n.Local == "robot" {
				r.space = n.Space // a default namespace, as Drake's descriptions have
			}
			root = false
			return r.qualified(n)
		},
		Refuse: func(name string) error {
			if strings.HasPrefix(name, "xacro:") {
				return errors.New("is a xacro macro: run xacro first and load what it prints")
			}
			return nil
		},
	}
	text, err := p.Plain(text)
	var e *xmltree.Element
	if err == nil {
		e, err = p.Parse(text)
	}
	for _, x := range p.Remarks {
		r.notes = append(r.notes, Note{x.Line, x.Element, "", x.Message, Unused})
	}
	if err != nil {
		return nil, err
	}
	n := newNode(e, nil)
	for _, k := range e.Kids {
		n.kids = append(n.kids, newTree(k, nil))
	}
	return n, nil
}

// newTree returns the nodes of an element and all it holds; a nil owner is the node itself.
func newTree(e *xmltree.Element, owner *node) *node {
	n := newNode(e, owner)
	for _, k := range e.Kids {
		n.kids = append(n.kids, newTree(k, n.owner))
	}
	return n
}

func newNode(e *xmltree.Element, owner *node) *node {
	n := &node{name: e.Name, line: e.Line, attrs: e.Attrs, owner: owner, text: e.Text, textLine: e.TextLine}
	if owner == nil {
		n.owner = n
	}
	return n
}

// qualified returns the name with its usual prefix, whatever prefix the file chose.
func (r *reader) qualified(n xml.Name) string {
	switch {
	case n.Space == "" || n.Space == r.space:
		return n.Local
	case strings.Contains(n.Space, "xacro"):
		return "xacro:" + n.Local
	case strings.Contains(n.Space, "drake"):
		return "drake:" + n.Local
	}
	return n.Space + ":" + n.Local
}
