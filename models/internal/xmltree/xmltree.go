// Package xmltree reads the elements of robot descriptions: with the lines they stand on, and within the bounds of what
// a robot may be.
package xmltree

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
	MaxElements = 1 << 18
	maxAttrs    = 100
)

// Element is an element of a document.
type Element struct {
	Name     string
	Line     int // of its "<"
	Attrs    Attrs
	Kids     []*Element
	Text     string // the first that is not blank
	TextLine int
}

// Attr is an attribute. Readers mark what they use; the rest is reported.
type Attr struct {
	Name, Value string
	Used        bool
}

// Attrs are those of an element.
type Attrs []Attr

// Get returns the value of an attribute and marks it as used.
func (l Attrs) Get(name string) (string, bool) {
	for i := range l {
		if l[i].Name == name {
			l[i].Used = true
			return l[i].Value, true
		}
	}
	return "", false
}

// Peek returns the value of an attribute without marking it, "" where there is none.
func (l Attrs) Peek(name string) string {
	for i := range l {
		if l[i].Name == name {
			return l[i].Value
		}
	}
	return ""
}

// Remark is something found that has no effect.
type Remark struct {
	Line             int
	Element, Message string
}

// Parser reads documents of one format.
type Parser struct {
	File   string
	Format string                             // with its article, for errors: "a URDF file"
	Holds  string                             // what a file holds one of
	Root   string                             // the outermost element
	Depth  int                                // of elements at most
	Count  *int                               // elements of all files together
	Name   func(n xml.Name, attr bool) string // called for elements in their order, each before its attributes
	Refuse func(name string) error            // nil, or says why an element makes the file unreadable

	Remarks []Remark
	utf16   bool // the text was, and is decoded
	stack   []*Element
	root    *Element
}

// Errorf returns an error that names file and line.
func (p *Parser) Errorf(line int, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %w", p.File, line, fmt.Errorf(format, args...))
}

// Parse reads the elements of a document, of which [Parser.Plain] made plain text. Go's decoder knows no entities but
// XML's five and never fetches anything, so depth and count are all that is left to bound.
func (p *Parser) Parse(text []byte) (*Element, error) {
	d := xml.NewDecoder(bytes.NewReader(blankComments(text)))
	d.CharsetReader = p.charset
	for {
		line, _ := d.InputPos() // the decoder reports ends; a token starts where the one before it ended
		tok, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, p.malformed(err)
		}
		if err := p.token(tok, line); err != nil {
			return nil, err
		}
	}
	if p.root == nil {
		return nil, fmt.Errorf("%s: no XML element in it; is this %s?", p.File, p.Format)
	}
	return p.root, nil
}

// malformed says where a file is no XML.
func (p *Parser) malformed(err error) error {
	var syntax *xml.SyntaxError
	if !errors.As(err, &syntax) {
		return fmt.Errorf("%s: %w", p.File, err)
	}
	hint := ""
	if strings.Contains(syntax.Msg, "character entity") {
		hint = "; entities of a DOCTYPE are not expanded, and & is written &amp;"
	}
	if strings.Contains(syntax.Msg, "unexpected EOF") {
		hint = "; the file is cut off"
	}
	return p.Errorf(syntax.Line, "not well-formed XML: %s%s", syntax.Msg, hint)
}

func (p *Parser) token(tok xml.Token, line int) error {
	switch t := tok.(type) {
	case xml.StartElement:
		return p.start(t, line)
	case xml.EndElement:
		p.stack = p.stack[:len(p.stack)-1]
	case xml.CharData:
		s := strings.TrimSpace(strings.TrimPrefix(string(t), "\ufeff"))
		if s == "" {
			return nil
		}
		if len(p.stack) == 0 {
			return p.Errorf(line, "text %q outside of any element; is this %s?", Clip(s), p.Format)
		}
		if e := p.stack[len(p.stack)-1]; e.Text == "" {
			e.Text, e.TextLine = s, line
		}
	case xml.Directive:
		p.Remarks = append(p.Remarks, Remark{line, "!" + firstWord(string(t)), "ignored: document type declarations have no effect"})
	case xml.ProcInst:
		if t.Target != "xml" {
			p.Remarks = append(p.Remarks, Remark{line, "?" + Clip(t.Target), "ignored: processing instruction"})
		}
	}
	return nil
}

func (p *Parser) start(t xml.StartElement, line int) error {
	e := &Element{Name: p.Name(t.Name, false), Line: line}
	if err := p.attrs(e, t.Attr); err != nil {
		return p.Errorf(line, "<%s>: %w", Clip(e.Name), err)
	}
	if p.Refuse != nil {
		if err := p.Refuse(e.Name); err != nil {
			return p.Errorf(line, "<%s> %w", Clip(e.Name), err)
		}
	}
	*p.Count++
	switch {
	case len(p.stack) >= p.Depth:
		return p.Errorf(line, "<%s>: elements are nested deeper than %d; this is no robot", Clip(e.Name), p.Depth)
	case *p.Count > MaxElements:
		return p.Errorf(line, "<%s>: more than %d elements; this is no robot", Clip(e.Name), MaxElements)
	case len(p.stack) == 0 && p.root != nil:
		return p.Errorf(line, "<%s> follows the end of <%s>; a file holds one %s", Clip(e.Name), Clip(p.root.Name), p.Holds)
	}
	if len(p.stack) > 0 {
		up := p.stack[len(p.stack)-1]
		up.Kids = append(up.Kids, e)
	} else {
		p.root = e
	}
	p.stack = append(p.stack, e)
	return nil
}

func (p *Parser) attrs(e *Element, list []xml.Attr) error {
	if len(list) > maxAttrs {
		return fmt.Errorf("more than %d attributes; this is no robot", maxAttrs)
	}
	for _, a := range list {
		if a.Name.Space == "xmlns" || a.Name.Space == "" && a.Name.Local == "xmlns" {
			continue
		}
		name := p.Name(a.Name, true)
		for i := range e.Attrs {
			if e.Attrs[i].Name == name {
				return fmt.Errorf("attribute %s is given twice", Clip(name))
			}
		}
		e.Attrs = append(e.Attrs, Attr{Name: name, Value: a.Value})
	}
	return nil
}

func firstWord(s string) string {
	if f := strings.Fields(s); len(f) > 0 {
		return Clip(f[0])
	}
	return ""
}

// Clip keeps messages readable when a file holds garbage.
func Clip(s string) string {
	const most = 60
	if c := []rune(s); len(c) > most {
		return string(c[:most]) + "…"
	}
	return s
}

// Template reports whether a value still holds what xacro or another template processor should have replaced:
// ${…}, $(…), $name, {name}, @NAME@, <%…%>.
func Template(s string) bool { return strings.ContainsAny(s, "${}%@`") }
