package main

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/models/urdf"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// remark is something a person should know about a model before trusting a simulation of it.
type remark struct {
	Severity string `json:"severity"` // physics, reading, drawing or unused: see urdf.Severity
	Line     int    `json:"line,omitempty"`
	Element  string `json:"element,omitempty"`
	Name     string `json:"name,omitempty"`
	Message  string `json:"message"`
}

// String is what people read.
func (r remark) String() string {
	if r.Element == "" {
		return r.Message
	}
	return urdf.Note{Line: r.Line, Element: r.Element, Name: r.Name, Message: r.Message}.String()
}

var physics, unused = urdf.Physics.String(), urdf.Unused.String()

// remarks returns all there is to say about the world, what changes its physics first.
func (w *world) remarks() []remark {
	l := []remark{}
	for s := urdf.Physics; s <= urdf.Unused; s++ {
		for _, n := range w.notes {
			if n.Severity == s.String() {
				l = append(l, n)
			}
		}
		if s == urdf.Physics {
			for _, m := range append(lint(w.model, w.start), append(w.model.Warnings(), w.said...)...) {
				if !w.noted(m) {
					l = append(l, remark{Severity: s.String(), Message: m})
				}
			}
		}
	}
	return l
}

// noted reports whether the reader of the file has told what the model warns of: inertias that what a link is fixed to makes possible.
func (w *world) noted(warning string) bool {
	return strings.HasSuffix(warning, "what it is fixed to makes it possible") && slices.ContainsFunc(w.notes, func(n remark) bool {
		return n.Element == "inertia" && strings.HasPrefix(warning, fmt.Sprintf("link %q: ", n.Name)) && strings.Contains(n.Message, "makes up for it")
	})
}

// brief returns what the world has to say, and of what the model warns the first.
func (w *world) brief() []string {
	l := slices.DeleteFunc(slices.Clone(w.model.Warnings()), w.noted)
	if n := len(l) - 1; n > 0 {
		l = []string{fmt.Sprintf("%s; `ukemi inspect` lists %d more like it", l[0], n)}
	}
	return append(l, w.said...)
}

// lint looks at a model for what is possible but hardly meant.
func lint(m *sim.Model, start sim.State) (l []string) {
	say := func(format string, args ...any) { l = append(l, fmt.Sprintf(format, args...)) }
	if len(m.Joints()) == 0 {
		say("nothing can move: every link is fixed to the world")
		return l
	}
	if planes, _ := m.HalfSpaces(); len(planes) > 0 && len(m.Pairs()) == 0 {
		say("nothing can touch: no moving link has a collision shape that is used")
	}
	var edge, narrow []string
	for _, j := range m.Joints() {
		for k, a := range j.Axes {
			if ball(j, k) || !a.Limited {
				continue
			}
			q, room := start.Q[j.Q+k], a.Upper-a.Lower
			const tight, close = 1e-3, 1e-6
			if room < tight {
				narrow = append(narrow, fmt.Sprintf("%s (%.3g)", j.Name, room))
			}
			if q-a.Lower < -close || a.Upper-q < -close {
				say("joint %s starts at %.4g, outside of its limits %.4g … %.4g, into which it moves at once", j.Name, q, a.Lower, a.Upper)
			} else if q-a.Lower < close || a.Upper-q < close {
				edge = append(edge, j.Name)
			}
		}
	}
	if len(narrow) > 0 {
		say("limits leave less than a millimeter or milliradian of room: %s", clip(narrow))
	}
	if len(edge) > 0 {
		say("%s at a limit: %s", plural(len(edge), "joint starts", "joints start"), clip(edge))
	}
	size := extent(m, start)
	for i, name := range m.Bodies() {
		in := m.BodyInertia(i)
		if in.Mass == 0 {
			continue
		}
		r := math.Sqrt((in.Ixx + in.Iyy + in.Izz) / 2 / in.Mass)
		const far, point, weighty = 3, 1e-3, 0.1 // robot sizes, m, kg
		switch {
		case size > 0 && r > far*size:
			say("link %s has the inertia of a body of %.3g m, in a robot of %.3g m: are its units kg m²?", name, r, size)
		case r < point && in.Mass > weighty:
			say("link %s has %.3g kg and the inertia of a body of %.2g m: are its units kg m²?", name, in.Mass, r)
		}
		if d := r3.Norm(in.COM); size > 0 && d > far*size {
			say("the center of mass of link %s is %.3g m from its joint, in a robot of %.3g m: are its units m?", name, d, size)
		}
	}
	return l
}

// ball reports whether axis k of a joint is one of the three of a spherical rotation.
func ball(j sim.JointInfo, k int) bool { return len(j.Type.Rot) == 3 && k >= len(j.Type.Trans) }

// extent returns the largest side of the box around all joints and shapes at the start (m).
func extent(m *sim.Model, start sim.State) float64 {
	poses := make([]sim.Pose, len(m.Bodies()))
	m.Poses(poses, start.Q)
	inf := math.Inf(1)
	low, high := r3.Vec{X: inf, Y: inf, Z: inf}, r3.Vec{X: -inf, Y: -inf, Z: -inf}
	grow := func(p r3.Vec, r float64) {
		low = r3.Vec{X: math.Min(low.X, p.X-r), Y: math.Min(low.Y, p.Y-r), Z: math.Min(low.Z, p.Z-r)}
		high = r3.Vec{X: math.Max(high.X, p.X+r), Y: math.Max(high.Y, p.Y+r), Z: math.Max(high.Z, p.Z+r)}
	}
	for _, f := range m.Frames() {
		p := f.Pose
		if f.Body >= 0 {
			p = poses[f.Body].Mul(p)
		}
		grow(p.Pos, 0)
	}
	for _, d := range m.Drawn() {
		p := d.Pose
		if d.Body >= 0 {
			p = poses[d.Body].Mul(p)
		}
		if d.Mesh == "" {
			grow(p.Pos, radius(d.Shape))
		}
	}
	return math.Max(high.X-low.X, math.Max(high.Y-low.Y, high.Z-low.Z))
}

// radius returns that of a ball around the shape.
func radius(s contact.Shape) float64 {
	far := s.Radius + s.HalfLength + r3.Norm(s.Half)
	for _, v := range s.Vertices {
		far = math.Max(far, r3.Norm(v))
	}
	return far
}

// facts says in lines what the model is made of: base, what touches, drives, limits, masses, frames.
func facts(w *world) [][2]string {
	m := w.model
	kinds := map[string]int{}
	for _, d := range m.Drawn() {
		if d.Collides && d.Body >= 0 {
			kinds[d.Shape.Kind.String()]++
		}
	}
	touch := "nothing: no moving link has a collision shape that is used"
	if len(kinds) > 0 {
		var l []string
		for k, n := range kinds {
			l = append(l, fmt.Sprintf("%d × %s", n, k))
		}
		slices.Sort(l)
		touch = strings.Join(l, ", ")
		touch += ", " + meetings(m)
	}
	driven, bounded, limited, scalar := 0, 0, 0, 0
	var passive []string
	for _, j := range m.Joints() {
		if j.NV == 6 {
			continue
		}
		drives := 0
		for k, a := range j.Axes {
			if a.Drive != sim.Passive {
				drives++
				if a.Effort > 0 {
					bounded++
				}
			}
			if !ball(j, k) {
				scalar++
				if a.Limited {
					limited++
				}
			}
		}
		if driven += drives; drives == 0 {
			passive = append(passive, j.Name)
		}
	}
	drives := fmt.Sprintf("%s, %d with a bound on effort", plural(driven, "input", "inputs"), bounded)
	if len(passive) > 0 {
		drives += fmt.Sprintf("; passive: %s", clip(passive))
	}
	out := [][2]string{
		{"base", w.base()}, {"touches", touch}, {"drives", drives},
		{"limits", fmt.Sprintf("%d of %s", limited, plural(scalar, "hinge or slider", "hinges and sliders"))},
	}
	if c := m.Mimics(); len(c) > 0 {
		out = append(out, [2]string{"follow", followers(m, c)})
	}
	if t := m.Thrusters(); len(t) > 0 {
		out = append(out, [2]string{"thrust", thrusters(m, t)})
	}
	names := m.Bodies()
	light, heavy, massless := -1, -1, 0
	for i := range names {
		switch mass := m.BodyInertia(i).Mass; {
		case mass == 0:
			massless++
		case light < 0:
			light, heavy = i, i
		case mass < m.BodyInertia(light).Mass:
			light = i
		case mass > m.BodyInertia(heavy).Mass:
			heavy = i
		}
	}
	if light >= 0 {
		s := fmt.Sprintf("%.4g kg (%s) to %.4g kg (%s)", m.BodyInertia(light).Mass, names[light], m.BodyInertia(heavy).Mass, names[heavy])
		if massless > 0 {
			s += fmt.Sprintf("; %s", plural(massless, "massless body", "massless bodies"))
		}
		out = append(out, [2]string{"masses", s})
	}
	return append(out, [2]string{"frames", fmt.Sprintf("%d, of which %d move with a body named otherwise", len(m.Frames()), others(m))})
}

// followers lists the joints that follow others, and how.
func followers(m *sim.Model, all []sim.MimicInfo) string {
	joints := m.Joints()
	var l []string
	for _, c := range all {
		s, of := joints[c.Joint].Name+" = ", joints[c.Of].Name
		for k, a := range [5]float64{c.Offset, c.Ratio, c.Curve[0], c.Curve[1], c.Curve[2]} {
			term := fmt.Sprintf("%+.4g", a)
			switch {
			case a == 0:
				continue
			case k == 1:
				term += " " + of
			case k > 1:
				term += fmt.Sprintf(" %s^%d", of, k)
			}
			s += term + " "
		}
		if c.Offset == 0 && c.Ratio == 0 && c.Curve == [3]float64{} {
			s += "0"
		}
		l = append(l, strings.TrimRight(s, " "))
	}
	return fmt.Sprintf("%s: %s", plural(len(all), "joint", "joints"), strings.Join(l, "; "))
}

// thrusters lists what pushes bodies along axes of their own, and the range of its input.
func thrusters(m *sim.Model, all []sim.ThrusterInfo) string {
	var l []string
	for _, t := range all {
		l = append(l, fmt.Sprintf("%s on %s, %.4g … %.4g", t.Name, m.Bodies()[t.Body], t.Lower, t.Upper))
	}
	return fmt.Sprintf("%s: %s", plural(len(all), "input", "inputs"), strings.Join(l, "; "))
}

// others counts the links that were merged into another's body.
func others(m *sim.Model) (n int) {
	names := m.Bodies()
	for _, f := range m.Frames() {
		if f.Body >= 0 && f.Name != names[f.Body] {
			n++
		}
	}
	return n
}

// printRemarks lists remarks by severity; those that say the same share a line.
func printRemarks(l []remark) (text string) {
	type group struct {
		remark
		lines []string
	}
	titles := map[string]string{"physics": "changes the physics", "reading": "read in one of several ways", "drawing": "only drawn", "unused": "not used"}
	for i := 0; i < len(l); {
		severity := l[i].Severity
		var groups []*group
		at := map[remark]*group{}
		n := 0
		for ; i < len(l) && l[i].Severity == severity; i++ {
			r := l[i]
			key := remark{Element: r.Element, Message: anyValue(r.Message)}
			if at[key] == nil || r.Element == "" {
				at[key] = &group{remark: r}
				groups = append(groups, at[key])
			} else if at[key].Message != r.Message {
				at[key].Message = key.Message
			}
			at[key].lines = append(at[key].lines, fmt.Sprintf("%d %q", r.Line, r.Name))
			n++
		}
		text += fmt.Sprintf("\n%s (%s):\n", titles[severity], plural(n, "remark", "remarks"))
		const most = 40
		for k, g := range groups {
			if k == most {
				text += fmt.Sprintf("  … and %d more; --json lists all\n", len(groups)-most)
				break
			}
			if len(g.lines) == 1 {
				text += fmt.Sprintf("  %s\n", g.remark)
			} else {
				text += fmt.Sprintf("  <%s>: %s: lines %s\n", g.Element, g.Message, clip(g.lines))
			}
		}
	}
	return text
}

var ignoredValue = regexp.MustCompile(`^(attribute [^\s=]+)="[^"]*" (ignored: )`)

// anyValue leaves the value out of a message about an attribute that is ignored: what is the same of many lines but for it is one remark.
func anyValue(message string) string { return ignoredValue.ReplaceAllString(message, "$1 $2") }

// shapePairs counts the pairs of shapes that may touch each other.
func shapePairs(m *sim.Model) (n int) {
	for _, p := range m.Pairs() {
		if _, plane := p.HalfSpace(); !plane {
			n++
		}
	}
	return n
}

// meetings says what shapes touch.
func meetings(m *sim.Model) string {
	planes, _ := m.HalfSpaces()
	s := fmt.Sprintf("at most %s with %s; ", plural(m.MaxContacts(), "contact", "contacts"), plural(len(planes), "half-space", "half-spaces"))
	if n := shapePairs(m); n > 0 {
		return s + plural(n, "pair", "pairs") + " of shapes may touch each other"
	}
	return s + "shapes do not touch each other"
}
