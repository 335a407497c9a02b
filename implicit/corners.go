package implicit

import (
	"math/rand/v2"
	"strings"

	"github.com/ukemi-sim/ukemi/sim"
)

// MoveCorners returns a copy of m whose hulls have every corner moved at random by up to by along each axis (m). A point
// in a flat face or on an edge, as meshes have them and cuts of convex pieces make them, counts as it is moved out, and not
// as it is moved in: derivatives by it are one-sided, and a check of them must begin beside that. Where there are no
// hulls it is m itself.
func MoveCorners(m *sim.Model, by float64, seed uint64) (*sim.Model, error) {
	rng := rand.New(rand.NewPCG(seed, 8))
	var corners []Param
	var values []float64
	for _, p := range Params(m) {
		if p.Kind != "shape" || !strings.Contains(p.Name, ".point") {
			continue
		}
		x, err := Get(m, p)
		if err != nil {
			return nil, err
		}
		corners, values = append(corners, p), append(values, x+by*(2*rng.Float64()-1))
	}
	if len(corners) == 0 {
		return m, nil
	}
	return Set(m, corners, values)
}
