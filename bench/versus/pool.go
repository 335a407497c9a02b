package main

import (
	"math"
	"slices"
)

// key names a measure.
type key struct {
	scene, engine, what string
	h                   float64
}

// sample collects what was reported of one measure in all rounds.
type sample struct {
	last   report
	us     []float64
	rounds []float64 // the least time of each
}

// pool collects the samples of all measures, in the order in which they came first.
type pool struct {
	samples map[key]*sample
	order   []key
}

func newPool() *pool { return &pool{samples: map[key]*sample{}} }

// add takes a report of one round.
func (p *pool) add(k key, r report) {
	s := p.samples[k]
	if s == nil {
		s = new(sample)
		p.samples[k] = s
		p.order = append(p.order, k)
	}
	s.last = r
	s.us = append(s.us, r.Us...)
	s.rounds = append(s.rounds, slices.Min(r.Us))
}

// measures returns what the samples say.
func (p *pool) measures() []measure {
	var all []measure
	for _, k := range p.order {
		s := p.samples[k]
		r := s.last
		all = append(all, measure{
			Scene: k.scene, Engine: k.engine, What: k.what, H: k.h, DOF: r.DOF,
			Least: slices.Min(s.us), Median: median(s.us), Spread: slices.Max(s.rounds)/slices.Min(s.rounds) - 1,
			Iterations: r.Iterations, Contacts: r.Contacts, Divided: r.Divided, Warnings: r.Warnings,
			Compile: r.Compile, Bytes: r.Bytes, GradientBytes: r.GradientBytes,
		})
	}
	p.errors(all)
	return all
}

// errors fills in how far positions are from those of the smallest step of the same engine, and how far that
// one's are from ukemi's.
func (p *pool) errors(all []measure) {
	reference := func(scene, engine string) (key, bool) {
		best, found := key{h: math.Inf(1)}, false
		for _, k := range p.order {
			if k.scene == scene && k.engine == engine && k.what == "end" && k.h < best.h {
				best, found = k, true
			}
		}
		return best, found
	}
	for i := range all {
		m := &all[i]
		if m.What != "end" {
			continue
		}
		ref, _ := reference(m.Scene, m.Engine)
		at := p.samples[key{m.Scene, m.Engine, m.What, m.H}].last.Positions
		to := p.samples[ref].last.Positions
		m.Error = distance(at, to)
		if own, ok := reference(m.Scene, ukemi); ok && m.H == ref.h {
			m.Apart = distance(at, p.samples[own].last.Positions)
		}
	}
}

// distance returns the root mean square of the distances between points (m), NaN when their numbers differ.
func distance(a, b []float64) float64 {
	if len(a) != len(b) || len(a) == 0 {
		return math.NaN()
	}
	sum := 0.0
	for i := range a {
		sum += (a[i] - b[i]) * (a[i] - b[i])
	}
	return math.Sqrt(sum / float64(len(a)/3))
}

// median returns the middle of v, the mean of two in the middle.
func median(v []float64) float64 {
	s := slices.Sorted(slices.Values(v))
	n := len(s)
	return (s[(n-1)/2] + s[n/2]) / 2
}
