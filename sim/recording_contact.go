package sim

import (
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/spatial/r3"
)

// contactSize is the number of columns of a contact in a recording: its step and the fields of [Contact].
const contactSize = 18

// appendContacts appends the table of the contacts of all steps to b.
func appendContacts(b []byte, steps [][]Contact) []byte {
	for k, l := range steps {
		for i := range l {
			c := &l[i]
			for _, n := range [...]int{k, c.ID.A, c.ID.B, c.ID.Feature, c.BodyA, c.BodyB} {
				b = appendFloats(b, []float64{float64(n)})
			}
			for _, v := range [...]r3.Vec{c.Point, c.Normal, c.Force} {
				b = appendFloats(b, []float64{v.X, v.Y, v.Z})
			}
			b = appendFloats(b, []float64{c.Gap, c.Slide, c.KappaUnit})
		}
	}
	return b
}

// contacts reads n rows and sorts them into steps.
func (s *scanner) contacts(n, steps int) ([][]Contact, error) {
	l := make([][]Contact, steps)
	last := 0
	for range n {
		v := s.floats(contactSize)
		for _, x := range v[:6] {
			if x != math.Trunc(x) || math.Abs(x) > 1<<53 {
				return nil, fmt.Errorf("a contact is numbered %g", x)
			}
		}
		k := int(v[0])
		if k < last || k >= steps {
			return nil, fmt.Errorf("a contact of step %d after one of step %d, there are %d steps", k, last, steps)
		}
		last = k
		vec := func(i int) r3.Vec { return r3.Vec{X: v[i], Y: v[i+1], Z: v[i+2]} }
		l[k] = append(l[k], Contact{
			ID: ContactID{Pair{int(v[1]), int(v[2])}, int(v[3])}, BodyA: int(v[4]), BodyB: int(v[5]),
			Point: vec(6), Normal: vec(9), Force: vec(12), Gap: v[15], Slide: v[16], KappaUnit: v[17],
		})
	}
	return l, nil
}

func (c *Contact) finite() bool {
	return spatial.Finite(c.Point) && spatial.Finite(c.Normal) && spatial.Finite(c.Force) && finite(c.Gap, c.Slide, c.KappaUnit)
}
