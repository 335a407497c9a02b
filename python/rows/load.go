package rows

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/xmlroot"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/models/mjcf"
	"github.com/ukemi-sim/ukemi/models/urdf"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// Options are the choices around a model.
type Options struct {
	Timestep    float64                    // s. 0 is 0.01
	Friction    *float64                   // Coulomb coefficient of all shapes. nil is the model's own, for URDF files 0.8
	Ground      bool                       // add the half-space z ≤ 0, unless the file has planes of its own
	Base        string                     // of URDF files: "auto", "floating" or "fixed"; "" is auto
	Repair      bool                       // repair what makes a file impossible instead of refusing it
	SelfContact bool                       // shapes of one robot touch each other: see [urdf.Options] and [mjcf.Options]
	Decompose   float64                    // m: divide meshes of files into convex pieces that are at most so far outside of them; 0 is their hulls
	Servo       *Servo                     // turns every joint axis with a torque input into a position servo
	Terrain     *Terrain                   // takes the place of the ground; what floats starts above it
	Surfaces    map[string]contact.Surface // of colliders, and of half-spaces, which have but a velocity and a spin
}

// Servo holds the gains of position servos (N/m, N s/m or N m/rad, N m s/rad).
type Servo struct{ Kp, Kd float64 }

// Note is a remark about what was loaded.
type Note struct {
	Text    string `json:"text"`
	Physics bool   `json:"physics"` // the model moves otherwise than its file says
}

// Model is a compiled model with its start.
type Model struct {
	*sim.Model
	about
}

// about is what belongs to a model besides what is simulated.
type about struct {
	Start   sim.State
	Notes   []Note
	Sensors []Sensor // that its file has
}

// height is where the lowest point of a robot starts whose file says nothing (m).
const height = 0.05

// Zoo returns a model that comes with the engine.
func Zoo(name string, o Options) (*Model, error) {
	e, err := models.Find(name)
	if err != nil {
		return nil, fmt.Errorf("%w, or the path of a file ending in .urdf, .xml or .mjcf", err)
	}
	if o.Base != "" && o.Base != "auto" {
		return nil, fmt.Errorf("base is for URDF files; %q has its own", name)
	}
	if o.Decompose != 0 {
		return nil, fmt.Errorf("decompose is for files; %q has no meshes", name)
	}
	bare := !o.Ground || o.Terrain != nil
	l := loader{opt: o, builder: e.Builder(models.Options{Timestep: o.Timestep, Friction: o.Friction, NoGround: bare}), planes: !bare}
	if o.SelfContact {
		l.builder.SetSelfContact(true)
	}
	return l.finish(func(m *sim.Model) (sim.State, error) { return e.Start(m), nil })
}

// File reads a robot description. Meshes and included files are looked for around it. Its errors name the file.
func File(path string, o Options) (*Model, error) {
	m, err := file(path, o)
	if err != nil && !strings.Contains(err.Error(), filepath.Base(path)) { // those of building the model do not know it
		err = fmt.Errorf("%s: %w", path, err)
	}
	return m, err
}

func file(path string, o Options) (*Model, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if bytes.HasPrefix(text, []byte("{")) {
		return saved(text, o)
	}
	if isRecording(text) {
		return nil, errRecording
	}
	if strings.EqualFold(filepath.Ext(path), ".xacro") {
		return nil, fmt.Errorf("%s is a xacro file: run `xacro %s > robot.urdf` first", path, path)
	}
	if xmlroot.Name(text) == "mujoco" {
		file, err := mjcf.ParseFile(path)
		return mujoco(file, err, o)
	}
	u, err := urdfOptions(o)
	if err != nil {
		return nil, err
	}
	r, err := urdf.Load(path, u)
	return robot(r, err, o)
}

// Text reads a robot description, or what [sim.Model.Save] wrote, from memory. Files that it names are missing.
func Text(text []byte, o Options) (*Model, error) {
	const name = "bytes" // stands for the file in errors
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) {
		return saved(text, o)
	}
	if isRecording(text) {
		return nil, errRecording
	}
	if xmlroot.Name(text) == "mujoco" {
		file, err := mjcf.Parse(bytes.NewReader(text), name)
		return mujoco(file, err, o)
	}
	u, err := urdfOptions(o)
	if err != nil {
		return nil, err
	}
	r, err := urdf.Read(bytes.NewReader(text), name, u)
	return robot(r, err, o)
}

var errRecording = errors.New("it is a recording of a run, want a model: `ukemi export` makes numpy arrays of the run")

// isRecording reports whether the text begins as sim.Recording.Save has it.
func isRecording(text []byte) bool { return bytes.HasPrefix(text, []byte("ukemi-r\n")) }

func urdfOptions(o Options) (urdf.Options, error) {
	u := urdf.Options{Repair: o.Repair, Timestep: o.Timestep, SelfContact: o.SelfContact, Decompose: o.Decompose}
	if o.Friction != nil {
		u.Friction = *o.Friction
	}
	switch o.Base {
	case "", "auto":
	case "floating":
		u.Base = urdf.FloatingBase
	case "fixed":
		u.Base = urdf.FixedBase
	default:
		return u, fmt.Errorf("base is %q, want auto, floating or fixed", o.Base)
	}
	return u, nil
}

// robot completes what a URDF file describes.
func robot(r *urdf.Robot, err error, o Options) (*Model, error) {
	if err != nil {
		return nil, err
	}
	if o.Friction != nil && *o.Friction == 0 {
		r.Builder.SetFrictionLaw(sim.Frictionless) // the reader takes 0 for its default
	}
	l := loader{opt: o, builder: r.Builder}
	for _, n := range r.Notes {
		l.notes = append(l.notes, Note{n.String(), n.Severity == urdf.Physics})
	}
	return l.finish(func(m *sim.Model) (sim.State, error) {
		x := m.NewState()
		l.stands = !models.PlaceAbove(m, x.Q, height)
		return x, nil
	})
}

// mujoco completes what an MJCF file describes; it starts in the keyframe "home" or the first.
func mujoco(file *mjcf.Model, err error, o Options) (*Model, error) {
	if err != nil {
		return nil, err
	}
	if o.Timestep == 0 && file.Option.OwnTimestep { // as the command takes it
		o.Timestep = file.Option.Timestep
	}
	r, err := file.Robot(mjcf.Options{Repair: o.Repair, Timestep: o.Timestep, Friction: o.Friction, SelfContact: o.SelfContact, Decompose: o.Decompose})
	if err != nil {
		return nil, err
	}
	if o.Base != "" && o.Base != "auto" {
		return nil, fmt.Errorf("base is for URDF files; an MJCF file says itself how its bodies are attached")
	}
	l := loader{opt: o, builder: r.Builder, planes: r.HasPlane, file: r.Model}
	for _, n := range r.Notes {
		l.notes = append(l.notes, Note{n.String(), n.Physics()})
	}
	return l.finish(func(m *sim.Model) (sim.State, error) {
		x, err := r.Start(m, r.Home())
		if err == nil && !r.HasPlane && o.Ground {
			models.LiftTo(m, x.Q, 0) // soft contact lets robots stand in the ground
		}
		return x, err
	})
}

// loader builds a model in two rounds: the ground depends on where the start is.
type loader struct {
	opt     Options
	builder *sim.Builder
	notes   []Note
	file    *mjcf.Model // nil of others
	planes  bool        // the builder has its own ground
	stands  bool        // nothing was moved to be above the ground
}

// finish builds the model, finds its start and adds the ground as the command ukemi does: where a fixed base reaches below
// z = 0 it is lowered, since what touches may have no way up.
func (l *loader) finish(start func(*sim.Model) (sim.State, error)) (*Model, error) {
	if s := l.opt.Servo; s != nil {
		for _, j := range l.builder.Joints() {
			if len(j.Axes) == 1 && j.Axes[0].Drive == sim.Torque {
				l.builder.SetServo(j.Name, s.Kp, s.Kd)
			}
		}
	}
	if t := l.opt.Terrain; t != nil {
		s, err := t.shape()
		if err != nil {
			return nil, err
		}
		l.builder.AddTerrain("terrain", s, sim.Pose{})
	}
	grounds := l.opt.Ground && !l.planes && l.opt.Terrain == nil
	l.surfaces(grounds)
	m, err := l.builder.Build()
	if err != nil {
		return nil, err
	}
	x, err := start(m)
	if err != nil {
		return nil, err
	}
	if t := l.opt.Terrain; t != nil {
		s, _ := t.shape()
		models.PlaceOnTerrain(m, x.Q, s.Terrain)
	}
	if grounds {
		const touching = 1e-6 // m, allowed without a word: rounding of a placement
		offset := 0.0
		if low, ok := models.Lowest(m, x.Q); ok && (low < -touching || l.stands && low < touching) {
			offset = low - height
			l.notes = append(l.notes, Note{fmt.Sprintf("the ground was lowered to z = %.4g m: the start reaches down to %.4g m and the base is fixed", offset, low), true})
		}
		l.builder.AddHalfSpace(ground, r3.Vec{Z: 1}, offset)
		if belt, ok := l.opt.Surfaces[ground]; ok {
			l.builder.SetSurfaceVelocity(ground, belt.Velocity)
			l.builder.SetSurfaceSpin(ground, belt.Spin)
		}
		if m, err = l.builder.Build(); err != nil {
			return nil, err
		}
	}
	for _, w := range m.Warnings() {
		l.notes = append(l.notes, Note{w, true})
	}
	a := about{Start: x, Notes: l.notes}
	if l.file != nil {
		a.Sensors = fileSensors(l.file, m)
	}
	return &Model{m, a}, nil
}
