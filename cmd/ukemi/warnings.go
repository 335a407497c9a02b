package main

import (
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// Warnings say what a run does not show by itself: that a robot has nothing to stand on, or has gone through it.

// warnings are those of a start.
func (w *world) warnings() []string {
	var l []string
	add := func(s string) {
		if s != "" {
			l = append(l, s)
		}
	}
	add(w.untouchable())
	add(w.loose())
	add(w.inside())
	return l
}

// untouchable says which floating bodies fall through everything.
func (w *world) untouchable() string {
	m := w.model
	floats, touches := floating(m), make([]bool, m.NB())
	for _, p := range m.Pairs() {
		for _, b := range []int{p.BodyA, p.BodyB} {
			if b >= 0 {
				touches[b] = true
			}
		}
	}
	var those []string
	n := 0
	for i, name := range m.Bodies() {
		if floats[i] {
			if n++; !touches[i] {
				those = append(those, name)
			}
		}
	}
	switch {
	case len(those) == 0 || m.Gravity() == (r3.Vec{}):
		return ""
	case len(m.Colliders()) == 0:
		return fmt.Sprintf("nothing of %s can touch anything: it has no contact shapes, and falls through the ground", m.Name())
	case len(m.Pairs()) == 0:
		return fmt.Sprintf("nothing of %s can touch anything: there is no ground", m.Name())
	}
	more := ""
	if w.count != "" {
		more = fmt.Sprintf(". %s:N has N %s", strings.TrimRight(w.source, ":0123456789"), w.count)
	}
	return fmt.Sprintf("only %d of %d bodies of %s can touch anything; the others pass through the ground: %s%s", n-len(those), n, m.Name(), some(those), more)
}

// floating returns which bodies hang on nothing.
func floating(m *sim.Model) []bool {
	l := make([]bool, m.NB())
	for i, j := range m.Joints() {
		if l[i] = len(j.Type.Trans) == 3; j.Parent >= 0 {
			l[i] = l[j.Parent]
		}
	}
	return l
}

// loose says that a base floats which the user may have wanted bolted: one from which a single chain of joints begins, as arms do.
func (w *world) loose() string {
	if w.why == "" || w.flags.base != "auto" || w.attached != "floating" {
		return ""
	}
	m := w.model
	children, chain := make([]int, m.NB()), 0
	for _, j := range m.Joints() {
		if j.Parent >= 0 {
			children[j.Parent]++
		}
	}
	for i := 0; i < m.NB() && children[i] == 1; i++ { // bodies are in depth-first order
		chain++
	}
	if chain < 2 || children[0] != 1 {
		return ""
	}
	return fmt.Sprintf("%s looks like an arm, but its base floats: --base fixed bolts it to the world", m.Name())
}

// inside says that the start overlaps something.
func (w *world) inside() string {
	const touching = 1e-5 // m, allowed without a word
	p, depth, n := w.model.NewStepper(sim.Options{}).Overlaps(w.start.Q, touching)
	if depth <= touching {
		return ""
	}
	for _, i := range w.model.Pairs() {
		if i.Pair == p {
			more := ""
			if n > 1 {
				more = fmt.Sprintf("; %d pairs of shapes are in each other, which takes long to solve", n)
			}
			return fmt.Sprintf("the start is %.3g m inside something: %s%s", depth, i.Name, more)
		}
	}
	return ""
}

// fallen says which bodies are below all terrain of a world without half-spaces: beyond its rim, or behind triangles that face down.
func fallen(m *sim.Model, q []float64) string {
	low := math.Inf(1)
	for _, d := range m.Drawn() {
		if d.Body >= 0 || d.Shape.Terrain == nil {
			continue
		}
		vertices, _ := d.Shape.Terrain.Surface()
		for _, v := range vertices {
			low = math.Min(low, d.Pose.Apply(v).Z)
		}
	}
	planes, _ := m.HalfSpaces()
	if len(planes) > 0 || math.IsInf(low, 1) {
		return ""
	}
	poses := make([]sim.Pose, m.NB())
	m.Poses(poses, q)
	n, deepest, body := 0, 1e-3, "" // m, less is not worth a word
	for i, name := range m.Bodies() {
		d := low - poses[i].Apply(m.BodyInertia(i).COM).Z
		if d > 1e-3 {
			n++
		}
		if d > deepest {
			deepest, body = d, name
		}
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%d of %d bodies ended below all terrain, the deepest, %s, %.3g m: beyond its rim there is nothing, and triangles hold only what comes from the side "+
		"from which they are counterclockwise", n, m.NB(), body, deepest)
}

// sunk says which bodies are below a half-space.
func sunk(m *sim.Model, q []float64) string {
	poses := make([]sim.Pose, m.NB())
	m.Poses(poses, q)
	planes, names := m.HalfSpaces()
	var those []string
	deepest, body, plane := 1e-3, "", "" // m, less is not worth a word
	for i, name := range m.Bodies() {
		below := 0.0
		for k, h := range planes {
			if d := h.Offset - r3.Dot(h.Normal, poses[i].Apply(m.BodyInertia(i).COM)); d > below {
				if below = d; d > deepest {
					deepest, body, plane = d, name, names[k]
				}
			}
		}
		if below > 1e-3 {
			those = append(those, name)
		}
	}
	if len(those) == 0 {
		return ""
	}
	return fmt.Sprintf("%d of %d bodies ended inside a half-space, the deepest, %s, %.3g m inside %s: no contact shape of theirs holds them", len(those), m.NB(), body, deepest, plane)
}

func printWarnings(out io.Writer, l []string) {
	for _, s := range l {
		fmt.Fprintln(out, "warning:", strings.TrimSpace(s))
	}
}
