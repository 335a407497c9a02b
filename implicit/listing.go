package implicit

import (
	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/sim"
)

// What [Params] lists of what couples several bodies.

// pairs adds the friction of pairs of shapes, and of shapes and half-spaces, that have their own.
func pairs(m *sim.Model, add func(name, unit, kind string, k dynamics.ParamKind, index, comp, lc int)) {
	names, d := m.Colliders(), m.Engine()
	own := func(kind dynamics.ParamKind, i int, a, b string) {
		for k, field := range [...]string{"friction", "torsion", "rolling"} {
			add("pair:"+a+"/"+b+"."+field, [...]string{"", "m", "m"}[k], "pair", kind, i, k, -1)
		}
	}
	for i, p := range d.Pairs {
		if p.Own || p.Turns { // of thousands of pairs few have
			own(dynamics.ParamPair, i, names[p.A], names[p.B])
		}
	}
	_, planes := m.HalfSpaces()
	for i, p := range d.Footings {
		own(dynamics.ParamFooting, i, names[p.A], planes[p.B])
	}
}

// closuresAndThrusters adds the parameters of loops and thrusters.
func closuresAndThrusters(m *sim.Model, add func(name, unit, kind string, k dynamics.ParamKind, index, comp, lc int)) {
	for i, l := range m.Loops() {
		for k := range poseNames {
			add("loop:"+l.Name+".a."+poseNames[k], poseUnits[k], "placement of loops", dynamics.ParamLoopA, i, k, -1)
		}
		for k := range poseNames {
			add("loop:"+l.Name+".b."+poseNames[k], poseUnits[k], "placement of loops", dynamics.ParamLoopB, i, k, -1)
		}
	}
	for i, t := range m.Thrusters() {
		for k := range thrusterNames {
			add("thruster:"+t.Name+"."+thrusterNames[k], thrusterUnits[k], "thruster", dynamics.ParamThruster, i, k, -1)
		}
	}
}

// mimicNames are those of the numbers of a mimic, in the order of [dynamics.ParamMimic].
var mimicNames = [dynamics.MimicParams]string{"mimic_ratio", "mimic_offset", "mimic_curve2", "mimic_curve3", "mimic_curve4"}

// mimics adds the numbers of the polynomials along which joints follow others.
func mimics(m *sim.Model, add func(name, unit, kind string, k dynamics.ParamKind, index, comp, lc int)) {
	joints := m.Joints()
	unit := func(j int) string {
		if len(joints[j].Type.Trans) > 0 {
			return "m"
		}
		return "rad"
	}
	for i, c := range m.Mimics() {
		of := unit(c.Of)
		per := [dynamics.MimicParams]string{"/" + of, "", "/" + of + "²", "/" + of + "³", "/" + of + "⁴"}
		for k, name := range mimicNames {
			u := unit(c.Joint) + per[k]
			if k == 0 && u == of+"/"+of {
				u = ""
			}
			add("joint:"+joints[c.Joint].Name+"."+name, u, "mimic", dynamics.ParamMimic, i, k, -1)
		}
	}
}
