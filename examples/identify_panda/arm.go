package main

import (
	"fmt"
	"strings"

	"github.com/ukemi-sim/ukemi/models/urdf"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

var gravity = r3.Vec{Z: -9.81}

// links is how many links of the file, its foot included, are the arm: the log is of one without a hand.
const links = 8

// loadArm reads the arm of a Panda's URDF file, without what is mounted on its flange. Impossible inertias of the file are
// repaired.
func loadArm(path string) (*urdf.Robot, error) {
	r, err := urdf.Load(path, urdf.Options{Base: urdf.FixedBase, Repair: true, Timestep: 0.001})
	if err != nil {
		return nil, err
	}
	names, inertias := r.Builder.Links()
	if len(names) < links || !strings.HasSuffix(names[links-1], "link7") {
		return nil, fmt.Errorf("%s: its first %d links are not a Panda's", path, links)
	}
	joints := r.Builder.Joints()
	kept := joints[:0]
	for _, j := range joints {
		if j.Child < links {
			for k := range j.Axes { // what the file says of friction is no measurement
				j.Axes[k].Damping, j.Axes[k].Friction = 0, 0
			}
			kept = append(kept, j)
		}
	}
	r.Builder = assemble(r.Builder, names[:links], inertias[:links], kept)
	return r, nil
}

// assemble returns a builder of the given links and joints with what else is on them in another.
func assemble(from *sim.Builder, names []string, inertias []sim.Inertia, joints []sim.Joint) *sim.Builder {
	b := sim.NewBuilder(from.Name())
	b.SetTimestep(0.001)
	b.SetGravity(gravity)
	for i, n := range names {
		b.AddLink(n, inertias[i])
	}
	for _, j := range joints {
		b.AddJoint(j)
	}
	for _, v := range from.Visuals() {
		if int(v.Link) < len(names) {
			b.AddVisual(v)
		}
	}
	for _, c := range from.Colliders() {
		if int(c.Link) < len(names) {
			b.AddCollider(c)
		}
	}
	return b
}
