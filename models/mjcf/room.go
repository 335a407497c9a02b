package mjcf

import "math"

// rooms drops the limits of followers that leave no room beside those of what they follow: here both would hold at once and no step could
// obey them, where MuJoCo's softness balances one against the other. Of a URDF file they are dropped too.
func (c *builder) rooms() {
	c.unbound = make([]bool, len(c.m.Joints))
	if c.m.off.limit || c.m.off.constraint {
		return
	}
	span := func(j *Joint) [2]float64 {
		if j.Limited {
			return j.Range
		}
		return [2]float64{math.Inf(-1), math.Inf(1)}
	}
	room := map[int][2]float64{} // of each leader, within its own limits and those of its followers so far
	for i := range c.m.Joints {
		j, m := &c.m.Joints[i], &c.mimics[i]
		if m.of < 0 || !j.Limited || m.ratio == 0 || m.curve != [3]float64{} { // of what bends the model itself warns
			continue
		}
		lead := &c.m.Joints[m.of]
		all, known := room[m.of]
		if !known {
			all = span(lead)
		}
		low, up := (j.Range[0]-m.offset)/m.ratio, (j.Range[1]-m.offset)/m.ratio
		both := [2]float64{math.Max(all[0], math.Min(low, up)), math.Min(all[1], math.Max(low, up))}
		const none = 1e-6 // m, rad
		if both[1]-both[0] >= none {
			room[m.of] = both
			continue
		}
		c.unbound[i] = true
		a, b := m.ratio*all[0]+m.offset, m.ratio*all[1]+m.offset
		c.notef(j.Place, "joint", j.Name, "its own limits %.6g … %.6g are dropped: joint %q, which it follows, has room from %.6g to %.6g, which puts this one into %.6g … %.6g%s",
			j.Range[0], j.Range[1], c.joints[m.of], all[0], all[1], math.Min(a, b), math.Max(a, b), changes)
	}
}
