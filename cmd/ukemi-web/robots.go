package main

import (
	"bytes"
	"fmt"
	"path"
	"strings"

	"github.com/ukemi-sim/ukemi/internal/xmlroot"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/models/mjcf"
	"github.com/ukemi-sim/ukemi/models/urdf"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/live"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// height of the lowest point of a robot from a file above the ground (m).
const height = 0.05

// open returns a robot of the zoo by its name, or that of a file, whose meshes are looked for in the folders.
func open(name string, text []byte, meshes ...string) (*live.Robot, error) {
	switch ext := strings.ToLower(path.Ext(name)); {
	case len(text) == 0:
		return fromZoo(name)
	case ext == ".urdf", ext == ".xml", ext == ".mjcf":
		if root := xmlroot.Name(text); root == "mujoco" || root != "robot" && ext != ".urdf" {
			return fromMJCF(name, text, meshes)
		}
		return fromURDF(name, text, meshes)
	}
	return nil, fmt.Errorf("%s: want a file ending in .urdf, .xml or .mjcf", name)
}

// fromZoo builds a robot of the zoo. Torques become servos that hold its start: nobody is there to drive it, and what stands can be pushed.
func fromZoo(name string) (*live.Robot, error) {
	e, err := models.Find(name)
	if err != nil {
		return nil, err
	}
	b := e.Builder(models.Options{})
	m, err := b.Build()
	if err != nil {
		return nil, err
	}
	if models.Hold(b, m) > 0 {
		if m, err = b.Build(); err != nil {
			return nil, err
		}
	}
	return held(&live.Robot{Model: m, Start: e.Start(m)}), nil
}

// held drives the servos of a robot to its start.
func held(r *live.Robot) *live.Robot {
	u := models.HoldInputs(r.Model, r.Start)
	r.Control = func(dst []float64, _ int, _ sim.State) { copy(dst, u) }
	return r
}

// fromURDF reads a URDF file. One that no robot can have is repaired, as there is nobody to ask; its notes say so.
func fromURDF(name string, text []byte, meshes []string) (*live.Robot, error) {
	opt := urdf.Options{Ground: true, MeshDirs: meshes}
	r, err := urdf.Read(bytes.NewReader(text), name, opt)
	if err != nil {
		opt.Repair = true
		if r, err = urdf.Read(bytes.NewReader(text), name, opt); err != nil {
			return nil, err
		}
	}
	var notes []string
	for _, n := range r.Notes {
		if opt.Repair || n.Severity == urdf.Physics {
			notes = append(notes, n.String())
		}
	}
	m, err := build(name, r.Builder)
	if err != nil {
		return nil, err
	}
	if models.Hold(r.Builder, m) > 0 {
		if m, err = build(name, r.Builder); err != nil {
			return nil, err
		}
	}
	start := m.NewState()
	models.PlaceAbove(m, start.Q, height)
	return held(&live.Robot{Title: r.Name, Model: m, Start: start, Figure: scene.FigureOptions{MeshDirs: meshes}, Notes: notes}), nil
}

func fromMJCF(name string, text []byte, meshes []string) (*live.Robot, error) {
	file, err := mjcf.Parse(bytes.NewReader(text), name)
	if err != nil {
		return nil, err
	}
	r, err := file.Robot(mjcf.Options{Repair: true})
	if err != nil {
		return nil, err
	}
	if !r.HasPlane {
		r.Builder.AddGround()
	}
	m, err := build(name, r.Builder)
	if err != nil {
		return nil, err
	}
	start, err := r.Start(m, r.Home())
	if err != nil {
		return nil, err
	}
	var notes []string
	for _, n := range r.Notes {
		if n.Physics() {
			notes = append(notes, n.String())
		}
	}
	if !r.HasPlane {
		models.LiftTo(m, start.Q, 0)
	}
	return held(&live.Robot{Title: r.Name, Model: m, Start: start, Figure: scene.FigureOptions{MeshDirs: meshes}, Notes: notes}), nil
}

func build(name string, b *sim.Builder) (*sim.Model, error) {
	m, err := b.Build()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return m, nil
}
