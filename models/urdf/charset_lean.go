//go:build lean

package urdf

import (
	"errors"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// encodingOf knows what nearly all robot descriptions are written in. The tables of all others are a tenth of the Python package, which is
// built so.
func encodingOf(label string) (encoding.Encoding, error) {
	switch strings.ToLower(strings.TrimSpace(label)) {
	case "utf-8", "utf8":
		return unicode.UTF8, nil
	case "us-ascii", "ascii", "iso-8859-1", "latin1", "windows-1252":
		return charmap.Windows1252, nil // which the others are taken for everywhere
	}
	return nil, errors.New("not among those of this build")
}
