package sim_test

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/fixture"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// Trajectories of Dojo.jl, an engine with the same principle (variational integrator, interior-point
// contact) and other details: square-root rotations, contact lever arms at the next pose
// instead of the current one. So both converge to the same motion as h → 0, and rest the same way, but do
// not agree to the last digit.

// dojo is a mechanism and a trajectory of the reference data.
type dojo struct {
	m      *sim.Model
	h      float64
	bodies []dojoBody // in the order of the table
	rows   [][]float64
	col    map[string]int
}

type dojoBody struct {
	link string
	com  r3.Vec // in the link frame, which is that of its joint
}

func dojoFile(t *testing.T, name string) []byte {
	path := fixture.DataFile(t, "dojo_reference/"+name)
	if path == "" {
		t.SkipNow()
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// loadDojo builds the mechanism of a tag and reads one of its tables.
func loadDojo(t *testing.T, tag, table string) *dojo {
	d := &dojo{col: map[string]int{}}
	d.build(t, tag, string(dojoFile(t, tag+"_mechanism.txt")))
	r := csv.NewReader(strings.NewReader(string(dojoFile(t, tag+"_"+table+".csv"))))
	r.Comment = '#'
	all, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range all[0] {
		d.col[name] = i
	}
	for _, row := range all[1:] {
		v := make([]float64, len(row))
		for i := range row {
			if v[i], err = strconv.ParseFloat(row[i], 64); err != nil {
				t.Fatal(err)
			}
		}
		if v[d.col["status_ok"]] != 1 {
			t.Fatalf("%s: row %g did not converge in Dojo", tag, v[0])
		}
		d.rows = append(d.rows, v)
	}
	return d
}

var dojoField = regexp.MustCompile(`(\w+)=(\S+)`)

// build reads a mechanism: lines "body", "joint" (with two lines of its translational and rotational part)
// and "contact". Positions there are relative to centers of mass.
func (d *dojo) build(t *testing.T, tag, text string) {
	num := func(s string) float64 {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.Fatalf("%s: %v", tag, err)
		}
		return v
	}
	nums := func(s string) (v []float64) {
		for _, f := range strings.Split(s, ",") {
			v = append(v, num(f))
		}
		return v
	}
	vec := func(s string) r3.Vec { v := nums(s); return r3.Vec{X: v[0], Y: v[1], Z: v[2]} }
	type joint struct {
		name, parent, child string
		free                bool
		at, from            r3.Vec // in the parent and the child
		axis                r3.Vec
		damping             float64
		limits              []float64
	}
	var joints []*joint
	body := map[string]map[string]string{}
	var order []string
	var contacts []map[string]string
	b := sim.NewBuilder(tag)
	limit := regexp.MustCompile(`\[\[(\S+)\], \[(\S+)\]\]`)
	for sc := bufio.NewScanner(strings.NewReader(text)); sc.Scan(); {
		line := sc.Text()
		f := map[string]string{}
		for _, m := range dojoField.FindAllStringSubmatch(line, -1) {
			f[m[1]] = m[2]
		}
		switch word := strings.Fields(line)[0]; {
		case f["timestep"] != "":
			d.h = num(f["timestep"])
			b.SetTimestep(d.h)
			b.SetGravity(vec(f["gravity"]))
		case word == "body":
			body[f["id"]] = f
			order = append(order, f["id"])
		case word == "joint":
			joints = append(joints, &joint{name: f["name"], parent: f["parent_id"], child: f["child_id"]})
		case word == "translational":
			j := joints[len(joints)-1]
			j.free = strings.Contains(line, "svec(0,")
			j.at, j.from = vec(f["parent_vertex"]), vec(f["child_vertex"])
		case word == "rotational":
			j := joints[len(joints)-1]
			j.axis, j.damping = vec(f["axis"]), num(f["damper"])
			if m := limit.FindStringSubmatch(line); m != nil {
				j.limits = []float64{num(m[1]), num(m[2])}
			}
		case word == "contact":
			contacts = append(contacts, f)
		}
	}
	links := map[string]sim.Link{}
	com := map[string]r3.Vec{}
	for _, j := range joints { // a child's frame is at its joint
		com[j.child] = r3.Scale(-1, j.from)
	}
	for _, id := range order {
		in := nums(body[id]["inertia_rowmajor"])
		links[id] = b.AddLink(body[id]["name"], sim.Inertia{
			Mass: num(body[id]["mass"]), COM: com[id],
			Ixx: in[0], Ixy: in[1], Ixz: in[2], Iyy: in[4], Iyz: in[5], Izz: in[8],
		})
		d.bodies = append(d.bodies, dojoBody{body[id]["name"], com[id]})
	}
	for _, j := range joints {
		sj := sim.Joint{Name: j.name, Type: sim.Revolute(j.axis), Parent: sim.World, Child: links[j.child]}
		sj.Origin.Pos = r3.Add(j.at, com[j.parent])
		if p, ok := links[j.parent]; ok {
			sj.Parent = p
		}
		if j.free {
			sj.Type = sim.Free()
		} else {
			sj.Axes = []sim.Axis{{Damping: j.damping}}
			if j.limits != nil {
				sj.Axes[0].Limited, sj.Axes[0].Lower, sj.Axes[0].Upper = true, j.limits[0], j.limits[1]
			}
		}
		b.AddJoint(sj)
	}
	for _, c := range contacts {
		p := r3.Add(vec(c["origin"]), com[c["parent_id"]])
		s := sim.Collider{Name: c["name"], Link: links[c["parent_id"]], Friction: num(c["mu"])}
		if r := num(c["radius"]); r > 0 {
			s.Shape, s.Pose = contact.Sphere(r), sim.At(p.X, p.Y, p.Z)
		} else {
			s.Shape = contact.Points([]r3.Vec{p})
		}
		b.AddCollider(s)
	}
	if len(contacts) > 0 {
		b.AddGround()
	}
	m := mustModel(t, b)
	d.m = m
}

// vector returns three columns of row k that begin with one.
func (d *dojo) vector(k int, first string) r3.Vec {
	c := d.col[first]
	v := d.rows[k][c : c+3]
	return r3.Vec{X: v[0], Y: v[1], Z: v[2]}
}

func (d *dojo) rotation(k, body int) quat.Number {
	c := d.col[fmt.Sprintf("b%d_qw", body+1)]
	v := d.rows[k][c : c+4]
	return quat.Number{Real: v[0], Imag: v[1], Jmag: v[2], Kmag: v[3]}
}

func (d *dojo) body(t *testing.T, i int) int {
	f, err := d.m.Frame(d.bodies[i].link)
	if err != nil {
		t.Fatal(err)
	}
	return f.Body
}

// start returns row 0 in our coordinates. Hinges start at rest in all tables.
func (d *dojo) start(t *testing.T) sim.State {
	s := d.m.NewState()
	at := map[int]quat.Number{-1: {Real: 1}}
	for i := range d.bodies {
		at[d.body(t, i)] = d.rotation(0, i)
	}
	for i := range d.bodies {
		j := d.m.Joints()[d.body(t, i)]
		q := at[j.Child]
		if j.NV == 6 {
			p := sim.Pose{Pos: d.vector(0, fmt.Sprintf("b%d_x", i+1)), Rot: q}.Apply(r3.Scale(-1, d.bodies[i].com))
			copy(s.Q[j.Q:], []float64{p.X, p.Y, p.Z, q.Real, q.Imag, q.Jmag, q.Kmag})
			w := d.vector(0, fmt.Sprintf("b%d_wx", i+1))
			v := d.vector(0, fmt.Sprintf("b%d_vx", i+1))
			if d.bodies[i].com != (r3.Vec{}) && w != (r3.Vec{}) {
				t.Fatal("a turning start of a body whose frame is not at its center of mass")
			}
			copy(s.V[j.V:], []float64{v.X, v.Y, v.Z, w.X, w.Y, w.Z})
			continue
		}
		r, a := quat.Mul(quat.Conj(at[j.Parent]), q), j.Type.Rot[0]
		s.Q[j.Q] = 2 * math.Atan2(r.Imag*a.X+r.Jmag*a.Y+r.Kmag*a.Z, r.Real)
	}
	return s
}

// distance returns how far the centers of mass of q are from those of row k (m), at most.
func (d *dojo) distance(t *testing.T, q []float64, k int) float64 {
	poses := make([]sim.Pose, len(d.m.Bodies()))
	d.m.Poses(poses, q)
	worst := 0.0
	for i, b := range d.bodies {
		c := poses[d.body(t, i)].Apply(b.com)
		worst = math.Max(worst, r3.Norm(r3.Sub(c, d.vector(k, fmt.Sprintf("b%d_x", i+1)))))
	}
	return worst
}

// normalImpulse returns the sum of normal impulses of row k (N s).
func (d *dojo) normalImpulse(k int) float64 {
	sum := 0.0
	for i := 1; ; i++ {
		c, ok := d.col[fmt.Sprintf("c%d_g1", i)]
		if !ok {
			return sum
		}
		sum += d.rows[k][c]
	}
}

// simulate takes as many steps as the table has, at Dojo's complementarity product (J s).
func (d *dojo) simulate(t *testing.T, product float64) (*sim.Trajectory, *sim.Stepper) {
	var opt sim.Options
	if len(d.m.Pairs()) > 0 {
		opt.Kappa = product / d.m.KappaUnit(0)
	}
	s := d.m.NewStepper(opt)
	x := d.start(t)
	x.H = d.h // Dojo's velocities are those of the interval before
	tr, err := s.Rollout(x, len(d.rows)-1, nil)
	if err != nil {
		t.Fatal(err)
	}
	return tr, s
}

// worst returns the largest distance over the first seconds of the trajectory.
func (d *dojo) worst(t *testing.T, tr *sim.Trajectory, seconds float64) float64 {
	w := 0.0
	for k := 0; k < len(d.rows) && float64(k)*d.h < seconds+d.h/2; k++ {
		w = math.Max(w, d.distance(t, tr.States[k].Q, k))
	}
	return w
}

// TestDojoPendulums: without contact both engines are second-order approximations of the same motion, so
// they differ by O(h²). Five links are chaotic in the long run: one second is compared.
func TestDojoPendulums(t *testing.T) {
	one := loadDojo(t, "pendulum", "tol1e-10")
	tr, _ := one.simulate(t, 1e-10)
	w := one.worst(t, tr, 2)
	t.Logf("pendulum, h = 10 ms, 2 s: largest distance of centers of mass %.3g m", w)
	if start := one.distance(t, tr.States[0].Q, 0); start > 1e-12 || w > 1e-3 {
		t.Errorf("distance at the start %g m, later %g m", start, w)
	}
	fine, coarse := loadDojo(t, "npendulum5", "tol1e-10"), loadDojo(t, "npendulum5_dt05", "tol1e-10")
	trFine, _ := fine.simulate(t, 1e-10)
	trCoarse, _ := coarse.simulate(t, 1e-10)
	a, b := fine.worst(t, trFine, 1), coarse.worst(t, trCoarse, 1)
	slope := math.Log(b/a) / math.Log(coarse.h/fine.h)
	t.Logf("five links, 1 s: distance %.3g m at h = 10 ms, %.3g m at 50 ms, order %.3f", a, b, slope)
	if slope < 1.8 || slope > 2.3 || a > 0.01 {
		t.Errorf("the difference falls with order %.3f, want 2", slope)
	}
}

// TestDojoBlock: a tumbling box comes to rest on the same face at the same height and carries its weight.
// Where it lies depends on h: see the tolerance.
func TestDojoBlock(t *testing.T) {
	for _, tag := range []string{"block", "block_dt05"} {
		d := loadDojo(t, tag, "tol1e-10")
		tr, s := d.simulate(t, 1e-10)
		last := len(d.rows) - 1
		end := tr.States[last]
		weight, load := 9.81*d.m.TotalMass(), 0.0
		for _, c := range s.Contacts() {
			load += c.Force.Z
		}
		theirs := d.normalImpulse(last-1) / d.h
		t.Logf("%s: height %.9f and %.9f m, load %.9f and %.9f N, resting places %.3g m apart, 0.2 s of flight %.3g m", tag, end.Q[2], d.rows[last][d.col["b1_z"]],
			load, theirs, d.distance(t, end.Q, last), d.worst(t, tr, 0.2))
		if math.Abs(end.Q[2]-0.25) > 1e-6 || math.Abs(end.Q[2]-d.rows[last][d.col["b1_z"]]) > 1e-6 {
			t.Errorf("%s: it does not rest at half its edge", tag)
		}
		if math.Abs(load-weight) > 1e-5*weight || math.Abs(theirs-weight) > 1e-5*weight {
			t.Errorf("%s: loads differ from the weight %g N", tag, weight)
		}
		if up, want := upright(end.Q[3:7]), upright(quats(d.rotation(last, 0))); math.Abs(r3.Dot(up, want)-1) > 1e-6 {
			t.Errorf("%s: up in body axes is %v, in Dojo %v", tag, up, want)
		}
		// The impulse of the first impact depends on where in its interval it falls: an error of order h in
		// the velocity after it, so a distance of order h times what it travels on (about 0.5 s at 1 m/s).
		if far := d.distance(t, end.Q, last); far > 10*d.h {
			t.Errorf("%s: it rests %g m away", tag, far)
		}
	}
}

func quats(q quat.Number) []float64 { return []float64{q.Real, q.Imag, q.Jmag, q.Kmag} }

// upright returns the world's z axis in body axes.
func upright(q []float64) r3.Vec {
	w, x, y, z := q[0], q[1], q[2], q[3]
	return r3.Vec{X: 2 * (x*z - w*y), Y: 2 * (y*z + w*x), Z: 1 - 2*(x*x+y*y)}
}

// TestDojoQuadruped: dropped with folded legs and no motors it ends on its hips, tilted the same way, at
// the same height, and carries its weight.
func TestDojoQuadruped(t *testing.T) {
	d := loadDojo(t, "quadruped_drop", "tol1e-6")
	tr, s := d.simulate(t, 1e-6)
	last := len(d.rows) - 1
	end := tr.States[last]
	trunk := -1
	for i, b := range d.bodies {
		if b.link == "trunk" {
			trunk = i
		}
	}
	load := 0.0
	for _, c := range s.Contacts() {
		load += c.Force.Z
	}
	weight, theirs := 9.81*d.m.TotalMass(), d.normalImpulse(last-1)/d.h
	poses := make([]sim.Pose, len(d.m.Bodies()))
	d.m.Poses(poses, end.Q)
	p := poses[d.body(t, trunk)]
	height := p.Apply(d.bodies[trunk].com).Z
	want := d.vector(last, fmt.Sprintf("b%d_x", trunk+1)).Z
	tilt := math.Acos(math.Min(1, r3.Dot(upright(quats(p.Rot)), upright(quats(d.rotation(last, trunk))))))
	t.Logf("trunk at %.6f and %.6f m, tilts differ by %.3g rad, load %.6f and %.6f N of %.6f; centers of mass: 0.2 s of flight %.3g m, at the end %.3g m",
		height, want, tilt, load, theirs, weight, d.worst(t, tr, 0.2), d.distance(t, end.Q, last))
	if math.Abs(height-want) > 2e-3 || tilt > 0.02 {
		t.Errorf("it rests otherwise: height %g m, want %g; tilt differs by %g rad", height, want, tilt)
	}
	if math.Abs(load-weight) > 1e-2*weight || math.Abs(theirs-weight) > 1e-2*weight {
		t.Errorf("loads %g and %g N are not the weight %g N", load, theirs, weight)
	}
}
