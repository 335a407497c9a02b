// Package xmlroot tells robot files apart: several formats share the ending .xml.
package xmlroot

import (
	"bytes"
	"regexp"
)

// Reach is how many bytes of a file Name looks at.
const Reach = 1 << 16

var (
	comment = regexp.MustCompile(`(?s)<!--.*?-->`)
	element = regexp.MustCompile(`<([A-Za-z][\w.:-]*)`)
)

// Name returns the name of the outermost element of an XML text, "" when its beginning has none. It is no parser, for which comments with
// two hyphens and bytes in other encodings are errors: files have them, and their readers accept them.
func Name(text []byte) string {
	head := comment.ReplaceAll(bytes.ToValidUTF8(text[:min(len(text), Reach)], nil), nil)
	if m := element.FindSubmatch(head); m != nil {
		return string(m[1])
	}
	return ""
}
