package models_test

import (
	"flag"
	"fmt"
	"hash/fnv"
	"math"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/fixture"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
)

var update = flag.Bool("update", false, "rewrite testdata/hash.golden; say why in the commit message")

// TestZooBits pins the bits of the states that 1 s of steps of 10 ms leads every model of the zoo to.
func TestZooBits(t *testing.T) {
	var out strings.Builder
	for _, e := range models.All() {
		m, s := build(t, e.Name, models.Options{})
		st := m.NewStepper(sim.Options{})
		for k := range 100 {
			if _, err := st.Step(&s, s, nil); err != nil {
				t.Fatalf("%s, step %d: %v", e.Name, k, err)
			}
		}
		h := fnv.New64a()
		for _, x := range append(append([]float64(nil), s.Q...), s.V...) {
			fmt.Fprintf(h, "%016x", math.Float64bits(x))
		}
		fmt.Fprintf(&out, "%016x %s\n", h.Sum64(), e.Name)
	}
	fixture.SameBits(t, out.String(), *update)
}

// TestBuildTwice: a builder stays as it was. Quaternions of published digits, normalized a second time, had other last bits: loaders build
// twice, since where the ground is depends on the start.
func TestBuildTwice(t *testing.T) {
	for _, e := range models.All() {
		b := e.Builder(models.Options{})
		var hashes [2]uint64
		for i := range hashes {
			m, err := b.Build()
			if err != nil {
				t.Fatal(err)
			}
			hashes[i] = m.Hash()
		}
		if hashes[0] != hashes[1] {
			t.Errorf("%s: the second model is another", e.Name)
		}
	}
}
