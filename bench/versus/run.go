package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"time"
)

// timestep is that of all parts but precision (s).
const timestep = 0.01

// timesteps are those of the precision part, and reference is the one that they are compared with (s).
var timesteps = []float64{0.02, 0.01, 0.005, 0.002, 0.001, 0.0005}

const reference = 2e-5

// longest is what a program may take for one measurement.
const longest = 5 * time.Minute

// plan says what is to be run.
type plan struct {
	engines []engine
	quick   bool
	only    *regexp.Regexp // of the names of scenes
	rounds  int
	seconds float64 // of CPU time per measurement and round
}

// runner carries a plan out.
type runner struct {
	plan
	shop     *shop
	files    string // folder of the scene files
	data     string
	progress io.Writer
	pool     *pool
	result   *result
	absent   map[[2]string]bool // engine and scene that are left out
}

// runPlan measures everything in turns: what else the machine does hits all engines alike, and the least of
// the rounds hardly shows it.
func runPlan(p plan, dir, data string, progress io.Writer) (*result, error) {
	r := &runner{p, newShop(dir), filepath.Join(dir, "scenes"), data, progress, newPool(), here(), map[[2]string]bool{}}
	r.result.Rounds, r.result.Seconds = p.rounds, p.seconds
	if err := os.MkdirAll(r.files, 0o755); err != nil {
		return nil, err
	}
	began := time.Now()
	for round := range p.rounds {
		for _, part := range []part{steps, gradients, batches, precision} {
			if part == precision && p.quick {
				continue
			}
			for _, s := range scenes {
				if err := r.scene(s, part, round); err != nil {
					return nil, err
				}
			}
			fmt.Fprintf(progress, "%4.0f s: round %d of %d, %s\n", time.Since(began).Seconds(), round+1, p.rounds, partNames[part])
		}
	}
	r.result.Measures = r.pool.measures()
	if len(r.result.Measures) == 0 {
		return nil, errors.New("nothing was measured: no scene has a name that --only matches")
	}
	return r.result, nil
}

// scene measures one part of a scene with all engines that take it.
func (r *runner) scene(s scene, p part, round int) error {
	if s.parts&p == 0 || r.only != nil && !r.only.MatchString(s.name) {
		return nil
	}
	hs := []float64{timestep}
	if p == precision {
		hs = timesteps
		if round == 0 { // long runs, whose time nobody compares
			hs = append([]float64{reference}, hs...)
		}
	}
	for _, h := range hs {
		file := filepath.Join(r.files, fmt.Sprintf("%s_%g", s.name, h))
		if round == 0 {
			w, err := build(s, h, r.data)
			if errors.Is(err, errNoData) {
				r.leaveOut("all engines", s, err)
			} else if err != nil {
				return err
			}
			if err != nil {
				return nil
			}
			if err := w.write(file); err != nil {
				return err
			}
		} else if r.absent[[2]string{"all engines", s.name}] {
			return nil
		}
		for _, e := range r.engines {
			if e.takes(s, p) && (e.quick || !r.quick) && !(e.once && round > 0) {
				r.measure(e, s, p, h, file)
			}
		}
	}
	return nil
}

// verbs are what a program is asked for.
var verbs = map[part]string{steps: "step", gradients: "gradient", batches: "batch", precision: "end"}

// measure asks one engine. What goes wrong there leaves the engine out of the scene, with the reason.
func (r *runner) measure(e engine, s scene, p part, h float64, file string) {
	if r.absent[[2]string{e.name, s.name}] {
		return
	}
	reports, err := r.ask(e, verbs[p], file)
	if err != nil {
		r.leaveOut(e.name, s, err)
		return
	}
	for _, x := range reports {
		r.pool.add(key{s.name, e.name, x.What, h}, x)
		if x.Version != "" {
			r.result.Versions[e.name] = x.Version
		}
	}
}

func (r *runner) ask(e engine, verb, file string) ([]report, error) {
	budget := r.seconds
	if verb == verbs[batches] {
		budget *= 10 // wall time needs more tries than CPU time
	}
	seconds := strconv.FormatFloat(budget, 'g', -1, 64)
	var argv []string
	if e.program == nil {
		self, err := os.Executable()
		if err != nil {
			return nil, err
		}
		argv = []string{self, "ukemi", verb, file, seconds}
	} else {
		c, err := r.shop.command(e.program)
		if err != nil {
			return nil, err
		}
		argv = append(append([]string{}, c...), verb, file, seconds, e.variant)
	}
	return call(argv)
}

// call runs a program and reads its reports.
func call(argv []string) ([]report, error) {
	var out, said bytes.Buffer
	ctx, cancel := context.WithTimeout(context.Background(), longest)
	defer cancel()
	c := exec.CommandContext(ctx, argv[0], argv[1:]...)
	c.Stdout, c.Stderr = &out, &said
	if err := c.Run(); err != nil {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("takes more than %v", longest)
		}
		return nil, explain(err, said.String())
	}
	reports, err := parseReports(out.Bytes())
	if err == nil && len(reports) == 0 {
		err = errors.New("printed no report")
	}
	return reports, err
}

func (r *runner) leaveOut(engine string, s scene, err error) {
	at := [2]string{engine, s.name}
	if r.absent[at] {
		return
	}
	r.absent[at] = true
	reason := err.Error()
	r.result.LeftOut = append(r.result.LeftOut, absence{engine, s.name, reason})
	fmt.Fprintf(r.progress, "left out: %s, %s: %s\n", engine, s.name, reason)
}
