package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/spatial/r3"
)

func isCSV(source string) bool { return strings.EqualFold(filepath.Ext(source), ".csv") }

// meshDir returns the folder in which the meshes of a robot file are looked for.
func meshDir(source string) string {
	if !isFile(source) {
		return ""
	}
	return filepath.Dir(source)
}

// readCSV reads what `ukemi simulate --out` wrote. Such a file names its columns after the joints and
// contacts of a model, but not the model.
func (f *runFlags) readCSV(path string, gap float64) (*reel, error) {
	if f.model == "" {
		return nil, fmt.Errorf("%s does not say which robot it is about: --model FILE|NAME", path)
	}
	w, err := open(f.model, &f.world)
	if err != nil {
		return nil, err
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if err := w.finish(); err != nil {
		return nil, err
	}
	r := &reel{model: w.model, name: w.model.Name(), meshDir: meshDir(f.model), gap: gap}
	t := &table{path: path, reel: r, pairs: w.model.Pairs(), last: math.Inf(-1)}
	t.planes, _ = w.model.HalfSpaces()
	return r, t.read(file)
}

// table is a CSV file on its way into a reel.
type table struct {
	path   string
	line   int
	reel   *reel
	pairs  []sim.PairInfo // that have columns
	planes []contact.HalfSpace
	energy bool // whether there are columns of energies
	forces bool
	row    []float64
	last   float64 // time of the line before
}

func (t *table) errorf(format string, args ...any) error {
	return fmt.Errorf("%s:%d: %w", t.path, t.line, fmt.Errorf(format, args...))
}

func (t *table) read(in io.Reader) error {
	rows := csv.NewReader(in)
	rows.FieldsPerRecord, rows.ReuseRecord, rows.TrimLeadingSpace = -1, true, true // header and take count fields
	for first := true; ; first = false {
		row, err := rows.Read()
		if err == io.EOF {
			break
		}
		if e := (*csv.ParseError)(nil); errors.As(err, &e) {
			t.line = e.Line
			return t.errorf("%w", e.Err)
		} else if err != nil {
			return fmt.Errorf("%s: %w", t.path, err)
		}
		t.line, _ = rows.FieldPos(0)
		if first {
			err = t.header(row)
		} else {
			err = t.take(row)
		}
		if err != nil {
			return err
		}
	}
	if len(t.reel.frames) == 0 {
		return fmt.Errorf("%s: there is no line of numbers", t.path)
	}
	return nil
}

// header compares the names of columns with those that simulate writes for the model.
func (t *table) header(got []string) error {
	m := t.reel.model
	want := stateNames(m)
	energy := len(want)
	state := energy - len(energyColumns)
	for i, w := range want[:min(energy, len(got))] {
		if got[i] != w {
			return t.errorf("column %d is %q, not what a run of %s has there: is --model right, and --ground?", i+1, got[i], m.Name())
		}
	}
	switch {
	case len(got) >= energy:
		t.energy = true
	case len(got) != state:
		return t.errorf("%d columns, want %d for a run of %s", len(got), energy, m.Name())
	}
	// Pairs follow in the model's order, those of shapes only if they touched.
	all, at := t.pairs, energy
	t.pairs = nil
	for _, p := range all {
		names := pairNames(p)
		if at+len(names) <= len(got) && slices.Equal(got[at:at+len(names)], names) {
			t.pairs = append(t.pairs, p)
			at += len(names)
		}
	}
	if at < len(got) {
		return t.errorf("column %d is %q, want the force of a pair of colliders: is --ground right? Tables of earlier versions have forces by contact: simulate again", at+1, got[at])
	}
	t.forces = len(got) > energy
	t.row = make([]float64, len(got))
	return nil
}

func (t *table) take(got []string) error {
	if len(got) != len(t.row) {
		return t.errorf("%d columns, the header has %d", len(got), len(t.row))
	}
	for i, g := range got {
		var err error
		if t.row[i], err = strconv.ParseFloat(strings.TrimSpace(g), 64); err != nil {
			return t.errorf("column %d: %q is not a number", i+1, g)
		}
	}
	if !(t.row[0] > t.last) || math.IsInf(t.row[0], 0) {
		return t.errorf("the time is %g s after %g s, want it to grow", t.row[0], t.last)
	}
	t.last = t.row[0]
	return t.keep()
}

// keep appends the row to the reel when a frame is due.
func (t *table) keep() error {
	m := t.reel.model
	rest := t.row[1:]
	s := scene.Moment{Time: t.row[0]}
	s.State = sim.State{Q: append([]float64{}, rest[:m.NQ()]...), V: append([]float64{}, rest[m.NQ():m.NQ()+m.NV()]...)}
	if err := m.CheckState(s.State); err != nil {
		return t.errorf("%w", err)
	}
	if !t.reel.wants(s.Time) {
		return nil
	}
	rest = rest[m.NQ()+m.NV():]
	if t.energy {
		s.Energy = sim.Energy{Kinetic: rest[0], Gravity: rest[1], Spring: rest[2]}
		s.Known |= scene.KnownEnergy
		rest = rest[len(energyColumns):]
	}
	if t.forces {
		s.Known |= scene.KnownContacts
		for _, p := range t.pairs {
			f, at := r3.Vec{X: rest[0], Y: rest[1], Z: rest[2]}, r3.Vec{X: rest[3], Y: rest[4], Z: rest[5]}
			rest = rest[len(pairColumns):]
			switch n := r3.Norm(f); {
			case math.IsInf(n, 0):
				return t.errorf("the force of %s is infinite", p.Name)
			case !(n > 0): // nothing, or not known
				continue
			}
			if n := r3.Norm(at); math.IsNaN(n) || math.IsInf(n, 0) {
				return t.errorf("the force of %s acts nowhere", p.Name)
			}
			c := sim.Contact{ID: sim.ContactID{Pair: p.Pair}, BodyA: p.BodyA, BodyB: p.BodyB, Force: f, Point: at}
			if k, ok := p.HalfSpace(); ok {
				c.Normal = t.planes[k].Normal
			}
			s.Contacts = append(s.Contacts, c)
		}
	}
	t.reel.frames = append(t.reel.frames, s)
	return nil
}
