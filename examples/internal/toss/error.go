package toss

import "math"

// Published are the errors of other engines on these tosses, each rolled out from its first measured state: mean ± standard
// deviation of position in percent of the width and of rotation in degrees (Acosta, Yang, Posa, RA-L 2022, table II).
var Published = []struct {
	Engine                string
	Position, PositionStd float64
	Rotation, RotationStd float64
}{
	{"Drake", 13.5, 8.2, 16.5, 20.0},
	{"Bullet", 14.9, 8.9, 16.5, 20.2},
	{"MuJoCo", 25.1, 10.8, 21.7, 21.4},
}

// Distance returns how far a configuration is from a sample, in meters and radians.
func Distance(q []float64, p Sample) (position, rotation float64) {
	d := math.Hypot(math.Hypot(q[0]-p.Pos[0], q[1]-p.Pos[1]), q[2]-p.Pos[2])
	c := 0.0
	for k := range p.Quat {
		c += q[3+k] * p.Quat[k]
	}
	return d, 2 * math.Acos(math.Min(1, math.Abs(c)))
}
