package main

import (
	"fmt"
	"io"
	"math"
	"os"
	"strings"

	"github.com/ukemi-sim/ukemi/internal/xmlroot"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/models/mjcf"
)

// outermost returns the name of the outermost element of an XML file, "" when it has none.
func outermost(path string) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	head, err := io.ReadAll(io.LimitReader(f, xmlroot.Reach))
	if err != nil {
		return ""
	}
	return xmlroot.Name(head)
}

// mjcf reads an MJCF file and starts the model in a keyframe, where the file has one.
func (w *world) mjcf() error {
	f := w.flags
	if f.set("base") {
		return fmt.Errorf("--base is for URDF files; %s says itself how its bodies are attached", w.source)
	}
	opt := mjcf.Options{Repair: f.repair, Timestep: f.timestep, SelfContact: f.self, Decompose: f.pieces}
	if f.set("friction") {
		opt.Friction = &f.friction
	}
	m, err := mjcf.ParseFile(w.source)
	if err != nil {
		return err
	}
	if m.Option.OwnTimestep && !f.set("timestep") {
		opt.Timestep = m.Option.Timestep
		w.say("steps are %g ms, as the file says", 1e3*opt.Timestep)
	}
	b := f.spinner()
	opt.Progress = b.dividing
	r, err := m.Robot(opt)
	b.done()
	if err != nil {
		if !f.repair && strings.Contains(err.Error(), "Repair") {
			return fmt.Errorf("%w\n--repair does so", err)
		}
		return err
	}
	w.builder, w.planes = r.Builder, r.HasPlane
	for _, n := range r.Notes {
		severity := unused
		if n.Physics() {
			severity = physics
		}
		w.notes = append(w.notes, remark{Severity: severity, Message: n.String()})
	}
	if err := w.build(); err != nil {
		return fmt.Errorf("%s: %w", w.source, err)
	}
	key := f.keyframe
	if key == "" {
		key = r.Home()
	}
	if w.start, err = r.Start(w.model, key); err != nil {
		return err
	}
	if key != "" {
		w.say("starts in keyframe %q", key)
	}
	if w.planes && !f.ground {
		w.say("--ground=false has no effect: the file has planes of its own")
	}
	w.clear()
	return nil
}

// clear takes a start out of the ground, in which soft contact lets robots stand, or to the height the user wants.
func (w *world) clear() {
	ground := 0.0
	if w.planes {
		ground = math.Inf(-1)
		planes, _ := w.model.HalfSpaces()
		for _, p := range planes {
			if p.Normal.Z > 1-1e-9 {
				ground = math.Max(ground, p.Offset)
			}
		}
	}
	if w.flags.set("height") {
		w.lift(ground + w.flags.height)
		return
	}
	const touching = 1e-6 // m, allowed without a word
	low, ok := models.Lowest(w.model, w.start.Q)
	if !ok || low >= ground-touching || !w.flags.ground && !w.planes {
		return
	}
	if was := low; models.LiftTo(w.model, w.start.Q, ground) {
		w.say("the start was lifted: it reached %.3g m into the ground", ground-was)
	}
}
