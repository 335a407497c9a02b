package urdf

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/ukemi-sim/ukemi/sim"
)

// Robot is what a file describes, ready to be completed (ground, servo gains, other objects) and built.
type Robot struct {
	Name    string
	Builder *sim.Builder
	Base    Base   // FloatingBase or FixedBase: how the root link is attached
	BaseWhy string // the reason, for people
	Notes   []Note // by line

	dir      string                       // of the file, for meshes
	velocity map[string]float64           // limits by joint, which are not simulated, for Write
	meshes   map[sim.Link][]collisionMesh // of links, for Write
}

// MaxSize is the size in bytes above which a file is refused: 64 MiB, a hundred times the largest
// description with all its sensors. Meshes are files of their own.
const MaxSize = 64 << 20

func errSize() error {
	return fmt.Errorf("larger than %d MiB, the most a URDF file may have; is it really a robot description?", MaxSize>>20)
}

// Load reads the file at path.
func Load(path string, opt Options) (*Robot, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("urdf: %w", err)
	}
	defer f.Close()
	if s, err := f.Stat(); err == nil && s.Size() > MaxSize {
		return nil, fmt.Errorf("urdf: %s: %w", path, errSize())
	}
	return read(f, path, filepath.Dir(path), opt)
}

// Read reads a description from src. The name stands for the file in errors. Meshes are looked for in
// Options.MeshDirs alone.
func Read(src io.Reader, name string, opt Options) (*Robot, error) {
	return read(src, name, "", opt)
}

func read(src io.Reader, name, dir string, opt Options) (*Robot, error) {
	if err := opt.check(); err != nil {
		return nil, fmt.Errorf("urdf: %w", err)
	}
	r := &reader{
		file: name, dir: dir, opt: opt.withDefaults(), byName: map[string]int{}, joint: map[string]*joint{},
		colors: map[string]sim.Color{}, shapes: map[string]int{}, solids: map[string]sim.Inertia{}, sought: map[string]bool{}, touching: map[string]touching{},
	}
	text, err := io.ReadAll(io.LimitReader(src, MaxSize+1))
	if len(text) > MaxSize {
		err = errSize()
	}
	if err != nil {
		return nil, fmt.Errorf("urdf: %s: %w", name, err)
	}
	root, err := r.parse(text)
	if err != nil {
		return nil, fmt.Errorf("urdf: %w", err)
	}
	if root.name != "robot" {
		return nil, fmt.Errorf("urdf: %s:%d: the outermost element is <%s>, want <robot>%s", name, root.line, clip(root.name), otherFormat(root.name))
	}
	root.used = true
	title, _ := root.attr("name")
	if title == "" {
		title = strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
		r.notef(Reading, root, "has no name; called %q", title)
	}
	if v, ok := root.attr("version"); ok && v != "1.0" && v != "1" {
		r.notef(Reading, root, "attribute version=%q ignored: read as version 1.0", clip(v))
	}
	r.b = sim.NewBuilder(title)
	r.read(root)
	if err := r.err(); err != nil {
		return nil, fmt.Errorf("urdf: %w", err)
	}
	if r.opt.SelfContact {
		if err := r.touchItself(root); err != nil {
			return nil, fmt.Errorf("urdf: %s: %w", name, err)
		}
	}
	sort.SliceStable(r.notes, func(i, j int) bool { return r.notes[i].Line < r.notes[j].Line })
	robot := &Robot{
		Name: title, Builder: r.b, Base: r.base, BaseWhy: r.baseWhy, Notes: r.notes,
		dir: dir, velocity: map[string]float64{}, meshes: map[sim.Link][]collisionMesh{},
	}
	for _, l := range r.links {
		robot.meshes[l.id] = l.meshes
	}
	for _, j := range r.joints {
		if j.velocity > 0 {
			robot.velocity[j.name] = j.velocity
		}
	}
	return robot, nil
}

func otherFormat(tag string) string {
	switch tag {
	case "mujoco":
		return " (this is an MJCF file, which models/mjcf reads)"
	case "sdf":
		return " (this is an SDFormat file, which is not read; convert it to URDF or MJCF)"
	}
	return ""
}
