package main

import (
	"bytes"
	"encoding/csv"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/draft"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/spatial/r3"
)

// contraption has a joint of every usual kind, driven, limited and coupled ones among them, and two feet.
func contraption(t testing.TB) *sim.Model {
	t.Helper()
	b := sim.NewBuilder("contraption")
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{Z: -9.81})
	half := r3.Vec{X: 0.1, Y: 0.1, Z: 0.1}
	in := sim.BoxInertia(1, half)
	x, y, z := r3.Vec{X: 1}, r3.Vec{Y: 1}, r3.Vec{Z: 1}
	parent := b.AddLink("trunk", in)
	b.AddFree("base", parent)
	b.AddCollider(sim.Collider{Name: "feet", Link: parent, Shape: contact.Points([]r3.Vec{{X: 0.1, Z: -0.1}, {X: -0.1, Z: -0.1}}), Friction: 1})
	add := func(name string, typ sim.JointType, axis sim.Axis, mimic *sim.Mimic) {
		child := b.AddLink(name+" link", in)
		axes := make([]sim.Axis, typ.NV())
		for i := range axes {
			axes[i] = axis
		}
		b.AddJoint(sim.Joint{Name: name, Type: typ, Parent: parent, Child: child, Origin: sim.At(0, 0, 0.2), Axes: axes, Mimic: mimic})
		parent = child
	}
	add("hinge", sim.Revolute(y), sim.Axis{Drive: sim.Torque, Effort: 2, Limited: true, Lower: -0.01, Upper: 0.02}, nil)
	add("slide", sim.Prismatic(x), sim.Axis{Drive: sim.Torque}, nil)
	add("screw", sim.Cylindrical(z), sim.Axis{}, nil)
	add("table", sim.Planar(z), sim.Axis{}, nil)
	add("cross", sim.Universal(x, y), sim.Axis{Drive: sim.Servo, Kp: 3}, nil)
	add("ball", sim.Spherical(), sim.Axis{Drive: sim.Servo, Kp: 3}, nil)
	add("shadow", sim.Revolute(y), sim.Axis{}, &sim.Mimic{Joint: "hinge", Ratio: -2, Offset: 0.1})
	b.AddGround()
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// load builds a model of the zoo in a world of its own, as the command does.
func load(t testing.TB, name string) *world {
	t.Helper()
	w, err := open(name, &worldFlags{timestep: 0.01, friction: 0.8, height: 0.05, base: "auto", groundFlags: groundFlags{ground: true}, set: func(string) bool { return false }})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.finish(); err != nil {
		t.Fatal(err)
	}
	return w
}

// TestColumnNames pins the promised names of docs/conventions.md for every kind of joint.
func TestColumnNames(t *testing.T) {
	m := contraption(t)
	wantQ := `base.x base.y base.z base.qw base.qx base.qy base.qz hinge slide screw.t1 screw.angle table.t1 table.t2 table.angle ` +
		`cross.angle1 cross.angle2 ball.qw ball.qx ball.qy ball.qz shadow`
	wantV := `v.base.x v.base.y v.base.z v.base.wx v.base.wy v.base.wz v.hinge v.slide v.screw.t1 v.screw.angle v.table.t1 v.table.t2 v.table.angle ` +
		`v.cross.angle1 v.cross.angle2 v.ball.wx v.ball.wy v.ball.wz v.shadow`
	q, v := scene.CoordinateNames(m), scene.VelocityNames(m)
	if got := strings.Join(q, " "); got != wantQ || len(q) != m.NQ() {
		t.Errorf("coordinates are\n%s, want\n%s", got, wantQ)
	}
	if got := strings.Join(v, " "); got != wantV || len(v) != m.NV() {
		t.Errorf("velocities are\n%s, want\n%s", got, wantV)
	}
	for _, e := range models.All() {
		m, _, err := models.Load(e.Name, models.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if nq, nv := len(scene.CoordinateNames(m)), len(scene.VelocityNames(m)); nq != m.NQ() || nv != m.NV() {
			t.Errorf("%s: %d and %d names for %d coordinates and %d velocities", e.Name, nq, nv, m.NQ(), m.NV())
		}
	}
}

// writeTable writes moments of m as simulate does and returns the path.
func writeTable(t *testing.T, m *sim.Model, moments ...*scene.Moment) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "run.csv")
	d, err := draft.New(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	c, err := newCSV(m, choice{}, d)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range moments {
		if err := c.take(k); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestCSVNumbersKeepTheirBits writes numbers that short forms would round, and what is no number.
func TestCSVNumbersKeepTheirBits(t *testing.T) {
	m := contraption(t)
	now := scene.Moment{Time: 0.1 + 0.2, State: m.NewState(), Known: scene.KnownEnergy, Energy: sim.Energy{Kinetic: 1.0 / 3, Gravity: -2e-300, Spring: math.NaN()}}
	now.State.Q[0], now.State.V[2] = math.Pi, -math.Nextafter(1, 2)
	feet := sim.Pair{A: 0, B: -1}
	push := r3.Vec{X: 1e-17, Y: -0.1, Z: 123456789.123456789}
	now.Contacts = []sim.Contact{{ID: sim.ContactID{Pair: feet}}, {ID: sim.ContactID{Pair: feet, Feature: 1}, Force: push}}
	rows := readTable(t, writeTable(t, m, &now))
	if len(rows) != 2 {
		t.Fatalf("%d rows", len(rows))
	}
	for name, want := range map[string]float64{
		"time": now.Time, "base.x": math.Pi, "v.base.z": now.State.V[2], "energy.kinetic": 1.0 / 3, "energy.gravity": -2e-300,
		"energy.spring": math.NaN(), "energy.total": math.NaN(),
		"feet/ground.fx": 1e-17, "feet/ground.fy": -0.1, "feet/ground.fz": 123456789.123456789, "feet/ground.px": 0,
	} {
		i := slices.Index(rows[0], name)
		if i < 0 {
			t.Errorf("there is no column %q in %q", name, rows[0])
			continue
		}
		if got, err := strconv.ParseFloat(rows[1][i], 64); err != nil || got != want && !(got != got && want != want) {
			t.Errorf("%s is %s, want %v", name, rows[1][i], want)
		}
	}
}

// TestCSVOddNames: names with commas, quotation marks and ends of lines come back from the file as they went in. The reader took
// quoted fields for Go strings and refused what encoding/csv had written; the writer cut a header in two.
func TestCSVOddNames(t *testing.T) {
	dir := t.TempDir()
	robot := write(t, "odd.urdf", `<robot name="odd"><link name="a, &quot;b&quot;"><inertial><mass value="1"/>
<inertia ixx="0.01" iyy="0.01" izz="0.01" ixy="0" ixz="0" iyz="0"/></inertial>
<collision name="the &quot;foot&quot;, left"><geometry><sphere radius="0.1"/></geometry></collision></link>
<link name="leg"><inertial><mass value="1"/><inertia ixx="1" iyy="1" izz="1"/></inertial></link>
<joint name="a&#10;knee" type="continuous"><parent link="a, &quot;b&quot;"/><child link="leg"/></joint></robot>`)
	path := filepath.Join(dir, "odd.csv")
	simulateJSON(t, robot, "--seconds", "0.05", "--out", path)
	r := readRun(t, path, robot)
	if len(r.frames) != 6 || !r.frames[5].Knows(scene.KnownContacts) {
		t.Errorf("%d frames came back", len(r.frames))
	}
}

// readRun reads a table as view and render do.
func readRun(t *testing.T, path, model string) *reel {
	t.Helper()
	r, err := tryRun(path, model)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func tryRun(path, model string) (*reel, error) {
	f := runFlags{model: model}
	f.world = worldFlags{timestep: 0.01, friction: 0.8, height: 0.05, base: "auto", groundFlags: groundFlags{ground: true}, set: func(string) bool { return false }}
	return f.readCSV(path, 0)
}

// TestCSVComesBack compares every moment of a run with what its table is read as.
func TestCSVComesBack(t *testing.T) {
	w := load(t, "ant")
	st, now := w.model.NewStepper(sim.Options{}), scene.Moment{}
	var moments []*scene.Moment
	x := w.start.Clone()
	for k := range 40 {
		now.Set(0.01*float64(k), x)
		res, err := st.Step(&x, x, nil)
		if err != nil {
			t.Fatal(err)
		}
		now.Report(st, res)
		_ = now.Weigh(st)
		c := now.Clone()
		moments = append(moments, &c)
	}
	r := readRun(t, writeTable(t, w.model, moments...), "ant")
	if len(r.frames) != len(moments) {
		t.Fatalf("%d frames of %d came back", len(r.frames), len(moments))
	}
	pushed := 0
	for k, want := range moments {
		got := &r.frames[k]
		if got.Time != want.Time || !slices.Equal(got.State.Q, want.State.Q) || !slices.Equal(got.State.V, want.State.V) || got.Energy != want.Energy {
			t.Fatalf("moment %d came back as %+v", k, got)
		}
		if got.Knows(scene.KnownResult) || !got.Knows(scene.KnownContacts|scene.KnownEnergy) {
			t.Fatalf("moment %d knows %b", k, got.Known)
		}
		sum, load, at := map[sim.Pair]r3.Vec{}, map[sim.Pair]float64{}, map[sim.Pair]r3.Vec{}
		for _, c := range want.Contacts {
			if n := r3.Norm(c.Force); n > 0 {
				p := c.ID.Pair
				sum[p], load[p] = r3.Add(sum[p], c.Force), load[p]+n
				at[p] = r3.Add(at[p], r3.Scale(n, c.Point))
				pushed++
			}
		}
		for _, c := range got.Contacts {
			p := c.ID.Pair
			if d := r3.Norm(r3.Sub(c.Point, r3.Scale(1/load[p], at[p]))); c.Force != sum[p] || d > 1e-12 || c.Normal != (r3.Vec{Z: 1}) {
				t.Fatalf("moment %d: %+v, want %v", k, c, sum[p])
			}
		}
		if len(got.Contacts) != len(sum) {
			t.Fatalf("moment %d: %d pairs came back, want %d", k, len(got.Contacts), len(sum))
		}
	}
	if pushed == 0 {
		t.Error("nothing touched: the forces were not tested")
	}
}

// TestTablesHaveTorques: pairs that resist turning, and no others, have columns of by what torques. They come back from the table as
// they were, and are the same from a recording; a table of before, without them, is read.
func TestTablesHaveTorques(t *testing.T) {
	dir := t.TempDir()
	table, run := filepath.Join(dir, "run.csv"), filepath.Join(dir, "run.ukemi")
	flags := []string{"go2", "--seconds", "0.3", "--controller", "random"}
	simulateJSON(t, append(slices.Clone(flags), "--out", table)...)
	simulateJSON(t, append(slices.Clone(flags), "--record", run)...)
	rows := readTable(t, table)
	recorded, err := readAnyRun(t.Context(), run)
	if err != nil {
		t.Fatal(err)
	}
	columns, want := 0, 0.0
	for i, name := range rows[0] {
		if !strings.HasSuffix(name, "/ground.tz") {
			continue
		}
		columns++
		k := slices.Index(recorded.names, name)
		if k < 0 || len(recorded.rows) != len(rows)-1 {
			t.Fatalf("%s of %d rows is not in the recording's %d", name, len(rows)-1, len(recorded.rows))
		}
		for r, cells := range rows[1:] {
			if x, err := strconv.ParseFloat(cells[i], 64); err != nil || x != recorded.rows[r][k] {
				t.Errorf("row %d: %s is %s, the recording has %g", r, name, cells[i], recorded.rows[r][k])
			} else {
				want = math.Max(want, math.Abs(x))
			}
		}
	}
	most := func(r *reel) (x float64) {
		for _, f := range r.frames {
			for _, c := range f.Contacts {
				x = math.Max(x, math.Abs(c.Torque.Z))
			}
		}
		return x
	}
	if got := most(readRun(t, table, "go2")); columns < 4 || got != want || got < 1e-4 {
		t.Errorf("%d columns; the largest torque is %g N m from the table, %g from the recording", columns, got, want)
	}
	var before [][]string
	for _, cells := range rows {
		var kept []string
		for i, c := range cells {
			if n := rows[0][i]; !strings.Contains(n, "/ground.t") {
				kept = append(kept, c)
			}
		}
		before = append(before, kept)
	}
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(before); err != nil {
		t.Fatal(err)
	}
	r := readRun(t, write(t, "before.csv", b.String()), "go2")
	if n := len(r.frames[len(r.frames)-1].Contacts); n == 0 || most(r) != 0 || len(r.said) > 0 {
		t.Errorf("a table without torques: %d contacts, torque %g, said %q", n, most(r), r.said)
	}
	for _, n := range columnNames(load(t, "block").model) {
		if strings.Contains(n, "/ground.t") {
			t.Errorf("a block that resists no turning has the column %s", n)
		}
	}
}

// TestShortTables: tables may end after the state or after the energies; what is missing is not known.
func TestShortTables(t *testing.T) {
	m := load(t, "sphere").model
	s := m.NewState()
	names := append(append([]string{"time"}, scene.CoordinateNames(m)...), scene.VelocityNames(m)...)
	cells := []string{"0"}
	for _, x := range append(slices.Clone(s.Q), s.V...) {
		cells = append(cells, strconv.FormatFloat(x, 'g', 17, 64))
	}
	write := func(names, cells []string) string {
		return write(t, "short.csv", strings.Join(names, ",")+"\r\n\r\n"+strings.Join(cells, " , ")+"\r\n")
	}
	if r := readRun(t, write(names, cells), "sphere"); len(r.frames) != 1 || r.frames[0].Known != 0 || r.frames[0].Contacts != nil {
		t.Errorf("a table of states: %+v", r.frames)
	}
	names, cells = append(names, scene.EnergySignals...), append(cells, "1", "2", "4", "7")
	r := readRun(t, write(names, cells), "sphere")
	if k := &r.frames[0]; k.Known != scene.KnownEnergy || k.TotalEnergy() != 7 {
		t.Errorf("a table with energies: %+v", r.frames)
	}
	// a log of another origin has some of the coordinates, in its own order: the others are as at the start, which is said
	half := readRun(t, write([]string{"temperature", "time", names[2]}, []string{"21.5", "0.5", "0.25"}), "sphere")
	start := load(t, "sphere").start
	if f := half.frames[0]; f.Time != 0.5 || f.State.Q[1] != 0.25 || f.State.Q[2] != start.Q[2] {
		t.Errorf("half a state is read as %+v", f)
	}
	if said := strings.Join(half.said, "|"); !strings.Contains(said, "no column of free.x, free.z") || !strings.Contains(said, "1 column not used") || !strings.Contains(said, "temperature") {
		t.Errorf("half a state says %q", said)
	}
	if _, err := tryRun(write(names[:6], cells[:6]), "sphere"); err == nil || !strings.Contains(err.Error(), `column "free.qz" of the quaternion`) {
		t.Errorf("half a quaternion: %v", err)
	}
	if _, err := tryRun(write([]string{"time", names[1], names[1]}, []string{"0", "1", "2"}), "sphere"); err == nil || !strings.Contains(err.Error(), "another one called") {
		t.Errorf("a column that comes twice: %v", err)
	}
	all := append(slices.Clone(names), pairNames(m.Pairs()[0])...)
	with := func(x ...string) []string { return append(slices.Clone(cells), x...) }
	r = readRun(t, write(all, with("NaN", "0", "0", "NaN", "NaN", "NaN")), "sphere")
	if f := r.frames[0]; len(f.Contacts) != 0 || !f.Knows(scene.KnownContacts) {
		t.Errorf("a force that is not known is read as %v", f.Contacts)
	}
	if r := readRun(t, write(all, with("1", "0", "2", "3", "4", "5")), "sphere"); len(r.frames[0].Contacts) != 1 || r.frames[0].Contacts[0].Point != (r3.Vec{X: 3, Y: 4, Z: 5}) {
		t.Errorf("a force is read as %v", r.frames[0].Contacts)
	}
	if _, err := tryRun(write(all, with("0", "Inf", "0", "0", "0", "0")), "sphere"); err == nil || !strings.Contains(err.Error(), "infinite") {
		t.Errorf("an infinite force: %v", err)
	}
	if _, err := tryRun(write(all, with("0", "1", "0", "0", "NaN", "0")), "sphere"); err == nil || !strings.Contains(err.Error(), "acts nowhere") {
		t.Errorf("a force without a point: %v", err)
	}
	old := append(slices.Clone(names), "block[0]/ground.fx")
	if r := readRun(t, write(old, with("1")), "sphere"); !strings.Contains(strings.Join(r.said, "|"), "block[0]/ground.fx") || r.frames[0].Knows(scene.KnownContacts) {
		t.Errorf("a table of forces by contact says %q", r.said)
	}
}

// TestTableOfAnotherRobot says so, and what may be wrong.
func TestTableOfAnotherRobot(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run.csv")
	simulateJSON(t, "block", "--seconds", "0.02", "--out", path)
	if _, err := tryRun(path, "ant"); err == nil || !strings.Contains(err.Error(), "run.csv:1: no column is a coordinate of ant") || !strings.Contains(err.Error(), "is --model right") {
		t.Errorf("a table of the block as one of the ant: %v", err)
	}
	if _, err := tryRun(path, "dog"); err == nil || !strings.Contains(err.Error(), `"dog"`) {
		t.Errorf("a table of a robot that is not there: %v", err)
	}
}

// TestCSVLeavesOutWhatNeverMet: 190 pairs of 20 balls had 1140 columns, and those of 1000 balls three million. What touched comes
// back, of both kinds of pairs.
func TestCSVLeavesOutWhatNeverMet(t *testing.T) {
	path := filepath.Join(t.TempDir(), "heap.csv")
	simulateJSON(t, "balls20", "--seconds", "0.2", "--out", path)
	head := readTable(t, path)[0]
	met := map[string]bool{}
	r := readRun(t, path, "balls20")
	for k := range r.frames {
		for _, c := range r.frames[k].Contacts {
			for _, p := range r.model.Pairs() {
				if p.Pair == c.ID.Pair {
					met[p.Name] = true
				}
			}
		}
	}
	planes, shapes := 0, 0
	for _, p := range r.model.Pairs() {
		_, plane := p.HalfSpace()
		has := slices.Contains(head, p.Name+".fx")
		switch {
		case plane && !has:
			t.Errorf("%s has no column", p.Name)
		case !plane && has != met[p.Name]:
			t.Errorf("%s met: %t, has columns: %t", p.Name, met[p.Name], has)
		case plane:
			planes++
		case has:
			shapes++
		}
	}
	if planes != 20 || shapes == 0 || shapes > 60 {
		t.Errorf("%d pairs with the ground and %d of balls have columns", planes, shapes)
	}
}

// TestScenesSayWhatTouches: inspect said of a wall of bricks that links do not touch each other, and simulate that 140 of 120 contacts
// were active.
func TestScenesSayWhatTouches(t *testing.T) {
	for name, want := range map[string][2]string{
		"pyramid3":  {"at most 48 contacts with 1 half-space; 15 pairs of shapes may touch each other", "6 kinematic trees, all floating"},
		"gripper":   {"2 pairs of shapes may touch each other", "2 kinematic trees, 1 floating"},
		"quadruped": {"shapes do not touch each other", "base     floating"},
	} {
		code, out, errs := ukemi("inspect", name)
		if code != 0 || !strings.Contains(out, want[0]) || !strings.Contains(out, want[1]) {
			t.Errorf("%s: %s%s\nwant %q", name, errs, out, want)
		}
	}
	code, out, errs := ukemi("simulate", "pyramid5", "--seconds", "0.5")
	if code != 0 || !strings.Contains(out, " active at the end") || strings.Contains(out, "of 120 active") {
		t.Errorf("%s%s", errs, out)
	}
}
