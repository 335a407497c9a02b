package main

import (
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"github.com/ukemi-sim/ukemi/implicit"
)

const gradcheckHelp = `Compare the derivatives of steps with central differences along a trajectory under random inputs.

Models of the zoo begin at their own start, those of files so low above the ground that they land early. Where shapes touch
each other, which of their features do has kinks: edges that lie exactly on edges are a tie, and have no derivative. So the bodies of
such models are moved at random by up to --offset, and corners of hulls by a tenth of it: points on edges of others count on one
side only. The ties that are left are counted. Every
error is relative to the largest entry of its block (state, input, each kind of parameter). The exit status is
0 only if all are below 1e-5.

Every parameter is changed and stepped several times, also every corner of a mesh that touches: a robot with
meshes has ten thousand of them and takes minutes.

--matrix FILE checks several models (default: the zoo) over κ = 1e-2 … 1e-7, and over steps of 1, 5, 20 and
50 ms, and writes the tables of errors into FILE, between its marks if it has them: the published matrix is made by

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

// gradients checks one model at one κ, parameters at so many states. progress may be nil.
func (f *gradcheckFlags) gradients(w *world, kappa float64, params int, progress func(done, of int)) (*implicit.Report, error) {
	return implicit.Check(w.model, implicit.CheckOptions{Kappa: kappa, Steps: f.steps, Params: params, Seed: f.seed, Start: w.start, Progress: progress})
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

// untie moves what can move a little, and corners of hulls a tenth of that, where shapes touch each other; loops are closed again, and nothing is left in the ground.
func (f *gradcheckFlags) untie(w *world) error {
	if f.offset == 0 || shapePairs(w.model) == 0 {
		return nil
	}
	moved, err := implicit.MoveCorners(w.model, f.offset/10, f.seed)
	if err != nil {
		return err
	}
	w.model = moved
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
	r, err := f.gradients(w, f.kappa, 0, func(done, _ int) { b.at(done) })
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
