package mjcf

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
	maxDepth    = 200
	maxElements = 1 << 18
	maxAttrs    = 100
)

// node is an element. Readers mark what they use; the rest is reported.
type node struct {
	name    string
	at      Place // of its "<"
	attrs   []attr
	kids    []*node
	text    *Note // stray text, to be reported
	skipped bool  // reported as a whole
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

// peek returns the value of an attribute without marking it.
func (n *node) peek(name string) string {
	for i := range n.attrs {
		if n.attrs[i].name == name {
			return n.attrs[i].value
		}
	}
	return ""
}

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

// parser turns the text of one file into nodes.
type parser struct {
	file  string
	notes *notes
	count *int // elements of all files together
	stack []*node
	root  *node
}

func (p *parser) fail(line int, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %w", p.file, line, fmt.Errorf(format, args...))
}

// parse reads the elements of a document. Go's decoder knows no entities but XML's five and never fetches
// anything, so depth and count are all that is left to bound.
func (p *parser) parse(text []byte) (*node, error) {
	d := xml.NewDecoder(bytes.NewReader(blankComments(text)))
	d.CharsetReader = func(label string, in io.Reader) (io.Reader, error) {
		switch strings.ToLower(label) {
		case "utf8", "us-ascii", "ascii":
			return in, nil
		}
		return nil, fmt.Errorf("encoding %q is not supported; convert the file to UTF-8", clip(label))
	}
	for {
		line, _ := d.InputPos() // the decoder reports ends; a token starts where the one before it ended
		tok, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			var syntax *xml.SyntaxError
			if errors.As(err, &syntax) {
				return nil, p.fail(syntax.Line, "not well-formed XML: %s", syntax.Msg)
			}
			return nil, fmt.Errorf("%s: %w", p.file, err)
		}
		if err := p.token(tok, line); err != nil {
			return nil, err
		}
	}
	if p.root == nil {
		return nil, fmt.Errorf("%s: no XML element in it; is this an MJCF file?", p.file)
	}
	return p.root, nil
}

func (p *parser) token(tok xml.Token, line int) error {
	switch t := tok.(type) {
	case xml.StartElement:
		return p.start(t, line)
	case xml.EndElement:
		p.stack = p.stack[:len(p.stack)-1]
	case xml.CharData:
		s := strings.TrimSpace(strings.TrimPrefix(string(t), "\ufeff"))
		switch {
		case s == "":
		case len(p.stack) == 0:
			return p.fail(line, "text %q outside of any element; is this an MJCF file?", clip(s))
		default:
			if n := p.stack[len(p.stack)-1]; n.text == nil {
				n.text = &Note{Place: Place{p.file, line}, Element: n.name, Name: n.ownName(), Message: fmt.Sprintf("text %q ignored", clip(s))}
			}
		}
	case xml.Directive:
		p.notes.add(Place{p.file, line}, "!"+firstWord(string(t)), "", "ignored: document type declarations have no effect")
	case xml.ProcInst:
		if t.Target != "xml" {
			p.notes.add(Place{p.file, line}, "?"+clip(t.Target), "", "ignored: processing instruction")
		}
	}
	return nil
}

func (p *parser) start(t xml.StartElement, line int) error {
	n := &node{name: t.Name.Local, at: Place{p.file, line}}
	if t.Name.Space != "" {
		n.name = t.Name.Space + ":" + t.Name.Local
	}
	*p.count++
	switch {
	case len(p.stack) >= maxDepth:
		return p.fail(line, "<%s>: elements are nested deeper than %d; this is no robot", clip(n.name), maxDepth)
	case *p.count > maxElements:
		return p.fail(line, "<%s>: more than %d elements; this is no robot", clip(n.name), maxElements)
	case len(t.Attr) > maxAttrs:
		return p.fail(line, "<%s>: more than %d attributes", clip(n.name), maxAttrs)
	case len(p.stack) == 0 && p.root != nil:
		return p.fail(line, "<%s> follows the end of <%s>; a file holds one model", clip(n.name), clip(p.root.name))
	}
	for _, a := range t.Attr {
		if a.Name.Space == "xmlns" || a.Name.Space == "" && a.Name.Local == "xmlns" {
			continue
		}
		for _, b := range n.attrs {
			if b.name == a.Name.Local {
				return p.fail(line, "<%s>: attribute %s is given twice", clip(n.name), clip(b.name))
			}
		}
		n.attrs = append(n.attrs, attr{name: a.Name.Local, value: a.Value})
	}
	if len(p.stack) > 0 {
		up := p.stack[len(p.stack)-1]
		up.kids = append(up.kids, n)
	} else {
		p.root = n
	}
	p.stack = append(p.stack, n)
	return nil
}

// blankComments returns text with its comments overwritten by blanks, keeping lines. MuJoCo's parser
// allows "--" inside of comments, XML and Go's decoder do not.
func blankComments(text []byte) []byte {
	open, end := []byte("<!--"), []byte("-->")
	if !bytes.Contains(text, open) {
		return text
	}
	out := bytes.Clone(text)
	for at := 0; ; {
		i := bytes.Index(out[at:], open)
		if i < 0 {
			return out
		}
		i += at
		k := bytes.Index(out[i:], end)
		if k < 0 {
			return out // the decoder reports the comment that does not end
		}
		at = i + k + len(end)
		for j := i; j < at; j++ {
			if out[j] != '\n' {
				out[j] = ' '
			}
		}
	}
}

func firstWord(s string) string {
	if f := strings.Fields(s); len(f) > 0 {
		return clip(f[0])
	}
	return ""
}

// clip keeps messages readable when a file holds garbage.
func clip(s string) string {
	const most = 60
	if c := []rune(s); len(c) > most {
		return string(c[:most]) + "…"
	}
	return s
}

// skip marks n as reported as a whole: neither it nor what it holds is reported again.
func (n *node) skip() { n.skipped = true }
