package rows_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/python/rows"
)

// TestVary: rows of other parameters step as a batch of such a model does, also a batch of several models.
func TestVary(t *testing.T) {
	m, _ := zoo(t, "ant", rows.Settings{})
	light, err := m.Set("torso.mass", []float64{0.2})
	if err != nil {
		t.Fatal(err)
	}
	b, err := rows.New([]*rows.Model{m, light}, rows.Settings{Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	const n = 8
	gravity := []float64{-1, -2, -2, -3}
	v, err := b.Vary("gravity.z", gravity)
	if err != nil {
		t.Fatal(err)
	}
	r, got := start(m, n), next(m, n)
	r.Vary = v
	if f, err := b.Step(r, 3, nil, got); err != nil || f.Count > 0 {
		t.Fatal(f, err)
	}
	nx := m.NQ() + m.NV()
	for i := range n {
		base := []*rows.Model{m, light}[i%2]
		other, err := base.Set("gravity.z", gravity[i/2:i/2+1])
		if err != nil {
			t.Fatal(err)
		}
		one, err := rows.New([]*rows.Model{other}, rows.Settings{})
		if err != nil {
			t.Fatal(err)
		}
		want := next(m, 1)
		if f, err := one.Step(rows.Rows{N: 1, X: r.X[i*nx : (i+1)*nx]}, 3, nil, want); err != nil || f.Count > 0 {
			t.Fatal(f, err)
		}
		if !slices.Equal(got.X[i*nx:(i+1)*nx], want.X) {
			t.Errorf("row %d is not where its own model leads", i)
		}
	}
}

func TestVaryRefuses(t *testing.T) {
	m, b := zoo(t, "ant", rows.Settings{})
	for _, c := range []struct {
		names, want string
		values      []float64
	}{
		{"torso.weight", "torso.weight", []float64{1}},
		{"gravity.z\ntorso.mass", "3 values of 2 parameters", []float64{1, 2, 3}},
		{"torso.mass", "mass", []float64{1, -1}},
		{"", "1 values of no parameter", []float64{1}},
	} {
		if _, err := b.Vary(c.names, c.values); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %q", c.names, err, c.want)
		}
	}
	for _, values := range [][]float64{{}, {-1, -2}} {
		v, err := b.Vary("gravity.z", values)
		if err != nil {
			t.Fatal(err)
		}
		r, out := start(m, 3), next(m, 3)
		r.Vary = v
		if _, err := b.Step(r, 1, nil, out); err == nil || !strings.Contains(err.Error(), "for 3 rows of states") {
			t.Errorf("%d groups: %v", len(values), err)
		}
	}
}
