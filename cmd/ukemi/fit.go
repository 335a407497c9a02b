package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/sysid"
)

type fitFlags struct {
	world   worldFlags
	data    string
	holdOut string
	params  string
	lock    []string
	method  string
	cutoff  float64
	kappas  []float64
	window  float64
	search  int
	noise   []float64
	out     string
	plot    string
	json    bool
	list    bool
	set     func(flag string) bool // whether the user gave it
}

const fitHelp = `Find the numbers of a robot from what was measured of it.

ROBOT is a URDF or MJCF file, or a model of "ukemi models". Its own numbers are where the search starts.

--data is a CSV file, or a folder of them. Columns are matched by name, in any order: time (s); JOINT, or q1, q2 … by the
number of the joint, for positions (rad, m; of a floating base JOINT.x .y .z .qw .qx .qy .qz, as "ukemi simulate --out" writes
them); v.JOINT, or v1 …, for velocities; tau.JOINT, or tau1 …, for torques (N m, N); u.INPUT for other inputs. Units are SI.

--params lists what is sought, by the names that --list prints, * standing for any letters, and
BODY.inertia for all ten numbers of a body, BODY.com for its center of mass, JOINT.offset for that of a torque sensor. Behind a name
may stand bounds and a prior, mean and standard deviation: "*.damping=0.01:5, foot.friction~0.8:0.2". "left.mass & right.mass" is
one number of both. delay (s) is by how much the robot acts later than its inputs were recorded.

Two methods. torque: the torques that the measured motion needs are compared with the measured ones (both through a
Butterworth filter of fourth order, both ways). simulate: motion is simulated from measured states and compared with what was
measured later. Default is torque where the log has torques and nothing else drives the robot.

Interrupted (Ctrl-C), the search says, and writes, the best so far.`

func fitCommand() *cobra.Command {
	var f fitFlags
	c := &cobra.Command{
		Use:   "fit ROBOT --data FILE|FOLDER --params NAMES",
		Short: "Find masses, frictions and other numbers of a robot from what was measured of it",
		Long:  fitHelp,
		Example: `  ukemi fit panda.urdf --base fixed --repair --data log.csv --hold-out 0.33 --out fitted.urdf
  ukemi fit arm.urdf --data logs --params "*.inertia, *.damping, *.dry_friction" --plot torques.png
  ukemi fit cube.urdf --data tosses --method simulate --params "*.friction" --window 0`,
		Args: oneModel,
		RunE: func(c *cobra.Command, args []string) error { return fit(c, args[0], &f) },
	}
	f.world.add(c)
	l := c.Flags()
	l.BoolVar(&f.list, "list", false, "list the names that --params may have, with their values in the robot")
	l.StringVar(&f.data, "data", "", "what was measured: a CSV `file`, or a folder of them")
	l.StringVar(&f.holdOut, "hold-out", "", "keep apart to judge by: a `part` of the data such as 0.25 (its end; of a folder, its last files), or another file or folder")
	l.StringVar(&f.params, "params", "", "what is sought (`names`, separated by commas; with torque the default is *.inertia, *.armature, *.damping, *.dry_friction, *.offset)")
	l.StringSliceVar(&f.lock, "lock", nil, "`joints` that did not move and that the data does not have: fixed at zero (* stands for any letters)")
	l.StringVar(&f.method, "method", "", "torque or simulate")
	l.Float64Var(&f.cutoff, "cutoff", sysid.DefaultFilter.Cutoff, "torque: cutoff of the filter in `Hz`")
	l.Float64SliceVar(&f.kappas, "kappa", []float64{sim.DefaultKappa}, "simulate: `κ` of the contact, one search after the other, from soft to hard")
	l.Float64Var(&f.window, "window", 0.2, "simulate: `seconds` that are predicted from a measured state; 0 is each file from its first")
	l.Float64SliceVar(&f.noise, "noise", []float64{1e-3, 1e-2}, "simulate: standard deviation of measured `positions,velocities` (m, rad and per second)")
	l.IntVar(&f.search, "searches", 1, "simulate: from how many `places` to search, all but the first random (within bounds or by priors; factors by e^½); the best wins")
	l.StringVar(&f.out, "out", "", "write the robot with the numbers found to this URDF `file`")
	l.StringVar(&f.plot, "plot", "", "write a picture of measured and predicted to this PNG `file`")
	l.BoolVar(&f.json, "json", false, "print the result as JSON")
	f.set = l.Changed
	l.Lookup("kappa").DefValue, l.Lookup("noise").DefValue = "1e-5", "1e-3,1e-2" // as they are typed
	return c
}

func (f *fitFlags) check() error {
	if err := f.world.check(); err != nil {
		return err
	}
	if f.data == "" {
		return errors.New("--data FILE|FOLDER says what was measured; `ukemi fit --help` what is in it")
	}
	switch f.method {
	case "", torqueMethod, simulateMethod:
	default:
		return fmt.Errorf("--method is %q, want torque or simulate", f.method)
	}
	for _, k := range f.kappas {
		if err := softness("kappa", k); err != nil {
			return err
		}
	}
	if err := positive("cutoff", f.cutoff, "Hz"); err != nil {
		return err
	}
	if !(f.window >= 0) || f.window > 1e9 {
		return fmt.Errorf("--window is %g s, want a positive number, or 0 for all", f.window)
	}
	if f.search < 1 {
		return fmt.Errorf("--searches is %d, want at least 1", f.search)
	}
	if len(f.noise) != 2 {
		return fmt.Errorf("--noise has %d numbers, want two: of positions and of velocities", len(f.noise))
	}
	for _, s := range f.noise {
		if err := positive("noise", s, ""); err != nil {
			return err
		}
	}
	return errors.Join(writable("plot", f.plot, ".png"), writable("out", f.out, ".urdf"))
}

// checkMethod returns an error for flags that the method does not know.
func (f *fitFlags) checkMethod() error {
	other := map[string][]string{torqueMethod: {"kappa", "window", "noise", "searches"}, simulateMethod: {"cutoff"}}[f.method]
	for _, name := range other {
		if f.set(name) {
			return fmt.Errorf("--%s says nothing to --method %s", name, f.method)
		}
	}
	return nil
}

const torqueMethod, simulateMethod = "torque", "simulate"

// fitted is what was found; --json prints it.
type fitted struct {
	Model     string         `json:"model"`
	Method    string         `json:"method"`
	Data      []string       `json:"data"`
	HeldOut   []string       `json:"held_out"`
	Errors    []misfit       `json:"errors"`
	Result    *sysid.Result  `json:"result"`
	Torque    *torqueDetails `json:"torque,omitempty"`
	Notes     []string       `json:"notes"`
	File      string         `json:"file,omitempty"` // --out
	Unwritten []unwritten    `json:"not_in_file"`    // numbers found for which URDF has no word

	set     *sysid.Set
	base    *sim.Model // to start from
	model   *sim.Model // found
	panels  []fitPanel
	measure string // what the errors are of
}

// misfit is how far predictions of a quantity are off: root mean squares.
type misfit struct {
	Name    string `json:"name"`
	Unit    string `json:"unit"`
	Before  number `json:"before"`         // of the data, with the numbers that the robot came with
	After   number `json:"after"`          // of the data
	HeldOut number `json:"held_out_after"` // of what was kept apart; null when nothing was
	Earlier number `json:"held_out_before"`
}

type torqueDetails struct {
	Filter     sysid.Filter `json:"filter"`
	Base       *sysid.Base  `json:"base"`
	Presliding []float64    `json:"presliding"` // rad or m, by joint
}

// lock turns joints into fixed ones.
func (w *world) lock(patterns []string) error {
	for _, p := range patterns {
		is, n := like(p), 0
		for _, j := range w.builder.Joints() {
			if !is(j.Name) || j.Type.NV() == 0 {
				continue
			}
			n++
			w.builder.ChangeJoint(j.Name, func(j *sim.Joint) { j.Type, j.Axes, j.Mimic = sim.JointType{}, nil, nil })
			w.say("joint %s is locked", j.Name)
		}
		if n == 0 {
			return fmt.Errorf("--lock: %s has no moving joint %q", w.model.Name(), p)
		}
	}
	if len(patterns) == 0 {
		return nil
	}
	if err := w.build(); err != nil {
		return fmt.Errorf("--lock: %w", err)
	}
	w.start = w.model.NewState()
	w.stands = !models.PlaceAbove(w.model, w.start.Q, w.flags.height)
	return nil
}

// listParams prints all parameters of a robot.
func listParams(c *cobra.Command, source string, f *fitFlags) error {
	if err := f.world.check(); err != nil {
		return err
	}
	w, err := open(source, &f.world)
	if err != nil {
		return err
	}
	if err := w.lock(f.lock); err != nil {
		return err
	}
	if err := w.finish(); err != nil {
		return err
	}
	type row struct {
		Name  string `json:"name"`
		Value number `json:"value"`
		Unit  string `json:"unit"`
	}
	var rows []row
	for _, p := range implicit.Params(w.model) {
		if p.Kind == "external force" {
			continue
		}
		v, err := implicit.Get(w.model, p)
		if err != nil {
			return err
		}
		rows = append(rows, row{p.Name, number(v), p.Unit})
	}
	if f.json {
		return printJSON(c.OutOrStdout(), rows)
	}
	out := tabwriter.NewWriter(c.OutOrStdout(), 0, 0, 2, ' ', 0)
	for _, r := range rows {
		fmt.Fprintf(out, "%s\t%.6g\t%s\n", r.Name, float64(r.Value), r.Unit)
	}
	return out.Flush()
}

func fit(c *cobra.Command, source string, f *fitFlags) error {
	if f.list {
		return listParams(c, source, f)
	}
	if err := f.check(); err != nil {
		return err
	}
	files, apart, err := f.split()
	if err != nil {
		return err
	}
	w, err := open(source, &f.world)
	if err != nil {
		return err
	}
	if f.out != "" && w.robot == nil {
		return fmt.Errorf("--out: %s is not from a URDF file", source)
	}
	if err := w.lock(f.lock); err != nil {
		return err
	}
	if f.method == "" {
		if f.method, err = guessMethod(files[0], w.model); err != nil {
			return err
		}
	}
	if err := f.checkMethod(); err != nil {
		return err
	}
	sought, err := parseParams(f.params, f.method)
	if err != nil {
		return err
	}
	sought.wake(w)
	if err := w.finish(); err != nil {
		return err
	}
	params, err := sought.find(w)
	if err != nil {
		return err
	}
	ctx, cancel := interruptible(c.Context())
	defer cancel()
	r := &fitted{base: w.model, Model: w.model.Name(), Method: f.method, Unwritten: []unwritten{}, Notes: []string{}, HeldOut: []string{}}
	if f.method == torqueMethod {
		err = r.torque(ctx, c, f, w.model, params, files, apart)
	} else {
		err = r.simulate(ctx, c, f, w.model, params, files, apart)
	}
	if err != nil && ctx.Err() != nil {
		return errors.New("interrupted before anything was found")
	}
	if err != nil {
		return err
	}
	if r.model, err = r.set.Model(r.Result.X); err != nil {
		return err
	}
	return r.finish(c, f, w, sought)
}

// finish writes what was found, and says what is left to say.
func (r *fitted) finish(c *cobra.Command, f *fitFlags, w *world, sought *sought) error {
	var err error
	if f.out != "" {
		err = r.write(w, f)
	}
	if f.plot != "" {
		err = errors.Join(err, drawFit(f.plot, r.panels))
	}
	r.Notes = append(append([]string{}, w.said...), r.Notes...)
	for _, n := range r.Result.Notes {
		told := r.Torque != nil && slices.ContainsFunc(r.Result.Unknowable, func(d sysid.Direction) bool { return d.Words == n })
		if !told { // the base says it better
			r.Notes = append(r.Notes, n)
		}
	}
	if f.json {
		err = errors.Join(err, printJSON(c.OutOrStdout(), r))
	} else {
		err = errors.Join(err, r.print(c.OutOrStdout()))
	}
	if err != nil {
		return err
	}
	if r.Result.Status == sysid.Canceled {
		return fmt.Errorf("interrupted: these are the best numbers after %s", plural(r.Result.Iterations, "iteration", "iterations"))
	}
	for _, d := range r.Result.Unknowable {
		if name := r.alone(d); sought.exact[name] {
			return fmt.Errorf("--params: nothing that was measured depends on %s: leave it out, or measure a motion in which it matters", name)
		}
	}
	return nil
}

// alone returns the name of the only unknown in a direction, or nothing.
func (r *fitted) alone(d sysid.Direction) string {
	name := ""
	for i, p := range d.Parts {
		switch {
		case p > -0.01 && p < 0.01:
		case name != "":
			return ""
		default:
			name = r.set.Names()[i]
		}
	}
	return name
}

// brief names files, of many the first and the last.
func brief(names []string) string {
	const most = 4
	if n := len(names); n > most {
		return fmt.Sprintf("%s … %s (%d files)", names[0], names[n-1], n)
	}
	return strings.Join(names, ", ")
}

func (r *fitted) print(out io.Writer) error {
	fmt.Fprintf(out, "%s by %s from %s", r.Model, r.Method, brief(r.Data))
	if len(r.HeldOut) > 0 {
		fmt.Fprintf(out, "\njudged by %s, kept apart", brief(r.HeldOut))
	}
	fmt.Fprintf(out, "\n%s after %s\n\n", r.Result.Status, plural(r.Result.Iterations, "iteration", "iterations"))
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "found\tstart\tvalue\t± standard error\tunit\t\t")
	estimates := append(append([]sysid.Estimate{}, r.Result.Estimates...), r.Result.Derived...)
	for _, e := range estimates {
		if strings.Contains(e.Name, ".lc_") {
			continue // the ten numbers they stand for follow
		}
		at := ""
		if e.AtBound {
			at = "at its bound"
		}
		fmt.Fprintf(w, "%s\t%.4g\t%.4g\t%.2g\t%s\t%s\t\n", e.Name, e.Start, e.Value, float64(e.StdErr), e.Unit, at)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(out, "\n%s\n", r.measure)
	w = tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	head := "\tbefore\tafter\tunit\t"
	if len(r.HeldOut) > 0 {
		head = "\tbefore\tafter\tkept apart: before\tafter\tunit\t"
	}
	fmt.Fprintln(w, head)
	for _, e := range r.Errors {
		fmt.Fprintf(w, "%s\t%.4g\t%.4g\t", e.Name, float64(e.Before), float64(e.After))
		if len(r.HeldOut) > 0 {
			fmt.Fprintf(w, "%.4g\t%.4g\t", float64(e.Earlier), float64(e.HeldOut))
		}
		fmt.Fprintf(w, "%s\t\n", e.Unit)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if r.Torque != nil {
		fmt.Fprintf(out, "\n%s\n", r.Torque.Base.Words())
	}
	if len(r.Notes) > 0 {
		fmt.Fprintln(out)
	}
	for _, n := range r.Notes {
		fmt.Fprintln(out, "note:", n)
	}
	if r.File != "" {
		fmt.Fprintf(out, "\nwrote %s\n", r.File)
		for _, u := range r.Unwritten {
			fmt.Fprintf(out, "  without %s, for which URDF has no word\n", strings.TrimSpace(fmt.Sprintf("%s = %.6g %s", u.Name, u.Value, u.Unit)))
		}
	}
	return nil
}
