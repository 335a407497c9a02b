package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"math"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// report is what `ukemi simulate --json` prints. Its keys are a promise to scripts.
type report struct {
	Model          string   `json:"model"`
	NQ             int      `json:"nq"`
	NV             int      `json:"nv"`
	Base           string   `json:"base"` // floating or fixed
	Bodies         int      `json:"bodies"`
	Contacts       int      `json:"contacts"`
	Timestep       number   `json:"timestep"` // s
	Kappa          number   `json:"kappa"`
	Steps          int      `json:"steps"`    // that converged
	Failures       int      `json:"failures"` // that did not, even divided; the first ends the run
	Halvings       int      `json:"halvings"`
	Unpolished     int      `json:"unpolished,omitempty"` // parts of steps that did not reach the κ = 0 asked for
	Impacts        int      `json:"impacts,omitempty"`    // steps that --divide-impacts divided
	Calmed         int      `json:"calmed,omitempty"`     // bounces of contacts that were turned down
	IterationsMean number   `json:"iterations_mean"`      // per step
	IterationsMax  int      `json:"iterations_max"`
	PenetrationMax number   `json:"penetration_max"` // m, ≥ 0, deepest over the run
	EnergyFirst    number   `json:"energy_first"`    // J
	EnergyLast     number   `json:"energy_last"`     // J
	WallSeconds    number   `json:"wall_seconds"`    // of controller and steps
	RealtimeFactor number   `json:"realtime_factor"` // simulated over wall time
	StateHash      string   `json:"state_hash"`      // of the bits of the final q and v
	Finite         bool     `json:"finite"`          // whether the final state is
	FinalQ         []number `json:"final_q"`
	Warnings       []string `json:"warnings"` // what the numbers do not show
	meetingCounts

	world    *world
	err      error
	wall     time.Duration
	total    int     // iterations
	softest  float64 // κ of a step
	last     sim.State
	touching int // contacts at work in the last step
}

func newReport(w *world, st *sim.Stepper) *report {
	m, kappa := w.model, st.Options().Kappa
	if st.Options().Polish {
		kappa = 0
	}
	return &report{
		Model: m.Name(), NQ: m.NQ(), NV: m.NV(), Base: w.attached, Bodies: len(m.Bodies()), Contacts: m.MaxContacts(),
		Timestep: number(m.Timestep()), Kappa: number(kappa), softest: st.Options().Kappa, world: w, Warnings: append([]string{}, w.warnings()...),
	}
}

func (r *report) begin(m *scene.Moment) { r.EnergyFirst = number(m.TotalEnergy()) }

func (r *report) step(m *scene.Moment, penetration float64, parts []sim.Part) {
	r.Steps++
	if slices.ContainsFunc(parts, func(p sim.Part) bool { return p.ByImpact != 0 }) {
		r.Impacts++
	}
	r.count(m.Result)
	r.PenetrationMax = number(math.Max(float64(r.PenetrationMax), penetration))
}

func (r *report) count(res sim.Result) {
	r.Halvings += res.Halvings
	r.Unpolished += res.Unpolished
	r.total += res.Iterations
	r.IterationsMax = max(r.IterationsMax, res.Iterations)
}

// fail counts a step from m that did not converge.
func (r *report) fail(m *scene.Moment, res sim.Result) {
	var e *sim.StepError
	if errors.As(r.err, &e) {
		r.Failures++
		r.count(res)
		r.err = fmt.Errorf("step %d (t = %.6g s): %w", r.Steps+1, m.Time, r.err)
	}
}

func (r *report) end(m *scene.Moment) {
	r.EnergyLast = number(m.TotalEnergy())
	r.WallSeconds = number(r.wall.Seconds())
	if n := r.Steps + r.Failures; n > 0 {
		r.IterationsMean = number(float64(r.total) / float64(n))
	}
	if r.wall > 0 {
		r.RealtimeFactor = number(float64(r.Steps) * float64(r.Timestep) / r.wall.Seconds())
	}
	r.last = m.State
	for _, s := range []string{sunk(r.world.model, m.State.Q), fallen(r.world.model, m.State.Q)} {
		if s != "" {
			r.Warnings = append(r.Warnings, s)
		}
	}
	r.StateHash = hash(m.State)
	r.FinalQ = numbers(m.State.Q)
	r.Finite = true
	for _, v := range [][]float64{m.State.Q, m.State.V} {
		for _, x := range v {
			r.Finite = r.Finite && !math.IsNaN(x) && !math.IsInf(x, 0)
		}
	}
	for i := range m.Contacts {
		if f := m.Contacts[i].Force; f.X*f.X+f.Y*f.Y+f.Z*f.Z > 0 {
			r.touching++
		}
	}
}

// hash is FNV-64a over the bits of q, then v, least significant byte first.
func hash(s sim.State) string {
	h := fnv.New64a()
	var b [8]byte
	for _, v := range [][]float64{s.Q, s.V} {
		for _, x := range v {
			binary.LittleEndian.PutUint64(b[:], math.Float64bits(x))
			h.Write(b[:])
		}
	}
	return fmt.Sprintf("%016x", h.Sum64())
}

// print says the same to people.
func (r *report) print(out io.Writer, f *simulateFlags) {
	w := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	fmt.Fprintf(w, "model\t%s: %s, %s, %s, %.6g kg\n", r.Model,
		plural(r.Bodies, "body", "bodies"), freedoms(r.NV), plural(r.Contacts, "contact", "contacts"), r.world.model.TotalMass())
	fmt.Fprintf(w, "base\t%s\n", r.world.base())
	for _, s := range r.world.brief() {
		fmt.Fprintf(w, "note\t%s\n", s)
	}
	if n := len(r.world.notes); n > 0 {
		fmt.Fprintf(w, "file\t%s; see `ukemi inspect %s`\n", plural(n, "remark", "remarks"), r.world.source)
	}
	r.grave(w)
	fmt.Fprintf(w, "simulated\t%.6g s in %s of %.6g s, κ = %.3g\n", float64(r.Steps)*float64(r.Timestep), plural(r.Steps, "step", "steps"), r.Timestep, r.Kappa)
	how := "every step converged"
	if r.Failures > 0 {
		how = fmt.Sprintf("STOPPED: step %d did not converge", r.Steps+1)
	}
	if r.Halvings > 0 {
		how += fmt.Sprintf("; %s divided in two", plural(r.Halvings, "part", "parts"))
	}
	if r.Impacts > 0 {
		how += fmt.Sprintf("; %s divided at an impact", plural(r.Impacts, "step", "steps"))
	}
	if r.Unpolished > 0 {
		how += fmt.Sprintf("; %s stayed at κ = %.3g", plural(r.Unpolished, "part", "parts"), r.softest)
	}
	if r.Calmed > 0 {
		how += fmt.Sprintf("; %s turned down, which would have given energy", plural(r.Calmed, "bounce", "bounces"))
	}
	fmt.Fprintf(w, "solver\t%s; %.2f iterations per step, at most %d\n", how, r.IterationsMean, r.IterationsMax)
	if m := r.world.model; len(m.Pairs()) > 0 {
		of := fmt.Sprintf(" of %d", r.Contacts)
		if shapePairs(m) > 0 { // how many contacts shapes make with each other is not known before
			of = ""
		}
		fmt.Fprintf(w, "contact\tdeepest penetration of contact shapes %.3g m; %d%s active at the end\n", r.PenetrationMax, r.touching, of)
	}
	if len(r.world.model.Pairs()) > 0 && r.Steps > 0 {
		fmt.Fprintf(w, "\t%s\n", &r.meetingCounts)
	}
	fmt.Fprintf(w, "energy\t%.6g J at the start, %.6g J at the end\n", r.EnergyFirst, r.EnergyLast)
	fmt.Fprintf(w, "speed\t%.3g s on the clock, %.4g times real time, %.4g µs per step\n", r.WallSeconds, r.RealtimeFactor, 1e6*float64(r.WallSeconds)/math.Max(1, float64(r.Steps)))
	fmt.Fprintf(w, "end\t%s\n", whereItEnds(r.world.model, r.last))
	fmt.Fprintf(w, "state hash\t%s\n", r.StateHash)
	for _, file := range []struct{ what, path string }{{"picture", f.plot}, {"data", f.out}, {"recording", f.record}} {
		if file.path != "" {
			fmt.Fprintf(w, "%s\t%s\n", file.what, file.path)
		}
	}
	w.Flush()
}

// grave repeats the remarks about what changes physics: all that is known about why a run failed, or the first
// few of a good one.
func (r *report) grave(w io.Writer) {
	most := 3
	if r.Failures > 0 {
		most = math.MaxInt
	}
	n := 0
	for _, x := range r.world.notes {
		if x.Severity == physics {
			if n++; n <= most {
				fmt.Fprintf(w, "\t%s\n", x)
			}
		}
	}
	if n > most {
		fmt.Fprintf(w, "\tand %d more that change the physics\n", n-most)
	}
}

// whereItEnds describes the final state in a line: where the base is and how fast the fastest coordinate moves.
func whereItEnds(m *sim.Model, s sim.State) string {
	if len(m.Bodies()) == 0 {
		return "nothing moves in this model"
	}
	fastest := 0.0
	for _, v := range s.V {
		fastest = math.Max(fastest, math.Abs(v))
	}
	poses := make([]sim.Pose, len(m.Bodies()))
	m.Poses(poses, s.Q)
	p := poses[0].Pos
	return fmt.Sprintf("%s at (%.4g, %.4g, %.4g) m, largest velocity %.3g m/s or rad/s", m.Bodies()[0], p.X, p.Y, p.Z, fastest)
}

func freedoms(n int) string { return plural(n, "degree of freedom", "degrees of freedom") }

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
