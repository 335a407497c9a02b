package main

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// mcapRecords walks through a file as its specification says and returns the contents of its records by kind, in order.
func mcapRecords(t *testing.T, path string) (kinds []byte, contents [][]byte) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s := string(b)
	if !strings.HasPrefix(s, mcapMagic) || !strings.HasSuffix(s, mcapMagic) {
		t.Fatal("the file does not begin and end as MCAP does")
	}
	for b = b[len(mcapMagic) : len(b)-len(mcapMagic)]; len(b) > 0; {
		n := binary.LittleEndian.Uint64(b[1:])
		if n > uint64(len(b)-9) {
			t.Fatalf("a record of %d bytes in %d", n, len(b)-9)
		}
		kinds, contents = append(kinds, b[0]), append(contents, b[9:9+n])
		b = b[9+n:]
	}
	return kinds, contents
}

// TestMCAP: poses, looks and signals of a recording are there, with their times and numbers; a table has its signals.
func TestMCAP(t *testing.T) {
	dir := t.TempDir()
	run, table, path := filepath.Join(dir, "run.ukemi"), filepath.Join(dir, "run.csv"), filepath.Join(dir, "run.mcap")
	if status, _, stderr := ukemi("simulate", "quadruped", "--seconds", "0.2", "--record", run, "--out", table); status != 0 {
		t.Fatal(stderr)
	}
	if status, _, stderr := ukemi("export", run, "--out", path); status != 0 {
		t.Fatal(stderr)
	}
	kinds, contents := mcapRecords(t, path)
	topics := map[uint16]string{}
	count := map[string]int{}
	var last map[string]any
	var total uint64
	data := true
	for i, k := range kinds {
		c := contents[i]
		switch k {
		case mcapChannel:
			n := binary.LittleEndian.Uint32(c[4:])
			topics[binary.LittleEndian.Uint16(c)] = string(c[8 : 8+n])
		case mcapMessage:
			name := topics[binary.LittleEndian.Uint16(c)]
			var of map[string]any
			if err := json.Unmarshal(c[22:], &of); err != nil {
				t.Fatal(err)
			}
			if seq := binary.LittleEndian.Uint32(c[2:]); int(seq) != count[name] {
				t.Errorf("message %d of %s is number %d", count[name], name, seq)
			}
			if at := binary.LittleEndian.Uint64(c[6:]); name != "/scene" && at != uint64(count[name])*10e6 {
				t.Errorf("message %d of %s is at %d ns", count[name], name, at)
			}
			count[name]++
			if name == "/signals" {
				last = of
			}
			if l, ok := of["transforms"].([]any); name == "/tf" && (!ok || len(l) != 13) {
				t.Errorf("poses %v", of)
			}
			if l, ok := of["entities"].([]any); name == "/scene" && (!ok || len(l) < 13) {
				t.Errorf("looks %v", of)
			}
			if !data {
				t.Error("a message behind the data")
			}
		case mcapDataEnd:
			data = false
		case mcapStatistics:
			total = binary.LittleEndian.Uint64(c)
		}
	}
	if count["/tf"] != 21 || count["/signals"] != 21 || count["/scene"] != 1 || total != 43 || kinds[0] != mcapHeader || kinds[len(kinds)-1] != mcapFooter {
		t.Errorf("messages %v, %d by the statistics", count, total)
	}
	s, err := readSheet(table)
	if err != nil {
		t.Fatal(err)
	}
	row := s.rows[20]
	for i, name := range s.names {
		var x any = last
		for _, p := range strings.Split(name, ".") {
			o, _ := x.(map[string]any)
			x = o[p]
		}
		if v, ok := x.(float64); row[i]-row[i] == 0 && (!ok || math.Abs(v-row[i]) > 1e-12*math.Abs(v)) {
			t.Errorf("%s is %v, in the table %g", name, x, row[i])
		}
	}
	if status, out, stderr := ukemi("export", table, "--out", path); status != 0 || !strings.Contains(out, "21 rows") {
		t.Errorf("a table: %q, %q", out, stderr)
	}
	if kinds, _ := mcapRecords(t, path); strings.Count(string(kinds), string(rune(mcapMessage))) != 21 {
		t.Error("a table has other messages than its rows")
	}
}

// TestNest keeps apart what is a number and what has parts.
func TestNest(t *testing.T) {
	paths := nest([]string{"a", "a.b", "c.d.e", "c.d.f"})
	got, err := json.Marshal(values(paths, []float64{1, 2, math.NaN(), 4}))
	if want := `{"a":{"b":2},"a ":1,"c":{"d":{"f":4}}}`; err != nil || string(got) != want {
		t.Errorf("%s, want %s", got, want)
	}
}
