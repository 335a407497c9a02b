package main

import (
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/examples/internal/runtest"
)

func TestStands(t *testing.T) {
	if said := runtest.Repeats(t, run); !strings.Contains(said, "150 N for 0.1 s aside") {
		t.Error(said)
	}
}
