package xmltree

import (
	"bufio"
	"encoding/xml"
	"io"
)

// New returns an element with attributes, names and values in turn.
func New(name string, attrs ...string) *Element {
	e := &Element{Name: name}
	e.Set(attrs...)
	return e
}

// Set appends attributes, names and values in turn.
func (e *Element) Set(attrs ...string) {
	for i := 0; i < len(attrs); i += 2 {
		e.Attrs = append(e.Attrs, Attr{Name: attrs[i], Value: attrs[i+1]})
	}
}

// Add appends children, without those that are nil, and returns e.
func (e *Element) Add(kids ...*Element) *Element {
	for _, k := range kids {
		if k != nil {
			e.Kids = append(e.Kids, k)
		}
	}
	return e
}

// Write writes e as a document.
func (e *Element) Write(out io.Writer) error {
	b := bufio.NewWriter(out)
	b.WriteString("<?xml version=\"1.0\"?>\n")
	e.print(b, "")
	return b.Flush()
}

// print writes e. Errors of b stay until it is flushed.
func (e *Element) print(b *bufio.Writer, indent string) {
	b.WriteString(indent + "<" + e.Name)
	for _, a := range e.Attrs {
		b.WriteString(" " + a.Name + `="`)
		_ = xml.EscapeText(b, []byte(a.Value))
		b.WriteString(`"`)
	}
	if len(e.Kids) == 0 {
		b.WriteString("/>\n")
		return
	}
	b.WriteString(">\n")
	for _, k := range e.Kids {
		k.print(b, indent+"  ")
	}
	b.WriteString(indent + "</" + e.Name + ">\n")
}
