// Command identify_cube finds the physical parameters of a real cube from tosses, by simulation error, and says on tosses
// kept apart what each parameter brings.
//
//	go run ./examples/identify_cube [-train DIR -test DIR] [-limit N] [-json] [-plot FILE.png]
//	go run ./examples/identify_cube -corners [-train DIR] [-limit N] [-json]
//
// Errors follow the published protocol: every toss is simulated from its first measured state. A second number has the
// start fitted to the measured flight before contact, another protocol.
//
// With -corners it finds 25 parameters, friction and the places of eight corners, from corners twice as far out.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/ukemi-sim/ukemi/examples/internal/program"
	"github.com/ukemi-sim/ukemi/examples/internal/toss"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/sysid"
	"golang.org/x/term"
	"gonum.org/v1/gonum/spatial/r3"
)

// report is what -json prints: the errors of the best model on the tests, and how it came to be.
type report struct {
	errors
	Protocol string  `json:"protocol"`
	Fitted   errors  `json:"start_fitted_to_flight"` // another protocol
	Best     string  `json:"best"`
	Train    int     `json:"train_tosses"`
	Test     int     `json:"test_tosses"`
	Kappa    float64 `json:"kappa"`
	Rungs    []rung  `json:"rungs"`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	program.Main("identify_cube", func(args []string, w io.Writer) error { return run(ctx, args, w) })
}

func run(ctx context.Context, args []string, w io.Writer) error {
	f := flag.NewFlagSet("identify_cube", flag.ContinueOnError)
	train := f.String("train", "", "`folder` with experiment.json and the tosses to fit (default: the first 300 of tosses in $UKEMI_DATA, or ../shared/data/tosses)")
	test := f.String("test", "", "`folder` with the tosses kept apart (default, without -train: the others)")
	limit := f.Int("limit", 0, "use N tosses of each, evenly spread (default: all)")
	eight := f.Bool("corners", false, "find friction and the places of the corners, from twice as far out, on the first 100 tosses")
	asJSON := f.Bool("json", false, "print one JSON object")
	plot := f.String("plot", "", "write a picture of the errors and of one toss to this PNG `file`")
	if err := program.Parse(f, args); err != nil {
		return err
	}
	switch {
	case (*train == "") != (*test == "") && !*eight:
		return fmt.Errorf("-train and -test go together: tosses that were fitted are no test")
	case *limit < 0:
		return fmt.Errorf("-limit is %d, want a number of tosses", *limit)
	}
	d, err := load(*train, *test, *limit, *eight)
	if err != nil {
		return err
	}
	bar := newBar()
	if *eight {
		return findCorners(ctx, d, bar, *asJSON, w)
	}
	rungs, err := climb(ctx, d, bar)
	if err != nil {
		return err
	}
	best := &rungs[0]
	for i := range rungs {
		if r := &rungs[i]; r.Train.relative() < best.Train.relative() {
			best = r
		}
	}
	r := report{
		errors: best.Test, Protocol: "start = first measured state", Fitted: best.Fitted, Best: best.Found,
		Train: len(d.train), Test: len(d.test), Kappa: kappa, Rungs: rungs,
	}
	if *plot != "" {
		if err := draw(*plot, d, rungs, best); err != nil {
			return err
		}
	}
	if *asJSON {
		return json.NewEncoder(w).Encode(r)
	}
	r.print(w, best)
	return r.check()
}

// relative is the sum of both errors in units of the best published ones.
func (e errors) relative() float64 {
	return e.Position/toss.Published[0].Position + e.Rotation/toss.Published[0].Rotation
}

// load reads the tosses.
func load(train, test string, limit int, eight bool) (*data, error) {
	d := &data{}
	var err error
	if d.ex, d.train, err = toss.Load(toss.Folder(train), 0); err != nil {
		return nil, err
	}
	switch {
	case eight:
		d.train = d.train[:min(100, len(d.train))]
	case test != "":
		if d.test, err = toss.Read(test, 0); err != nil {
			return nil, err
		}
	default:
		if len(d.train) < 2 {
			return nil, fmt.Errorf("%d toss is not enough to keep one apart", len(d.train))
		}
		n := len(d.train) * 3 / 4
		d.train, d.test = d.train[:n], d.train[n:]
	}
	d.train, d.test = spread(d.train, limit), spread(d.test, limit)
	m, err := cube(d.ex, d.ex.G*toss.HalfWidth, r3.Vec{}, false)
	if err != nil {
		return nil, err
	}
	first := func(tosses []toss.Toss) (s []sim.State) {
		for _, t := range tosses {
			s = append(s, states(m, d.ex, t)[0])
		}
		return s
	}
	d.trainStarts, d.testStarts = first(d.train), first(d.test)
	return d, nil
}

// spread returns n tosses, evenly spread; 0 is all.
func spread(tosses []toss.Toss, n int) []toss.Toss {
	if n == 0 || n >= len(tosses) {
		return tosses
	}
	var out []toss.Toss
	for i := range n {
		out = append(out, tosses[i*len(tosses)/n])
	}
	return out
}

// newBar returns what shows progress on a terminal: steps of a ladder, each of many iterations.
func newBar() func(step, of int, p sysid.Progress) {
	if !term.IsTerminal(int(os.Stderr.Fd())) {
		return func(int, int, sysid.Progress) {}
	}
	const parts = 1000
	b := progressbar.NewOptions(parts, progressbar.OptionSetWriter(os.Stderr), progressbar.OptionSetDescription(filepath.Base(os.Args[0])),
		progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())
	return func(step, of int, p sysid.Progress) {
		_ = b.Set(parts * (step*p.Of + p.Iteration) / (of * p.Of)) // a terminal that went away is no reason to stop
	}
}

func (r report) print(w io.Writer, best *rung) {
	fmt.Fprintf(w, "%d tosses to fit, %d kept apart, κ %g. Mean errors of those kept apart:\n\n", r.Train, r.Test, r.Kappa)
	fmt.Fprintln(w, "found besides what is above     from the first measured state    from a start fitted to the flight")
	for _, g := range r.Rungs {
		fmt.Fprintf(w, "%-30s  %6.2f %%  %6.2f°                %6.2f %%  %6.2f°\n", g.Found, g.Test.Position, g.Test.Rotation, g.Fitted.Position, g.Fitted.Rotation)
	}
	p := toss.Published[0]
	fmt.Fprintf(w, "%-30s  %6.1f %%  %6.1f°                (all 400 tosses; Acosta, Yang, Posa 2022)\n\n", "published: "+p.Engine, p.Position, p.Rotation)
	fmt.Fprintf(w, "best on the tosses that were fitted: %s\n", best.Found)
	for _, g := range r.Rungs {
		if g.Fit == nil {
			continue
		}
		for _, e := range g.Fit.Estimates {
			if g.Found == best.Found || g.Found == "center of mass" {
				fmt.Fprintf(w, "  %-26s %11.5g ± %-9.2g %s\n", e.Name, e.Value, float64(e.StdErr), e.Unit)
			}
		}
	}
}

// check fails unless what was found predicts tosses kept apart better than what was published.
func (r report) check() error {
	if first := r.Rungs[0].Test; !(r.relative() < first.relative()) {
		return fmt.Errorf("errors of %.1f %% and %.1f° are no better than those of the published cube, %.1f %% and %.1f°", r.Position, r.Rotation, first.Position, first.Rotation)
	}
	return nil
}
