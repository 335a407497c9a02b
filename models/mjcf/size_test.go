package mjcf_test

import (
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/models/mjcf"
)

// built reads and builds a file of the given worldbody.
func built(t *testing.T, world string) (nv int, err error) {
	t.Helper()
	m, err := mjcf.Parse(strings.NewReader(`<mujoco><worldbody>`+world+`</worldbody></mujoco>`), "t.xml")
	if err != nil {
		return 0, err
	}
	r, err := m.Robot(mjcf.Options{Ground: true})
	if err != nil {
		return 0, err
	}
	b, err := r.Builder.Build()
	if err != nil {
		return 0, err
	}
	return b.NV(), nil
}

// TestLongChain: bodies may be nested as deep as robots are long; this one took the reader's bound on nesting for a mistake.
func TestLongChain(t *testing.T) {
	const n = 1000
	nv, err := built(t, strings.Repeat(`<body pos="0 0 -0.1"><joint axis="0 1 0"/><geom type="capsule" size="0.02" fromto="0 0 0 0 0 -0.08"/>`, n)+strings.Repeat(`</body>`, n))
	if err != nil || nv != n {
		t.Errorf("%d degrees of freedom, %v", nv, err)
	}
	if _, err := built(t, strings.Repeat(`<body>`, 10*n)); err == nil || !strings.Contains(err.Error(), "nested deeper than 5000") {
		t.Errorf("error %.200v", err)
	}
}
