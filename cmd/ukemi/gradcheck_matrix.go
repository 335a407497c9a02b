package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"github.com/spf13/cobra"
	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/internal/draft"
	"github.com/ukemi-sim/ukemi/internal/generated"
	"github.com/ukemi-sim/ukemi/models"
)

// matrixKappas are the columns of the published matrix, matrixSteps those of its table of timesteps (s), whose entries are
// the worst over stepKappas.
var (
	matrixKappas = []float64{1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7}
	matrixSteps  = []float64{0.001, 0.005, 0.02, 0.05}
	stepKappas   = []float64{1e-3, 1e-5, 1e-7}
)

// withSelf ends the name of a model whose shapes touch each other, among several.
const withSelf = " with self-contact"

// matrixName names the marks between which the matrix stands.
const matrixName = "matrix"

// matrixCell is one model at one timestep and one κ.
type matrixCell struct {
	report *implicit.Report
	err    error
}

// matrixRow is one model at one timestep.
type matrixRow struct {
	name   string
	world  *world
	kappas []float64
	params int          // at how many states parameters are checked, 0: the default
	cells  []matrixCell // for every κ
}

// worst returns the largest error over all κ.
func (r *matrixRow) worst() (e float64, err error) {
	for _, x := range r.cells {
		if x.err != nil {
			return 0, x.err
		}
		e = math.Max(e, worstError(x.report))
	}
	return e, nil
}

func (f *gradcheckFlags) runMatrix(c *cobra.Command, sources []string) error {
	if len(sources) == 0 {
		for _, e := range models.All() {
			sources = append(sources, e.Name)
		}
	}
	old, err := os.ReadFile(f.matrix)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if _, err := generated.Between(old, matrixName, nil); err != nil {
		return fmt.Errorf("%s: %w", f.matrix, err)
	}
	rows, err := f.rows(sources)
	if err != nil {
		return err
	}
	cells := len(sources) * (len(matrixKappas) + len(matrixSteps)*len(stepKappas))
	f.fill(rows, newBar(c.ErrOrStderr(), cells, "checking"))
	text, _ := generated.Between(old, matrixName, f.markdown(rows, len(sources)))
	d, err := draft.New(f.matrix, nil)
	if err != nil {
		return err
	}
	_, err = d.Write(text)
	if err = d.Keep(err); err != nil {
		return err
	}
	if failures(c.ErrOrStderr(), rows) {
		return errQuiet
	}
	fmt.Fprintf(c.OutOrStdout(), "%s over %d κ and %d timesteps: every error is below %g\n", plural(len(sources), "model", "models"), len(matrixKappas), 1+len(matrixSteps), implicit.Limit)
	return nil
}

// rows opens all models at the timestep that is asked for, and then at those of the table of timesteps, model by model.
func (f *gradcheckFlags) rows(sources []string) ([]matrixRow, error) {
	var rows []matrixRow
	add := func(source string, step float64, kappas []float64, params int) error {
		g, file := *f, strings.TrimSuffix(source, withSelf)
		g.world.timestep, g.world.self = step, f.world.self || file != source
		w, err := g.open(file)
		rows = append(rows, matrixRow{filepath.Base(source), w, kappas, params, make([]matrixCell, len(kappas))})
		return err
	}
	for _, s := range sources {
		if err := add(s, f.world.timestep, matrixKappas, 0); err != nil {
			return nil, err
		}
	}
	for _, s := range sources {
		for _, step := range matrixSteps {
			if err := add(s, step, stepKappas, 1); err != nil {
				return nil, err
			}
		}
	}
	return rows, nil
}

// failures writes which checks failed, and reports whether there are such.
func failures(out io.Writer, rows []matrixRow) (failed bool) {
	for _, r := range rows {
		for i, x := range r.cells {
			at := fmt.Sprintf("FAILED: %s, h = %g s, κ = %g", r.name, r.world.model.Timestep(), r.kappas[i])
			switch {
			case x.err != nil:
				fmt.Fprintf(out, "%s: %v\n", at, x.err)
			case !x.report.OK():
				fmt.Fprintf(out, "%s: an error of %.1e, worst %s\n", at, worstError(x.report), x.report.Worst)
			default:
				continue
			}
			failed = true
		}
	}
	return failed
}

// fill checks all cells on all processors; each has its own place, so their order does not matter.
func (f *gradcheckFlags) fill(rows []matrixRow, b *bar) {
	type job struct{ row, col int }
	jobs := make(chan job)
	var all sync.WaitGroup
	var mu sync.Mutex
	done := 0
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for j := range jobs {
				r := &rows[j.row]
				x := &r.cells[j.col]
				x.report, x.err = f.gradients(r.world, r.kappas[j.col], r.params, nil)
				mu.Lock()
				done++
				b.at(done)
				mu.Unlock()
			}
		})
	}
	for i := range rows {
		for k := range rows[i].kappas {
			jobs <- job{i, k}
		}
	}
	close(jobs)
	all.Wait()
	b.done()
}

func worstError(r *implicit.Report) float64 {
	return math.Max(r.State, math.Max(r.Input, r.Params))
}

// block is a row of the detailed tables: what the derivative is taken by.
type block struct {
	name  string
	value func(r *implicit.Report) (float64, bool) // false when the model has no such thing
}

func matrixBlocks() []block {
	l := []block{
		{"state", func(r *implicit.Report) (float64, bool) { return r.State, true }},
		{"input", func(r *implicit.Report) (float64, bool) { return r.Input, r.Input != 0 }}, // exactly zero without inputs only
	}
	for _, k := range implicit.ParamKinds() {
		l = append(l, block{k, func(r *implicit.Report) (float64, bool) { e, ok := r.Kinds[k]; return e, ok }})
	}
	return l
}

// markdownTable is written row by row.
type markdownTable struct {
	bytes.Buffer
	columns []string
}

func (t *markdownTable) head(columns []string, first ...string) {
	t.columns = columns
	fmt.Fprintf(t, "| %s |\n|%s%s\n", strings.Join(append(first, columns...), " | "), strings.Repeat("---|", len(first)), strings.Repeat("--:|", len(columns)))
}

// line writes one row, if any of its cells has a value.
func (t *markdownTable) line(first string, value func(k int) (float64, bool, error)) {
	cells, any := []string{first}, false
	for k := range t.columns {
		e, ok, err := value(k)
		switch {
		case err != nil:
			cells, any = append(cells, "failed"), true
		case !ok:
			cells = append(cells, "")
		case !(e < implicit.Limit):
			cells, any = append(cells, "**"+errorCell(e)+"**"), true
		default:
			cells, any = append(cells, errorCell(e)), true
		}
	}
	if any {
		fmt.Fprintf(t, "| %s |\n", strings.Join(cells, " | "))
	}
}

// markdown returns the tables of rows as they are made for n models.
func (f *gradcheckFlags) markdown(all []matrixRow, n int) []byte {
	rows, steps := all[:n], all[n:]
	var t markdownTable
	var kappas, lengths []string
	for _, k := range matrixKappas {
		kappas = append(kappas, fmt.Sprintf("κ = %.0e", k))
	}
	for _, h := range matrixSteps {
		lengths = append(lengths, fmt.Sprintf("%g ms", 1e3*h))
	}
	fmt.Fprintf(&t, "Trajectories of %d steps of %g ms, seed %d. Largest error of each model over all blocks:\n\n", f.steps, 1e3*f.world.timestep, f.seed)
	t.head(kappas, "model", "dof", "contacts", "ties", "parameters")
	for _, r := range rows {
		m, contacts, ties := r.world.model, 0, 0
		for _, x := range r.cells {
			if x.err == nil {
				contacts, ties = max(contacts, x.report.Contacts), max(ties, x.report.Ties)
			}
		}
		t.line(fmt.Sprintf("%s | %d | %d | %d | %d", r.name, m.NV(), contacts, ties, len(implicit.Params(m))), func(k int) (float64, bool, error) {
			if x := r.cells[k]; x.err != nil {
				return 0, false, x.err
			}
			return worstError(r.cells[k].report), true, nil
		})
	}
	fmt.Fprintf(&t, "\nThe same for trajectories of %d steps of other lengths, the largest over κ = %.0e, %.0e and %.0e:\n\n", f.steps, stepKappas[0], stepKappas[1], stepKappas[2])
	t.head(lengths, "model")
	for i, r := range rows {
		t.line(r.name, func(k int) (float64, bool, error) {
			e, err := steps[i*len(matrixSteps)+k].worst()
			return e, true, err
		})
	}
	fmt.Fprint(&t, "\nLargest error of each block over all models:\n\n")
	t.head(kappas, "derivative by")
	for _, b := range matrixBlocks() {
		t.line(b.name, func(k int) (worst float64, any bool, _ error) {
			for _, r := range rows {
				if e, ok, err := r.block(b, k); err == nil && ok {
					worst, any = math.Max(worst, e), true
				}
			}
			return worst, any, nil
		})
	}
	for _, r := range rows {
		fmt.Fprintf(&t, "\n<details><summary>%s</summary>\n\n", r.name)
		t.head(kappas, "derivative by")
		for _, b := range matrixBlocks() {
			t.line(b.name, func(k int) (float64, bool, error) { return r.block(b, k) })
		}
		fmt.Fprint(&t, "\n</details>\n")
	}
	return t.Bytes()
}

// block returns the error of a block at κ k, and whether the model has that.
func (r *matrixRow) block(b block, k int) (float64, bool, error) {
	if r.cells[k].err != nil {
		return 0, false, r.cells[k].err
	}
	e, ok := b.value(r.cells[k].report)
	return e, ok, nil
}
