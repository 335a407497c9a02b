package sim

import (
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// contactSize is the number of columns of a contact: its step and the fields of [Contact], without the torque where none
// resists turning.
func (h *recordingHeader) contactSize() int {
	if h.Torques {
		return 21
	}
	return 18
}

// resists reports whether a contact resisted turning.
func resists(c Contact) bool { return c.Torque != r3.Vec{} }

// appendContacts appends the table of the contacts of all steps to b.
func (h *recordingHeader) appendContacts(b []byte, steps [][]Contact) []byte {
	for k, l := range steps {
		for i := range l {
			c := &l[i]
			for _, n := range [...]int{k, c.ID.A, c.ID.B, c.ID.Feature, c.BodyA, c.BodyB} {
				b = appendFloats(b, []float64{float64(n)})
			}
			for _, v := range [...]r3.Vec{c.Point, c.Normal, c.Force} {
				b = appendFloats(b, []float64{v.X, v.Y, v.Z})
			}
			if b = appendFloats(b, []float64{c.Gap, c.Slide, c.KappaUnit}); h.Torques {
				b = appendFloats(b, []float64{c.Torque.X, c.Torque.Y, c.Torque.Z})
			}
		}
	}
	return b
}

// contacts reads all rows and sorts them into steps.
func (h *recordingHeader) contacts(s *scanner) ([][]Contact, error) {
	l := make([][]Contact, h.Steps)
	last := 0
	for range *h.Contacts {
		v := s.floats(h.contactSize())
		for _, x := range v[:6] {
			if x != math.Trunc(x) || math.Abs(x) > 1<<53 {
				return nil, fmt.Errorf("a contact is numbered %g", x)
			}
		}
		k := int(v[0])
		if k < last || k >= h.Steps {
			return nil, fmt.Errorf("a contact of step %d after one of step %d, there are %d steps", k, last, h.Steps)
		}
		last = k
		vec := func(i int) r3.Vec { return r3.Vec{X: v[i], Y: v[i+1], Z: v[i+2]} }
		c := Contact{
			ID: ContactID{Pair{int(v[1]), int(v[2])}, int(v[3])}, BodyA: int(v[4]), BodyB: int(v[5]),
			Point: vec(6), Normal: vec(9), Force: vec(12), Gap: v[15], Slide: v[16], KappaUnit: v[17],
		}
		if h.Torques {
			c.Torque = vec(18)
		}
		l[k] = append(l[k], c)
	}
	return l, nil
}

func (c *Contact) finite() bool {
	return spatial.Finite(c.Point) && spatial.Finite(c.Normal) && spatial.Finite(c.Force) && spatial.Finite(c.Torque) && finite(c.Gap, c.Slide, c.KappaUnit)
}
