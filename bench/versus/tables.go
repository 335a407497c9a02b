package main

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
)

// tables returns all tables of a result that have rows.
func (r *result) tables() []*table {
	all := []*table{r.setup(), r.stepTable(), r.gradientTable(), r.batchTable(), r.precisionTable(), r.absenceTable()}
	return slices.DeleteFunc(all, func(t *table) bool { return len(t.rows) == 0 })
}

// setup tells what was measured where, and how noisy it was.
func (r *result) setup() *table {
	t := &table{name: "setup", title: "What was compared", head: []string{"what", "which"}}
	t.add("machine", fmt.Sprintf("%s, %d cores, %s", r.Machine.CPU, r.Machine.Cores, r.Machine.OS))
	t.add("busy processes before the run", r.Machine.Load)
	t.add("date", r.Date)
	for _, k := range sortedKeys(r.Versions) {
		if k != mujocoTight { // the same program as MuJoCo
			t.add(k, r.Versions[k])
		}
	}
	for _, e := range []string{mjx, brax} {
		if s := r.compile(e); s > 0 {
			t.add("compiling a scene, "+e, fmt.Sprintf("up to %.0f s, not counted", s))
		}
	}
	t.add("rounds", fmt.Sprintf("%d of %g s of CPU time per measurement", r.Rounds, r.Seconds))
	if n := r.noise(); n >= 0 {
		t.add("noise: median spread of the rounds' least times", fmt.Sprintf("%.1f %%", 100*n))
	}
	return t
}

func sortedKeys(m map[string]string) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// compile returns the longest time before an engine's first step (s).
func (r *result) compile(engine string) float64 {
	most := 0.0
	for _, m := range r.Measures {
		if m.Engine == engine {
			most = max(most, m.Compile)
		}
	}
	return most
}

// noise returns the median over the measures of one step, −1 when there is none.
func (r *result) noise() float64 {
	var all []float64
	for _, m := range r.Measures {
		if m.What == "step" {
			all = append(all, m.Spread)
		}
	}
	if len(all) == 0 {
		return -1
	}
	return median(all)
}

// stepTable compares the time of a step.
func (r *result) stepTable() *table {
	t := &table{
		name: "steps", title: "µs per step of 10 ms, least; it.: iterations of the solver; ÷: ukemi's time by the other's, above 1 ukemi is slower",
		head: []string{"scene", "dof", "touching", ukemi, "it.", mujoco, "it.", "÷", mujocoTight, "÷"},
	}
	others := []string{drake, mjx, brax}
	t.head = append(t.head, others...)
	for _, s := range scenes {
		u, m, x := r.find(s.name, ukemi, "step"), r.find(s.name, mujoco, "step"), r.find(s.name, mujocoTight, "step")
		if u == nil {
			continue
		}
		cells := []string{s.title, fmt.Sprint(u.DOF), fmt.Sprintf("%.1f", u.Contacts), least(u), iterations(u), least(m), iterations(m), ratio(u, m), least(x), ratio(u, x)}
		for _, e := range others {
			cells = append(cells, least(r.find(s.name, e, "step")))
		}
		t.add(cells...)
	}
	return t
}

func iterations(m *measure) string {
	if m == nil {
		return dash
	}
	s := fmt.Sprintf("%.1f", m.Iterations)
	if m.Divided > 0 {
		s += fmt.Sprintf(" (%d divided)", m.Divided)
	}
	if m.Warnings > 0 {
		s += fmt.Sprintf(" (%d warnings)", m.Warnings)
	}
	return s
}

// gradientTable compares a step with all its Jacobians.
func (r *result) gradientTable() *table {
	t := &table{
		name: "gradients", title: "µs per step of 10 ms with derivatives, least; ÷: ukemi's step and Jacobians by MuJoCo's forward differences",
		head: []string{"scene", "dof", "ukemi step", "and Jacobians", "and one VJP", "MuJoCo step", "forward differences", "÷", "centered", "Pinocchio, acceleration alone"},
	}
	for _, s := range scenes {
		u, f := r.find(s.name, ukemi, "step+jacobians"), r.find(s.name, mujoco, "step+jacobians forward")
		if u == nil {
			continue
		}
		t.add(s.title, fmt.Sprint(u.DOF), least(r.find(s.name, ukemi, "step at samples")), least(u), least(r.find(s.name, ukemi, "step+vjp")),
			least(r.find(s.name, mujoco, "step at samples")), least(f), ratio(u, f), least(r.find(s.name, mujoco, "step+jacobians centered")),
			least(r.find(s.name, pinocchio, "acceleration+jacobians")))
	}
	return t
}

// batchTable compares workers and memory.
func (r *result) batchTable() *table {
	t := &table{
		name: "batch", title: "rollouts on several workers: thousand steps per second of wall time, and memory",
		head: []string{"scene, engine", "KB per worker", "KB per gradient"},
	}
	for _, n := range workerCounts {
		t.head = append(t.head, fmt.Sprintf("workers: %d", n))
	}
	for _, n := range workerCounts[1:] {
		t.head = append(t.head, fmt.Sprintf("speedup of %d", n))
	}
	for _, s := range scenes {
		for _, e := range []string{ukemi, mujoco} {
			var m []*measure
			for _, n := range workerCounts {
				m = append(m, r.find(s.name, e, fmt.Sprintf("workers %d", n)))
			}
			if slices.Contains(m, nil) {
				continue
			}
			cells := []string{s.title + ", " + e, kilobytes(m[0].Bytes), kilobytes(m[0].GradientBytes)}
			for _, x := range m {
				cells = append(cells, three(1e3/x.Least))
			}
			for _, x := range m[1:] {
				cells = append(cells, ratio(m[0], x))
			}
			t.add(cells...)
		}
	}
	return t
}

func kilobytes(b float64) string {
	if b == 0 {
		return dash
	}
	return fmt.Sprintf("%.0f", b/1000)
}

// precisionEngines are those with an error against CPU time.
var precisionEngines = []string{ukemi, mujoco, drake}

// precisionTable compares errors at the end of a motion with the CPU time they cost.
func (r *result) precisionTable() *table {
	t := &table{
		name: "precision", title: "root mean square error of the positions of links at the end (mm), and CPU time of a second (ms)",
		head: []string{"scene, step"},
	}
	for _, e := range precisionEngines {
		t.head = append(t.head, e+": error", "time")
	}
	for _, s := range scenes {
		if s.parts&precision == 0 || r.at(s.name, ukemi, "end", reference) == nil {
			continue
		}
		for _, h := range timesteps {
			cells := []string{fmt.Sprintf("%s, %g ms", s.title, 1e3*h)}
			for _, e := range precisionEngines {
				if m := r.at(s.name, e, "end", h); m == nil {
					cells = append(cells, dash, dash)
				} else {
					cells = append(cells, millimeters(m.Error), three(m.Least/h*1e-3))
				}
			}
			t.add(cells...)
		}
		cells := []string{s.title + ", distance of the references from ukemi's"}
		for _, e := range precisionEngines {
			if m := r.at(s.name, e, "end", reference); m == nil || e == ukemi {
				cells = append(cells, dash, dash)
			} else {
				cells = append(cells, millimeters(m.Apart), "")
			}
		}
		t.add(cells...)
	}
	return t
}

// millimeters prints meters with two digits.
func millimeters(e float64) string {
	if math.IsNaN(e) {
		return dash
	}
	e *= 1e3
	if e >= 0.0095 && e < 9500 {
		return fmt.Sprintf("%.*f", max(0, 1-int(math.Floor(math.Log10(e)))), e)
	}
	return fmt.Sprintf("%.1e", e)
}

// absenceTable names what could not be measured, and why.
func (r *result) absenceTable() *table {
	t := &table{name: "left out", title: "Left out", head: []string{"engine", "scenes", "reason"}}
	type why struct{ engine, reason string }
	names := map[why][]string{}
	var order []why
	for _, a := range r.LeftOut {
		w := why{a.Engine, a.Reason}
		if names[w] == nil {
			order = append(order, w)
		}
		names[w] = append(names[w], a.Scene)
	}
	for _, w := range order {
		t.add(w.engine, strings.Join(names[w], ", "), strings.ReplaceAll(w.reason, "|", "/"))
	}
	return t
}
