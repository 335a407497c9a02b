package main

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/ukemi-sim/ukemi/internal/draft"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// csvFile writes one line per instant, the signals that were chosen: time, q, v, energies, inputs, forces and what
// pairs of colliders did, the numbers with 17 digits so that reading them back gives the same bits. Pairs of shapes
// grow with the square of their number, and most never meet: those have columns that touched in the run. Which did is
// known at its end, so lines without forces wait in a scratch file.
type csvFile struct {
	m       *sim.Model
	f       *draft.File
	scratch *os.File
	w       *bufio.Writer // to scratch
	buf     []byte
	row     []float64
	keep    []bool   // of the signals of a row, and behind them of those of pairs
	head    []string // of the table, but for pairs that touched
	lines   int
	pairs   []sim.PairInfo
	first   []int            // columns of them in keep
	of      map[sim.Pair]int // where each is in pairs
	met     []bool           // whether it has columns
	sums    map[int]pairSum  // of the line, by pair
	touches []touch
}

// touch is what a pair did in a line.
type touch struct {
	line, pair int
	pairSum
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
		p := c.sums[at]
		p.add(k)
		c.sums[at] = p
	}
	for at, p := range c.sums {
		if p.load != 0 {
			c.met[at] = true
			c.touches = append(c.touches, touch{c.lines, at, p})
		}
	}
	return nil
}

func newCSV(m *sim.Model, want choice, out *draft.File) (*csvFile, error) {
	c := &csvFile{m: m, f: out, pairs: m.Pairs(), of: map[sim.Pair]int{}, sums: map[int]pairSum{}}
	var err error
	if c.keep, err = want.of(columnNames(m)); err != nil {
		return nil, err
	}
	if c.scratch, err = os.CreateTemp("", "ukemi-*.csv"); err != nil {
		return nil, err
	}
	c.w = bufio.NewWriter(c.scratch)
	c.met = make([]bool, len(c.pairs))
	at := len(scene.SignalNames(m))
	for i, p := range c.pairs {
		c.first = append(c.first, at)
		at += len(columnsOf(p))
		c.of[p.Pair] = i
		_, c.met[i] = p.HalfSpace() // few, and a foot that never touched has a column that says so
	}
	c.head = []string{"time"}
	for i, n := range scene.SignalNames(m) {
		if i > 0 && c.keep[i] {
			c.head = append(c.head, n)
		}
	}
	return c, nil
}

// keptOf returns which columns of pair i are wanted.
func (c *csvFile) keptOf(i int) []bool {
	return c.keep[c.first[i]:][:len(columnsOf(c.pairs[i]))]
}

func (c *csvFile) number(x float64) {
	c.buf = append(c.buf, ',')
	c.buf = strconv.AppendFloat(c.buf, x, 'g', 17, 64)
}

func (c *csvFile) take(m *scene.Moment) error {
	c.row = scene.AppendSignals(c.row[:0], c.m, m)
	c.buf = strconv.AppendFloat(c.buf[:0], m.Time, 'g', 17, 64)
	for i, x := range c.row {
		if i > 0 && c.keep[i] {
			c.number(x)
		}
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
	err := errors.Join(c.widen(), c.scratch.Close(), os.Remove(c.scratch.Name()))
	return c.wrap(c.f.Keep(err))
}

func (c *csvFile) widen() error {
	if err := c.w.Flush(); err != nil {
		return err
	}
	if _, err := c.scratch.Seek(0, io.SeekStart); err != nil {
		return err
	}
	in, out := bufio.NewReader(c.scratch), bufio.NewWriter(c.f)
	type column struct{ pair, part int }
	var columns []column
	cell := make([]int, len(c.pairs))
	met := 0
	for i := range c.met {
		if !c.met[i] {
			continue
		}
		cell[i] = met
		met++
		for k, kept := range c.keptOf(i) {
			if kept {
				columns = append(columns, column{cell[i], k})
				c.head = append(c.head, c.pairs[i].Name+pairColumns[k])
			}
		}
	}
	cells := make([]pairSum, met) // of a line
	rest := c.touches
	if err := writeLine(out, c.head); err != nil {
		return err
	}
	for line := range c.lines {
		text, err := in.ReadBytes('\n')
		if err != nil {
			return err
		}
		c.buf = append(c.buf[:0], text[:len(text)-1]...)
		clear(cells)
		for ; len(rest) > 0 && rest[0].line == line; rest = rest[1:] {
			cells[cell[rest[0].pair]] = rest[0].pairSum
		}
		for _, k := range columns {
			c.number(cells[k.pair].columns()[k.part])
		}
		if _, err := out.Write(append(c.buf, '\n')); err != nil {
			return err
		}
	}
	return out.Flush()
}

// writeLine writes names as a line of a table: any character may be in them.
func writeLine(out io.Writer, names []string) error {
	w := csv.NewWriter(out)
	if err := w.Write(names); err != nil {
		return err
	}
	w.Flush()
	return w.Error()
}

func (c *csvFile) wrap(err error) error {
	if err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	return nil
}
