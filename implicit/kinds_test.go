package implicit

import (
	"testing"

	"github.com/ukemi-sim/ukemi/internal/dynamics"
)

// TestEveryPropertyHasAName: a property of joints that dynamics differentiates by and that had no name here could not be asked for,
// and no check would miss it.
func TestEveryPropertyHasAName(t *testing.T) {
	named := map[dynamics.ParamKind]bool{}
	for _, d := range dofParams {
		named[d.kind] = true
	}
	for k := dynamics.ParamDamping; k <= dynamics.ParamKd; k++ {
		if !named[k] {
			t.Errorf("property %d of degrees of freedom has no name in dofParams", k)
		}
	}
}
