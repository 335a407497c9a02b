package urdf

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"
)

// MaxSize is the size in bytes above which a file is refused: 64 MiB, a hundred times the largest
// description with all its sensors. Meshes are files of their own.
const MaxSize = 64 << 20

func errSize() error {
	return fmt.Errorf("larger than %d MiB, the most a URDF file may have; is it really a robot description?", MaxSize>>20)
}

// document reads all of src and mends what files carry around their XML, so that the decoder meets a plain
// document. Line numbers stay as they are.
func (r *reader) document(src io.Reader) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(src, MaxSize+1))
	if err != nil {
		return nil, err
	}
	if len(text) > MaxSize {
		return nil, errSize()
	}
	if bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")) || wide(text) {
		// BigEndian is what a file without a mark is read as, "<\x00" says otherwise.
		order := unicode.BigEndian
		if len(text) > 1 && text[0] == '<' {
			order = unicode.LittleEndian
		}
		if text, err = unicode.UTF16(order, unicode.UseBOM).NewDecoder().Bytes(text); err != nil {
			return nil, fmt.Errorf("not well-formed UTF-16: %w", err)
		}
		r.utf16 = true
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if body := bytes.TrimRight(text, "\x00\x1a \t\r\n"); bytes.ContainsAny(text[len(body):], "\x00\x1a") {
		r.notes = append(r.notes, Note{Line: line(text, len(body)), Element: "robot", Message: "zero bytes behind the end ignored", Severity: Unused})
		text = body
	}
	text = r.version(text)
	return r.stray(text), nil
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
func (r *reader) version(text []byte) []byte {
	from, to, ok := declared(text, "version")
	if !ok {
		return text
	}
	if v := string(text[from:to]); v != "1.0" {
		r.notes = append(r.notes, Note{Line: line(text, from), Element: "?xml", Message: fmt.Sprintf("XML version %q read as 1.0", clip(v)), Severity: Unused})
		text = append(append(append([]byte{}, text[:from]...), "1.0"...), text[to:]...)
	}
	return text
}

// stray reads bytes that are not UTF-8, in a file that claims to be, as Latin-1: they are names of authors in
// comments, nearly always. Each stays a character of its own, so that different names stay different.
func (r *reader) stray(text []byte) []byte {
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
				r.notes = append(r.notes, Note{Line: line(text, at), Element: "robot", Message: fmt.Sprintf("byte %#x is not UTF-8; it and others like it are read as Latin-1", rest[0]), Severity: Unused})
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
func (r *reader) charset(label string, in io.Reader) (io.Reader, error) {
	if r.utf16 { // decoded already, whatever the declaration says
		return in, nil
	}
	e, err := encodingOf(label)
	if err != nil {
		return nil, fmt.Errorf("encoding %q is not known here; convert the file to UTF-8", clip(label))
	}
	return e.NewDecoder().Reader(in), nil
}
