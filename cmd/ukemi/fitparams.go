package main

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/sysid"
)

// delay is the name of the time by which the robot acts later than its inputs were recorded.
const delay = "delay"

// everything is what torques depend on, but for springs, which few joints have.
const everything = "*.inertia, *.armature, *.damping, *.dry_friction, *.offset"

// item is a name of --params, or a pattern, with what stands behind it.
type item struct {
	text    string
	exact   bool // no pattern
	matches func(string) bool
	with    sysid.Parameter // bounds, prior and what follows it
}

// sought is what --params asks for.
type sought struct {
	items  []item
	method string
	exact  map[string]bool // names that were given as such
}

// parseParams reads NAME[&NAME…][=LOW:HIGH][~MEAN:STD], separated by commas.
func parseParams(text, method string) (*sought, error) {
	s := &sought{method: method, exact: map[string]bool{}}
	if text == "" {
		if method != torqueMethod {
			return nil, errors.New(`--params says what is sought, such as "*.damping, foot.friction"; ukemi fit ROBOT --list lists all names`)
		}
		text = everything
	}
	for _, field := range strings.Split(text, ",") {
		field = strings.TrimSpace(field)
		if field == "" {
			return nil, fmt.Errorf("--params %q: there is nothing between two commas", text)
		}
		rest, prior, hasPrior := strings.Cut(field, "~")
		name, bounds, hasBounds := strings.Cut(rest, "=")
		names := strings.Split(name, "&")
		it := item{text: strings.TrimSpace(names[0]), exact: !strings.Contains(name, "*")}
		for _, n := range names[1:] {
			if n = strings.TrimSpace(n); n == "" || !it.exact {
				return nil, fmt.Errorf("--params: %q: & stands between the names of what has one value, without patterns", field)
			}
			it.with.Ties = append(it.with.Ties, sysid.Tie{Name: n, Ratio: 1})
			s.exact[n] = true
		}
		var err error
		if hasBounds {
			if it.with.Lower, it.with.Upper, err = pair(bounds); err == nil && it.with.Lower >= it.with.Upper {
				err = errors.New("the bounds are crossed")
			}
			if err != nil {
				return nil, fmt.Errorf("--params: %q: %w (NAME=LOW:HIGH)", field, err)
			}
		}
		if hasPrior {
			if it.with.Mean, it.with.Std, err = pair(prior); err == nil && !(it.with.Std > 0 && !math.IsInf(it.with.Std, 0)) {
				err = errors.New("the standard deviation has to be positive")
			}
			if err != nil {
				return nil, fmt.Errorf("--params: %q: %w (NAME~MEAN:STD)", field, err)
			}
		}
		it.matches = like(it.text)
		s.items = append(s.items, it)
		if it.exact {
			s.exact[it.text] = true
		}
	}
	return s, nil
}

// like returns whether names are like a pattern, in which * stands for any letters. What tells a joint from a body of
// the same name ("joint:") need not be said.
func like(pattern string) func(string) bool {
	return regexp.MustCompile("^(?:[a-z-]+:)?" + strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, ".*") + "$").MatchString
}

func pair(text string) (a, b float64, err error) {
	x, y, ok := strings.Cut(text, ":")
	if !ok {
		return 0, 0, fmt.Errorf("%q is no pair of numbers", text)
	}
	for i, t := range []string{x, y} {
		v, err := strconv.ParseFloat(strings.TrimSpace(t), 64)
		if err != nil || v != v {
			return 0, 0, fmt.Errorf("%q is no number", t)
		}
		*[2]*float64{&a, &b}[i] = v
	}
	return a, b, nil
}

type waking struct {
	name  string
	value float64
	of    func(*sim.Axis) *float64
}

// awake is from where the search for a number of a joint starts that is zero in the robot: it is found by a factor, and zero has none.
var awake = []waking{
	{"armature", 0.1, func(a *sim.Axis) *float64 { return &a.Armature }},
	{"damping", 0.1, func(a *sim.Axis) *float64 { return &a.Damping }},
	{"dry_friction", 0.1, func(a *sim.Axis) *float64 { return &a.Friction }},
	{"stiffness", 0.01, func(a *sim.Axis) *float64 { return &a.Stiffness }},
}

// wake gives hinges and sliders a little of what is sought and zero.
func (s *sought) wake(w *world) {
	for _, j := range w.builder.Joints() {
		if j.Type.NV() != 1 {
			continue
		}
		var woken []string
		w.builder.ChangeJoint(j.Name, func(j *sim.Joint) {
			for _, a := range awake {
				name := j.Name + "." + a.name
				if !slices.ContainsFunc(s.items, func(it item) bool { return it.matches(name) }) {
					continue
				}
				if len(j.Axes) == 0 {
					j.Axes = make([]sim.Axis, 1)
				}
				if v := a.of(&j.Axes[0]); *v == 0 {
					*v, woken = a.value, append(woken, fmt.Sprintf("%s from %g", a.name, a.value))
				}
			}
		})
		if woken != nil {
			w.say("joint %s has none of these, the search starts with %s", j.Name, strings.Join(woken, ", "))
		}
	}
}

// find returns the parameters of the model that the items name; the first item that names one decides. A pattern leaves out what is found
// by a factor and zero, and what an exact name says.
func (s *sought) find(w *world) ([]sysid.Parameter, error) {
	names := s.names(w.model)
	var found []sysid.Parameter
	taken := map[string]bool{}
	for _, it := range s.items {
		if it.text == delay && s.method == simulateMethod {
			p := it.with
			p.Name, p.Own, p.Unit = delay, true, "s"
			found = append(found, p)
			continue
		}
		n := 0
		for _, name := range names {
			if !it.matches(name) {
				continue
			}
			if n++; taken[name] || !it.exact && s.exact[name] {
				continue
			}
			p := it.with
			p.Name = name
			if joint, ok := strings.CutSuffix(name, ".offset"); ok && s.method == torqueMethod {
				p.Own, p.Unit = true, torqueUnit(w.model, joint)
			} else if !it.exact && zeroFactor(w.model, name) {
				continue
			}
			if s.method == torqueMethod && p.Lower == 0 && p.Upper == 0 && jointFactor(name) {
				p.Lower, p.Upper = 1e-4, math.Inf(1) // on its way to zero a factor would never arrive
			}
			taken[name] = true
			found = append(found, p)
		}
		if n == 0 {
			if !it.exact {
				return nil, fmt.Errorf("--params: no parameter of %s is like %q; ukemi fit ROBOT --list lists all", w.model.Name(), it.text)
			}
			_, err := findParams(w.model, it.text)
			if err == nil && s.method == torqueMethod {
				err = fmt.Errorf("torques are not fitted by %q, but by inertias, and armature, damping, dry friction, stiffness and offset of joints: --method simulate may do it", it.text)
			} else if err == nil {
				err = fmt.Errorf("%q is no parameter of the robot but of a simulation", it.text)
			}
			return nil, fmt.Errorf("--params: %w (ukemi fit ROBOT --list lists all)", err)
		}
	}
	if len(found) == 0 {
		return nil, errors.New("--params: all that the patterns name is zero in the robot, and found by a factor: give it small positive numbers")
	}
	return found, nil
}

// linear are the kinds of parameters that torques are fitted by.
var linear = []string{"inertia", "log-cholesky", "armature", "damping", "dry_friction", "stiffness"}

// names returns what can be sought: a number of several names is under that which stands for all. Patterns are not to find it twice.
func (s *sought) names(m *sim.Model) []string {
	var l []string
	for _, p := range implicit.Params(m) {
		if body, ok := strings.CutSuffix(p.Name, ".lc_alpha"); ok {
			if l = append(l, body+".inertia"); s.meant(body + ".com") {
				l = append(l, body+".com")
			}
		}
		if s.method == torqueMethod && !slices.Contains(linear, p.Kind) {
			continue
		}
		exact := p.Kind == "log-cholesky" || p.Kind == "inertia" // a pattern such as *.x is not to meet link.ixx
		if p.Kind != "external force" && (!exact || s.meant(p.Name)) {
			l = append(l, p.Name)
		}
	}
	if s.method == torqueMethod {
		for _, j := range m.Joints() {
			l = append(l, j.Name+".offset")
		}
	}
	return l
}

// meant reports whether an item names a number of an inertia by its last part, such as *.mass.
func (s *sought) meant(name string) bool {
	last := name[strings.LastIndexByte(name, '.'):]
	return slices.ContainsFunc(s.items, func(it item) bool { return strings.HasSuffix(it.text, last) })
}

func jointFactor(name string) bool {
	return slices.ContainsFunc(awake, func(a waking) bool { return strings.HasSuffix(name, "."+a.name) })
}

// zeroFactor reports whether a parameter is zero and found by a factor.
func zeroFactor(m *sim.Model, name string) bool {
	p, err := implicit.FindParam(m, name)
	if err != nil {
		return false // of several
	}
	v, err := implicit.Get(m, p)
	if err != nil || v != 0 {
		return false
	}
	_, err = sysid.NewSet(m, sysid.Parameter{Name: name})
	return err != nil
}

func torqueUnit(m *sim.Model, joint string) string {
	if j, err := m.Joint(joint); err == nil && len(j.Type.Trans) > 0 {
		return "N"
	}
	return "N m"
}
