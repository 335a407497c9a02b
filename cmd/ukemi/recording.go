package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

const recordingExt = ".ukemi"

func isRecording(path string) bool { return strings.EqualFold(filepath.Ext(path), recordingExt) }

// isRun reports whether the source is a run rather than a robot.
func isRun(source string) bool { return isCSV(source) || isRecording(source) }

func loadRecording(path string) (*sim.Recording, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	r, err := sim.LoadRecording(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return r, nil
}

// openRecording reads a recording and the model that it is of: its own.
func openRecording(path string) (*sim.Recording, error) {
	r, err := loadRecording(path)
	switch {
	case err != nil:
		return nil, err
	case r.World == nil:
		return nil, fmt.Errorf("%s holds no model that this version reads: simulate again with --record", path)
	}
	if err := r.Of(r.World); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return r, nil
}

// moments hands out the instants of a recording. What the steps did beyond what it holds, the forces of drives and joints,
// is found by taking every step once more from where it began, when that is wanted.
func moments(ctx context.Context, r *sim.Recording, again bool, take func(*scene.Moment) error) error {
	var m scene.Moment
	st, next := r.World.NewStepper(r.Options), r.World.NewState()
	for k := range r.States {
		if ctx.Err() != nil {
			return errors.New("interrupted")
		}
		m.Set(float64(k)*r.Timestep, r.States[k])
		switch {
		case k == 0:
			m.Report(st, sim.Result{})
		case again:
			res, err := st.Step(&next, r.States[k-1], r.Inputs[k-1])
			if err != nil {
				return fmt.Errorf("step %d, taken again: %w", k, err)
			}
			m.Report(st, res)
		default:
			m.Recall(&r.Trajectory, k-1, r.Options.Kappa)
		}
		_ = m.Weigh(st) // a body that spins too fast has no energy
		if n := len(r.Inputs); n > 0 {
			m.Feed(r.Inputs[min(k, n-1)])
		}
		if err := take(&m); err != nil {
			return err
		}
	}
	return nil
}

// readRecording makes a reel of a recording.
func (f *runFlags) readRecording(ctx context.Context, path string, gap float64) (*reel, error) {
	if f.model != "" {
		return nil, fmt.Errorf("--model is for CSV files; %s holds its model", path)
	}
	rec, err := openRecording(path)
	if err != nil {
		return nil, err
	}
	r := &reel{model: rec.World, name: rec.Model, options: rec.Options, meshDir: filepath.Dir(path), gap: gap}
	return r, moments(ctx, rec, true, r.take)
}

// readAnyRun returns a run as a table: the columns of a CSV file, or all signals of a recording, those of pairs if they touched.
func readAnyRun(ctx context.Context, path string) (*sheet, error) {
	if !isRecording(path) {
		if !isCSV(path) {
			return nil, fmt.Errorf("%s: want a recording (%s) or a table (.csv)", path, recordingExt)
		}
		return readSheet(path)
	}
	r, err := openRecording(path)
	if err != nil {
		return nil, err
	}
	met := map[sim.Pair]bool{}
	for _, l := range r.Contacts {
		for i := range l {
			met[l[i].ID.Pair] = true
		}
	}
	var pairs []sim.PairInfo
	s := &sheet{path: path, model: r.Model, names: scene.SignalNames(r.World)}
	for _, p := range r.World.Pairs() {
		if _, plane := p.HalfSpace(); plane || met[p.Pair] {
			pairs = append(pairs, p)
			s.names = append(s.names, pairNames(p)...)
		}
	}
	return s, moments(ctx, r, true, func(m *scene.Moment) error {
		s.rows = append(s.rows, appendPairs(scene.AppendSignals(nil, r.World, m), pairs, m))
		return nil
	})
}
