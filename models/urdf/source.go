package urdf

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// MaxSize is the size in bytes above which a file is refused: 64 MiB, a hundred times the largest
// description with all its sensors. Meshes are files of their own.
const MaxSize = 64 << 20

func errSize() error {
	return fmt.Errorf("larger than %d MiB, the most a URDF file may have; is it really a robot description?", MaxSize>>20)
}

// bounded fails, other than io.LimitReader, once more than the limit was read.
type bounded struct {
	r    io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.r.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, errSize()
	}
	return n, err
}

// charset decodes what exporters declare besides UTF-8. A whole library of encodings is not worth it.
func charset(label string, in io.Reader) (io.Reader, error) {
	switch strings.ToLower(label) {
	case "utf8", "us-ascii", "ascii":
		return in, nil
	case "iso-8859-1", "latin1", "latin-1":
		return &latin1{in: bufio.NewReader(in)}, nil
	}
	return nil, fmt.Errorf("encoding %q is not supported; convert the file to UTF-8", clip(label))
}

type latin1 struct {
	in   *bufio.Reader
	rest byte // second byte of a character that did not fit
	full bool
}

func (l *latin1) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		if l.full {
			p[n], l.full = l.rest, false
			n++
			continue
		}
		c, err := l.in.ReadByte()
		if err != nil {
			if n > 0 {
				err = nil
			}
			return n, err
		}
		if c >= 0x80 {
			l.rest, l.full = 0x80|c&0x3f, true
			c = 0xc0 | c>>6
		}
		p[n] = c
		n++
	}
	return n, nil
}
