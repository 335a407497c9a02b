package main

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"os"
	"strconv"

	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// csvFile writes one line per instant: time, q, v, energies and the force of every contact, the numbers with
// 17 digits so that reading them back gives the same bits.
type csvFile struct {
	f   *os.File
	w   *bufio.Writer
	m   *sim.Model
	buf []byte
}

func newCSV(path string, m *sim.Model) (*csvFile, error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("--out: %w", err)
	}
	c := &csvFile{f: f, w: bufio.NewWriter(f), m: m}
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
	for i := range m.Contacts {
		f := m.Contacts[i].Force
		c.number(f.X)
		c.number(f.Y)
		c.number(f.Z)
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

// columnNames returns the header of a table: time, q, v, energies, the force of every contact.
func columnNames(m *sim.Model) []string {
	l := append(append([]string{"time"}, coordinateNames(m)...), velocityNames(m)...)
	l = append(l, energyColumns...)
	for _, n := range m.Contacts() {
		l = append(l, n+".fx", n+".fy", n+".fz")
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
