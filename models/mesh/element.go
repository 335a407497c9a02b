package mesh

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"

	"github.com/ukemi-sim/ukemi/models/internal/xmltree"
)

// element is an XML element with what a reader of COLLADA needs.
type element struct {
	name string
	line int
	attr map[string]string
	kids []*element
	text []byte
}

// path returns the first descendant reached by the names, or nil.
func (e *element) path(names ...string) *element {
	for _, name := range names {
		var next *element
		for _, k := range e.kids {
			if k.name == name {
				next = k
				break
			}
		}
		if next == nil {
			return nil
		}
		e = next
	}
	return e
}

// all returns the children of the given name.
func (e *element) all(name string) (out []*element) {
	for _, k := range e.kids {
		if k.name == name {
			out = append(out, k)
		}
	}
	return out
}

// maxElements is far more than scenes with thousands of nodes have.
const maxElements = 1 << 20

func parseXML(name string, data []byte) (*element, error) {
	p := xmltree.Parser{File: name, Root: "COLLADA"}
	data, err := p.Plain(data) // its remarks are of no use for a mesh
	if err != nil {
		return nil, err
	}
	d := xml.NewDecoder(bytes.NewReader(data))
	d.CharsetReader = func(label string, in io.Reader) (io.Reader, error) { return in, nil } // numbers and names are ASCII
	var root *element
	var stack []*element
	for n := 0; ; {
		line, _ := d.InputPos()
		tok, err := d.Token()
		if err == io.EOF {
			break
		}
		var syntax *xml.SyntaxError
		if errors.As(err, &syntax) {
			return nil, fmt.Errorf("%s:%d: not well-formed XML: %s", name, syntax.Line, syntax.Msg)
		} else if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, line, err)
		}
		switch t := tok.(type) {
		case xml.StartElement:
			e := &element{name: t.Name.Local, line: line, attr: map[string]string{}}
			for _, a := range t.Attr {
				e.attr[a.Name.Local] = a.Value
			}
			if n++; n > maxElements || len(stack) >= maxDepth {
				return nil, fmt.Errorf("%s:%d: <%.30s>: more than %d elements or deeper than %d; is this a mesh?", name, line, e.name, maxElements, maxDepth)
			}
			if len(stack) > 0 {
				up := stack[len(stack)-1]
				up.kids = append(up.kids, e)
			} else if root == nil {
				root = e
			}
			stack = append(stack, e)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			if len(stack) > 0 {
				e := stack[len(stack)-1]
				e.text = append(e.text, t...)
			}
		}
	}
	if root == nil {
		return nil, fmt.Errorf("%s: no XML element in it; is this a COLLADA file?", name)
	}
	return root, nil
}
