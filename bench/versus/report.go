package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math"
)

// report is a line that an engine's program prints: one thing it measured. Everything but what and us is
// optional.
type report struct {
	What          string    `json:"what"`
	Us            []float64 `json:"us"` // per step, of every pass over the motion
	DOF           int       `json:"dof,omitempty"`
	Version       string    `json:"version,omitempty"`
	Iterations    float64   `json:"iterations,omitempty"` // mean per step
	Contacts      float64   `json:"contacts,omitempty"`   // mean number that touch
	Divided       int       `json:"divided,omitempty"`    // halvings of steps
	Warnings      int       `json:"warnings,omitempty"`   // of the engine
	Compile       float64   `json:"compile_s,omitempty"`  // before the first step (s)
	Bytes         float64   `json:"bytes,omitempty"`      // that a worker holds
	GradientBytes float64   `json:"gradient_bytes,omitempty"`
	Positions     []float64 `json:"positions,omitempty"` // of centers of mass at the end (m)
}

// parseReports reads what a program printed.
func parseReports(text []byte) ([]report, error) {
	var all []report
	in := bufio.NewScanner(bytes.NewReader(text))
	in.Buffer(nil, 64<<20)
	for n := 1; in.Scan(); n++ {
		if len(bytes.TrimSpace(in.Bytes())) == 0 {
			continue
		}
		var r report
		if err := json.Unmarshal(in.Bytes(), &r); err != nil {
			return nil, fmt.Errorf("line %d of its output: %w", n, err)
		}
		if err := r.check(); err != nil {
			return nil, fmt.Errorf("line %d of its output: %w", n, err)
		}
		all = append(all, r)
	}
	return all, in.Err()
}

func (r *report) check() error {
	if r.What == "" {
		return fmt.Errorf("it does not say what was measured")
	}
	if len(r.Us) == 0 {
		return fmt.Errorf("%s has no times", r.What)
	}
	for _, t := range r.Us {
		if !(t > 0) {
			return fmt.Errorf("%s has a time of %g µs", r.What, t)
		}
	}
	for _, p := range r.Positions {
		if math.IsNaN(p) || math.IsInf(p, 0) {
			return fmt.Errorf("%s ends at no position", r.What)
		}
	}
	return nil
}
