package contact

// Filter says which other shapes a shape may touch. Two may if one is in a group that the other touches, as MuJoCo's contype and
// conaffinity say it. Half-spaces touch all shapes.
type Filter struct {
	Groups  uint32 // bits of the groups that the shape is in
	Touches uint32 // bits of the groups that it touches
}

// Everyone is the filter of shapes for which none is given: in the first group, and touching it.
var Everyone = Filter{Groups: 1, Touches: 1}

// Touch reports whether shapes with these filters may touch.
func (f Filter) Touch(g Filter) bool { return f.Groups&g.Touches|g.Groups&f.Touches != 0 }
