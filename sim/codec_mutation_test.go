package sim_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ukemi-sim/ukemi/sim"
)

// mutate changes one to three values of a decoded JSON document in ways that keep it JSON: what a fuzzer
// of bytes rarely does.
func mutate(rng *rand.Rand, doc any) {
	type place struct {
		set func(any)
		old any
	}
	var places []place
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, k := range slices.Sorted(maps.Keys(v)) { // the same places for the same seed
				places = append(places, place{func(x any) { v[k] = x }, v[k]})
				walk(v[k])
			}
		case []any:
			for i := range v {
				places = append(places, place{func(x any) { v[i] = x }, v[i]})
				walk(v[i])
			}
		}
	}
	walk(doc)
	for range 1 + rng.IntN(3) {
		p := places[rng.IntN(len(places))]
		switch old := p.old.(type) {
		case float64:
			values := []any{-1, 0, 1, 2, 3, 5, 7, 1 << 40, 1e-300, 1e300, -1e300, old + 1, old - 1, -old, 2 * old, 1e9 * old, 1e-9 * old, "nan", "+inf", "-inf", nil}
			p.set(values[rng.IntN(len(values))])
		case []any:
			switch n := len(old); rng.IntN(4) {
			case 0:
				p.set([]any{})
			case 1:
				if n > 0 {
					p.set(old[:n-1])
				}
			case 2:
				if n > 0 {
					p.set(append(old[:n:n], old[rng.IntN(n)]))
				}
			case 3:
				if n > 1 {
					i, j := rng.IntN(n), rng.IntN(n)
					old[i], old[j] = old[j], old[i]
				}
			}
		case bool:
			p.set(!old)
		default:
			p.set(nil)
		}
	}
}

// TestModelMutations: a model with a few values changed either fails to load or can be stepped. What
// still loads must exist, or the test would only prove that everything is refused.
func TestModelMutations(t *testing.T) {
	n := 300
	if testing.Short() {
		n = 60
	}
	loaded := 0
	for _, src := range [][]byte{saveModel(t, crowd(t)), saveModel(t, hinge(t))} {
		for seed := range uint64(n) {
			if tryMutation(t, src, seed) {
				loaded++
			}
		}
	}
	t.Logf("%d of %d mutants load", loaded, 2*n)
	if loaded == 0 || loaded == 2*n {
		t.Error("mutations prove nothing")
	}
}

// FuzzMutateModel is TestModelMutations without an end.
func FuzzMutateModel(f *testing.F) {
	big, small := saveModel(f, crowd(f)), saveModel(f, hinge(f))
	f.Add(uint64(1))
	f.Fuzz(func(t *testing.T, seed uint64) {
		tryMutation(t, big, seed)
		tryMutation(t, small, seed)
	})
}

func tryMutation(t *testing.T, src []byte, seed uint64) bool {
	defer func() {
		if r := recover(); r != nil {
			t.Errorf("seed %d: panic", seed)
			panic(r)
		}
	}()
	var doc any
	if err := json.Unmarshal(src, &doc); err != nil {
		t.Fatal(err)
	}
	mutate(rand.New(rand.NewPCG(seed, 3)), doc)
	b, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	m, err := sim.LoadModel(bytes.NewReader(b))
	if err != nil {
		return false
	}
	s := m.NewStepper(sim.Options{MaxHalvings: 1})
	cur := m.NewState()
	for range 2 { // may fail, must not panic
		if _, err := s.Step(&cur, cur, nil); err != nil {
			break
		}
	}
	return true
}
