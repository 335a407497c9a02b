// Command identify_panda finds the masses, inertias and frictions of a real Franka Emika Panda from a log of its joint torques,
// and predicts the torques of a motion that it has not seen.
//
//	go run ./examples/identify_panda [-train FILE] [-test FILE] [-urdf FILE] [-json] [-steps] [-plot FILE.png] [-out FILE.urdf]
//
// Without -test the last third of the log is kept apart. The log is that of Gaz, Cognetti, Oliva, Robuffo Giordano, De Luca,
// "Dynamic identification of the Franka Emika Panda robot with retrieval of feasible parameters", RA-L 2019.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"

	"github.com/ukemi-sim/ukemi/examples/internal/program"
	"github.com/ukemi-sim/ukemi/internal/data"
	"github.com/ukemi-sim/ukemi/sysid"
)

// report is what -json prints. Errors are root mean squares of predicted minus measured torque by joint (N m), both through the
// filter.
type report struct {
	Train            string              `json:"train"`
	Test             string              `json:"test"`
	Filter           sysid.Filter        `json:"filter"`
	Error            []float64           `json:"torque_error_rms"`            // of the test
	TrainError       []float64           `json:"train_torque_error_rms"`      //
	RegressionError  []float64           `json:"regression_torque_error_rms"` // of the test: the same equations, impossible bodies allowed
	FileError        []float64           `json:"urdf_torque_error_rms"`       // of the test: the file's numbers, no friction
	LeastEigenvalues []float64           `json:"least_pseudo_inertia_eigenvalues"`
	Steps            []step              `json:"steps,omitempty"`
	Result           *sysid.TorqueResult `json:"result"`
}

// step is a smaller model and its error on the test.
type step struct {
	Name  string    `json:"name"`
	Error []float64 `json:"torque_error_rms"`
}

func main() { program.Main("identify_panda", run) }

func run(args []string, w io.Writer) error {
	f := flag.NewFlagSet("identify_panda", flag.ContinueOnError)
	train := f.String("train", filepath.Join(data.Folder(), "panda_log", "excitation.csv"), "`log` to learn from")
	test := f.String("test", "", "`log` to predict (default: the last third of -train, which is kept apart)")
	urdfFile := f.String("urdf", filepath.Join(data.Folder(), "urdf", "panda.urdf"), "the arm, with the numbers to start from")
	asJSON := f.Bool("json", false, "print one JSON object")
	steps := f.Bool("steps", false, "also fit smaller models, to see what each part brings")
	plot := f.String("plot", "", "write a picture of measured and predicted torques of the test to this PNG `file`")
	out := f.String("out", "", "write the arm with the numbers found to this URDF `file`")
	if err := program.Parse(f, args); err != nil {
		return err
	}
	for _, name := range []string{*urdfFile, *train} {
		if _, err := os.Stat(name); err != nil {
			return fmt.Errorf("%w: %w; see -help, or set UKEMI_DATA", errNoData, err)
		}
	}
	p, err := load(*urdfFile, *train, *test)
	if err != nil {
		return err
	}
	r := report{Train: p.trainName, Test: p.testName, Filter: sysid.DefaultFilter}
	fit, err := p.fit(context.Background(), everything)
	if err != nil {
		return err
	}
	r.Result = fit.TorqueResult
	if err := r.measure(p, fit); err != nil {
		return err
	}
	if *steps {
		if r.Steps, err = p.steps(context.Background()); err != nil {
			return err
		}
	}
	if *plot != "" {
		if err := draw(*plot, p, fit); err != nil {
			return err
		}
	}
	if *out != "" {
		if err := p.write(*out, fit); err != nil {
			return err
		}
	}
	if *asJSON {
		err = json.NewEncoder(w).Encode(r)
	} else {
		r.print(w, fit)
	}
	return errors.Join(err, r.check())
}

// measure fills in the errors.
func (r *report) measure(p *problem, fit *fitted) (err error) {
	g := fit.Regression
	if r.Error, err = g.Errors(fit.Values, p.test); err != nil {
		return err
	}
	if r.TrainError, err = g.Errors(fit.Values, p.train); err != nil {
		return err
	}
	if r.RegressionError, err = g.Errors(fit.Base.Values, p.test); err != nil {
		return err
	}
	if r.FileError, err = p.fileError(); err != nil {
		return err
	}
	r.LeastEigenvalues, err = leastEigenvalues(fit.model)
	return err
}

func (r *report) print(w io.Writer, fit *fitted) {
	fmt.Fprintf(w, "learned from %s\npredicted    %s\n", r.Train, r.Test)
	fmt.Fprintf(w, "both through a fourth-order Butterworth filter of %g Hz, both ways, at %g Hz\n\n", r.Filter.Cutoff, r.Filter.Rate)
	fmt.Fprintf(w, "%-62s", "torque error, rms (N m), joint")
	for i := range r.Error {
		fmt.Fprintf(w, "%8d", i+1)
	}
	fmt.Fprintln(w)
	row := func(name string, e []float64) {
		fmt.Fprintf(w, "%-62s", name)
		for _, x := range e {
			fmt.Fprintf(w, "%8.3f", x)
		}
		fmt.Fprintln(w)
	}
	row("possible bodies", r.Error)
	row("  on what they were learned from", r.TrainError)
	row("regression, impossible bodies allowed", r.RegressionError)
	row("the URDF file's numbers, no friction", r.FileError)
	for _, s := range r.Steps {
		row(s.Name, s.Error)
	}
	fmt.Fprintf(w, "\n%s\n\n", fit.Base.Words())
	for i, j := range fit.model.Joints() {
		fmt.Fprintf(w, "%s:", j.Name)
		for _, e := range fit.Estimates {
			for _, q := range []string{"armature", "damping", "dry_friction", "stiffness", "offset"} {
				if e.Name == j.Name+"."+q {
					fmt.Fprintf(w, " %s %.4f ± %.4f %s,", q, e.Value, float64(e.StdErr), e.Unit)
				}
			}
		}
		fmt.Fprintf(w, " friction turns over %.2g rad\n", fit.Presliding[i])
	}
	for i, b := range fit.model.Bodies() {
		in := fit.model.BodyInertia(i)
		fmt.Fprintf(w, "%s: %.3f kg at (%.4f, %.4f, %.4f) m, least eigenvalue of the pseudo-inertia %.2g\n", b, in.Mass, in.COM.X, in.COM.Y, in.COM.Z, r.LeastEigenvalues[i])
	}
}

// check fails when a body is impossible, or the prediction is hardly better than that of the file's numbers: over 0.8 of its error, in the
// geometric mean of the joints.
func (r *report) check() error {
	for i, e := range r.LeastEigenvalues {
		if !(e > 0) {
			return fmt.Errorf("body %d is impossible: its pseudo-inertia has the eigenvalue %g", i, e)
		}
	}
	ratio := 0.0
	for i := range r.Error {
		ratio += math.Log(r.Error[i] / r.FileError[i])
	}
	if ratio = math.Exp(ratio / float64(len(r.Error))); !(ratio < 0.8) {
		return fmt.Errorf("the error is %.2f times that of the file's numbers without friction: nothing was learned", ratio)
	}
	return nil
}
