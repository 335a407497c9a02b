package collide

import (
	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// Part is what of a shape touches another. Its code is, of a sphere 0; of a capsule 0 for the side, 1 and 2 for the ends at +z and −z;
// of a box (x+1) + 3(y+1) + 9(z+1), where x, y, z are the signs of the faces that the part lies on, 0 for none: one of them for a face,
// two for an edge, three for a vertex.
type Part struct {
	Code  uint8
	Point bool    // a point of the edge that the code says, fixed to the body
	Along float64 // where on it (m from its middle)
}

const (
	side uint8 = iota
	endUp
	endDown
)

// signs is the part of a box on the faces with these signs.
func signs(s [3]int) Part { return Part{Code: uint8(s[0] + 1 + 3*(s[1]+1) + 9*(s[2]+1))} }

func (p Part) signs() [3]int {
	c := int(p.Code)
	return [3]int{c%3 - 1, c/3%3 - 1, c/9 - 1}
}

func unit(k int) r3.Vec { return [3]r3.Vec{{X: 1}, {Y: 1}, {Z: 1}}[k] }

func vec(v [3]float64) r3.Vec { return r3.Vec{X: v[0], Y: v[1], Z: v[2]} }

func array(v r3.Vec) [3]float64 { return [3]float64{v.X, v.Y, v.Z} }

// Feature returns the part p of s, in the frame of the shape.
func (p Part) Feature(s *contact.Shape) (f gap.Feature) {
	switch s.Kind {
	case contact.KindSphere:
		f.Radius = s.Radius
	case contact.KindCapsule:
		f.Radius = s.Radius
		switch p.Code {
		case side:
			f.Axis = unit(2)
		case endUp:
			f.Center.Z = s.HalfLength
		case endDown:
			f.Center.Z = -s.HalfLength
		}
	case contact.KindBox:
		h, on := array(s.Half), p.signs()
		var c [3]float64
		faces, free := 0, 0
		for k, sign := range on {
			c[k] = float64(sign) * h[k]
			if sign != 0 {
				faces++
			} else {
				free = k
			}
		}
		f.Center = vec(c)
		switch {
		case faces == 1:
			f.Center = r3.Vec{}
			for k, sign := range on {
				if sign != 0 {
					f.Axis, f.Radius = spatial.Scale(float64(sign), unit(k)), h[k]
				}
			}
		case p.Point:
			f.Center = spatial.AddScaled(f.Center, p.Along, unit(free))
		case faces == 2:
			f.Axis = unit(free)
		}
	}
	return f
}

// Shift returns how that feature changes per unit of size i of the shape, numbered as [contact.Shape.Param] does.
func (p Part) Shift(s *contact.Shape, i int) (c gap.Change) {
	switch {
	case s.Kind == contact.KindBox:
		on := p.signs()
		if on[0]*on[0]+on[1]*on[1]+on[2]*on[2] == 1 {
			c.Radius = float64(on[i] * on[i])
		} else {
			c.Center = spatial.Scale(float64(on[i]), unit(i))
		}
	case i == 0:
		c.Radius = 1
	case p.Code == endUp:
		c.Center.Z = 1
	case p.Code == endDown:
		c.Center.Z = -1
	}
	return c
}
