// Package csvtext reads tables in the ways in which programs write them: with a mark of their byte order, lines that
// end as on old Macs, a "#" before the header, empty columns at the end. What it does not read it names in words about
// the file.
package csvtext

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Reader reads lines of as many cells as the header has names.
type Reader struct {
	Names []string // without blanks around them
	Line  int      // of the header in the file
	rows  *csv.Reader
}

// reach is how much of a file tells how its lines end.
const reach = 1 << 16

// NewReader reads the header. An empty file is io.EOF.
func NewReader(in io.Reader) (*Reader, error) {
	text := bufio.NewReaderSize(in, reach)
	head, err := text.Peek(reach)
	if len(head) == 0 && err != nil && err != io.EOF {
		return nil, err
	}
	head = bytes.TrimPrefix(head, []byte("\ufeff"))
	if bytes.ContainsRune(head, 0) {
		return nil, errors.New("it has zero bytes: it is no table, or one in UTF-16; save it as CSV in UTF-8")
	}
	if n, _ := text.Peek(3); string(n) == "\ufeff" {
		_, _ = text.Discard(len(n))
	}
	var plain io.Reader = text
	if bytes.ContainsRune(head, '\r') && !bytes.ContainsRune(head, '\n') {
		plain = oldMac{text}
	}
	r := &Reader{rows: csv.NewReader(plain)}
	r.rows.FieldsPerRecord, r.rows.TrimLeadingSpace, r.rows.ReuseRecord = -1, true, true // counted below, with better words
	return r, r.header()
}

// oldMac turns the carriage returns that end lines into what package csv takes for an end.
type oldMac struct{ io.Reader }

func (r oldMac) Read(b []byte) (int, error) {
	n, err := r.Reader.Read(b)
	for i := range b[:n] {
		if b[i] == '\r' {
			b[i] = '\n'
		}
	}
	return n, err
}

func (r *Reader) header() error {
	for {
		row, err := r.rows.Read()
		if e := (*csv.ParseError)(nil); errors.As(err, &e) {
			return fmt.Errorf("the header: column %d: %w; is it a table?", e.Column, e.Err)
		}
		if err != nil {
			return err
		}
		if rest, remark := strings.CutPrefix(row[0], "#"); remark { // numpy.savetxt writes the header as a remark
			if row[0] = rest; len(row) == 1 {
				continue
			}
		}
		r.Line, _ = r.rows.FieldPos(0)
		r.Names = nil
		for _, n := range row {
			r.Names = append(r.Names, strings.TrimSpace(n))
		}
		for n := len(r.Names); n > 1 && r.Names[n-1] == ""; n-- {
			r.Names = r.Names[:n-1]
		}
		return r.odd()
	}
}

// odd returns an error for a header that is none.
func (r *Reader) odd() error {
	if len(r.Names) == 1 {
		for _, sign := range [][2]string{{";", "semicolons"}, {"\t", "tabs"}, {" ", "blanks"}} {
			if strings.Contains(r.Names[0], sign[0]) {
				return fmt.Errorf("the columns of the header are not separated by commas but by %s; write commas between columns, and points in numbers", sign[1])
			}
		}
	}
	if !slices.ContainsFunc(r.Names, func(n string) bool { _, err := strconv.ParseFloat(n, 64); return err != nil }) {
		return errors.New("its first line has numbers in place of the names of the columns")
	}
	return nil
}

// Read returns the cells of the next line, which are there until the one after, and its number in the file.
func (r *Reader) Read() (cells []string, line int, err error) {
	row, err := r.rows.Read()
	if e := (*csv.ParseError)(nil); errors.As(err, &e) {
		return nil, e.Line, e.Err
	}
	if err != nil {
		return nil, 0, err
	}
	line, _ = r.rows.FieldPos(0)
	for n := len(row); n > len(r.Names) && strings.TrimSpace(row[n-1]) == ""; n-- {
		row = row[:n-1]
	}
	switch {
	case len(row) == len(r.Names):
		return row, line, nil
	case len(row) > len(r.Names):
		return nil, line, fmt.Errorf("%d columns, the header has %d; are there commas in its numbers? Write points", len(row), len(r.Names))
	}
	return nil, line, fmt.Errorf("%d columns, the header has %d; is the file cut off?", len(row), len(r.Names))
}
