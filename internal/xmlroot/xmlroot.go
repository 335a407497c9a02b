// Package xmlroot tells robot files apart: several formats share the ending .xml.
package xmlroot

import (
	"bytes"
	"strings"
)

// Reach is how many bytes of a file Name looks at.
const Reach = 1 << 16

// Name returns the name of the outermost element of an XML text, "" when its beginning has none. It is no parser, for which comments with
// two hyphens and bytes in other encodings are errors: files have them, and their readers accept them. (Regular expressions and what they
// know of Unicode would be 3 % of the Python package.)
func Name(text []byte) string {
	rest := bytes.ReplaceAll(bytes.ToValidUTF8(text[:min(len(text), Reach)], nil), []byte{0}, nil) // UTF-16 too
	for {
		_, after, found := bytes.Cut(rest, []byte("<"))
		if !found {
			return ""
		}
		if body, comment := bytes.CutPrefix(after, []byte("!--")); comment {
			if _, behind, closed := bytes.Cut(body, []byte("-->")); closed {
				after = behind
			}
		} else if name := name(after); name != "" {
			return name
		}
		rest = after
	}
}

// name returns the name of an element that text begins with.
func name(text []byte) string {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	rest := bytes.TrimLeft(text, letters+"0123456789_.:-")
	if n := len(text) - len(rest); n > 0 && strings.IndexByte(letters, text[0]) >= 0 {
		return string(text[:n])
	}
	return ""
}
