package csvtext_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/csvtext"
)

// read returns a table as its names and lines.
func read(text string) (string, error) {
	r, err := csvtext.NewReader(strings.NewReader(text))
	if err != nil {
		return "", err
	}
	out := strings.Join(r.Names, "|")
	for {
		cells, line, err := r.Read()
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return out, fmt.Errorf("%d: %w", line, err)
		}
		out += fmt.Sprintf(" %d:%s", line, strings.Join(cells, "|"))
	}
}

// TestTablesOfTheWild: what programs write is one table.
func TestTablesOfTheWild(t *testing.T) {
	const want = "time|a 2:0|1 3:2|3"
	for name, text := range map[string]string{
		"plain": "time,a\n0,1\n2,3\n", "no end of line": "time,a\n0,1\n2,3", "CRLF": "time,a\r\n0,1\r\n2,3\r\n", "CR": "time,a\r0,1\r2,3\r", "BOM": "\ufefftime,a\n0,1\n2,3\n", "BOM and CR": "\ufefftime,a\r0,1\r2,3\r",
		"BOM and quotes": "\ufeff\"time\",\"a\"\r\n0,1\r\n2,3\r\n", "savetxt": "# time,a\n0,1\n2,3\n", "quotes": "\"time\",a\n\"0\",1\n2,\"3\"\n", "empty column": "time,a,\n0,1,\n2,3,\n", "empty column of numbers": "time,a\n0,1,\n2,3,,\n", "blanks": " time , a\n0,1\n2,3\n",
	} {
		if got, err := read(text); err != nil || got != want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	for text, want := range map[string]string{
		"# made by me\ntime,a\n0,1\n": "time|a 3:0|1", "time,a\n\n0,1\n": "time|a 3:0|1", "time": "time", "time,a\n0,NaN\n": "time|a 2:0|NaN", "time,,a\n0,,1\n": "time||a 2:0||1",
	} {
		if got, err := read(text); err != nil || got != want {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
}

func TestNoTables(t *testing.T) {
	for text, want := range map[string]string{
		"": "EOF", "\ufeff": "EOF", "\n\n": "EOF", "# remark\n": "EOF",
		"t\x00i\x00": "zero bytes", "\xff\xfet\x00": "UTF-16", "time;a\n0;1\n": "but by semicolons; write commas", "time\ta\n": "but by tabs", "time a\n0 1\n": "but by blanks",
		"0,1\n2,3\n": "numbers in place of the names", "1e3": "numbers in place", "a\"b,c\n": "the header: column 2: bare", "time,a\n0,1\n2\n": "3: 1 columns, the header has 2; is the file cut off?",
		"time,a\n0,5,1,5\n": "2: 4 columns, the header has 2; are there commas in its numbers?", "time,a\n0,\"1\n": "extraneous or missing",
	} {
		if _, err := read(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// FuzzReader: any bytes are a table or an error, and every line has as many cells as there are names.
func FuzzReader(f *testing.F) {
	for _, s := range []string{"time,a\n0,1\n", "\ufeff# t,a,\r0,1,\r", "\"a\n\",b\n1,2", "a;b\n", "\x00", "#\n#,\n#a,b\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := csvtext.NewReader(strings.NewReader(text))
		for err == nil {
			var cells []string
			if cells, _, err = r.Read(); err == nil && len(cells) != len(r.Names) {
				t.Fatalf("%q: %d cells for %d names", text, len(cells), len(r.Names))
			}
		}
	})
}
