package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"sort"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"github.com/ukemi-sim/ukemi/internal/draft"
)

// comparison is what `ukemi compare --json` prints.
type comparison struct {
	A         string      `json:"a"`
	B         string      `json:"b"`
	Instants  int         `json:"instants"`  // compared
	Resampled bool        `json:"resampled"` // whether B was interpolated at the times of A
	Columns   int         `json:"columns"`   // compared
	OnlyA     []string    `json:"only_a"`
	OnlyB     []string    `json:"only_b"`
	Unknown   int         `json:"unknown"` // numbers that only one of them knows
	Tolerance number      `json:"tolerance"`
	First     *difference `json:"first"` // the first that is larger than the tolerance; null when none is
	Largest   []misses    `json:"largest"`
}

type difference struct {
	Time   number `json:"time"`
	Column string `json:"column"`
	A      number `json:"a"`
	B      number `json:"b"`
}

// misses is how far a column is off.
type misses struct {
	Column  string `json:"column"`
	Largest number `json:"largest"`
	At      number `json:"at"` // s
	RMS     number `json:"rms"`
	Share   number `json:"share"` // the largest as a part of the range of values
	a, b    int    // where it is
	low     float64
	high    float64
}

const compareHelp = `Compare two runs column by column: recordings, tables, or one of each. Columns are matched by name. Where the times differ, B is
interpolated at those of A. The exit status is 0 only if no number differs by more than --tolerance.`

func compareCommand() *cobra.Command {
	var plotted string
	var tolerance float64
	var asJSON bool
	c := &cobra.Command{
		Use:   "compare A B",
		Short: "Compare two runs: first difference, largest differences, plots of them",
		Long:  compareHelp,
		Example: `  ukemi simulate block --record a.ukemi && ukemi simulate block --friction 0.4 --record b.ukemi
  ukemi compare a.ukemi b.ukemi --tolerance 1e-9 --plot difference.png`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) != 2 {
				return fmt.Errorf("compare wants two runs: recordings ending in %s, or tables ending in .csv", recordingExt)
			}
			return nil
		},
	}
	l := c.Flags()
	l.Float64Var(&tolerance, "tolerance", 0, "`difference` that is none, in the unit of each column")
	l.StringVar(&plotted, "plot", "", "draw the columns that differ most to this PNG, SVG or PDF `file`")
	l.BoolVar(&asJSON, "json", false, "print JSON")
	c.RunE = func(c *cobra.Command, args []string) error {
		if !(tolerance >= 0) {
			return fmt.Errorf("--tolerance is %g, want 0 or more", tolerance)
		}
		if err := writable("plot", plotted, pictureKinds...); err != nil {
			return err
		}
		var runs [2]*sheet
		for i, path := range args {
			var err error
			if runs[i], err = readAnyRun(c.Context(), path); err != nil {
				return err
			}
		}
		x, err := compare(runs[0], runs[1], tolerance)
		if err != nil {
			return err
		}
		if a, b := runs[0].model, runs[1].model; a != b && a != "" && b != "" {
			fmt.Fprintf(c.ErrOrStderr(), "warning: A is a run of %s, B of %s: what is compared has no more in common than its name\n", a, b)
		}
		if plotted != "" {
			err = x.plot(plotted, runs[0], runs[1])
		}
		if asJSON {
			err = errors.Join(err, printJSON(c.OutOrStdout(), x))
		} else {
			x.print(c.OutOrStdout())
		}
		if err == nil && x.First != nil {
			return errQuiet
		}
		return err
	}
	return c
}

// compare compares the common columns of two runs.
func compare(a, b *sheet, tolerance float64) (*comparison, error) {
	x := &comparison{A: a.path, B: b.path, Tolerance: number(tolerance), OnlyA: []string{}, OnlyB: []string{}, Largest: []misses{}}
	ta, err := a.time()
	if err != nil {
		return nil, err
	}
	tb, err := b.time()
	if err != nil {
		return nil, err
	}
	for i, n := range a.names {
		switch k := slices.Index(b.names, n); {
		case i == ta:
		case k >= 0:
			x.Largest = append(x.Largest, misses{Column: n, a: i, b: k, low: math.Inf(1), high: math.Inf(-1)})
		default:
			x.OnlyA = append(x.OnlyA, n)
		}
	}
	for k, n := range b.names {
		if k != tb && !slices.Contains(a.names, n) {
			x.OnlyB = append(x.OnlyB, n)
		}
	}
	if x.Columns = len(x.Largest); x.Columns == 0 {
		return nil, fmt.Errorf("%s and %s have no column in common but the time", a.path, b.path)
	}
	for _, row := range a.rows {
		other, exact := b.at(tb, row[ta])
		if other == nil {
			continue // before B begins or after it ends
		}
		x.Instants++
		x.Resampled = x.Resampled || !exact
		for i := range x.Largest {
			m := &x.Largest[i]
			x.look(m, row[ta], row[m.a], other[m.b])
		}
	}
	if x.Instants == 0 {
		return nil, fmt.Errorf("%s and %s have no time in common", a.path, b.path)
	}
	for i := range x.Largest {
		m := &x.Largest[i]
		m.RMS = number(math.Sqrt(float64(m.RMS) / float64(x.Instants)))
		if r := m.high - m.low; r > 0 {
			m.Share = m.Largest / number(r)
		} else if m.Largest > 0 {
			m.Share = number(math.Inf(1)) // it was constant
		}
	}
	slices.SortStableFunc(x.Largest, func(p, q misses) int { return cmp.Compare(q.Share, p.Share) })
	return x, nil
}

// look adds a pair of numbers; RMS is their sum of squares until the end.
func (x *comparison) look(m *misses, t, p, q float64) {
	if p != p || q != q {
		if (p != p) != (q != q) {
			x.Unknown++
		}
		return
	}
	m.low, m.high = math.Min(m.low, p), math.Max(m.high, p)
	d := math.Abs(p - q)
	if x.First == nil && d > float64(x.Tolerance) {
		x.First = &difference{number(t), m.Column, number(p), number(q)}
	}
	m.RMS += number(d * d)
	if number(d) > m.Largest {
		m.Largest, m.At = number(d), number(t)
	}
}

// at returns the row at time t, interpolated where there is none; nil outside. exact reports whether there is one.
func (s *sheet) at(time int, t float64) (row []float64, exact bool) {
	slack := 1e-9 * math.Max(1, math.Abs(t))
	i := sort.Search(len(s.rows), func(i int) bool { return s.rows[i][time] >= t-slack })
	switch {
	case i == len(s.rows):
		return nil, false
	case s.rows[i][time] <= t+slack:
		return s.rows[i], true
	case i == 0:
		return nil, false
	}
	p, q := s.rows[i-1], s.rows[i]
	f := (t - p[time]) / (q[time] - p[time])
	row = make([]float64, len(p))
	for k := range row {
		row[k] = p[k] + f*(q[k]-p[k])
	}
	return row, false
}

func (x *comparison) print(out io.Writer) {
	w := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	how := ""
	if x.Resampled {
		how = ", B interpolated at the times of A"
	}
	fmt.Fprintf(w, "compared\t%s at %s%s\n", plural(x.Columns, "column", "columns"), plural(x.Instants, "instant", "instants"), how)
	for _, o := range []struct {
		name string
		l    []string
	}{{x.A, x.OnlyA}, {x.B, x.OnlyB}} {
		if len(o.l) > 0 {
			fmt.Fprintf(w, "only in %s\t%s\n", o.name, some(o.l))
		}
	}
	if x.Unknown > 0 {
		fmt.Fprintf(w, "not compared\t%s that only one of them knows\n", plural(x.Unknown, "number", "numbers"))
	}
	if f := x.First; f == nil {
		fmt.Fprintf(w, "the same\tno difference above %g\n", x.Tolerance)
	} else {
		fmt.Fprintf(w, "first difference\tat %.6g s: %s is %.17g in A, %.17g in B\n", f.Time, f.Column, f.A, f.B)
	}
	const most = 10
	for i, m := range x.Largest[:min(most, len(x.Largest))] {
		if m.Largest == 0 {
			break
		}
		if i == 0 {
			fmt.Fprintln(w, "\nCOLUMN\tLARGEST\tAT\tRMS\tOF ITS RANGE")
		}
		share := fmt.Sprintf("%.2g %%", 100*m.Share)
		if math.IsInf(float64(m.Share), 1) {
			share = "both constant"
		}
		fmt.Fprintf(w, "%s\t%.3g\t%.4g s\t%.3g\t%s\n", m.Column, m.Largest, m.At, m.RMS, share)
	}
	w.Flush()
}

// plot draws what differs most, both runs in a diagram.
func (x *comparison) plot(path string, a, b *sheet) error {
	d, err := draft.New(path, nil)
	if err != nil {
		return fmt.Errorf("--plot: %w", err)
	}
	p := &picture{d: d, columns: 2, title: fmt.Sprintf("A %s   B %s", a.path, b.path)}
	const most = 6
	for _, m := range x.Largest[:min(most, len(x.Largest))] {
		n := &panel{title: m.Column}
		for i, s := range []*sheet{a, b} {
			c, col := newSeries([]string{"A", "B"}[i], len(s.rows), nil), []int{m.a, m.b}[i]
			time, _ := s.time()
			for _, row := range s.rows {
				if y := row[col]; y-y == 0 {
					c.add(row[time], y)
				}
				p.end = math.Max(p.end, row[time])
			}
			n.curves = append(n.curves, c)
		}
		p.add(n)
	}
	if err := d.Keep(p.draw()); err != nil {
		return fmt.Errorf("--plot: %w", err)
	}
	return nil
}
