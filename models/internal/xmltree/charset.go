//go:build !lean

package xmltree

import (
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
)

// encodingOf finds a text encoding by any of the names that web pages use for it.
func encodingOf(label string) (encoding.Encoding, error) { return htmlindex.Get(label) }
