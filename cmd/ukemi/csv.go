package main

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"

	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/spatial/r3"
)

// csvFile writes one line per instant: time, q, v, energies and what pairs of colliders did, the numbers with
// 17 digits so that reading them back gives the same bits. Pairs of shapes grow with the square of their number, and most never
// meet: those have columns that touched in the run. Which did is known at its end, so lines without forces wait in a scratch file.
type csvFile struct {
	f, scratch *os.File
	w          *bufio.Writer // to scratch
	buf        []byte
	lines      int
	pairs      []sim.PairInfo
	of         map[sim.Pair]int // where each is in pairs
	met        []bool           // whether it has columns
	sums       map[int]pairSum  // of the line, by pair
	touches    []touch
}

// pairSum adds up the contacts of a pair.
type pairSum struct {
	force r3.Vec  // N
	point r3.Vec  // mean of the points, weighed with their forces (m); NaN without force
	load  float64 // sum of the sizes of forces (N)
}

// touch is what a pair did in a line.
type touch struct {
	line, pair   int
	force, point r3.Vec
}

// sumPairs appends the sums of the contacts to touches.
func (c *csvFile) sumPairs(contacts []sim.Contact) error {
	clear(c.sums)
	for i := range contacts {
		k := &contacts[i]
		at, ok := c.of[k.ID.Pair]
		if !ok {
			return fmt.Errorf("colliders %d and %d have no column", k.ID.A, k.ID.B)
		}
		p, n := c.sums[at], r3.Norm(k.Force)
		p.force, p.load = r3.Add(p.force, k.Force), p.load+n
		p.point = r3.Add(p.point, r3.Scale(n, k.Point))
		c.sums[at] = p
	}
	for at, p := range c.sums {
		if p.load != 0 {
			c.met[at] = true
			c.touches = append(c.touches, touch{c.lines, at, p.force, r3.Scale(1/p.load, p.point)})
		}
	}
	return nil
}

func newCSV(path string, m *sim.Model) (*csvFile, error) {
	f, err := os.Create(path) // now, so that a bad path fails before the run
	if err != nil {
		return nil, fmt.Errorf("--out: %w", err)
	}
	scratch, err := os.CreateTemp("", "ukemi-*.csv")
	if err != nil {
		return nil, fmt.Errorf("--out: %w", err)
	}
	c := &csvFile{f: f, scratch: scratch, w: bufio.NewWriter(scratch), pairs: m.Pairs(), of: map[sim.Pair]int{}, sums: map[int]pairSum{}}
	c.met = make([]bool, len(c.pairs))
	for i, p := range c.pairs {
		c.of[p.Pair] = i
		_, c.met[i] = p.HalfSpace() // few, and a foot that never touched has a column that says so
	}
	names := csv.NewWriter(c.w) // quotes what needs it
	if err := names.Write(stateNames(m)); err != nil {
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
	c.buf = strconv.AppendFloat(c.buf[:0], m.Time, 'g', 17, 64)
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
	c.lines++
	c.buf = append(c.buf, '\n')
	_, err := c.w.Write(c.buf)
	return c.wrap(err)
}

// close writes the table: the lines that wait, each with what the pairs did.
func (c *csvFile) close() error {
	err := c.widen()
	for _, f := range []*os.File{c.scratch, c.f} {
		err = errors.Join(err, f.Close())
	}
	return c.wrap(errors.Join(err, os.Remove(c.scratch.Name())))
}

func (c *csvFile) widen() error {
	if err := c.w.Flush(); err != nil {
		return err
	}
	if _, err := c.scratch.Seek(0, io.SeekStart); err != nil {
		return err
	}
	in, out := bufio.NewReader(c.scratch), bufio.NewWriter(c.f)
	var columns []int // the pair of each six
	cell := make([]int, len(c.pairs))
	for i, met := range c.met {
		if met {
			cell[i] = len(columns)
			columns = append(columns, i)
		}
	}
	cells := make([]pairSum, len(columns)) // of a line
	nan := r3.Vec{X: math.NaN(), Y: math.NaN(), Z: math.NaN()}
	rest := c.touches
	for line := -1; line < c.lines; line++ { // the first is the header
		text, err := in.ReadBytes('\n')
		if err != nil {
			return err
		}
		c.buf = append(c.buf[:0], text[:len(text)-1]...)
		for i := range cells {
			cells[i] = pairSum{point: nan}
		}
		for ; len(rest) > 0 && rest[0].line == line; rest = rest[1:] {
			cells[cell[rest[0].pair]] = pairSum{force: rest[0].force, point: rest[0].point}
		}
		for k, i := range columns {
			if line < 0 {
				c.buf = append(append(c.buf, ','), quoted(pairNames(c.pairs[i]))...)
				continue
			}
			f, p := cells[k].force, cells[k].point
			for _, x := range []float64{f.X, f.Y, f.Z, p.X, p.Y, p.Z} {
				c.number(x)
			}
		}
		if _, err := out.Write(append(c.buf, '\n')); err != nil {
			return err
		}
	}
	return out.Flush()
}

// quoted is a line of a table, without its end.
func quoted(names []string) string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	_ = w.Write(names) // a Builder does not fail
	w.Flush()
	return strings.TrimSuffix(b.String(), "\n")
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

// stateNames returns the first columns of a table: time, q, v, energies.
func stateNames(m *sim.Model) []string {
	l := append(append([]string{"time"}, coordinateNames(m)...), velocityNames(m)...)
	return append(l, energyColumns...)
}

// pairNames returns the columns of a pair of colliders.
func pairNames(p sim.PairInfo) []string {
	l := make([]string, 0, len(pairColumns))
	for _, c := range pairColumns {
		l = append(l, p.Name+c)
	}
	return l
}

// columnNames returns all columns that a table of the model can have.
func columnNames(m *sim.Model) []string {
	l := stateNames(m)
	for _, p := range m.Pairs() {
		l = append(l, pairNames(p)...)
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
