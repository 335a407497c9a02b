package main

import (
	"fmt"
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
)

// unwritten is a number found that the file does not hold.
type unwritten struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit,omitempty"`
}

// write stores the robot with the numbers found, and reads it back to see which of them the file has.
func (r *fitted) write(w *world, f *fitFlags) error {
	r.changeBodies(w)
	for _, j := range r.model.Joints() {
		w.builder.ChangeJoint(j.Name, func(b *sim.Joint) {
			for k := range b.Axes {
				a, found := &b.Axes[k], j.Axes[k]
				a.Damping, a.Friction, a.Lower, a.Upper, a.Effort = found.Damping, found.Friction, found.Lower, found.Upper, found.Effort
				a.Armature, a.Stiffness, a.Rest = 0, 0, 0 // URDF has no words for these
			}
		})
	}
	r.changeMimics(w)
	if err := w.write(f.out); err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	r.File = f.out
	back, err := open(f.out, &f.world)
	if err == nil {
		err = back.finish()
	}
	if err != nil {
		return fmt.Errorf("--out: %s was written, but cannot be read back: %w", f.out, err)
	}
	values := r.set.ParamValues(r.Result.X)
	for i, p := range r.set.Params() {
		held, err := implicit.FindParam(back.model, p.Name)
		if err == nil {
			var v float64
			if v, err = implicit.Get(back.model, held); err == nil && math.Abs(v-values[i]) <= 1e-6*math.Max(1e-3, math.Abs(values[i])) {
				continue
			}
		}
		r.Unwritten = append(r.Unwritten, unwritten{p.Name, values[i], p.Unit})
	}
	for _, e := range r.Result.Estimates {
		if _, err := implicit.FindParam(r.model, e.Name); err != nil { // an offset of a sensor is nothing of the robot
			r.Unwritten = append(r.Unwritten, unwritten{e.Name, e.Value, e.Unit})
		}
	}
	return nil
}

// changeBodies gives links the inertias found. All of a body goes to the link that gives its frame; those welded to it
// have none of their own then, as nothing tells what is whose.
func (r *fitted) changeBodies(w *world) {
	names, _ := w.builder.Links()
	joints := w.builder.Joints()
	for i, body := range r.model.Bodies() {
		if r.model.BodyInertia(i) == w.model.BodyInertia(i) {
			continue
		}
		for l, n := range names {
			if n != body {
				continue
			}
			w.builder.SetInertia(sim.Link(l), r.model.BodyInertia(i))
			for _, k := range welded(joints, sim.Link(l)) {
				w.builder.SetInertia(k, sim.Inertia{})
				w.say("%s: the mass of link %s is in that of %s, to which it is fixed", r.Model, names[k], n)
			}
		}
	}
}

// changeMimics gives joints that follow others the numbers found, which are those of the end of the chain they follow.
func (r *fitted) changeMimics(w *world) {
	found := r.model.Mimics()
	if slices.Equal(found, w.model.Mimics()) {
		return
	}
	joints := r.model.Joints()
	for _, c := range found {
		w.builder.ChangeJoint(joints[c.Joint].Name, func(j *sim.Joint) {
			j.Mimic = &sim.Mimic{Joint: joints[c.Of].Name, Ratio: c.Ratio, Offset: c.Offset, Curve: c.Curve}
		})
	}
}

// welded returns the links that are fixed to another.
func welded(joints []sim.Joint, to sim.Link) (l []sim.Link) {
	for _, j := range joints {
		if j.Parent == to && j.Type.NV() == 0 {
			l = append(append(l, j.Child), welded(joints, j.Child)...)
		}
	}
	return l
}
