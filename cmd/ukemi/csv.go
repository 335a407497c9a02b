package main

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"os"
	"strconv"

	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/spatial/r3"
)

// csvFile writes one line per instant: time, q, v, energies and what every pair of colliders did, the numbers with
// 17 digits so that reading them back gives the same bits.
type csvFile struct {
	f     *os.File
	w     *bufio.Writer
	buf   []byte
	pairs []pairSum
	of    map[sim.Pair]int // where each is
}

// pairSum adds up the contacts of a pair.
type pairSum struct {
	force r3.Vec  // N
	point r3.Vec  // mean of the points, weighed with their forces (m); NaN without force
	load  float64 // sum of the sizes of forces (N)
}

// sumPairs makes c.pairs the sums of the contacts.
func (c *csvFile) sumPairs(contacts []sim.Contact) error {
	clear(c.pairs)
	for i := range contacts {
		k := &contacts[i]
		at, ok := c.of[k.ID.Pair]
		if !ok {
			return fmt.Errorf("colliders %d and %d have no column", k.ID.A, k.ID.B)
		}
		p, n := &c.pairs[at], r3.Norm(k.Force)
		p.force, p.load = r3.Add(p.force, k.Force), p.load+n
		p.point = r3.Add(p.point, r3.Scale(n, k.Point))
	}
	for i := range c.pairs {
		p := &c.pairs[i]
		p.point = r3.Scale(1/p.load, p.point) // 0 × 1/0 is NaN
	}
	return nil
}

func newCSV(path string, m *sim.Model) (*csvFile, error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("--out: %w", err)
	}
	c := &csvFile{f: f, w: bufio.NewWriter(f), of: map[sim.Pair]int{}}
	for i, p := range m.Pairs() {
		c.of[p.Pair] = i
	}
	c.pairs = make([]pairSum, len(c.of))
	names := csv.NewWriter(c.w) // quotes what needs it
	if err := names.Write(columnNames(m)); err != nil {
		return nil, c.wrap(err)
	}
	names.Flush()
	return c, nil
}

func (c *csvFile) number(x float64) {
	c.buf = append(c.buf, ',')
	c.buf = strconv.AppendFloat(c.buf, x, 'g', 17, 64)
}

func (c *csvFile) take(m *scene.Moment) error {
	c.buf = strconv.AppendFloat(c.buf, m.Time, 'g', 17, 64)
	for _, x := range m.State.Q {
		c.number(x)
	}
	for _, x := range m.State.V {
		c.number(x)
	}
	for _, x := range []float64{m.Energy.Kinetic, m.Energy.Gravity, m.Energy.Spring, m.TotalEnergy()} {
		c.number(x)
	}
	if err := c.sumPairs(m.Contacts); err != nil {
		return c.wrap(err)
	}
	for i := range c.pairs {
		f, p := c.pairs[i].force, c.pairs[i].point
		for _, x := range []float64{f.X, f.Y, f.Z, p.X, p.Y, p.Z} {
			c.number(x)
		}
	}
	c.buf = append(c.buf, '\n')
	_, err := c.w.Write(c.buf)
	c.buf = c.buf[:0]
	return c.wrap(err)
}

func (c *csvFile) close() error {
	err := c.w.Flush()
	if e := c.f.Close(); err == nil {
		err = e
	}
	return c.wrap(err)
}

func (c *csvFile) wrap(err error) error {
	if err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	return nil
}

var energyColumns = []string{"energy.kinetic", "energy.gravity", "energy.spring", "energy.total"}

// pairColumns are those of a pair of colliders: the sum of the forces on A, and where it acts.
var pairColumns = []string{".fx", ".fy", ".fz", ".px", ".py", ".pz"}

// columnNames returns the header of a table: time, q, v, energies, then the pairs of colliders.
func columnNames(m *sim.Model) []string {
	l := append(append([]string{"time"}, coordinateNames(m)...), velocityNames(m)...)
	l = append(l, energyColumns...)
	for _, p := range m.Pairs() {
		for _, c := range pairColumns {
			l = append(l, p.Name+c)
		}
	}
	return l
}

// coordinateNames returns a name for every coordinate: the joint's, with what it is when there are several.
func coordinateNames(m *sim.Model) []string { return axisNames(m, true) }

// velocityNames returns a name for every velocity, "v." and the joint's.
func velocityNames(m *sim.Model) []string { return axisNames(m, false) }

func axisNames(m *sim.Model, position bool) []string {
	var l []string
	for _, j := range m.Joints() {
		nt, nr := len(j.Type.Trans), len(j.Type.Rot)
		name, parts := j.Name, []string{}
		if !position {
			name = "v." + name
		}
		for k := range nt {
			parts = append(parts, translations(nt)[k])
		}
		switch {
		case nr == 3 && position:
			parts = append(parts, "qw", "qx", "qy", "qz")
		case nr == 3:
			parts = append(parts, "wx", "wy", "wz")
		case nr == 1:
			parts = append(parts, "angle")
		default:
			for k := range nr {
				parts = append(parts, fmt.Sprintf("angle%d", k+1))
			}
		}
		if len(parts) == 1 {
			l = append(l, name)
			continue
		}
		for _, p := range parts {
			l = append(l, name+"."+p)
		}
	}
	return l
}

func translations(n int) []string {
	if n == 3 {
		return []string{"x", "y", "z"}
	}
	return []string{"t1", "t2"}[:n]
}
