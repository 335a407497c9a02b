// Package generated puts what a program prints between marks of a Markdown file, so that published tables are
// made, not typed.
package generated

import (
	"bytes"
	"fmt"
)

// Between returns text with what stands between the lines <!-- name: begin --> and <!-- name: end --> replaced
// by content. A text that is blank becomes the marks and what is between them; one without the marks is an error.
func Between(text []byte, name string, content []byte) ([]byte, error) {
	begin, end := []byte("<!-- "+name+": begin -->"), []byte("<!-- "+name+": end -->")
	block := bytes.Join([][]byte{begin, []byte("\n\n"), content, []byte("\n"), end}, nil)
	if len(bytes.TrimSpace(text)) == 0 {
		return append(block, '\n'), nil
	}
	i, j := bytes.Index(text, begin), bytes.Index(text, end)
	if i < 0 || j < i {
		return nil, fmt.Errorf("has no lines %s and %s to put the table between", begin, end)
	}
	return bytes.Join([][]byte{text[:i], block, text[j+len(end):]}, nil), nil
}
