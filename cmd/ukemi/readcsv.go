package main

import (
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/csvtext"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/spatial/r3"
)

func isCSV(source string) bool {
	return source == "-" || strings.EqualFold(filepath.Ext(source), ".csv")
}

// meshDir returns the folder in which the meshes of a robot file are looked for.
func meshDir(source string) string {
	if !isFile(source) {
		return ""
	}
	return filepath.Dir(source)
}

// openTable opens a file, or standard input for "-".
func openTable(path string) (io.ReadCloser, error) {
	if path == "-" {
		return io.NopCloser(os.Stdin), nil
	}
	if err := tabular(path); err != nil {
		return nil, err
	}
	return os.Open(path)
}

// tabular returns an error for a recording where a table is wanted.
func tabular(path string) error {
	if !isRecording(path) {
		return nil
	}
	table := strings.TrimSuffix(path, filepath.Ext(path)) + ".csv"
	return fmt.Errorf("%s is a recording, want a table: `ukemi export %s --out %s` makes one of it", path, path, table)
}

// readRows reads a CSV file: a header, then lines of as many numbers. Its errors name file, line and column.
func readRows(path string, in io.Reader, header func(names []string) error, take func(row []float64) error) error {
	rows, err := csvtext.NewReader(in)
	if err == nil {
		if err = header(rows.Names); err != nil {
			return fmt.Errorf("%s:%d: %w", path, rows.Line, err)
		}
	}
	if err == io.EOF {
		return fmt.Errorf("%s: there is no line of numbers", path)
	} else if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	var x []float64
	for {
		row, line, err := rows.Read()
		if err == io.EOF {
			break
		}
		if err == nil {
			x, err = parseRow(x[:0], row)
		}
		if err == nil {
			err = take(x)
		}
		if err != nil {
			return fmt.Errorf("%s:%d: %w", path, line, err)
		}
	}
	if x == nil {
		return fmt.Errorf("%s: there is no line of numbers", path)
	}
	return nil
}

func parseRow(dst []float64, row []string) ([]float64, error) {
	for i, g := range row {
		v, err := strconv.ParseFloat(strings.TrimSpace(g), 64)
		if err != nil {
			return nil, fmt.Errorf("column %d: %q is not a number", i+1, g)
		}
		dst = append(dst, v)
	}
	return dst, nil
}

// readCSV reads a table of a motion: what `ukemi simulate --out` wrote, or a log of other origin with the time and some of the
// coordinates. Such a file names its columns after the joints of a model, but not the model.
func (f *runFlags) readCSV(path string, gap float64) (*reel, error) {
	if f.model == "" {
		return nil, fmt.Errorf("%s does not say which robot it is about: --model FILE|NAME", path)
	}
	w, err := open(f.model, &f.world)
	if err != nil {
		return nil, err
	}
	if err := f.begin(w); err != nil {
		return nil, err
	}
	file, err := openTable(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if err := w.finish(); err != nil {
		return nil, err
	}
	r := &reel{model: w.model, name: w.model.Name(), meshDir: meshDir(f.model), gap: gap}
	t := newTable(r, w.start)
	if err := t.read(path, file); err != nil {
		return nil, err
	}
	if l := t.columns.missing; len(l) > 0 {
		w.say("%s has no column of %s: drawn as at the start", path, some(l))
	}
	if l := t.columns.ignored; len(l) > 0 {
		w.say("%s: %s not used, of nothing in %s: %s", path, plural(len(l), "column", "columns"), w.model.Name(), some(l))
	}
	r.said = w.said
	return r, nil
}

// some lists the first few.
func some(l []string) string {
	const most = 6
	if len(l) > most {
		return strings.Join(l[:most], ", ") + fmt.Sprintf(" and %d more", len(l)-most)
	}
	return strings.Join(l, ", ")
}

// table is a CSV file on its way into a reel.
type table struct {
	reel    *reel
	start   sim.State // what is not in the file
	columns *stateColumns
	planes  []contact.HalfSpace
	last    float64 // time of the line before
}

func newTable(r *reel, start sim.State) *table {
	t := &table{reel: r, start: start, last: math.Inf(-1)}
	t.planes, _ = r.model.HalfSpaces()
	return t
}

func (t *table) read(path string, in io.Reader) error {
	return readRows(path, in, func(names []string) (err error) {
		t.columns, err = findColumns(t.reel.model, names)
		return err
	}, t.take)
}

// take appends the row to the reel when a frame is due.
func (t *table) take(row []float64) error {
	now := row[t.columns.time]
	if !(now > t.last) || math.IsInf(now, 0) {
		return fmt.Errorf("the time is %g s after %g s, want it to grow", now, t.last)
	}
	t.last = now
	s := scene.Moment{Time: now, State: t.start.Clone()}
	if err := t.columns.state(t.reel.model, &s.State, row); err != nil {
		return err
	}
	if !t.reel.wants(s.Time) {
		return nil
	}
	if at := t.columns.energy; at != nil {
		s.Energy = sim.Energy{Kinetic: row[at[0]], Gravity: row[at[1]], Spring: row[at[2]]}
		s.Known |= scene.KnownEnergy
	}
	if at := t.columns.u; at != nil {
		s.Input = gather(row, at)
		s.Known |= scene.KnownInput
	}
	if t.columns.forces {
		s.Known |= scene.KnownContacts
		for _, p := range t.columns.pairs {
			c, err := t.contact(p, row[p.at:])
			if err != nil {
				return err
			}
			if c.Force != (r3.Vec{}) {
				s.Contacts = append(s.Contacts, c)
			}
		}
	}
	t.reel.frames = append(t.reel.frames, s)
	return nil
}

// contact returns the sum of the contacts of a pair; one without force when nothing touched.
func (t *table) contact(p pairColumn, x []float64) (c sim.Contact, err error) {
	f, at := r3.Vec{X: x[0], Y: x[1], Z: x[2]}, r3.Vec{X: x[3], Y: x[4], Z: x[5]}
	switch n := r3.Norm(f); {
	case math.IsInf(n, 0):
		return c, fmt.Errorf("the force of %s is infinite", p.Name)
	case !(n > 0): // nothing, or not known
		return c, nil
	}
	if n := r3.Norm(at); math.IsNaN(n) || math.IsInf(n, 0) {
		return c, fmt.Errorf("the force of %s acts nowhere", p.Name)
	}
	c = sim.Contact{ID: sim.ContactID{Pair: p.Pair}, BodyA: p.BodyA, BodyB: p.BodyB, Force: f, Point: at}
	if p.torques {
		if c.Torque = (r3.Vec{X: x[6], Y: x[7], Z: x[8]}); !(r3.Norm(c.Torque) < math.Inf(1)) {
			return c, fmt.Errorf("the torque of %s is no number", p.Name)
		}
	}
	if k, ok := p.HalfSpace(); ok {
		c.Normal = t.planes[k].Normal
	}
	return c, nil
}

func gather(row []float64, at []int) []float64 {
	v := make([]float64, len(at))
	for i, k := range at {
		v[i] = row[k]
	}
	return v
}

// sheet is a table of numbers in memory.
type sheet struct {
	path  string
	model string // of a recording; "" where nobody knows it
	names []string
	rows  [][]float64
}

func readSheet(path string) (*sheet, error) {
	file, err := openTable(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	s := &sheet{path: path}
	return s, readRows(path, file, func(names []string) error {
		s.names = slices.Clone(names)
		return nil
	}, func(row []float64) error {
		s.rows = append(s.rows, slices.Clone(row))
		return nil
	})
}
