package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/examples/internal/runtest"
)

func TestTrot(t *testing.T) {
	if said := runtest.Repeats(t, run); !strings.Contains(said, "converged") {
		t.Error(said)
	}
}

func TestMotions(t *testing.T) {
	for _, name := range []string{"leap", "rise"} {
		var said bytes.Buffer
		if err := run([]string{"-motion", name}, &said); err != nil {
			t.Errorf("%s: %v\n%s", name, err, &said)
		}
	}
	if err := run([]string{"-motion", "fly"}, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "trot, leap, rise") {
		t.Errorf("a motion that is not there: %v", err)
	}
}
