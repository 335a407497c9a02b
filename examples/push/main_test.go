package main

import (
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/examples/internal/runtest"
)

func TestPush(t *testing.T) {
	if said := runtest.Repeats(t, run); !strings.Contains(said, "converged") {
		t.Error(said)
	}
}
