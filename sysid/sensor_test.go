package sysid

import (
	"context"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// hopper is a slider and a hinge above the ground, driven, with a foot and a frame on it.
func hopper(t *testing.T, change func(*sim.Builder)) *sim.Model {
	t.Helper()
	b := sim.NewBuilder("hopper")
	b.SetTimestep(0.005)
	b.SetGravity(r3.Vec{Z: -9.81})
	b.AddGround()
	trunk := b.AddLink("trunk", sim.BoxInertia(1, r3.Vec{X: 0.1, Y: 0.1, Z: 0.1}))
	leg := b.AddLink("leg", sim.BoxInertia(0.5, r3.Vec{X: 0.02, Y: 0.02, Z: 0.1}))
	b.AddJoint(sim.Joint{Name: "rail", Type: sim.Prismatic(r3.Vec{Z: 1}), Parent: sim.World, Child: trunk, Origin: sim.Pose{Pos: r3.Vec{X: 0.05}, Rot: sim.RPY(0.05, 0.02, 0.3)}, Axes: []sim.Axis{{Damping: 2, Drive: sim.Torque}}})
	b.AddJoint(sim.Joint{Name: "hip", Type: sim.Revolute(r3.Vec{Y: 1}), Parent: trunk, Child: leg, Origin: sim.Pose{Pos: r3.Vec{X: 0.1, Z: -0.1}, Rot: sim.RPY(0.1, 0, 0.2)}, Axes: []sim.Axis{{Damping: 0.2, Drive: sim.Torque}}})
	b.AddCollider(sim.Collider{Name: "foot", Link: leg, Pose: sim.Pose{Pos: r3.Vec{Z: -0.1}, Rot: sim.RPY(0, 0, 0)}, Shape: contact.Sphere(0.03), Friction: 0.6})
	tip := b.AddLink("tip", sim.Inertia{})
	b.AddJoint(sim.Joint{Name: "mount", Type: sim.Fixed(), Parent: leg, Child: tip, Origin: sim.Pose{Pos: r3.Vec{X: 0.02, Z: -0.1}, Rot: sim.RPY(0.4, 0.3, 0)}})
	if change != nil {
		change(b)
	}
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// hopperSensors are one of each kind.
var hopperSensors = []Sensor{
	{Name: "encoder", Kind: Encoder, On: "hip", Noise: 0.002},
	{Name: "marker", Kind: Position, On: "tip", Noise: 0.001},
	{Name: "gyro", Kind: Orientation, On: "tip", Noise: 0.003},
	{Name: "scale", Kind: ContactForce, On: "leg", Noise: 0.5},
}

// record simulates a hopper and what sensors of scale 1.1 and offset 0.02 say, but for the one of orientation; inputs act late.
func record(t *testing.T, m *sim.Model, samples int, kappa, late float64, noise bool) Trajectory {
	t.Helper()
	rng := rand.New(rand.NewPCG(8, 9))
	tr := Trajectory{Name: "hop"}
	for k := range samples - 1 {
		s := float64(k)
		tr.Inputs = append(tr.Inputs, []float64{5 + 6*math.Sin(0.2*s), 0.8 * math.Sin(0.31*s+1)})
	}
	zero, err := NewSet(m, Parameter{Name: delay, Own: true, Start: late})
	if err != nil {
		t.Fatal(err)
	}
	p := &Problem{Model: m, Sensors: hopperSensors, Trajectories: []Trajectory{tr}}
	sensed, _, err := p.sensors(zero)
	if err != nil {
		t.Fatal(err)
	}
	f := &fit{Problem: p, set: zero, late: 0}
	inputs, _ := f.inputs(window{0, 0, samples - 1}, []float64{late})
	s := m.NewStepper(sim.Options{Kappa: kappa})
	x := m.NewState()
	x.H, x.Q[0], x.Q[1] = m.Timestep(), 0.236, 0.1
	for range 60 { // it stands: landings make the forces of single steps jump with the instant, and the search rough
		if _, err := s.Step(&x, x, []float64{5, 0}); err != nil {
			t.Fatal(err)
		}
	}
	tr.States, tr.Readings = append(tr.States, x.Clone()), append(tr.Readings, nil)
	for _, u := range inputs {
		if _, err := s.Step(&x, x, u); err != nil {
			t.Fatal(err)
		}
		var forces implicit.Forces
		for _, c := range s.Contacts() {
			forces.Contacts = append(forces.Contacts, implicit.ContactForce{ID: c.ID, Force: c.Force})
		}
		row := make([]float64, p.numbers())
		for i := range sensed {
			r, d := &sensed[i], [3]float64{}
			if r.Kind == Orientation {
				q := implicit.FramePose(m, x.Q, r.frame).Rot
				copy(row[r.first:], []float64{q.Real, q.Imag, q.Jmag, q.Kmag})
				continue
			}
			r.truth(m, x, forces, nil, d[:])
			for k := range r.Kind.numbers() {
				row[r.first+k] = 1.1*d[k] + 0.02
				if noise {
					row[r.first+k] += r.Noise * rng.NormFloat64()
				}
			}
		}
		tr.States, tr.Readings = append(tr.States, x.Clone()), append(tr.Readings, row)
	}
	return tr
}

func mine(name, unit string, start float64) Parameter {
	return Parameter{Name: name, Own: true, Unit: unit, Start: start}
}

// hopperOwn are the unknowns of the sensors and of the delay.
func hopperOwn() []Parameter {
	return []Parameter{mine("delay", "s", 0.004), mine("encoder.scale", "", 1), mine("encoder.offset", "rad", 0),
		mine("marker.scale", "", 1), mine("marker.offset_x", "m", 0), mine("marker.offset_y", "m", 0), mine("marker.offset_z", "m", 0), mine("scale.scale", "", 1), mine("scale.offset_z", "N", 0)}
}

// TestSensorDerivatives compares the Jacobian of readings of all kinds with differences: by starts, by parameters of
// the model with the placement of joints, by scales, offsets and the delay.
func TestSensorDerivatives(t *testing.T) {
	m := hopper(t, nil)
	tr := record(t, m, 60, 1e-3, 0.0123, true)
	tr.Readings[9], tr.Readings[11][0] = nil, math.NaN()
	params := append(hopperOwn(), Parameter{Name: "leg.mass"}, Parameter{Name: "hip.x"}, Parameter{Name: "hip.rx"}, Parameter{Name: "rail.rz"}, Parameter{Name: "foot.friction"}, Parameter{Name: "foot.radius"})
	for _, window := range []int{0, 7} {
		p := &Problem{Model: m, Sensors: hopperSensors, Trajectories: []Trajectory{tr}, Noise: []float64{0.01, 0.01, math.Inf(1), 0.1}, StartNoise: filled(4, 0.01), Window: window}
		set, err := NewSet(m, params...)
		if err != nil {
			t.Fatal(err)
		}
		f := exactFit(t, p, set)
		x, y := set.Start(), []float64{0.002, 0.01, 0.02, -0.03}
		x[0], x[1], x[2] = 0.0071, 1.05, 0.01
		for j, e := range f.offBy(t, x, y) {
			if t.Logf("windows of %d, unknown %d: off by %.2g of %.3g", window, j, e[0], e[1]); !(e[0] <= 1e-5*e[1]) || e[1] == 0 {
				t.Errorf("windows of %d, unknown %d: the Jacobian is off by %g of %g", window, j, e[0], e[1])
			}
		}
	}
}

// calibration is to find where a joint is from markers, the mass on a scale under the foot, and from an encoder with
// them its own offset and how late the robot acts; no state but the first is measured. known are the right values.
func calibration(t *testing.T) (p *Problem, known map[string]float64) {
	t.Helper()
	const late, kappa = 0.0123, 1e-6 // so hard that the units of κ, which belong to the first guess, make no difference
	tr := record(t, hopper(t, nil), 200, kappa, late, true)
	for k := range tr.States[1:] {
		tr.States[k+1] = sim.State{} // nothing but the sensors and the start
	}
	start := hopper(t, func(b *sim.Builder) {
		b.ChangeJoint("hip", func(j *sim.Joint) { j.Origin.Pos.X, j.Axes[0].Damping = 0.13, 0.5 })
	})
	mass, err := implicit.FindParam(start, "leg.mass")
	if err != nil {
		t.Fatal(err)
	}
	if start, err = implicit.Set(start, []implicit.Param{mass}, []float64{0.8}); err != nil {
		t.Fatal(err)
	}
	for _, row := range tr.Readings[1:] { // these have no scale
		row[0] = (row[0]-0.02)/1.1 + 0.02
		for k := 1; k < 4; k++ {
			row[k] = (row[k] - 0.02) / 1.1
			row[k+7] = (row[k+7] - 0.02) / 1.1
		}
	}
	late0 := hopperOwn()[0]
	late0.Lower, late0.Upper = 0, 0.03
	params := []Parameter{late0, mine("encoder.offset", "rad", 0), {Name: "hip.x"}, {Name: "hip.damping"}, {Name: "leg.mass"}}
	return &Problem{Model: start, Parameters: params, Sensors: hopperSensors, Trajectories: []Trajectory{tr}, Stages: []Stage{{Kappa: kappa}}},
		map[string]float64{"delay": late, "encoder.offset": 0.02, "hip.x": 0.1, "hip.damping": 0.2, "leg.mass": 0.5}
}

// right reports errors for estimates that are more than four standard errors from the truth, or known to no better than 5 %.
func right(t *testing.T, r *Result, known map[string]float64) {
	t.Helper()
	for _, e := range r.Estimates {
		t.Logf("%s %.5f ± %.2g (from %.3g), truth %.5g", e.Name, e.Value, float64(e.StdErr), e.Start, known[e.Name])
		if off := math.Abs(e.Value - known[e.Name]); !(off <= 4*float64(e.StdErr)) || !(float64(e.StdErr) < 0.05*math.Abs(known[e.Name])) {
			t.Errorf("%s is %g ± %g, the truth is %g", e.Name, e.Value, float64(e.StdErr), known[e.Name])
		}
	}
}

// TestSensorsCalibrate goes from few samples to all.
func TestSensorsCalibrate(t *testing.T) {
	p, known := calibration(t)
	p.Stages = []Stage{{Kappa: p.Stages[0].Kappa, Horizon: 15}, p.Stages[0]}
	r, err := p.Fit(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	right(t, r, known)
}

// TestSearches: where one search over all samples ends at another place, the best of several does not.
func TestSearches(t *testing.T) {
	p, known := calibration(t)
	p.Parameters[0].Start = 0.02
	one, err := p.Fit(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	p.Searches = 16
	several, err := p.Fit(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("one search ends at the cost %g, sixteen at %g", one.Cost, several.Cost)
	if !(several.Cost < one.Cost/2) || !strings.Contains(strings.Join(several.Notes, " "), "best of 16 searches") || several.StartCost != one.StartCost {
		t.Errorf("one search ends at the cost %g, sixteen at %g, from %g and %g; notes %q", one.Cost, several.Cost, one.StartCost, several.StartCost, several.Notes)
	}
	right(t, several, known)
	set, err := NewSet(p.Model, p.Parameters...)
	if err != nil {
		t.Fatal(err)
	}
	if a := set.Scatter(3); !reflect.DeepEqual(a, set.Scatter(3)) || reflect.DeepEqual(a, set.Scatter(4)) || a[0] < 0 || a[0] > 0.03 || a[1] != 0 {
		t.Errorf("scattered to %g", a)
	}
}

// TestSensorErrors: a mistake is told with the sensor's or parameter's name.
func TestSensorErrors(t *testing.T) {
	m := hopper(t, nil)
	good := record(t, m, 10, 1e-3, 0, false)
	try := func(want string, change func(*Problem)) {
		t.Helper()
		tr := good
		tr.Readings = append([][]float64{}, good.Readings...)
		p := &Problem{Model: m, Parameters: []Parameter{{Name: "leg.mass"}}, Sensors: append([]Sensor{}, hopperSensors...), Trajectories: []Trajectory{tr}}
		change(p)
		if _, err := p.Fit(context.Background()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	try(`sensor "encoder": `, func(p *Problem) { p.Sensors[0].On = "knee" })
	try(`sensor "marker": `, func(p *Problem) { p.Sensors[1].On = "knee" })
	try(`no collider`, func(p *Problem) { p.Sensors[3].On = "trunk" })
	try(`Problem.Sensors[2] is "gyro"`, func(p *Problem) { p.Sensors[2].Noise = 0 })
	try(`Problem.Sensors[1] is "encoder"`, func(p *Problem) { p.Sensors[1].Name = "encoder" })
	try(`"gyro.scale" belongs to no sensor`, func(p *Problem) { p.Parameters = append(p.Parameters, mine("gyro.scale", "", 1)) })
	try("delay and timestep", func(p *Problem) { p.Parameters = []Parameter{mine(delay, "s", 0), {Name: "timestep"}} })
	try(`want 10`, func(p *Problem) { p.Trajectories[0].Readings = p.Trajectories[0].Readings[:3] })
	try(`want 11 numbers`, func(p *Problem) { p.Trajectories[0].Readings[4] = []float64{1} })
	try(`"gyro" says`, func(p *Problem) {
		p.Trajectories[0].Readings[4] = append([]float64{}, p.Trajectories[0].Readings[4]...)
		p.Trajectories[0].Readings[4][5] += 0.5
	})
}
