package mjcf

import (
	"path"
	"strings"

	"gonum.org/v1/gonum/spatial/r3"
)

// compiler holds the settings of <compiler>.
type compiler struct {
	radian, degree  bool // what it says of angles
	eulerseq        string
	noAutolimits    bool
	meshdir         string
	strippath       bool
	inertiaFromGeom string // "auto", "true", "false"
	groups          [2]int // of geoms that give mass
	boundMass       float64
	boundInertia    float64
	balance         bool
	totalMass       float64
	alignFree       bool
	fitAABB         bool
}

func (r *reader) readCompiler() {
	c := &r.compiler
	*c = compiler{eulerseq: "xyz", inertiaFromGeom: "auto", groups: [2]int{0, 5}, totalMass: -1}
	autolimits, assetdir, own := true, "", false
	for _, n := range r.sections("compiler") {
		unit, coordinate := "degree", "local"
		if r.word(n, "angle", &unit, "radian", "degree") {
			c.radian, c.degree = unit == "radian", unit == "degree"
		}
		if r.word(n, "coordinate", &coordinate, "local", "global") && coordinate == "global" {
			r.errorf(n, "coordinate=\"global\" is not supported: MuJoCo gave it up in version 2.3.4; convert the file with an older one")
		}
		before := c.eulerseq
		if r.text(n, "eulerseq", &c.eulerseq) && (len(c.eulerseq) != 3 || strings.Trim(c.eulerseq, "xyzXYZ") != "") {
			r.errorf(n, "attribute eulerseq=%q, want three of the letters x, y, z, X, Y, Z", clip(c.eulerseq))
			c.eulerseq = before
		}
		r.flag(n, "autolimits", &autolimits)
		own = r.text(n, "meshdir", &c.meshdir) || own
		r.text(n, "assetdir", &assetdir)
		r.flag(n, "strippath", &c.strippath)
		r.word(n, "inertiafromgeom", &c.inertiaFromGeom, "auto", "true", "false")
		var groups [2]float64
		if r.exact(n, "inertiagrouprange", groups[:]) {
			c.groups = [2]int{int(groups[0]), int(groups[1])}
		}
		r.number(n, "boundmass", &c.boundMass)
		r.number(n, "boundinertia", &c.boundInertia)
		r.flag(n, "balanceinertia", &c.balance)
		r.number(n, "settotalmass", &c.totalMass)
		r.flag(n, "alignfree", &c.alignFree)
		r.flag(n, "fitaabb", &c.fitAABB)
	}
	c.noAutolimits = !autolimits
	if !own {
		c.meshdir = assetdir
	}
}

// meshPath returns where a mesh or height field file is, relative to the folder of the main file.
func (r *reader) meshPath(file string) string {
	file = strings.ReplaceAll(file, `\`, "/")
	dir := strings.ReplaceAll(r.compiler.meshdir, `\`, "/")
	if r.compiler.strippath {
		file = path.Base(file)
	}
	if path.IsAbs(file) || strings.Contains(file, "://") {
		return file // to be refused
	}
	if strings.Contains(dir, "://") {
		return dir + "/" + file
	}
	return path.Join(dir, file)
}

func (r *reader) readOption() {
	o := &r.model.Option
	*o = Option{Timestep: 0.002, Gravity: r3.Vec{Z: -9.81}}
	for _, n := range r.sections("option") {
		given := r.number(n, "timestep", &o.Timestep)
		o.OwnTimestep = o.OwnTimestep || given
		const least, most = 1e-9, 1e3 // s
		if given && o.Timestep <= 0 {
			r.errorf(n, "attribute timestep is %g, want a positive number", o.Timestep)
		} else if given && !(o.Timestep >= least && o.Timestep <= most) {
			r.errorf(n, "attribute timestep is %g s, want a number from %g to %g", o.Timestep, least, most)
		}
		r.vec(n, "gravity", &o.Gravity)
		r.vec(n, "wind", &o.Wind)
		r.number(n, "density", &o.Density)
		r.number(n, "viscosity", &o.Viscosity)
		if o.Density != 0 || o.Viscosity != 0 {
			r.notef(n, "density %g and viscosity %g of a medium: fluid forces, and with them wind, are not simulated%s", o.Density, o.Viscosity, changes)
		}
		for _, k := range n.kids {
			if k.name == "flag" {
				r.readFlags(k)
			}
		}
	}
}

// readFlags reads the switches that change motions; others are reported as settings of MuJoCo.
func (r *reader) readFlags(n *node) {
	for _, f := range []struct {
		name string
		off  *bool
	}{{"gravity", &r.off.gravity}, {"contact", &r.off.contact}, {"limit", &r.off.limit}, {"frictionloss", &r.off.friction}, {"equality", &r.off.equality}, {"actuation", &r.off.actuation}, {"spring", &r.off.spring}, {"damper", &r.off.damper}, {"constraint", &r.off.constraint}} {
		s := "enable"
		if r.word(n, f.name, &s, "enable", "disable") {
			*f.off = s == "disable"
		}
	}
}

// switches are the parts of MuJoCo's computation that a file turns off.
type switches struct {
	gravity, contact, limit, friction, equality, actuation, spring, damper, constraint bool
}
