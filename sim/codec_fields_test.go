package sim

import (
	"reflect"
	"slices"
	"testing"
)

// TestModelFields fails when Model gains a field that files would drop. (Fields of the types inside are
// written without being listed.)
func TestModelFields(t *testing.T) {
	known := []string{"name", "dyn", "bodies", "joints", "inputs", "frames", "pieces", "planes", "colliders", "contacts", "loops", "visuals", "warnings"}
	known = append(known, "structure") // follows from the others
	for f := range reflect.TypeFor[Model]().Fields() {
		if !slices.Contains(known, f.Name) {
			t.Errorf("Model.%s is not saved: add it to wireModel, check it in validate, list it here", f.Name)
		}
	}
}
