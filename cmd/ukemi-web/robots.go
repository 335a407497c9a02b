package main

import (
	"bytes"
	"fmt"
	"path"
	"strings"

	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/models/mjcf"
	"github.com/ukemi-sim/ukemi/models/urdf"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/live"
)

// height of the lowest point of a robot from a file above the ground (m).
const height = 0.05

// open returns a robot of the zoo by its name, or that of a file.
func open(name string, text []byte) (*live.Robot, error) {
	switch ext := strings.ToLower(path.Ext(name)); {
	case len(text) == 0:
		m, start, err := models.Load(name, models.Options{})
		if err != nil {
			return nil, err
		}
		return &live.Robot{Model: m, Start: start}, nil
	case ext == ".urdf", ext == ".xml" && bytes.Contains(text, []byte("<robot")):
		return fromURDF(name, text)
	case ext == ".xml", ext == ".mjcf":
		return fromMJCF(name, text)
	}
	return nil, fmt.Errorf("%s: want a file ending in .urdf, .xml or .mjcf", name)
}

// fromURDF reads a URDF file. One that no robot can have is repaired, as there is nobody to ask; its notes say so.
func fromURDF(name string, text []byte) (*live.Robot, error) {
	opt := urdf.Options{Ground: true}
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
	start := m.NewState()
	models.PlaceAbove(m, start.Q, height)
	return &live.Robot{Title: r.Name, Model: m, Start: start, Notes: notes}, nil
}

func fromMJCF(name string, text []byte) (*live.Robot, error) {
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
	return &live.Robot{Title: r.Name, Model: m, Start: start, Notes: notes}, nil
}

func build(name string, b *sim.Builder) (*sim.Model, error) {
	m, err := b.Build()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return m, nil
}
