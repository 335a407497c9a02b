package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/models/mesh"
	"github.com/ukemi-sim/ukemi/models/mjcf"
	"github.com/ukemi-sim/ukemi/models/urdf"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// worldFlags say how a model and the world around it are made.
type worldFlags struct {
	timestep float64
	friction float64
	height   float64
	base     string
	keyframe string
	groundFlags
	terrain terrainFlags
	self    bool
	params  string
	repair  bool
	speeds  bool
	meshes  []string
	pieces  float64
	set     func(flag string) bool // whether the user gave it
	screen  func() io.Writer       // where progress is shown
}

func (w *worldFlags) add(c *cobra.Command) {
	f := c.Flags()
	f.Float64Var(&w.timestep, "timestep", 0.01, "length of a step `h` in seconds (MJCF files may have their own)")
	f.Float64Var(&w.friction, "friction", 0.8, "Coulomb `coefficient` of all shapes (models of the zoo and MJCF files have their own)")
	f.Float64Var(&w.height, "height", 0.05, "start a floating base with its lowest point this many `meters` above the ground\n(models of the zoo and MJCF files have their own start)")
	f.StringVar(&w.base, "base", "auto", "how the root of a file is attached: auto, floating or fixed")
	f.StringVar(&w.keyframe, "keyframe", "", "start in the keyframe of this `name` of an MJCF file (default: home, or the first)")
	w.groundFlags.add(c)
	w.terrain.add(c)
	f.StringVar(&w.params, "set", "", "give `parameter=value,…` of the model other values (names as in ukemi fit --list, * stands for any letters)")
	f.BoolVar(&w.speeds, "velocity-limits", false, "let the velocity limits of a URDF file hold")
	f.BoolVar(&w.repair, "repair", false, "repair what makes a file impossible (inertias, massless links, limits in the wrong order …) instead of refusing it")
	f.StringArrayVar(&w.meshes, "meshes", nil, "`folder` with meshes of a file, or with packages; may be given again (and ROS_PACKAGE_PATH is searched)")
	f.Float64Var(&w.pieces, "decompose", 0, "divide meshes of a file that are not convex into convex pieces, at most this many `meters` outside of them\n(without it they touch by their hulls)")
	f.BoolVar(&w.self, "self-contact", false, "let the shapes of one robot touch each other, but those of neighbors, and of URDF files those that overlap at zero")
	w.set, w.screen = f.Changed, c.ErrOrStderr
}

// spinner shows what takes long of reading a file, where somebody looks.
func (w *worldFlags) spinner() *bar {
	if w.screen == nil {
		return nil
	}
	return newSpinner(w.screen())
}

func (w *worldFlags) check() error {
	if err := duration("timestep", w.timestep); err != nil {
		return err
	}
	if err := within("friction", w.friction, 0, huge, ""); err != nil {
		return err
	}
	if err := within("height", w.height, 0, huge, "m"); err != nil {
		return err
	}
	if w.set("decompose") {
		if err := positive("decompose", w.pieces, "m"); err != nil {
			return err
		}
	}
	switch w.base {
	case "auto", "floating", "fixed":
	default:
		return fmt.Errorf("--base is %q, want auto, floating or fixed", w.base)
	}
	for _, dir := range w.meshes {
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			return fmt.Errorf("--meshes: there is no folder %s", dir)
		}
	}
	return errors.Join(w.groundFlags.check(w.set), w.terrain.check(w.set, &w.groundFlags))
}

// meshFolders returns where meshes are looked for besides the folder of the description.
func (w *worldFlags) meshFolders() []string {
	return append(w.meshes[:len(w.meshes):len(w.meshes)], filepath.SplitList(os.Getenv("ROS_PACKAGE_PATH"))...)
}

// world is a model that still can be changed, and where it starts.
type world struct {
	source   string       // file or name, as given
	count    string       // what a number behind the name of a model of the zoo means
	builder  *sim.Builder // without ground until finish, unless the file has its own
	model    *sim.Model   // built
	start    sim.State
	flat     sim.State   // the start on flat ground, before a seed changed it
	inputs   *inputTable // nil without --inputs
	robot    *urdf.Robot // nil but for URDF files
	notes    []remark    // of the file
	planes   bool        // the file brings its own ground
	said     []string    // what was decided on the way
	placed   bool        // whether the user said where the base starts
	stands   bool        // whether the start is the file's: nothing was moved to be above the ground
	attached string      // the base: "floating" or "fixed"
	why      string      // the reason, where a file leaves it open
	flags    *worldFlags
}

// open reads or builds the named model, without ground, and finds its start.
func open(source string, flags *worldFlags) (*world, error) {
	w := &world{source: source, flags: flags}
	var err error
	if isFile(source) {
		err = w.file()
	} else {
		err = w.zoo()
	}
	if err != nil {
		return nil, err
	}
	return w, nil
}

func isFile(source string) bool {
	if info, err := os.Stat(source); err == nil && !info.IsDir() && filepath.Ext(source) != "" {
		return true
	}
	switch strings.ToLower(filepath.Ext(source)) {
	case ".urdf", ".xml", ".mjcf", ".xacro":
		return true
	}
	return strings.ContainsRune(source, os.PathSeparator)
}

// file reads a URDF or MJCF file. The outermost element decides: both may end in .xml, and some end as the other does.
func (w *world) file() error {
	if info, err := os.Stat(w.source); err == nil && info.IsDir() {
		return fmt.Errorf("%s is a folder, want a file ending in .urdf, .xml or .mjcf", w.source)
	} else if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no file %s", w.source)
	}
	switch ext := filepath.Ext(w.source); strings.ToLower(ext) {
	case ".xml", ".mjcf", ".urdf":
		if root := outermost(w.source); root == "mujoco" || root != "robot" && !strings.EqualFold(ext, ".urdf") {
			return w.mjcf()
		}
	case ".xacro":
		return fmt.Errorf("%s is a xacro file: run `xacro %s > robot.urdf` first", w.source, w.source)
	case recordingExt, ".csv":
		return fmt.Errorf("%s is a run, want a robot: ukemi replay, plot, export, compare, render and view take runs, and simulate ROBOT --start %s goes on from its end", w.source, w.source)
	default:
		return fmt.Errorf("%s: cannot read files ending in %q, only .urdf, .xml and .mjcf; convert it to URDF or MJCF", w.source, ext)
	}
	return w.urdf()
}

func (w *world) urdf() error {
	f := w.flags
	if f.keyframe != "" {
		return fmt.Errorf("--keyframe is for MJCF files, %s is a URDF file", w.source)
	}
	opt := urdf.Options{Repair: f.repair, Timestep: f.timestep, Friction: f.friction, MeshDirs: f.meshFolders(), SelfContact: f.self, VelocityLimits: f.speeds, Decompose: f.pieces}
	b := f.spinner()
	opt.Progress = b.dividing
	switch f.base {
	case "floating":
		opt.Base = urdf.FloatingBase
	case "fixed":
		opt.Base = urdf.FixedBase
	}
	r, err := urdf.Load(w.source, opt)
	b.done()
	if err != nil {
		if !f.repair && strings.Contains(err.Error(), "load with Repair") {
			return fmt.Errorf("%w\n(--repair loads with Repair)", err)
		}
		return err
	}
	if f.friction == 0 {
		r.Builder.SetFrictionLaw(sim.Frictionless) // the loader reads 0 as "default"
	}
	w.builder, w.robot, w.why = r.Builder, r, r.BaseWhy
	for _, n := range r.Notes {
		w.notes = append(w.notes, remark{n.Severity.String(), n.Line, n.Element, n.Name, n.Message})
	}
	if err := w.build(); err != nil {
		err = fmt.Errorf("%s: %w", w.source, err)
		for _, n := range w.notes {
			if n.Severity == physics {
				err = fmt.Errorf("%w\n%s", err, n)
			}
		}
		return err
	}
	w.start = w.model.NewState()
	w.stands = !w.lift(f.height)
	return nil
}

func (w *world) zoo() error {
	f := w.flags
	e, err := models.Find(w.source)
	if err != nil {
		return noModel(w.source, err)
	}
	if f.set("base") {
		return fmt.Errorf("--base is for files; the models of the zoo have their own")
	}
	if f.set("decompose") {
		return fmt.Errorf("--decompose is for files; the models of the zoo have no meshes")
	}
	if f.keyframe != "" {
		return fmt.Errorf("--keyframe is for files; the models of the zoo have their own start")
	}
	opt := models.Options{Timestep: f.timestep, NoGround: true}
	if f.set("friction") {
		opt.Friction = &f.friction
	}
	w.builder, w.count = e.Builder(opt), e.Count
	if err := w.build(); err != nil {
		return err
	}
	w.start = e.Start(w.model)
	if f.set("height") {
		w.lift(f.height)
	}
	return nil
}

// lift puts the lowest point of the start at a height. It reports whether it can, and says so where that is not what the user asked for.
func (w *world) lift(height float64) bool {
	moved := models.PlaceAbove(w.model, w.start.Q, height)
	if !moved && w.flags.set("height") {
		w.say("--height has no effect: the base of %s is not free to move up and down", w.model.Name())
	}
	return moved
}

func (w *world) build() (err error) {
	if w.flags.self {
		w.builder.SetSelfContact(true)
	}
	if w.flags.gravity != "" {
		w.builder.SetGravity(w.flags.g)
	}
	if w.model, err = w.builder.Build(); err != nil {
		return err
	}
	w.attached = "fixed"
	for _, j := range w.model.Joints() {
		if j.Parent < 0 && j.NV == 6 {
			w.attached = "floating"
		}
	}
	return nil
}

// base says how the model hangs on the world.
func (w *world) base() string {
	s := "fixed to the world"
	floating, roots := 0, 0
	for _, j := range w.model.Joints() {
		if j.Parent < 0 {
			roots++
			if j.NV == 6 {
				floating++
			}
		}
	}
	switch {
	case floating == 0:
	case roots == 1:
		s = "floating"
	case floating == roots:
		s = fmt.Sprintf("%d kinematic trees, all floating", roots)
	default:
		s = fmt.Sprintf("%d kinematic trees, %d floating", roots, floating)
	}
	switch {
	case w.why == "":
		return s
	case w.flags.base != "auto":
		return s + ", as --base asks for"
	case w.attached == "floating":
		return s + ": " + w.why + " (--base fixed bolts it)"
	}
	return s + ": " + w.why + " (--base floating frees it)"
}

// write writes the model as URDF or MJCF. What its file says that was not used is lost, which is said.
func (w *world) write(path string) error {
	lost := 0
	for _, n := range w.notes {
		if n.Severity == unused {
			lost++
		}
	}
	if lost > 0 {
		w.say("%s does not have what %s listed under \"not used\" tell of", path, plural(lost, "remark", "remarks"))
	}
	switch strings.ToLower(filepath.Ext(path)) {
	case ".urdf":
		r := w.robot
		if r == nil {
			r = &urdf.Robot{Name: w.model.Name(), Builder: w.builder}
			w.say("%s has joints, masses and shapes alone: URDF knows no start, friction of contacts, gains or keyframes", path)
		}
		return r.WriteFile(path)
	case ".xml", ".mjcf":
		dir := filepath.Dir(w.source)
		left, err := (&mjcf.Export{Builder: w.builder, Start: w.start, Find: func(name string) (string, error) {
			return mesh.Find(name, dir, w.flags.meshFolders()...)
		}}).WriteFile(path)
		if n := len(left); n > 0 {
			w.say("%s does not have %s, the first: %s", path, plural(n, "thing that the model has", "things that the model has"), left[0])
		}
		return err
	}
	return fmt.Errorf("%s: want a file ending in .urdf, .xml or .mjcf", path)
}

func (w *world) say(format string, args ...any) {
	w.said = append(w.said, fmt.Sprintf(format, args...))
}

// finish adds ground and walls, builds the model for good and gives its parameters the values wanted. Where the shapes of a fixed
// base reach below z = 0, or touch it, the ground is lowered to stay clear of them: what touches may have no way up.
func (w *world) finish() error {
	f := w.flags
	switch {
	case w.planes && f.moved:
		return fmt.Errorf("--slope and --ground-pose place a ground of ours; %s has planes of its own", w.source)
	case f.terrain.file != "":
		if err := w.addTerrain(); err != nil {
			return err
		}
	case f.ground && !w.planes:
		if err := w.addGround(); err != nil {
			return err
		}
	}
	for _, h := range f.walls {
		w.builder.AddHalfSpace(h.name, h.normal, h.offset)
	}
	if err := w.build(); err != nil {
		return fmt.Errorf("%s: %w", w.source, err)
	}
	if f.params == "" {
		return nil
	}
	m, err := setParams(w.model, f.params)
	if err != nil {
		return fmt.Errorf("--set: %w", err)
	}
	w.model = m
	return nil
}

func (w *world) addGround() error {
	f := w.flags
	const touching = 1e-6 // m, allowed without a word: rounding of a placement
	if f.moved {
		n := f.normal()
		w.builder.AddHalfSpace("ground", n, r3.Dot(n, f.place.Pos))
		if w.placed {
			return nil // the start is one of the world
		}
		return w.carry(&w.start)
	}
	offset := 0.0
	if low, ok := models.Lowest(w.model, w.start.Q); ok && !w.placed && (low < -touching || w.stands && low < touching) {
		offset = low - f.height
		w.say("the ground was lowered to z = %.4g m: the start reaches down to %.4g m and the base is fixed", offset, low)
	}
	w.builder.AddHalfSpace("ground", r3.Vec{Z: 1}, offset)
	return nil
}
