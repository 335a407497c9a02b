package implicit

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// Param is one scalar physical parameter of a model, such as "calf_FL.mass". Get one from [FindParam] or
// [Params].
type Param struct {
	Name string
	Unit string
	Kind string // what it is a parameter of: "inertia", "friction", "damping", …; see [ParamKinds]
	p    dynamics.Param
	lc   int    // log-Cholesky coordinate 0…9 of the body, −1 for a parameter itself
	of   uint64 // structure of the model it belongs to
}

// check returns an error when p is no parameter of m.
func (p Param) check(m *sim.Model) error {
	switch {
	case p.Kind == "":
		return errors.New("implicit: an empty parameter; FindParam and Params give those of a model")
	case p.of != m.Structure():
		return fmt.Errorf("implicit: parameter %q belongs to a model with other bodies, joints or names than %q; look it up there with FindParam", p.Name, m.Name())
	}
	return nil
}

func checkParams(m *sim.Model, params []Param) error {
	for _, p := range params {
		if err := p.check(m); err != nil {
			return err
		}
	}
	return nil
}

var (
	inertialNames = [10]string{"mass", "mx", "my", "mz", "ixx", "ixy", "iyy", "ixz", "iyz", "izz"}
	inertialUnits = [10]string{"kg", "kg m", "kg m", "kg m", "kg m²", "kg m²", "kg m²", "kg m²", "kg m²", "kg m²"}
	poseNames     = [6]string{"x", "y", "z", "rx", "ry", "rz"}
	poseUnits     = [6]string{"m", "m", "m", "rad", "rad", "rad"}
	choleskyNames = [10]string{"alpha", "d1", "d2", "d3", "s12", "s23", "s13", "t1", "t2", "t3"}
	wrenchNames   = [6]string{"fx", "fy", "fz", "tx", "ty", "tz"}
	thrusterNames = [dynamics.ThrusterParams]string{"x", "y", "z", "force_x", "force_y", "force_z", "torque_x", "torque_y", "torque_z", "lower", "upper"}
	thrusterUnits = [dynamics.ThrusterParams]string{"m", "m", "m", "", "", "", "m", "m", "m", "N", "N"}
)

// dofParams are the scalar properties of a joint axis: name, unit on a slider, unit on a rotation.
var dofParams = []struct {
	kind            dynamics.ParamKind
	name, lin, turn string
}{
	{dynamics.ParamDamping, "damping", "N s/m", "N m s/rad"},
	{dynamics.ParamStiffness, "stiffness", "N/m", "N m/rad"},
	{dynamics.ParamRest, "rest", "m", "rad"},
	{dynamics.ParamDry, "dry_friction", "N", "N m"},
	{dynamics.ParamArmature, "armature", "kg", "kg m²"},
	{dynamics.ParamLower, "lower", "m", "rad"},
	{dynamics.ParamUpper, "upper", "m", "rad"},
	{dynamics.ParamEffort, "effort", "N", "N m"},
	{dynamics.ParamMaxSpeed, "max_speed", "m/s", "rad/s"},
	{dynamics.ParamKp, "kp", "N/m", "N m/rad"},
	{dynamics.ParamKd, "kd", "N s/m", "N m s/rad"},
}

// ParamKinds lists the kinds of parameters in the order of [Params].
func ParamKinds() []string {
	ks := []string{"inertia", "log-cholesky", "placement of joints", "external force"}
	ks = append(ks, "friction", "surface", "pair", "shape", "placement of shapes", "half-space normal", "half-space offset")
	for _, d := range dofParams {
		ks = append(ks, d.name)
	}
	return append(ks, "mimic", "placement of loops", "thruster", "gravity", "timestep")
}

// Params lists every parameter of m that a step can be differentiated by. Names are
//
//	BODY.mass .mx .my .mz .ixx .ixy .iyy .ixz .iyz .izz   about the body frame origin
//	BODY.lc_alpha .lc_d1 … .lc_t3                         the same in the log-Cholesky chart
//	BODY.fx .fy .fz .tx .ty .tz                           external force and torque at its center of mass
//	JOINT.x .y .z .rx .ry .rz                             placement in the parent body (rotation vector)
//	JOINT.damping .stiffness .rest .dry_friction .armature .lower .upper .effort .max_speed .kp .kd,
//	      with [k] behind the joint's name when it has several axes
//	JOINT.mimic_offset .mimic_ratio .mimic_curve2 .mimic_curve3 .mimic_curve4   of a joint that follows another, by powers
//	      of the coordinate of the one at the end of its chain, also those that are zero
//	COLLIDER.surface_x .surface_y .surface_z              velocity of a surface that runs,
//	COLLIDER.surface_spin_x .surface_spin_y …             and how fast it turns
//	COLLIDER.restitution .contact_stiffness .contact_damping .torsion .rolling
//	COLLIDER.friction, its sizes (.radius .half_length .half_x … .point3_y) and placement (.x … .rz)
//	TERRAIN.height3_4 (column, row) of a height field, .point3_y of a mesh, where no triangles around it are coplanar
//	COLLIDER/COLLIDER.friction .torsion .rolling          of pairs that have their own, also COLLIDER/HALFSPACE
//	HALFSPACE.normal_x … .offset, .surface_x …, .surface_spin_x …
//	LOOP.a.x .a.y .a.z .a.rx .a.ry .a.rz, .b.x …           placement of its frames in bodies A and B
//	THRUSTER.x .y .z .force_x … .torque_x … .lower .upper   point and axes in the body frame, limits of the input
//	gravity.x .y .z, timestep
//
// A body has the name of the link that gives its frame. Where a body, joint, collider, half-space and thruster share a
// name, "body:", "joint:", "collider:", "half-space:" and "thruster:" in front of it tell them apart. Units of axes and
// limits of thrusters are those of inputs in N.
func Params(m *sim.Model) []Param {
	var ps []Param
	d := m.Engine()
	add := func(name, unit, kind string, k dynamics.ParamKind, index, comp, lc int) {
		p := dynamics.Param{Kind: k, Index: index, Comp: comp}
		if d.Differentiable(p) {
			ps = append(ps, Param{name, unit, kind, p, lc, m.Structure()})
		}
	}
	joints, bodies := m.Joints(), m.Bodies()
	for i, b := range bodies {
		for c := range inertialNames {
			add("body:"+b+"."+inertialNames[c], inertialUnits[c], "inertia", dynamics.ParamInertia, i, c, -1)
		}
		_, err := LogCholesky(d.Bodies[i].Inertial())
		for c := 0; c < len(choleskyNames) && err == nil; c++ { // published digits may miss the possible set by rounding
			add("body:"+b+".lc_"+choleskyNames[c], "", "log-cholesky", dynamics.ParamInertia, i, 0, c)
		}
		for c := range wrenchNames {
			add("body:"+b+"."+wrenchNames[c], [...]string{"N", "N m"}[c/3], "external force", dynamics.ParamForce, i, c, -1)
		}
		for c := range poseNames {
			add("joint:"+joints[i].Name+"."+poseNames[c], poseUnits[c], "placement of joints", dynamics.ParamOrigin, i, c, -1)
		}
		for k := 0; k < joints[i].NV; k++ {
			name := "joint:" + joints[i].Name
			if joints[i].NV > 1 {
				name += fmt.Sprintf("[%d]", k)
			}
			for _, f := range dofParams {
				unit := f.turn
				if k < len(joints[i].Type.Trans) {
					unit = f.lin
				}
				add(name+"."+f.name, unit, f.name, f.kind, joints[i].V+k, 0, -1)
			}
		}
	}
	for i, c := range m.Colliders() {
		name := "collider:" + c
		add(name+".friction", "", "friction", dynamics.ParamFriction, i, 0, -1)
		for k := range dynamics.SurfaceParams {
			field, unit := dynamics.SurfaceParam(k)
			add(name+"."+field, unit, "surface", dynamics.ParamSurface, i, k, -1)
		}
		s := &d.Colliders[i].Shape
		for k := 0; k < s.NumParams(); k++ {
			add(name+"."+s.ParamName(k), "m", "shape", dynamics.ParamShape, i, k, -1)
		}
		for k := range poseNames {
			add(name+"."+poseNames[k], poseUnits[k], "placement of shapes", dynamics.ParamPlace, i, k, -1)
		}
	}
	pairs(m, add)
	_, planes := m.HalfSpaces()
	for i, c := range planes {
		for k := 0; k < 3; k++ {
			add("half-space:"+c+".normal_"+poseNames[k], "", "half-space normal", dynamics.ParamNormal, i, k, -1)
		}
		add("half-space:"+c+".offset", "m", "half-space offset", dynamics.ParamOffset, i, 0, -1)
		for k := range dynamics.BeltParams {
			field, unit := dynamics.BeltParam(k)
			add("half-space:"+c+"."+field, unit, "surface", dynamics.ParamBelt, i, k, -1)
		}
	}
	mimics(m, add)
	closuresAndThrusters(m, add)
	for k := 0; k < 3; k++ {
		add("gravity."+poseNames[k], "m/s²", "gravity", dynamics.ParamGravity, 0, k, -1)
	}
	add("timestep", "s", "timestep", dynamics.ParamTimestep, 0, 0, -1)
	shorten(ps)
	return ps
}

// shorten takes the prefix off every name that is unique without it.
func shorten(ps []Param) {
	count := map[string]int{}
	bare := func(n string) string {
		_, b, ok := strings.Cut(n, ":")
		if !ok {
			return n
		}
		return b
	}
	for _, p := range ps {
		count[bare(p.Name)]++
	}
	for i := range ps {
		if b := bare(ps[i].Name); count[b] == 1 {
			ps[i].Name = b
		}
	}
}

// Get returns the value of p in m. External forces belong to the stepper ([sim.Stepper.Wrench]) and are zero here.
func Get(m *sim.Model, p Param) (float64, error) {
	if err := p.check(m); err != nil {
		return 0, err
	}
	if p.lc < 0 {
		return m.Engine().Value(p.p), nil
	}
	c, err := LogCholesky(m.Engine().Bodies[p.p.Index].Inertial())
	if err != nil {
		return 0, fmt.Errorf("implicit: parameter %q: %w", p.Name, err)
	}
	return c[p.lc], nil
}

// Set returns a copy of m in which each parameter has its value. What derives from a parameter follows,
// except the unit of κ ([sim.Model.KappaUnit]) and the scales of tolerances, which stay those of the model
// as built: so the derivative of a step is that of its solution alone. External forces cannot be set in a
// model; use [sim.Stepper.SetWrench].
func Set(m *sim.Model, params []Param, values []float64) (*sim.Model, error) {
	if len(params) != len(values) {
		return nil, fmt.Errorf("implicit: %d values for %d parameters", len(values), len(params))
	}
	if err := checkParams(m, params); err != nil {
		return nil, err
	}
	d := m.Engine().Clone()
	vectors := map[dynamics.Param]*r3.Vec{}
	for i, p := range params {
		x := values[i]
		if x-x != 0 {
			return nil, fmt.Errorf("implicit: parameter %q: value %g is not finite", p.Name, x)
		}
		if p.p.Kind == dynamics.ParamForce {
			return nil, fmt.Errorf("implicit: parameter %q: external forces are set with Stepper.SetWrench", p.Name)
		}
		if v := vectorOf(m, p, vectors); v != nil {
			*[3]*float64{&v.X, &v.Y, &v.Z}[p.p.Comp%3] = x
			continue
		}
		if err := assign(d, p, x); err != nil {
			return nil, err
		}
	}
	for p, v := range vectors {
		if n := r3.Norm(*v); p.Kind == dynamics.ParamNormal && !(n > 0 && n < math.Inf(1)) {
			return nil, fmt.Errorf("implicit: model %q: half-space %q has the normal %g, which is no direction", m.Name(), halfSpace(m, p.Index), *v)
		}
		d.SetVector(p, *v)
	}
	if err := d.CheckParams(); err != nil {
		return nil, blame(m, params, values, err)
	}
	out := m.WithEngine(d)
	for _, p := range params {
		if p.p.Kind != dynamics.ParamInertia {
			continue // a link may have come with an inertia that only its file's author can explain
		}
		if err := out.BodyInertia(p.p.Index).Check(); err != nil {
			return nil, fmt.Errorf("implicit: parameter %q: body %q: %w", p.Name, m.Bodies()[p.p.Index], err)
		}
	}
	return out, nil
}

func halfSpace(m *sim.Model, i int) string {
	_, names := m.HalfSpaces()
	return names[i]
}

// blame returns the error of a model that is impossible with these values: of the parameter that makes it so alone,
// else of the first that does with those before it.
func blame(m *sim.Model, params []Param, values []float64, err error) error {
	for _, alone := range []bool{true, false} {
		d := m.Engine().Clone()
		for i, p := range params {
			if alone {
				d = m.Engine().Clone()
			}
			if assign(d, p, values[i]) != nil {
				continue
			}
			if err := d.CheckParams(); err != nil {
				return fmt.Errorf("implicit: model %q: parameter %q = %g: %w", m.Name(), p.Name, values[i], err)
			}
		}
	}
	return fmt.Errorf("implicit: model %q: %w", m.Name(), err)
}

// vectorOf returns the vector that p is a component of, as it was in m or as set so far: a normal or a
// rotation vector; nil for any other parameter.
func vectorOf(m *sim.Model, p Param, vectors map[dynamics.Param]*r3.Vec) *r3.Vec {
	first := p.p
	switch {
	case p.p.Kind == dynamics.ParamNormal:
		first.Comp = 0
	case p.p.Kind.Posed() && p.p.Comp >= 3:
		first.Comp = 3
	default:
		return nil
	}
	if vectors[first] == nil {
		var x [3]float64
		for c := range x {
			q := first
			q.Comp += c
			x[c] = m.Engine().Value(q)
		}
		vectors[first] = &r3.Vec{X: x[0], Y: x[1], Z: x[2]}
	}
	return vectors[first]
}

// assign sets p in d, whether or not the value is possible.
func assign(d *dynamics.Model, p Param, x float64) error {
	if p.lc < 0 {
		d.SetValue(p.p, x)
		return nil
	}
	c, err := LogCholesky(d.Bodies[p.p.Index].Inertial())
	if err != nil {
		return fmt.Errorf("implicit: parameter %q: %w", p.Name, err)
	}
	c[p.lc] = x
	d.Bodies[p.p.Index].SetInertial(FromLogCholesky(c))
	return nil
}

// choleskyColumn returns ∂(inertial parameters)/∂(log-Cholesky coordinate) of p's body.
func choleskyColumn(m *sim.Model, p Param) ([10]float64, error) {
	c, err := LogCholesky(m.Engine().Bodies[p.p.Index].Inertial())
	if err != nil {
		return [10]float64{}, fmt.Errorf("implicit: parameter %q: %w", p.Name, err)
	}
	j := LogCholeskyJacobian(c)
	var col [10]float64
	for i := range col {
		col[i] = j[i][p.lc]
	}
	return col, nil
}
