package mjcf

import (
	"encoding/xml"
	"fmt"

	"github.com/ukemi-sim/ukemi/models/internal/xmltree"
)

// maxDepth is that of elements: a chain of bodies is as deep as it is long.
const maxDepth = 5000

// node is an element. Readers mark what they use; the rest is reported.
type node struct {
	name    string
	at      Place // of its "<"
	attrs   xmltree.Attrs
	kids    []*node
	text    *Note // stray text, to be reported
	skipped bool  // reported as a whole
}

// attr returns the value of an attribute and marks it as used.
func (n *node) attr(name string) (string, bool) { return n.attrs.Get(name) }

// peek returns the value of an attribute without marking it.
func (n *node) peek(name string) string { return n.attrs.Peek(name) }

// ownName returns the name a reader of messages knows n by.
func (n *node) ownName() string {
	for _, key := range []string{"name", "class", "joint", "tendon", "mesh", "file"} {
		if s := n.peek(key); s != "" {
			return clip(s)
		}
	}
	return ""
}

// label names n in errors.
func (n *node) label() string {
	if name := n.peek("name"); name != "" {
		return fmt.Sprintf("<%s> %q", clip(n.name), clip(name))
	}
	return "<" + clip(n.name) + ">"
}

// newParser returns the parser of one file.
func (r *reader) newParser(file string) *xmltree.Parser {
	return &xmltree.Parser{File: file, Format: "an MJCF file", Holds: "model", Root: "mujoco", Depth: maxDepth, Count: &r.count,
		Name: func(n xml.Name, attr bool) string {
			if n.Space == "" || attr {
				return n.Local
			}
			return n.Space + ":" + n.Local
		},
	}
}

// parse reads the elements of a file.
func (r *reader) parse(p *xmltree.Parser, text []byte) (*node, error) {
	text, err := p.Plain(text)
	var e *xmltree.Element
	if err == nil {
		e, err = p.Parse(text)
	}
	for _, x := range p.Remarks {
		r.notes.add(Place{p.File, x.Line}, x.Element, "", x.Message)
	}
	if err != nil {
		return nil, err
	}
	return newNode(e, p.File), nil
}

func newNode(e *xmltree.Element, file string) *node {
	n := &node{name: e.Name, at: Place{file, e.Line}, attrs: e.Attrs}
	if e.Text != "" {
		n.text = &Note{Place: Place{file, e.TextLine}, Element: n.name, Name: n.ownName(), Message: fmt.Sprintf("text %q ignored", clip(e.Text))}
	}
	for _, k := range e.Kids {
		n.kids = append(n.kids, newNode(k, file))
	}
	return n
}

func clip(s string) string { return xmltree.Clip(s) }

// skip marks n as reported as a whole: neither it nor what it holds is reported again.
func (n *node) skip() { n.skipped = true }
