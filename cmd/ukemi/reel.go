package main

import (
	"errors"
	"fmt"
	"math"
	"os"
	"os/signal"
	"strings"

	"github.com/spf13/cobra"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// runFlags say what to simulate before it is looked at. They are those of simulate, but a robot that can
// hold its start does so by default: one that collapses is a poor picture of it.
type runFlags struct {
	simulateFlags
	chosen func(flag string) bool // whether the user gave it
	model  string
}

func (f *runFlags) add(c *cobra.Command, seconds float64) {
	f.simulateFlags.add(c, seconds, "hold", "none, hold or random; see simulate")
	l := c.Flags()
	l.StringVar(&f.model, "model", "", "the `FILE|NAME` that a CSV file is a run of")
	f.chosen = l.Changed
}

// reel is a run kept in memory.
type reel struct {
	model   *sim.Model
	name    string
	options sim.Options // that its steps were taken with, where that is known
	meshDir string
	said    []string
	gap     float64 // between frames (s of simulation); 0 keeps all
	frames  []scene.Moment
	due     float64
	cut     error // why the run ended early
}

// take keeps the moment when a frame is due.
func (r *reel) take(m *scene.Moment) error {
	if r.wants(m.Time) {
		r.frames = append(r.frames, m.Clone())
	}
	return nil
}

// wants reports whether a frame is due at t; frames are due at whole multiples of the gap, so that the
// film does not run too fast or slow where that is no multiple of the timestep.
func (r *reel) wants(t float64) bool {
	if t < r.due-r.model.Timestep()/2 {
		return false
	}
	if r.gap > 0 {
		r.due = (math.Floor(t/r.gap+0.5) + 1) * r.gap
	}
	return true
}

func (r *reel) close() error { return nil }

// configurations returns q of all frames.
func (r *reel) configurations() [][]float64 {
	l := make([][]float64, len(r.frames))
	for i := range l {
		l[i] = r.frames[i].State.Q
	}
	return l
}

// trajectory returns the frames as what the window replays: at equal steps of time, with inputs of zero where
// nobody knows them. It reports whether the times of the frames are such steps, starting at zero.
func (r *reel) trajectory() (t *sim.Trajectory, even bool) {
	n := len(r.frames)
	t = &sim.Trajectory{Timestep: r.model.Timestep(), States: make([]sim.State, n), Inputs: make([][]float64, n-1)}
	if n > 1 {
		t.Timestep = (r.frames[n-1].Time - r.frames[0].Time) / float64(n-1)
	}
	if r.frames[0].Knows(scene.KnownContacts) {
		t.Contacts = make([][]sim.Contact, n-1)
	}
	zero := make([]float64, r.model.NU())
	even = true
	for i := range r.frames {
		t.States[i] = r.frames[i].State
		if i > 0 {
			if t.Inputs[i-1] = zero; r.frames[i-1].Knows(scene.KnownInput) {
				t.Inputs[i-1] = r.frames[i-1].Input
			}
			if t.Contacts != nil {
				t.Contacts[i-1] = r.frames[i].Contacts
			}
		}
		if math.Abs(r.frames[i].Time-float64(i)*t.Timestep) > 0.01*t.Timestep {
			even = false
		}
	}
	return t, even
}

// shoot simulates a model, or reads a CSV file that simulate wrote, and keeps a frame for every gap seconds.
func (f *runFlags) shoot(c *cobra.Command, source string, gap float64) (*reel, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	if isRun(source) {
		if err := f.idle(source); err != nil {
			return nil, err
		}
		return f.readFile(c, source, gap)
	}
	if f.model != "" {
		return nil, errors.New("--model is for CSV files")
	}
	w, st, ctrl, err := f.prepareQuietly(source)
	if err != nil {
		return nil, err
	}
	f.warn(c, w)
	r := &reel{model: w.model, name: w.model.Name(), meshDir: meshDir(source), gap: gap}
	steps := f.steps(w.model)
	rep := newReport(w, st)
	ctx, cancel := signal.NotifyContext(c.Context(), os.Interrupt)
	defer cancel()
	loop(ctx, rep, st, w.start, steps, ctrl, []sink{r}, newBar(c.ErrOrStderr(), steps, "simulating "+w.model.Name()))
	r.cut = rep.err
	if len(r.frames) == 0 {
		return nil, errors.Join(r.cut, ctx.Err())
	}
	if ctx.Err() != nil && r.cut == nil {
		r.cut = fmt.Errorf("interrupted after %.3g of %g s, which are kept", r.frames[len(r.frames)-1].Time, f.seconds)
	}
	return r, nil
}

// readFile reads a run that was made before.
func (f *runFlags) readFile(c *cobra.Command, source string, gap float64) (*reel, error) {
	read := f.readCSV
	if isRecording(source) {
		read = func(path string, gap float64) (*reel, error) { return f.readRecording(c.Context(), path, gap) }
	}
	r, err := read(source, gap)
	if err != nil {
		return nil, err
	}
	for _, s := range r.said {
		fmt.Fprintln(c.ErrOrStderr(), "note:", s)
	}
	return r, nil
}

// prepareQuietly prepares the run; a model that cannot hold anything is not asked to.
func (f *runFlags) prepareQuietly(source string) (*world, *sim.Stepper, sim.Controller, error) {
	if !f.chosen("controller") {
		w, err := open(source, &f.world)
		if err != nil {
			return nil, nil, nil, err
		}
		if w.model.NU() == 0 || f.inputs != "" && f.gains == "" {
			f.controller = "none"
		}
	}
	return f.prepare(source)
}

// warn says what the user should know about the model, briefly: inspect and simulate say all of it.
func (f *runFlags) warn(c *cobra.Command, w *world) {
	for _, s := range w.brief() {
		fmt.Fprintln(c.ErrOrStderr(), "note:", s)
	}
	printWarnings(c.ErrOrStderr(), w.warnings())
	if n := len(w.notes); n > 0 {
		fmt.Fprintf(c.ErrOrStderr(), "note: %s about the file; `ukemi inspect %s` lists them\n", plural(n, "remark", "remarks"), w.source)
	}
}

// complain says which meshes are not drawn.
func complain(c *cobra.Command, skipped []string) {
	const most = 3
	for i, s := range skipped {
		if i == most {
			fmt.Fprintf(c.ErrOrStderr(), "note: and %d more meshes\n", len(skipped)-most)
			return
		}
		fmt.Fprintln(c.ErrOrStderr(), "note:", strings.TrimSpace(s))
	}
}
