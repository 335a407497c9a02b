package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/internal/draft"
	"github.com/ukemi-sim/ukemi/internal/generated"
	"github.com/ukemi-sim/ukemi/models"
)

const gradcheckHelp = `Compare the derivatives of steps with central differences along a trajectory under random inputs.

Models of the zoo begin at their own start, those of files so low above the ground that they land early. Where shapes touch
each other, which of their features do has kinks: edges that lie exactly on edges are a tie, and have no derivative. So the bodies of
such models are moved at random by up to --offset, and the ties that are left are counted. Every
error is relative to the largest entry of its block (state, input, each kind of parameter). The exit status is
0 only if all are below 1e-5.

Every parameter is changed and stepped several times, also every corner of a mesh that touches: a robot with
meshes has ten thousand of them and takes minutes.

--matrix FILE checks several models (default: the zoo) over κ = 1e-2 … 1e-7 and writes the table of errors
into FILE, between its marks if it has them: the published matrix is made by

  ukemi gradcheck --matrix docs/gradients.md`

type gradcheckFlags struct {
	world  worldFlags
	kappa  float64
	offset float64
	steps  int
	seed   uint64
	json   bool
	matrix string
}

func gradcheckCommand() *cobra.Command {
	var f gradcheckFlags
	c := &cobra.Command{
		Use:   "gradcheck FILE|NAME",
		Short: "Compare derivatives with finite differences",
		Long:  gradcheckHelp,
		Args: func(c *cobra.Command, args []string) error {
			if f.matrix != "" {
				return nil
			}
			return oneModel(c, args)
		},
		RunE: func(c *cobra.Command, args []string) error {
			if err := f.check(); err != nil {
				return err
			}
			if f.matrix != "" {
				return f.runMatrix(c, args)
			}
			return f.run(c, args[0])
		},
	}
	f.world.add(c)
	l := c.Flags()
	l.Float64Var(&f.kappa, "kappa", 1e-4, "softness `K` of contact")
	l.Float64Var(&f.offset, "offset", 1e-3, "where shapes touch each other, move the start at random by up to `D` (m, rad); 0 does not")
	l.IntVar(&f.steps, "steps", 50, "length of the trajectory")
	l.Uint64Var(&f.seed, "seed", 1, "`seed` of the inputs")
	l.BoolVar(&f.json, "json", false, "print JSON")
	l.StringVar(&f.matrix, "matrix", "", "check models over a range of κ and write the table into this Markdown `FILE`")
	return c
}

func (f *gradcheckFlags) check() error {
	if err := f.world.check(); err != nil {
		return err
	}
	if err := softness("kappa", f.kappa); err != nil {
		return err
	}
	if err := within("offset", f.offset, 0, 1, "m"); err != nil {
		return err
	}
	if f.steps < 1 {
		return fmt.Errorf("--steps is %d, want at least 1", f.steps)
	}
	if f.matrix != "" && (f.json || f.world.set("kappa")) {
		return fmt.Errorf("--matrix prints no JSON and has its own κ")
	}
	if !f.world.set("height") {
		// lands within the first eighth of the steps, before random inputs carry it off
		t := float64(f.steps) * f.world.timestep / 8
		f.world.height = math.Min(f.world.height, 9.81*t*t/2)
	}
	return nil
}

// gradients checks one model at one κ. progress may be nil.
func (f *gradcheckFlags) gradients(w *world, kappa float64, progress func(done, of int)) (*implicit.Report, error) {
	return implicit.Check(w.model, implicit.CheckOptions{Kappa: kappa, Steps: f.steps, Seed: f.seed, Start: w.start, Progress: progress})
}

func (f *gradcheckFlags) open(source string) (*world, error) {
	w, err := open(source, &f.world)
	if err != nil {
		return nil, err
	}
	if err := w.finish(); err != nil {
		return nil, err
	}
	if err := w.near(); err != nil {
		return nil, err
	}
	return w, f.untie(w)
}

// untie moves what can move a little, where shapes touch each other; loops are closed again, and nothing is left in the ground.
func (f *gradcheckFlags) untie(w *world) error {
	if f.offset == 0 || shapePairs(w.model) == 0 {
		return nil
	}
	rng := rand.New(rand.NewPCG(f.seed, 7))
	d := implicit.NewTangent(w.model)
	for i := range d.Q {
		d.Q[i] = f.offset * rng.Float64()
	}
	implicit.Displace(w.model, &w.start, w.start.Clone(), d)
	if len(w.model.Loops()) > 0 {
		return w.model.Assemble(&w.start)
	}
	return nil
}

// gradcheckReport is what --json prints. An error that is not finite is null.
type gradcheckReport struct {
	Model    string            `json:"model"`
	Base     string            `json:"base"`
	Kappa    float64           `json:"kappa"`
	Steps    int               `json:"steps"`
	State    number            `json:"max_rel_error_state"`
	Input    number            `json:"max_rel_error_input"`
	Params   number            `json:"max_rel_error_parameters"`
	Worst    string            `json:"worst"`
	Kinds    map[string]number `json:"kinds"`
	Contacts int               `json:"contacts"`
	Ties     int               `json:"ties"`
}

func (f *gradcheckFlags) run(c *cobra.Command, source string) error {
	w, err := f.open(source)
	if err != nil {
		return err
	}
	b := newBar(c.ErrOrStderr(), f.steps, "checking")
	r, err := f.gradients(w, f.kappa, func(done, _ int) { b.to(done) })
	b.done()
	if err != nil {
		return err
	}
	if f.json {
		j := gradcheckReport{r.Model, w.attached, r.Kappa, r.Steps, number(r.State), number(r.Input), number(r.Params), r.Worst, map[string]number{}, r.Contacts, r.Ties}
		for k, e := range r.Kinds {
			j.Kinds[k] = number(e)
		}
		err = printJSON(c.OutOrStdout(), j)
	} else {
		err = printGradients(c.OutOrStdout(), r, w)
	}
	if err == nil && !r.OK() {
		err = errQuiet
	}
	return err
}

// to shows that n are done. Checks are few and long: each is worth a look at the clock.
func (b *bar) to(n int) {
	if b == nil {
		return
	}
	if b.n = n; b.shown || time.Since(b.start) > patience {
		b.shown = true
		_ = b.b.Set(n)
	}
}

func printGradients(out io.Writer, r *implicit.Report, w *world) error {
	fmt.Fprintf(out, "%s: base %s; %s at κ = %g, at most %s closer than 1 mm\n\n", r.Model, w.base(), plural(r.Steps, "step", "steps"), r.Kappa, plural(r.Contacts, "contact", "contacts"))
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "DERIVATIVE BY\tLARGEST RELATIVE ERROR")
	fmt.Fprintf(t, "state\t%s\n", errorCell(r.State))
	if w.model.NU() > 0 {
		fmt.Fprintf(t, "input\t%s\n", errorCell(r.Input))
	}
	fmt.Fprintf(t, "parameters\t%s\n", errorCell(r.Params))
	for _, k := range r.SortedKinds() {
		fmt.Fprintf(t, "  %s\t%s\n", k, errorCell(r.Kinds[k]))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	verdict := "passed: all"
	if !r.OK() {
		verdict = "FAILED: not all"
	}
	_, err := fmt.Fprintf(out, "\nworst %s\n%s are below %g\n", r.Worst, verdict, implicit.Limit)
	if err == nil && r.Ties > 0 {
		_, err = fmt.Fprintf(out, "%s of features: where edges of two shapes lie exactly on each other derivatives are one-sided, and central differences another: see docs/gradients.md\n", plural(r.Ties, "tie", "ties"))
	}
	return err
}

func errorCell(e float64) string {
	if e == 0 {
		return "0"
	}
	return fmt.Sprintf("%.1e", e)
}

// matrixKappas are the columns of the published matrix.
var matrixKappas = []float64{1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7}

// matrixName names the marks between which the matrix stands.
const matrixName = "matrix"

// matrixCell is one model at one κ.
type matrixCell struct {
	report *implicit.Report
	err    error
}

type matrixRow struct {
	name  string
	world *world
	cells []matrixCell
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
	rows := make([]matrixRow, len(sources))
	for i, s := range sources {
		w, err := f.open(s)
		if err != nil {
			return err
		}
		rows[i] = matrixRow{filepath.Base(s), w, make([]matrixCell, len(matrixKappas))}
	}
	f.fill(rows, newBar(c.ErrOrStderr(), len(rows)*len(matrixKappas), "checking"))
	text, _ := generated.Between(old, matrixName, f.markdown(rows))
	d, err := draft.New(f.matrix, nil)
	if err != nil {
		return err
	}
	_, err = d.Write(text)
	if err = d.Keep(err); err != nil {
		return err
	}
	failed := false
	for _, r := range rows {
		for i, x := range r.cells {
			switch {
			case x.err != nil:
				fmt.Fprintf(c.ErrOrStderr(), "FAILED: %s, κ = %g: %v\n", r.name, matrixKappas[i], x.err)
			case !x.report.OK():
				fmt.Fprintf(c.ErrOrStderr(), "FAILED: %s, κ = %g: an error of %.1e, worst %s\n", r.name, matrixKappas[i], worstError(x.report), x.report.Worst)
			default:
				continue
			}
			failed = true
		}
	}
	if failed {
		return errQuiet
	}
	fmt.Fprintf(c.OutOrStdout(), "%s over %d κ: every error is below %g\n", plural(len(rows), "model", "models"), len(matrixKappas), implicit.Limit)
	return nil
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
				x := &rows[j.row].cells[j.col]
				x.report, x.err = f.gradients(rows[j.row].world, matrixKappas[j.col], nil)
				mu.Lock()
				done++
				b.to(done)
				mu.Unlock()
			}
		})
	}
	for i := range rows {
		for k := range matrixKappas {
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

// markdown returns the tables.
func (f *gradcheckFlags) markdown(rows []matrixRow) []byte {
	var out bytes.Buffer
	head := func(first ...string) {
		cells := append([]string{}, first...)
		for _, k := range matrixKappas {
			cells = append(cells, fmt.Sprintf("κ = %.0e", k))
		}
		fmt.Fprintf(&out, "| %s |\n|%s%s\n", strings.Join(cells, " | "), strings.Repeat("---|", len(first)), strings.Repeat("--:|", len(matrixKappas)))
	}
	// line writes one row and reports whether any cell had a value.
	line := func(first string, value func(k int) (float64, bool, error)) {
		cells, any := []string{first}, false
		for k := range matrixKappas {
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
			fmt.Fprintf(&out, "| %s |\n", strings.Join(cells, " | "))
		}
	}
	fmt.Fprintf(&out, "Trajectories of %d steps of %g ms, seed %d. Largest error of each model over all blocks:\n\n", f.steps, 1e3*f.world.timestep, f.seed)
	head("model", "dof", "contacts", "ties", "parameters")
	for _, r := range rows {
		m, contacts, ties := r.world.model, 0, 0
		for _, x := range r.cells {
			if x.err == nil {
				contacts, ties = max(contacts, x.report.Contacts), max(ties, x.report.Ties)
			}
		}
		first := fmt.Sprintf("%s | %d | %d | %d | %d", r.name, m.NV(), contacts, ties, len(implicit.Params(m)))
		line(first, func(k int) (float64, bool, error) {
			if x := r.cells[k]; x.err != nil {
				return 0, false, x.err
			}
			return worstError(r.cells[k].report), true, nil
		})
	}
	blocks := matrixBlocks()
	fmt.Fprint(&out, "\nLargest error of each block over all models:\n\n")
	head("derivative by")
	for _, b := range blocks {
		line(b.name, func(k int) (worst float64, any bool, _ error) {
			for _, r := range rows {
				if r.cells[k].err != nil {
					continue
				}
				if e, ok := b.value(r.cells[k].report); ok {
					worst, any = math.Max(worst, e), true
				}
			}
			return worst, any, nil
		})
	}
	for _, r := range rows {
		fmt.Fprintf(&out, "\n<details><summary>%s</summary>\n\n", r.name)
		head("derivative by")
		for _, b := range blocks {
			line(b.name, func(k int) (float64, bool, error) {
				if r.cells[k].err != nil {
					return 0, false, r.cells[k].err
				}
				e, ok := b.value(r.cells[k].report)
				return e, ok, nil
			})
		}
		fmt.Fprint(&out, "\n</details>\n")
	}
	return out.Bytes()
}
