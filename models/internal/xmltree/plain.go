package xmltree

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"
)

// Plain mends what files carry around their XML, so that the decoder meets a plain document in UTF-8; what it found besides is among the
// remarks. Line numbers stay as they are.
func (p *Parser) Plain(text []byte) ([]byte, error) {
	err := Pointer(text)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: %w", p.File, err)
	case bytes.HasPrefix(text, []byte("\xff\xfe\x00\x00")) || bytes.HasPrefix(text, []byte("\x00\x00\xfe\xff")):
		return nil, fmt.Errorf("%s: the file is UTF-32; convert it to UTF-8", p.File)
	case bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")) || wide(text):
		// BigEndian is what a file without a mark is read as, "<\x00" says otherwise.
		order := unicode.BigEndian
		if len(text) > 1 && text[0] == '<' {
			order = unicode.LittleEndian
		}
		if text, err = unicode.UTF16(order, unicode.UseBOM).NewDecoder().Bytes(text); err != nil {
			return nil, fmt.Errorf("%s: not well-formed UTF-16: %w", p.File, err)
		}
		p.utf16 = true
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if !bytes.Contains(text, []byte("\n")) { // lines of old Macs
		text = bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))
	}
	if body := bytes.TrimRight(text, "\x00\x1a \t\r\n"); bytes.ContainsAny(text[len(body):], "\x00\x1a") {
		p.Remarks = append(p.Remarks, Remark{line(text, len(body)), p.Root, "zero bytes behind the end ignored"})
		text = body
	}
	return p.stray(p.version(text)), nil
}

// Pointer reports content that is what Git leaves in place of a large file.
func Pointer(content []byte) error {
	if bytes.HasPrefix(content, []byte("version https://git-lfs")) {
		return errors.New("a pointer of Git LFS in place of the file; run `git lfs pull` where it was cloned")
	}
	return nil
}

// wide tells UTF-16 without a byte order mark by its first character, which is "<".
func wide(text []byte) bool {
	return bytes.HasPrefix(text, []byte("<\x00")) || bytes.HasPrefix(text, []byte("\x00<"))
}

func line(text []byte, at int) int { return 1 + bytes.Count(text[:at], []byte("\n")) }

// declared returns where the value of an attribute of the XML declaration lies, if text begins with one that has it.
func declared(text []byte, attribute string) (from, to int, ok bool) {
	const blank = " \t\n\f\r"
	rest, found := bytes.CutPrefix(bytes.TrimLeft(text, blank), []byte("<?xml"))
	if !found || len(rest) == 0 || strings.IndexByte(blank, rest[0]) < 0 { // an instruction of another name
		return 0, 0, false
	}
	head, _, _ := bytes.Cut(rest, []byte(">"))
	for at := 0; ; {
		i := bytes.Index(head[at:], []byte(attribute))
		if i < 0 {
			return 0, 0, false
		}
		at += i + len(attribute)
		value, equals := bytes.CutPrefix(bytes.TrimLeft(head[at:], blank), []byte("="))
		value = bytes.TrimLeft(value, blank)
		if before := at - len(attribute) - 1; !equals || len(value) == 0 || before < 0 || strings.IndexByte(blank+`"'`, head[before]) < 0 {
			continue
		}
		if quote := value[0]; quote == '"' || quote == '\'' {
			if n := bytes.IndexByte(value[1:], quote); n >= 0 {
				from = len(text) - len(rest) + len(head) - len(value) + 1
				return from, from + n, true
			}
		}
	}
}

// version makes the XML version 1.0: many files say 0.0, some 1.1, and mean the same.
func (p *Parser) version(text []byte) []byte {
	from, to, ok := declared(text, "version")
	if !ok {
		return text
	}
	if v := string(text[from:to]); v != "1.0" {
		p.Remarks = append(p.Remarks, Remark{line(text, from), "?xml", fmt.Sprintf("XML version %q read as 1.0", Clip(v))})
		text = append(append(append([]byte{}, text[:from]...), "1.0"...), text[to:]...)
	}
	return text
}

// stray reads bytes that are not UTF-8, in a file that claims to be, as Latin-1: they are names of authors in
// comments, nearly always. Each stays a character of its own, so that different names stay different.
func (p *Parser) stray(text []byte) []byte {
	from, to, ok := declared(text, "encoding")
	if e := string(text[from:to]); ok && !strings.EqualFold(e, "utf-8") && !strings.EqualFold(e, "utf8") || utf8.Valid(text) {
		return text
	}
	var out []byte
	for rest := text; len(rest) > 0; {
		c, n := utf8.DecodeRune(rest)
		if c == utf8.RuneError && n == 1 {
			if out == nil {
				at := len(text) - len(rest)
				out = append(make([]byte, 0, len(text)+64), text[:at]...)
				p.Remarks = append(p.Remarks, Remark{line(text, at), p.Root, fmt.Sprintf("byte %#x is not UTF-8; it and others like it are read as Latin-1", rest[0])})
			}
			out = utf8.AppendRune(out, rune(rest[0]))
		} else if out != nil {
			out = append(out, rest[:n]...)
		}
		rest = rest[n:]
	}
	return out
}

// charset decodes what a declaration names besides UTF-8.
func (p *Parser) charset(label string, in io.Reader) (io.Reader, error) {
	if p.utf16 { // decoded already, whatever the declaration says
		return in, nil
	}
	if l := strings.ToLower(label); strings.HasPrefix(l, "utf-16") || strings.HasPrefix(l, "utf16") || strings.HasPrefix(l, "ucs-2") {
		p.Remarks = append(p.Remarks, Remark{1, "?xml", fmt.Sprintf("encoding %q read as UTF-8: a file that is in it has two bytes a letter", Clip(label))})
		return in, nil
	}
	e, err := encodingOf(label)
	if err != nil {
		return nil, fmt.Errorf("encoding %q is not known here; convert the file to UTF-8", Clip(label))
	}
	return e.NewDecoder().Reader(in), nil
}

// blankComments returns text with its comments overwritten by blanks, keeping lines. The parsers of MuJoCo and
// ROS allow "--" inside of comments, XML and Go's decoder do not.
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
