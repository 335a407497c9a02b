package xmltree

import (
	"encoding/xml"
	"strings"
	"testing"
)

func parse(text string, depth int) (*Element, []Remark, error) {
	count := 0
	p := Parser{File: "f.xml", Format: "a test file", Holds: "thing", Depth: depth, Count: &count, Name: func(n xml.Name, _ bool) string { return n.Local }}
	e, err := p.Parse([]byte(text))
	return e, p.Remarks, err
}

// TestLines: elements, texts and remarks know the lines they stand on, attributes whether they were used.
func TestLines(t *testing.T) {
	e, remarks, err := parse("<!DOCTYPE a>\n<a x='1'\n  y='2'>\n<b/>\n word <c/> more</a>\n<?p?>", 9)
	if err != nil {
		t.Fatal(err)
	}
	if e.Name != "a" || e.Line != 2 || len(e.Kids) != 2 || e.Kids[0].Line != 4 || e.Kids[1].Line != 5 || e.Text != "word" {
		t.Errorf("%+v", e)
	}
	if v, ok := e.Attrs.Get("y"); v != "2" || !ok || !e.Attrs[1].Used || e.Attrs[0].Used || e.Attrs.Peek("x") != "1" || e.Attrs.Peek("z") != "" {
		t.Errorf("%+v", e.Attrs)
	}
	if len(remarks) != 2 || remarks[0].Line != 1 || remarks[0].Element != "!DOCTYPE" || remarks[1].Line != 6 || remarks[1].Element != "?p" {
		t.Errorf("%+v", remarks)
	}
}

// TestCommentsAsOthersReadThem: hyphens in comments are none of a reader's business; lines stay.
func TestCommentsAsOthersReadThem(t *testing.T) {
	for _, c := range []string{"<!-- a -- b -->", "<!-- ----- -->", "<!-- <b> -- </b> --->", "<!---->", "<!-- - -\n-- -->", "<!-- a --><!-- -- -->"} {
		e, _, err := parse(c+"<a>"+c+"<b/>"+c+"</a>"+c, 9)
		if err != nil || len(e.Kids) != 1 || e.Kids[0].Line != 1+2*strings.Count(c, "\n") {
			t.Errorf("%q: %+v, %v", c, e, err)
		}
	}
	if _, _, err := parse("<a><!-- x </a>", 9); err == nil {
		t.Error("a comment without an end")
	}
}

func TestErrorsNameTheLine(t *testing.T) {
	for text, want := range map[string]string{
		"":                     "f.xml: no XML element in it; is this a test file?",
		"\nword":               "f.xml:1: text \"word\" outside of any element",
		"<a>\n<b></a>":         "f.xml:2: not well-formed XML",
		"<a>\n&x;</a>":         "entities of a DOCTYPE are not expanded",
		"<a/>\n<b/>":           "<b> follows the end of <a>; a file holds one thing",
		"<a>\n<b><c/></b></a>": "f.xml:2: <c>: elements are nested deeper than 2",
		"<a\nx='1' x='2'/>":    "f.xml:1: <a>: attribute x is given twice",
		"<a" + many() + "/>":   "more than 100 attributes",
	} {
		if _, _, err := parse(text, 2); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

func many() string {
	var b strings.Builder
	for i := range 101 {
		b.WriteString(" x" + strings.Repeat("i", i) + "='1'")
	}
	return b.String()
}
