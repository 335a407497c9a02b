package main

import (
	"bytes"
	"encoding/csv"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/spatial/r3"
)

// FuzzCSV reads tables of any text: one that is accepted holds states of the model at times that grow, and forces that are
// numbers.
func FuzzCSV(f *testing.F) {
	w := load(f, "block")
	m := w.model
	names := columnNames(m)
	var head bytes.Buffer
	c := csv.NewWriter(&head)
	if err := c.Write(names); err != nil {
		f.Fatal(err)
	}
	c.Flush()
	row := func(first string) string { // upright
		r := make([]string, len(names))
		for i := range r {
			r[i] = "0"
		}
		r[0], r[4] = first, "1"
		return strings.Join(r, ",") + "\n"
	}
	f.Add(head.String() + row("0") + row("0.01"))
	f.Add(head.String() + row("1") + row("0.5"))
	f.Add(head.String() + strings.ReplaceAll(row("0"), "0", "NaN"))
	f.Add(head.String() + strings.TrimSuffix(row("0"), "0,0\n") + "1.7e308,1.7e308\n")
	f.Add(strings.Join(names[:1+m.NQ()+m.NV()], ",") + "\n")
	f.Add(`"a""b",c` + "\n")
	f.Fuzz(func(t *testing.T, s string) {
		r := &reel{model: m, name: "x"}
		if newTable(r, w.start).read("x", strings.NewReader(s)) != nil {
			return
		}
		last := math.Inf(-1)
		for i := range r.frames {
			x := &r.frames[i]
			if err := m.CheckState(x.State); err != nil || !(x.Time > last) {
				t.Fatalf("frame %d at %g s, after %g s: %v", i, x.Time, last, err)
			}
			last = x.Time
			for _, c := range x.Contacts {
				if n := r3.Norm(c.Force); n-n != 0 {
					t.Fatalf("frame %d: a force of %v", i, c.Force)
				}
			}
		}
	})
}
