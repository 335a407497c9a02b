package rows

import (
	"fmt"
	"slices"

	"github.com/ukemi-sim/ukemi/models/mjcf"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// Sensor measures the force and torque that a link gets from its parent ([sim.Sensor]), in the axes of a frame of the link.
type Sensor struct {
	Name       string     `json:"name"`
	Link       string     `json:"link"`
	Position   [3]float64 `json:"position"`   // of its frame in that of the link (m)
	Quaternion [4]float64 `json:"quaternion"` // w, x, y, z
}

func (x Sensor) pose() sim.Pose {
	p, q := x.Position, x.Quaternion
	return sim.Pose{Pos: r3.Vec{X: p[0], Y: p[1], Z: p[2]}, Rot: quat.Number{Real: q[0], Imag: q[1], Jmag: q[2], Kmag: q[3]}}
}

// add puts sensors on a stepper.
func add(s *sim.Stepper, sensors []Sensor) (all []*sim.Sensor, err error) {
	for _, x := range sensors {
		y, err := s.AddSensor(x.Link, x.pose())
		if err != nil {
			return nil, fmt.Errorf("sensor %q: %w", x.Name, err)
		}
		all = append(all, y)
	}
	return all, nil
}

// fileSensors returns the force and torque sensors of an MJCF file, one per site. A site is a frame of the model, beside that of its body's
// link.
func fileSensors(f *mjcf.Model, m *sim.Model) (all []Sensor) {
	for _, s := range f.Sensors {
		if s.Type != "force" && s.Type != "torque" || s.ObjType != "site" || slices.ContainsFunc(all, func(x Sensor) bool { return x.Name == s.ObjName }) {
			continue
		}
		i := slices.IndexFunc(f.Sites, func(x mjcf.Site) bool { return x.Name == s.ObjName })
		if i < 0 || f.Sites[i].Body == 0 {
			continue // the reader says that there is none; the world has no parent
		}
		link, err := m.Frame(f.Bodies[f.Sites[i].Body].Name)
		site, bad := m.Frame(s.ObjName)
		if err != nil || bad != nil || link.Body != site.Body {
			continue // names that the reader had to change
		}
		at := link.Pose.Inv().Mul(site.Pose)
		p, q := at.Pos, at.Rot
		all = append(all, Sensor{s.ObjName, link.Name, [3]float64{p.X, p.Y, p.Z}, [4]float64{q.Real, q.Imag, q.Jmag, q.Kmag}})
	}
	return all
}
