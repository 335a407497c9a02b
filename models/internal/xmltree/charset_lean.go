//go:build lean

package xmltree

import (
	"errors"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// encodingOf knows what nearly all robot descriptions are written in. The tables of all others are a tenth of the Python package, which is
// built so.
func encodingOf(label string) (encoding.Encoding, error) {
	switch strings.ToLower(strings.TrimSpace(label)) {
	case "utf-8", "utf8":
		return unicode.UTF8, nil
	case "us-ascii", "ascii", "iso-8859-1", "latin1", "windows-1252":
		return western{}, nil // which the others are taken for everywhere
	}
	return nil, errors.New("not among those of this build")
}

// western is Windows-1252: Latin-1 but for 0x80 to 0x9f. The package charmap has it among 40 others, whose tables all come along.
type western struct{ transform.NopResetter }

var high = [...]rune{
	'€', utf8.RuneError, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', utf8.RuneError, 'Ž', utf8.RuneError,
	utf8.RuneError, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', utf8.RuneError, 'ž', 'Ÿ',
}

func (w western) NewDecoder() *encoding.Decoder { return &encoding.Decoder{Transformer: w} }

// NewEncoder is not asked for: files are read alone.
func (western) NewEncoder() *encoding.Encoder { return encoding.Nop.NewEncoder() }

func (western) Transform(dst, src []byte, _ bool) (n, read int, err error) {
	for _, c := range src {
		r := rune(c)
		if c >= 0x80 && c < 0xa0 {
			r = high[c-0x80]
		}
		if n+utf8.RuneLen(r) > len(dst) {
			return n, read, transform.ErrShortDst
		}
		n += utf8.EncodeRune(dst[n:], r)
		read++
	}
	return n, read, nil
}
