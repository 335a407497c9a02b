package implicit_test

import (
	"math"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/models"
)

// TestMoveCorners: all corners of all hulls move, by no more than asked, the same for the same seed; what else there is stays. That
// derivatives by them are right then and one-sided before is what TestCheckZoo says of the cup (4e-6 of the largest, now 3e-9).
func TestMoveCorners(t *testing.T) {
	m, _, err := models.Load("cup", models.Options{})
	if err != nil {
		t.Fatal(err)
	}
	const by = 1e-4
	moved, err := implicit.MoveCorners(m, by, 3)
	if err != nil {
		t.Fatal(err)
	}
	again, err := implicit.MoveCorners(m, by, 3)
	if err != nil || again.Hash() != moved.Hash() {
		t.Errorf("the same seed has another model: %v", err)
	}
	corners := 0
	for _, p := range implicit.Params(m) {
		if p.Kind == "external force" {
			continue
		}
		off := math.Abs(value(t, moved, p) - value(t, m, p))
		if !strings.Contains(p.Name, ".point") {
			if off != 0 {
				t.Errorf("%s moved by %g", p.Name, off)
			}
			continue
		}
		if corners++; !(off > 0 && off <= by) {
			t.Errorf("%s moved by %g m, want at most %g", p.Name, off, by)
		}
	}
	if corners < 100 {
		t.Errorf("%d coordinates of corners", corners)
	}
	balls, _, err := models.Load("balls", models.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if same, err := implicit.MoveCorners(balls, by, 3); same != balls || err != nil {
		t.Errorf("a model without hulls: %v", err)
	}
}
