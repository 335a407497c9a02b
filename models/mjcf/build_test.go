package mjcf_test

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/models/mjcf"
	"github.com/ukemi-sim/ukemi/sim"
)

// build returns the robot of a text and its model.
func build(t *testing.T, text string, opt mjcf.Options) (*mjcf.Robot, *sim.Model) {
	t.Helper()
	m, err := mjcf.Parse(strings.NewReader(text), "t.xml")
	if err != nil {
		t.Fatal(err)
	}
	r, err := m.Robot(opt)
	if err != nil {
		t.Fatal(err)
	}
	b, err := r.Builder.Build()
	if err != nil {
		t.Fatal(err)
	}
	return r, b
}

// says reports whether one of the notes holds all words.
func says(r *mjcf.Robot, words ...string) bool {
	return slices.ContainsFunc(r.Notes, func(n mjcf.Note) bool {
		for _, w := range words {
			if !strings.Contains(n.String(), w) {
				return false
			}
		}
		return true
	})
}

// TestPlanesAndMasks: which shapes touch a plane, and with what friction, is MuJoCo's rule.
func TestPlanesAndMasks(t *testing.T) {
	const file = `<mujoco>
<asset><hfield name="h" nrow="2" ncol="2" size="1 1 1 1"/><mesh name="flat" vertex="0 0 0 1 0 0 0 1 0 1 1 0"/></asset>
<worldbody>
 <geom name="floor" type="plane" size="1 1 1" pos="0 0 .5" euler="0 90 0" friction=".6" contype="2" conaffinity="4"/>
 <geom name="table" type="box" size="1 1 1"/>
 <geom name="hill" type="hfield" hfield="h" contype="4"/>
 <body name="b"><freejoint/>
  <geom name="larger" size="1" conaffinity="2" friction=".9"/>
  <geom name="smaller" size="1" contype="4" friction=".1"/>
  <geom name="prior" size="1" contype="4" friction=".1" priority="1"/>
  <geom name="slick" size="1" contype="4" condim="1" priority="2"/>
  <geom name="blind" size="1"/>
  <geom name="paired" size="1" contype="0" conaffinity="0"/>
  <geom name="egg" type="ellipsoid" size="1 2 3" contype="4"/>
  <geom name="sheet" type="mesh" mesh="flat" contype="4"/>
  </body>
</worldbody>
<contact><pair geom1="paired" geom2="floor" friction=".3 .2"/></contact>
</mujoco>`
	r, b := build(t, file, mjcf.Options{Ground: true})
	if !r.HasPlane {
		t.Error("the file has a plane")
	}
	planes, names := b.HalfSpaces()
	if len(planes) != 1 || names[0] != "floor" || math.Abs(planes[0].Normal.X-1) > 1e-15 || math.Abs(planes[0].Offset) > 1e-15 {
		t.Errorf("planes %v %v", planes, names)
	}
	want := map[string]float64{"larger": 0.9, "smaller": 0.6, "prior": 0.1, "slick": 0, "paired": 0.3, "egg": 1}
	want["table"], want["blind"], want["hill"] = 1, 1, 1 // with each other alone
	e := b.Engine()
	for _, p := range b.Pairs() {
		_, plane := p.HalfSpace()
		if name := b.Colliders()[p.A]; name == "blind" && plane || name == "paired" && !plane {
			t.Errorf("%s touch", p.Name)
		}
	}
	for i, name := range b.Colliders() {
		if mu, ok := want[name]; !ok || e.Colliders[i].Friction != mu {
			t.Errorf("%s touches with friction %g, want %g", name, e.Colliders[i].Friction, mu)
		}
		delete(want, name)
	}
	if len(want) > 0 {
		t.Errorf("%v do not touch", want)
	}
	for _, words := range [][]string{
		{"sheet", "this mesh cannot touch anything", "changes the physics"}, {"<pair>", "depends on the direction"},
	} {
		if !says(r, words...) {
			t.Errorf("no note has %q", words)
		}
	}
	mu := 0.25
	_, b = build(t, file, mjcf.Options{Friction: &mu})
	for i, name := range b.Colliders() {
		if f := b.Engine().Colliders[i].Friction; f != mu && name != "slick" {
			t.Errorf("%s has friction %g", name, f)
		}
	}
}

// TestNotesOfWhatDoesNotTouch: two free boxes touch each other, and the reader said that they pass through each other.
func TestNotesOfWhatDoesNotTouch(t *testing.T) {
	for _, c := range []struct {
		name, body, contact string
		pairs               int
		lacks               bool
	}{
		{"free boxes", `<body name="a" pos="0 0 1"><freejoint/><geom type="box" size="1 1 1"/></body><body name="b" pos="0 0 4"><freejoint/><geom type="box" size="1 1 1"/></body>`, ``, 1, false},
		{"excluded", `<body name="a" pos="0 0 1"><freejoint/><geom type="box" size="1 1 1"/></body><body name="b" pos="0 0 4"><freejoint/><geom type="box" size="1 1 1"/></body>`,
			`<exclude body1="a" body2="b"/>`, 0, false},
		{"a body and its parent", `<body name="a" pos="0 0 1"><freejoint/><geom size="1"/><body name="b" pos="0 0 4"><joint/><geom size="1"/></body></body>`, ``, 0, false},
		{"one robot", `<body name="a" pos="0 0 1"><freejoint/><geom size="1"/><body pos="0 0 4"><joint/><geom size="1"/><body pos="0 0 4"><joint/><geom size="1"/></body></body></body>`, ``, 0, true},
		{"a fixed table", `<geom type="box" size="1 1 1"/><body name="a" pos="0 0 4"><freejoint/><geom size="1"/></body>`, ``, 1, false},
		{"a pair", `<geom name="p" type="plane" size="1 1 1"/><body name="a" pos="0 0 1"><freejoint/><geom name="ga" size="1"/></body><body name="b" pos="0 0 4"><freejoint/><geom name="gb" size="1"/></body>`,
			`<pair geom1="ga" geom2="gb"/>`, 1, false},
		{"a pair with a plane", `<geom name="p" type="plane" size="1 1 1"/><body name="a" pos="0 0 1"><freejoint/><geom name="ga" size="1"/></body>`, `<pair geom1="ga" geom2="p"/>`, 0, false},
	} {
		r, b := build(t, `<mujoco><worldbody>`+c.body+`</worldbody><contact>`+c.contact+`</contact></mujoco>`, mjcf.Options{Ground: true})
		pairs := 0
		for _, p := range b.Pairs() {
			if _, plane := p.HalfSpace(); !plane {
				pairs++
			}
		}
		if pairs != c.pairs || says(r, "pass through each other") != c.lacks {
			t.Errorf("%s: %d pairs, notes %v", c.name, pairs, r.Notes)
		}
	}
}

// TestFrictionBetweenBodies is MuJoCo's: that of the geom of higher priority, else the larger. It was twice their
// product over their sum. Bodies in a loop do not touch, which must not be an error.
func TestFrictionBetweenBodies(t *testing.T) {
	two := func(a, b, more string) string {
		return `<mujoco><worldbody><body name="a" pos="0 0 1"><freejoint/><geom name="ga" type="box" size="1 1 1" ` + a +
			`/></body><body name="b" pos="0 0 3"><freejoint/><geom name="gb" type="box" size="1 1 1" ` + b + `/></body></worldbody>` + more + `</mujoco>`
	}
	for _, c := range []struct {
		a, b, more string
		want       float64
	}{
		{`friction=".9"`, `friction=".1"`, ``, 0.9},
		{`friction=".9"`, `friction=".1" priority="1"`, ``, 0.1},
		{`friction=".9" condim="1"`, `friction=".1"`, ``, 0.9},
		{`friction=".9"`, `friction=".1" condim="1" priority="1"`, ``, 0},
		{`friction=".4"`, `friction=".4"`, ``, 0.4},
		{`friction=".9"`, `friction=".1"`, `<equality><connect body1="a" body2="b" anchor="0 0 1"/></equality>`, -1},
	} {
		_, b := build(t, two(c.a, c.b, c.more), mjcf.Options{Ground: true})
		got := -1.0
		for _, p := range b.Engine().Pairs {
			if got = p.Friction; !p.Own {
				x, y := b.Engine().Colliders[p.A].Friction, b.Engine().Colliders[p.B].Friction
				got = 2 * x * y / (x + y)
			}
		}
		if math.Abs(got-c.want) > 1e-15 {
			t.Errorf("%s on %s %s: friction %g, want %g", c.a, c.b, c.more, got, c.want)
		}
	}
}

// TestGroundToCome: without a plane the file's shapes keep their own friction for a ground that others add.
func TestGroundToCome(t *testing.T) {
	r, b := build(t, inWorld(`<body><freejoint/><geom name="g" size="1" friction=".3"/><geom name="h" size="1" contype="2" conaffinity="2"/></body>`), mjcf.Options{Ground: true})
	if r.HasPlane || len(b.Colliders()) != 1 || b.Engine().Colliders[0].Friction != 0.3 || b.MaxContacts() != 1 {
		t.Errorf("plane %v, colliders %v", r.HasPlane, b.Colliders())
	}
}

// TestMeshTouchesByItsHull: all corners of a small hull touch, the farthest of a large one.
func TestMeshTouchesByItsHull(t *testing.T) {
	mesh := func(vertices string) string {
		return `<mujoco><asset><mesh name="m" inertia="convex" vertex="` + vertices + `"/></asset><worldbody><body><freejoint/><geom type="mesh" mesh="m"/></body></worldbody></mujoco>`
	}
	r, b := build(t, mesh("0 0 0 1 0 0 0 1 0 0 0 1 .1 .1 .1"), mjcf.Options{Ground: true})
	if b.MaxContacts() != 4 || says(r, "corners") || b.Drawn()[0].Shape.Kind != contact.KindPoints {
		t.Errorf("%d contacts, want the four corners: %v", b.MaxContacts(), r.Notes)
	}
	ball := &strings.Builder{}
	for i := range 500 {
		a, z := 2.4*float64(i), 2*(float64(i)+0.5)/500-1
		s := math.Sqrt(1 - z*z)
		for _, v := range []float64{s * math.Cos(a), s * math.Sin(a), z} {
			ball.WriteString(strconv.FormatFloat(v, 'g', 17, 64) + " ")
		}
	}
	r, b = build(t, mesh(ball.String()), mjcf.Options{Ground: true})
	if n := b.MaxContacts(); n != 256 || !says(r, "by 256 of the 500 corners of its hull: others are up to 0.019 m outside of it") {
		t.Errorf("%d contacts: %v", n, r.Notes)
	}
}

// TestMassOfAMissingMesh: where the mass of a moving body hangs on a mesh that is not there, the file is refused, or
// repaired.
func TestMassOfAMissingMesh(t *testing.T) {
	const file = `<mujoco><asset><mesh name="m" file="m.stl"/></asset><worldbody><body name="b"><freejoint/><geom type="mesh" mesh="m"/>
<body name="tool"><geom type="mesh" mesh="m"/></body></body></worldbody></mujoco>`
	m, err := mjcf.Parse(strings.NewReader(file), "t.xml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Robot(mjcf.Options{}); err == nil || !strings.Contains(err.Error(), `t.xml:1: <geom>: the mass of body "b" should come from mesh "m"`) {
		t.Errorf("%v", err)
	}
	r, b := build(t, file, mjcf.Options{Repair: true})
	if b.TotalMass() != 1e-3 || !says(r, "repaired", "ball of 1 g") || !says(r, "left out of body", "tool") {
		t.Errorf("mass %g: %v", b.TotalMass(), r.Notes)
	}
	for _, known := range []string{`<inertial mass="1" pos="0 0 0" diaginertia="1 1 1"/>`, `<geom size="1"/>`} {
		r, b = build(t, strings.Replace(file, `<freejoint/>`, `<freejoint/>`+known, 1), mjcf.Options{})
		if b.TotalMass() < 1 || says(r, "repaired") {
			t.Errorf("%v", r.Notes)
		}
	}
}

// TestCoupledJoints: equalities of joints are mimic joints, linear ones also in chains, and a tendon over them drives their leader.
func TestCoupledJoints(t *testing.T) {
	const file = `<mujoco><compiler angle="radian"/><worldbody><body><joint name="x" ref=".5"/><geom size="1"/>
<body><joint name="y" ref=".2"/><geom size="1"/><body><joint name="z"/><geom size="1"/><body><joint name="w"/><geom size="1"/><body><joint name="v"/><geom size="1"/><body><joint name="u"/><geom size="1"/></body></body></body></body></body></body></worldbody>
<tendon><fixed name="t"><joint joint="x" coef="1"/><joint joint="y" coef="3"/><joint joint="z" coef="1"/></fixed></tendon>
<equality><joint joint1="z" joint2="y" polycoef=".1 -1"/><joint joint1="y" joint2="x" polycoef="0 2"/><joint joint1="w" joint2="x" polycoef="0 0 1"/>
<joint joint1="x" joint2="z"/><joint joint1="w"/><joint joint1="v" polycoef=".3"/><joint joint1="u" joint2="w"/><joint joint1="w" joint2="x" active="false"/></equality>
<actuator><position tendon="t" kp="10" gear="2"/></actuator></mujoco>`
	r, b := build(t, file, mjcf.Options{})
	// y = 0.2 + 2 (x − 0.5), z = 0.1 − (y − 0.2): ratios 2 and −2, the tendon's lever is 2·(1 + 6 − 2) = 10
	j, err := b.Joint("x")
	if err != nil {
		t.Fatal(err)
	}
	if j.Axes[0].Drive != sim.Servo || math.Abs(j.Axes[0].Kp-1000) > 1e-9 {
		t.Errorf("drive %+v", j.Axes[0])
	}
	mimics := map[string]sim.Mimic{}
	for _, k := range r.Builder.Joints() {
		if k.Mimic != nil {
			mimics[k.Name] = *k.Mimic
		}
	}
	near := func(m sim.Mimic, ratio, offset float64) bool {
		return m.Joint == "x" && math.Abs(m.Ratio-ratio) < 1e-15 && math.Abs(m.Offset-offset) < 1e-15
	}
	w := mimics["w"] // (x − 0.5)²
	if len(mimics) != 4 || !near(mimics["y"], 2, -0.8) || !near(mimics["z"], -2, 1.1) || !near(w, -1, 0.25) || w.Curve != [3]float64{1} || !near(mimics["v"], 0, 0.3) {
		t.Errorf("mimics %v", mimics)
	}
	u := make([]float64, 1)
	r.Inputs(u, []float64{3})
	// force 10 (c − L), L = 10 x + 2·(3·(−0.8) + 1.1): zero where 10 x = c + 2.6
	if math.Abs(u[0]-0.56) > 1e-12 {
		t.Errorf("target %g, want 0.56", u[0])
	}
	for _, words := range []string{"only linear polynomials follow each other", "in a circle", "otherwise already", "is not active"} {
		if !says(r, words) {
			t.Errorf("no note has %q: %v", words, r.Notes)
		}
	}
}

// TestKeyframes are states by name.
func TestKeyframes(t *testing.T) {
	const file = `<mujoco><worldbody><body pos="0 0 1"><freejoint/><geom size="1"/><body><joint ref="90"/><geom size="1"/></body></body></worldbody>
<keyframe><key/><key name="first" qpos="1 2 3 0 0 0 2 4"/><key name="home" qvel="1 2 3 4 5 6 7"/></keyframe></mujoco>`
	r, b := build(t, file, mjcf.Options{})
	if r.Home() != "home" {
		t.Errorf("home is %q", r.Home())
	}
	x, err := r.Start(b, "first")
	if err != nil || !slices.Equal(x.Q, []float64{1, 2, 3, 0, 0, 0, 1, 4}) {
		t.Errorf("%v, %v", x.Q, err)
	}
	x, err = r.Start(b, "home")
	if err != nil || !slices.Equal(x.Q, []float64{0, 0, 1, 1, 0, 0, 0, math.Pi / 2}) || x.V[6] != 7 {
		t.Errorf("%v, %v", x, err)
	}
	if x, err = r.Start(b, ""); err != nil || x.V[6] != 0 {
		t.Errorf("%v, %v", x, err)
	}
	if _, err := r.Start(b, "away"); err == nil || !strings.Contains(err.Error(), `there is no keyframe "away"; there are "", "first", "home"`) {
		t.Errorf("%v", err)
	}
}

// TestWhatIsNotSimulatedIsSaid wants a loud note for each thing that the engine cannot take.
func TestWhatIsNotSimulatedIsSaid(t *testing.T) {
	const file = `<mujoco><option density="1.2" wind="1 0 0"/>
<default><muscle/><position kp="1"/></default>
<asset><hfield name="h" nrow="2" ncol="2" size="1 1 1 1"/></asset>
<worldbody><geom type="hfield" hfield="h" contype="0" conaffinity="0"/>
<body name="a" gravcomp="1"><joint name="a" type="ball" stiffness="1" range="0 190"/><geom size="1" adhesion="1"/><site name="s"/></body>
<body name="b"><joint name="b" damping="1 2"/><geom size="1"/><flexcomp/><composite/></body>
<body name="m" mocap="true"/><body name="f"><joint type="free" stiffness="3"/><geom size="1"/></body></worldbody>
<tendon><fixed name="t" range="0 1" stiffness="1" springlength="0 1"><joint joint="b" coef="1"/></fixed><spatial><site site="s"/></spatial></tendon>
<equality><connect body1="a" body2="b" anchor="0 0 0"/><weld body1="a" body2="b"/><tendon tendon1="t"/></equality>
<actuator><muscle joint="b"/><motor joint="a"/><position site="s"/><position joint="b" timeconst="1"/><intvelocity joint="b" actrange="0 1"/>
<damper joint="b" ctrlrange="0 1"/><general joint="b" biastype="affine" biasprm="0 1"/><motor joint="b" forcerange="-1 2"/><velocity joint="b" forcerange="-1 1"/></actuator>
<sensor><gyro site="s"/></sensor></mujoco>`
	r, _ := build(t, file, mjcf.Options{})
	for _, words := range [][]string{
		{"<option>", "fluid forces", "changes the physics"}, {"<muscle>", "not simulated"}, {"<geom>", "hfield is not drawn"}, {"<body>", "gravcomp", "changes"}, {"adhesion"},
		{"ball joint", "sine"}, {"half a turn"}, {"linear part", "changes"}, {"<flexcomp>", "changes"}, {"<composite>", "changes"}, {"mocap"}, {"stiffness of a free joint"},
		{"<fixed>", "NOT SIMULATED", "room to move", "changes"}, {"<spatial>", "not simulated", "changes"}, {"<tendon>", "NOT SIMULATED"},
		{"ball joint are not", "changes"}, {"a bias on a site is not", "changes"}, {"filterexact", "at once"}, {`"integrator" are not`}, {"affine", "<damper>", "only a fixed one"},
		{"away from rest"}, {"forcerange read as symmetric"}, {"shares its joint"}, {"sensors are read"},
	} {
		if !says(r, words...) {
			t.Errorf("no note has %q", words)
		}
	}
	if t.Failed() {
		for _, n := range r.Notes {
			t.Log(n)
		}
	}
}

// TestFlagsTurnThingsOff: <option><flag> is heeded where it changes motions.
func TestFlagsTurnThingsOff(t *testing.T) {
	const file = `<mujoco><option><flag @="disable"/></option><worldbody><geom type="plane" size="1 1 1"/><body><joint name="j" range="0 1" frictionloss="1" stiffness="1" damping="1"/><geom size="1"/><body><joint name="k"/><geom size="1"/></body></body></worldbody>
<equality><joint joint1="k" joint2="j"/></equality><actuator><motor joint="j"/></actuator></mujoco>`
	full := sim.Axis{Limited: true, Upper: math.Pi / 180, Friction: 1, Stiffness: 1, Damping: 1, Drive: sim.Torque}
	for flag, off := range map[string]func(a *sim.Axis) (contacts, mimics int, g float64){
		"warmstart":    func(a *sim.Axis) (int, int, float64) { return 2, 1, -9.81 },
		"gravity":      func(a *sim.Axis) (int, int, float64) { return 2, 1, 0 },
		"contact":      func(a *sim.Axis) (int, int, float64) { return 0, 1, -9.81 },
		"limit":        func(a *sim.Axis) (int, int, float64) { a.Limited, a.Upper = false, 0; return 2, 1, -9.81 },
		"frictionloss": func(a *sim.Axis) (int, int, float64) { a.Friction = 0; return 2, 1, -9.81 },
		"spring":       func(a *sim.Axis) (int, int, float64) { a.Stiffness = 0; return 2, 1, -9.81 },
		"damper":       func(a *sim.Axis) (int, int, float64) { a.Damping = 0; return 2, 1, -9.81 },
		"equality":     func(a *sim.Axis) (int, int, float64) { return 2, 0, -9.81 },
		"actuation":    func(a *sim.Axis) (int, int, float64) { a.Drive = sim.Passive; return 2, 1, -9.81 },
		"constraint": func(a *sim.Axis) (int, int, float64) {
			a.Limited, a.Upper, a.Friction = false, 0, 0
			return 0, 0, -9.81
		},
	} {
		want := full
		contacts, mimics, g := off(&want)
		r, b := build(t, strings.Replace(file, "@", flag, 1), mjcf.Options{})
		j, err := b.Joint("j")
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, k := range r.Builder.Joints() {
			if k.Mimic != nil {
				n++
			}
		}
		if j.Axes[0] != want || b.MaxContacts() != contacts || n != mimics || b.Gravity().Z != g {
			t.Errorf("%s: %+v, %d contacts, %d mimics, gravity %g", flag, j.Axes[0], b.MaxContacts(), n, b.Gravity().Z)
		}
	}
}

// TestDampingRatioWithoutMass: where the mass a ratio needs is not known, that is said.
func TestDampingRatioWithoutMass(t *testing.T) {
	const file = `<mujoco><asset><mesh name="m" file="m.stl"/></asset><worldbody><body><joint name="j"/><geom type="mesh" mesh="m"/></body></worldbody>
<actuator><position joint="j" dampratio="1"/></actuator></mujoco>`
	r, b := build(t, file, mjcf.Options{Repair: true})
	if j, _ := b.Joint("j"); !says(r, "dampratio", "not positive definite") || j.Axes[0].Kd != 0 {
		t.Errorf("%+v, %v", j.Axes[0], r.Notes)
	}
}

// TestNamesAreMade: elements without names, and those that collide with names that are made, can be built.
func TestNamesAreMade(t *testing.T) {
	_, b := build(t, inWorld(`<body><joint/><joint pos="1 0 0"/><geom size="1"/><site name="body1"/><body name="body1/hinge0"><geom size="1"/></body></body><body name="body1_2"><joint name="x"/><geom size="1"/><site name="x"/></body>`), mjcf.Options{})
	var names []string
	for _, f := range b.Frames() {
		names = append(names, f.Name)
	}
	if len(unique(names)) != len(names) || len(b.Joints()) != 3 {
		t.Errorf("%v", names)
	}
}
