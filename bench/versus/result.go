package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"time"
)

// result is a whole comparison, as it is stored.
type result struct {
	Date     string            `json:"date"`
	Machine  machine           `json:"machine"`
	Versions map[string]string `json:"versions"` // of engines, Go and the C compiler
	Rounds   int               `json:"rounds"`
	Seconds  float64           `json:"seconds"` // of CPU time per measurement and round
	Measures []measure         `json:"measures"`
	LeftOut  []absence         `json:"left_out,omitempty"`
}

// machine is where it was measured.
type machine struct {
	CPU   string `json:"cpu"`
	Cores int    `json:"cores"`
	OS    string `json:"os"`
	Load  string `json:"load"` // mean number of busy processes in the minute before the run
}

// measure is one engine's time for one thing in one scene, over all rounds.
type measure struct {
	Scene  string  `json:"scene"`
	Engine string  `json:"engine"`
	What   string  `json:"what"`
	H      float64 `json:"h"` // timestep (s)
	DOF    int     `json:"dof"`

	Least  float64 `json:"us_least"` // µs per step
	Median float64 `json:"us_median"`
	Spread float64 `json:"spread"` // of the least times of the rounds: largest/smallest − 1

	Iterations    float64 `json:"iterations,omitempty"`
	Contacts      float64 `json:"contacts,omitempty"`
	Divided       int     `json:"divided,omitempty"`
	Warnings      int     `json:"warnings,omitempty"`
	Compile       float64 `json:"compile_s,omitempty"`
	Bytes         float64 `json:"bytes,omitempty"`
	GradientBytes float64 `json:"gradient_bytes,omitempty"`

	Error float64 `json:"error,omitempty"` // of positions against the reference (m)
	Apart float64 `json:"apart,omitempty"` // of the reference from ukemi's (m)
}

// absence is what could not be measured.
type absence struct {
	Engine string `json:"engine"`
	Scene  string `json:"scene"`
	Reason string `json:"reason"`
}

// find returns a measure of the default timestep, or nil.
func (r *result) find(scene, engine, what string) *measure {
	return r.at(scene, engine, what, timestep)
}

func (r *result) at(scene, engine, what string, h float64) *measure {
	i := slices.IndexFunc(r.Measures, func(m measure) bool {
		return m.Scene == scene && m.Engine == engine && m.What == what && m.H == h
	})
	if i < 0 {
		return nil
	}
	return &r.Measures[i]
}

func loadResult(file string) (*result, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	r := new(result)
	if err := json.Unmarshal(text, r); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if len(r.Measures) == 0 {
		return nil, fmt.Errorf("%s holds no measures: is it a result of versus run?", file)
	}
	return r, nil
}

func (r *result) save(file string) error {
	text, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(text, '\n'), 0o644)
}

// here describes this machine and what is compared on it before any engine has said its version.
func here() *result {
	r := &result{Date: time.Now().UTC().Format(time.DateOnly), Versions: map[string]string{"Go": runtime.Version(), ukemi: commit()}}
	r.Machine = machine{cpuModel(), runtime.NumCPU(), runtime.GOOS + "/" + runtime.GOARCH, load()}
	if out, err := exec.Command("cc", "--version").Output(); err == nil {
		r.Versions["cc"], _, _ = strings.Cut(string(out), "\n")
	}
	return r
}

// commit returns this checkout's, marked when something is not committed.
func commit() string {
	out, err := exec.Command("git", "rev-parse", "--short", "HEAD").Output()
	if err != nil {
		return "unknown"
	}
	c := strings.TrimSpace(string(out))
	if out, err := exec.Command("git", "status", "--porcelain", "--untracked-files=no").Output(); err != nil || len(out) > 0 {
		c += " with changes"
	}
	return c
}

// cpuModel returns the processor's name where Linux tells it.
func cpuModel() string {
	text, _ := os.ReadFile("/proc/cpuinfo")
	for l := range strings.Lines(string(text)) {
		if k, v, ok := strings.Cut(l, ":"); ok && strings.TrimSpace(k) == "model name" {
			return strings.TrimSpace(v)
		}
	}
	return "unknown " + runtime.GOARCH
}

// load returns the mean number of busy processes over the last minute where Linux tells it.
func load() string {
	text, _ := os.ReadFile("/proc/loadavg")
	first, _, _ := strings.Cut(string(text), " ")
	return first
}
