package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"regexp"

	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/models/urdf"
	"github.com/ukemi-sim/ukemi/sim"
)

// friction is the Coulomb coefficient of every shape and of the ground.
const friction = 0.8

// gravity is that of the zoo and of the URDF reader (m/s²).
const gravity = 9.81

// errNoData says that a robot of the optional data is not there.
var errNoData = errors.New("not among the data")

// world is a scene built for a time step: what a scene file says.
type world struct {
	model     *sim.Model
	control   control
	start     sim.State
	inputs    [][]float64 // of every step, warm-up included
	warm, run int         // steps
}

// build makes a scene's model, start and inputs for steps of h seconds. data is the folder that holds urdf/.
func build(s scene, h float64, data string) (*world, error) {
	b, start, err := s.builder(h, data)
	if err != nil {
		return nil, err
	}
	if s.control == servo {
		for _, j := range b.Joints() {
			if len(j.Axes) == 1 {
				b.SetServo(j.Name, 100, 3)
			}
		}
	}
	m, err := b.Build()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.name, err)
	}
	w := &world{model: m, control: s.control, start: start(m), warm: int(math.Round(s.warm / h)), run: int(math.Round(s.long / h))}
	if s.start != nil {
		s.start(m, &w.start)
	}
	w.inputs = s.inputs(m, w.start, w.warm+w.run, h)
	return w, nil
}

// builder returns what is to be built and where its motion starts.
func (s scene) builder(h float64, data string) (*sim.Builder, func(*sim.Model) sim.State, error) {
	if s.fromData() {
		return s.fromURDF(h, filepath.Join(data, "urdf", s.model))
	}
	e, err := models.Find(s.model)
	if err != nil {
		return nil, nil, err
	}
	mu := friction
	return e.Builder(models.Options{Timestep: h, Friction: &mu, Ideal: s.bare, NoGround: s.air}), e.Start, nil
}

// A limit from 0 to 0 is none to the URDF reader.
var (
	dryFriction = regexp.MustCompile(`\bfriction="[^"]*"`)
	limit       = regexp.MustCompile(`\b(lower|upper)="[^"]*"`)
)

func (s scene) fromURDF(h float64, file string) (*sim.Builder, func(*sim.Model) sim.State, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("%s is %w", s.model, errNoData)
	}
	if err != nil {
		return nil, nil, err
	}
	if s.bare {
		text = dryFriction.ReplaceAll(text, []byte(`friction="0"`))
		text = limit.ReplaceAll(text, []byte(`$1="0"`))
	}
	r, err := urdf.Read(bytes.NewReader(text), s.model, urdf.Options{Base: urdf.FloatingBase, Timestep: h, Ground: !s.air, Friction: friction, Repair: true})
	if err != nil {
		return nil, nil, err
	}
	if s.model == atlas {
		if err := atlasContacts(r.Builder); err != nil {
			return nil, nil, err
		}
	}
	return r.Builder, func(m *sim.Model) sim.State {
		x := m.NewState()
		models.PlaceAbove(m, x.Q, 0.02)
		return x
	}, nil
}
