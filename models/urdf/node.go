package urdf

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Limits against files that are no robots: real ones stay below a hundredth of each.
const (
	maxDepth    = 100
	maxElements = 1 << 18
	maxAttrs    = 100
)

// node is an element. Readers mark what they use; the rest is reported.
type node struct {
	name     string
	line     int // of its "<"
	attrs    []attr
	kids     []*node
	owner    *node // the child of <robot> it is in, or itself
	text     string
	textLine int
	used     bool
	skipped  bool // ignored for a reason that was reported
}

type attr struct {
	name, value string
	used        bool
}

// attr returns the value of an attribute and marks it as used.
func (n *node) attr(name string) (string, bool) {
	for i := range n.attrs {
		if n.attrs[i].name == name {
			n.attrs[i].used = true
			return n.attrs[i].value, true
		}
	}
	return "", false
}

func (n *node) peek(name string) string {
	for _, a := range n.attrs {
		if a.name == name {
			return a.value
		}
	}
	return ""
}

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
		n.attrs[i].used = true
	}
}

// clone returns a copy of n whose marks are its own, to look ahead.
func (n *node) clone() *node {
	c := *n
	c.attrs = append([]attr(nil), n.attrs...)
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

// parse reads the elements of a document. Go's decoder knows no entities but XML's five and never
// fetches anything, so depth and count are all that is left to bound.
func (r *reader) parse(text []byte) (*node, error) {
	d := xml.NewDecoder(bytes.NewReader(text))
	d.CharsetReader = r.charset
	var root *node
	var stack []*node
	count := 0
	fail := func(line int, format string, args ...any) (*node, error) {
		return nil, fmt.Errorf("%s:%d: %w", r.file, line, fmt.Errorf(format, args...))
	}
	for {
		line, _ := d.InputPos() // the decoder reports ends; a token starts where the one before it ended
		tok, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, r.malformed(err)
		}
		switch t := tok.(type) {
		case xml.StartElement:
			if root == nil && t.Name.Local == "robot" {
				r.space = t.Name.Space // a default namespace, as Drake's descriptions have
			}
			n := &node{name: r.qualified(t.Name), line: line}
			if err := n.setAttrs(t.Attr, r.qualified); err != nil {
				return fail(line, "<%s>: %w", clip(n.name), err)
			}
			count++
			switch {
			case strings.HasPrefix(n.name, "xacro:"):
				return fail(line, "<%s> is a xacro macro: run xacro first and load what it prints", clip(n.name))
			case len(stack) >= maxDepth:
				return fail(line, "<%s>: elements are nested deeper than %d; this is no robot", clip(n.name), maxDepth)
			case count > maxElements:
				return fail(line, "<%s>: more than %d elements; this is no robot", clip(n.name), maxElements)
			case len(stack) == 0 && root != nil:
				return fail(line, "<%s> follows the end of <%s>; a file holds one robot", clip(n.name), clip(root.name))
			}
			n.owner = n
			if len(stack) > 0 {
				up := stack[len(stack)-1]
				up.kids = append(up.kids, n)
				if len(stack) > 1 {
					n.owner = up.owner
				}
			} else {
				root = n
			}
			stack = append(stack, n)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			s := strings.TrimSpace(strings.TrimPrefix(string(t), "\ufeff"))
			if s == "" {
				continue
			}
			if len(stack) == 0 {
				return fail(line, "text %q outside of any element; is this a URDF file?", clip(s))
			}
			if n := stack[len(stack)-1]; n.text == "" {
				n.text, n.textLine = s, line
			}
		case xml.Directive:
			r.notes = append(r.notes, Note{line, "!" + firstWord(string(t)), "", "ignored: document type declarations have no effect", Unused})
		case xml.ProcInst:
			if t.Target != "xml" {
				r.notes = append(r.notes, Note{line, "?" + clip(t.Target), "", "ignored: processing instruction", Unused})
			}
		}
	}
	if root == nil {
		return nil, fmt.Errorf("%s: no XML element in it; is this a URDF file?", r.file)
	}
	return root, nil
}

// malformed says where a file is no XML.
func (r *reader) malformed(err error) error {
	var syntax *xml.SyntaxError
	if !errors.As(err, &syntax) {
		return fmt.Errorf("%s: %w", r.file, err)
	}
	hint := ""
	if strings.Contains(syntax.Msg, "character entity") {
		hint = "; entities of a DOCTYPE are not expanded, and & is written &amp;"
	}
	return fmt.Errorf("%s:%d: not well-formed XML: %s%s", r.file, syntax.Line, syntax.Msg, hint)
}

func (n *node) setAttrs(list []xml.Attr, qualified func(xml.Name) string) error {
	if len(list) > maxAttrs {
		return fmt.Errorf("more than %d attributes; this is no robot", maxAttrs)
	}
	for _, a := range list {
		if a.Name.Space == "xmlns" || a.Name.Space == "" && a.Name.Local == "xmlns" {
			continue
		}
		name := qualified(a.Name)
		for _, b := range n.attrs {
			if b.name == name {
				return fmt.Errorf("attribute %s is given twice", clip(name))
			}
		}
		n.attrs = append(n.attrs, attr{name: name, value: a.Value})
	}
	return nil
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

func firstWord(s string) string {
	if f := strings.Fields(s); len(f) > 0 {
		return clip(f[0])
	}
	return ""
}
