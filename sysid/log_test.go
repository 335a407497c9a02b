package sysid

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/tol"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// arm2 returns a double pendulum with joints "a" and "b".
func arm2(t testing.TB) *sim.Model {
	t.Helper()
	b := sim.NewBuilder("arm2")
	b.SetTimestep(0.001)
	b.SetGravity(r3.Vec{Z: -9.81})
	in := sim.BoxInertia(1, r3.Vec{X: 0.02, Y: 0.02, Z: 0.1})
	in.COM = r3.Vec{Z: -0.1}
	parent := sim.World
	for _, n := range []string{"a", "b"} {
		l := b.AddLink("link_"+n, in)
		b.AddJoint(sim.Joint{Name: n, Type: sim.Revolute(r3.Vec{Y: 1}), Parent: parent, Child: l, Origin: sim.At(0, 0, -0.2), Axes: []sim.Axis{{Drive: sim.Torque}}})
		parent = l
	}
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// table returns a log of the given header and rows, row k made of time and k.
func table(header string, n int, row func(k int) string) string {
	s := header + "\n"
	for k := range n {
		s += row(k) + "\n"
	}
	return s
}

func plain(k int) string {
	return fmt.Sprintf("%g,%d,%d,%d,%d,%d,%d", 0.001*float64(k), k, 10*k, 2*k, 20*k, 3*k, 30*k)
}

// TestLogColumns: columns are found by joint, by name or by number, in any order.
func TestLogColumns(t *testing.T) {
	m := arm2(t)
	for _, header := range []string{"time,q1,q2,v1,v2,tau1,tau2", "time,a,b,v.a,v.b,tau.a,tau.b", "t, q1, b, dq1, v.b, torque1, tau2"} {
		l, err := ReadLog(strings.NewReader(table(header, 30, plain)), "log", m)
		if err != nil {
			t.Fatal(err)
		}
		if len(l.Time) != 30 || !slices.Equal(l.Q[7], []float64{7, 70}) || !slices.Equal(l.V[7], []float64{14, 140}) || !slices.Equal(l.Torque[7], []float64{21, 210}) {
			t.Errorf("%s: %v %v %v", header, l.Q[7], l.V[7], l.Torque[7])
		}
	}
	mixed := table("tau2,time,q2,q1,tau1", 30, func(k int) string { return fmt.Sprintf("%d,%g,%d,%d,%d", 30*k, 0.001*float64(k), 10*k, k, 3*k) })
	l, err := ReadLog(strings.NewReader(mixed), "log", m)
	if err != nil {
		t.Fatal(err)
	}
	if l.V != nil || !slices.Equal(l.Q[7], []float64{7, 70}) || !slices.Equal(l.Torque[7], []float64{21, 210}) {
		t.Errorf("%v %v %v", l.Q[7], l.V, l.Torque[7])
	}
}

// TestLogErrors: bad logs are errors that name column and row.
func TestLogErrors(t *testing.T) {
	m := arm2(t)
	const header = "time,q1,q2,v1,v2,tau1,tau2"
	at := func(row int, text string) string {
		return table(header, 30, func(k int) string {
			if k+2 == row {
				return text
			}
			return plain(k)
		})
	}
	for text, want := range map[string]string{
		at(9, "0.007,1,NaN,1,1,1,1"): `row 9, column "q2": "NaN" is no finite number`,
		at(9, "0.007,1,1,1,1,1,x"):   `row 9, column "tau2": "x" is no finite number`,
		at(9, "0.007,1,1,1,1,1"):     `row 9: 6 columns, the header has 7; is the file cut off?`,
		at(9, "0.002,1,1,1,1,1,1"):   `row 9, column "time": time runs backward, from 0.006 to 0.002 s`,
		table(header, 5, plain):      "has 5 samples, want at least 20",
		"":                           "is empty",
		"time;q1;q2\n":               "not separated by commas",
		table("time,q1,q2,v1,v2,tau1,tau3", 30, plain):       `no column "tau.b" (or "tau2"): the torque (N m)`,
		table("time,q1,q2,v1,elbow,tau1,tau2", 30, plain):    `no column "v.b" (or "v2")`,
		table("time,q1,q2,v1,v2,tau1,tau2,elbow", 30, plain): `column "elbow" belongs to no joint of model "arm2"`,
		table("clock,q1,q2,v1,v2,tau1,tau2", 30, plain):      `no column "time" (s)`,
		table("time,q1,q1,v1,v2,tau1,tau2", 30, plain):       `column "q1" comes twice`,
	} {
		if _, err := ReadLog(strings.NewReader(text), "log.csv", m); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "log.csv") {
			t.Errorf("%.60q: %v, want %s", text, err, want)
		}
	}
}

// TestLogOfAFastReader: samples that repeat the one before are left out, a robot that rests is not.
func TestLogOfAFastReader(t *testing.T) {
	m := arm2(t)
	text := table("time,q1,q2,tau1,tau2", 60, func(k int) string {
		x := k
		if k%5 == 4 {
			x-- // stale
		}
		if k > 40 {
			x = 41 // rests
		}
		if k == 7 {
			return "0.006,7,7,7,7" // a second one at the same instant
		}
		return fmt.Sprintf("%g,%d,%d,%d,%d", 0.001*float64(k), x, x, x, x)
	})
	l, err := ReadLog(strings.NewReader(text), "log", m)
	if err != nil {
		t.Fatal(err)
	}
	if l.Doubled != 1 || l.Stale != 8 || len(l.Time) != 60-1-8 {
		t.Errorf("%d doubled, %d stale of %d", l.Doubled, l.Stale, len(l.Time))
	}
	for i, x := range l.Q {
		if want := math.Min(1000*l.Time[i], 41); math.Abs(x[0]-want) > 1e-9 {
			t.Errorf("%g at %g s", x[0], l.Time[i])
		}
	}
	if p := l.Between(0.01, 0.02); len(p.Time) != 8 || p.Time[0] != 0.01 {
		t.Errorf("a part of the log: %v", p.Time)
	}
}

// TestFilter: half the amplitude at the cutoff, nothing changed far below, no delay, straight lines straight to their ends.
func TestFilter(t *testing.T) {
	low := butterworth(0.01)
	for _, c := range []struct{ f, gain float64 }{{0.01, 0.5}, {0.002, 1 / (1 + math.Pow(0.2, 8))}, {0.03, 1 / (1 + math.Pow(math.Tan(math.Pi*0.03)/math.Tan(math.Pi*0.01), 8))}} {
		x := make([]float64, 4000)
		for i := range x {
			x[i] = math.Sin(2 * math.Pi * c.f * float64(i))
		}
		worst := 0.0
		y := low.bothWays(x)
		for i := 1000; i < 3000; i++ {
			worst = max(worst, math.Abs(y[i]-c.gain*x[i]))
		}
		tol.Within(t, worst, 1e-4, "a sine of %g of the sampling rate", c.f)
	}
	line := make([]float64, 2000)
	for i := range line {
		line[i] = 3 - 0.5*float64(i)
	}
	worst := 0.0
	for i, y := range low.bothWays(line) {
		worst = max(worst, math.Abs(y-line[i]))
	}
	tol.Within(t, worst, 0.02, "a straight line, of 0.5 per sample")
	// ∫ 1/(1 + f⁸)² df by its closed form (7/8)(π/8)/sin(π/8), for cutoffs far below the sampling rate
	tol.Within(t, math.Abs(low.noise()/(2*0.01*7.0/8*math.Pi/8/math.Sin(math.Pi/8))-1), 2e-3, "noise that is left")
}

// TestMotions: a motion keeps positions, velocities and accelerations together; gaps cut it.
func TestMotions(t *testing.T) {
	l := &Log{Name: "log"}
	for k := range 4000 {
		s := 0.001*float64(k) + 2e-4*math.Sin(float64(7*k)) // a clock that jitters
		if k >= 1500 {
			s += 0.2
		}
		l.Time = append(l.Time, s)
		l.Q = append(l.Q, []float64{math.Sin(5 * s), 1})
		l.Torque = append(l.Torque, []float64{2, 3})
	}
	ms, err := l.Motions(DefaultFilter)
	if err != nil {
		t.Fatal(err)
	}
	if len(ms) != 2 {
		t.Fatalf("%d motions, want one before and one behind the gap", len(ms))
	}
	worst := [3]float64{}
	for _, m := range ms {
		for k := 300; k < len(m.Q)-300; k++ {
			s := m.Start + float64(k)*m.Step
			for i, e := range [3]float64{m.Q[k][0] - math.Sin(5*s), m.V[k][0] - 5*math.Cos(5*s), m.A[k][0] + 25*math.Sin(5*s)} {
				worst[i] = max(worst[i], math.Abs(e))
			}
		}
	}
	tol.Within(t, worst[0], 1e-4, "positions")
	tol.Within(t, worst[1], 1e-3, "velocities")
	tol.Within(t, worst[2], 2e-2, "accelerations")
	for _, f := range []Filter{{Rate: 1000, Cutoff: 400, Gap: 0.05}, {Rate: 1000, Cutoff: 10}, {Rate: 1000, Gap: 1}, {Rate: 1000, Cutoff: 10, Gap: 1e-5}} {
		if _, err := l.Motions(f); err == nil {
			t.Errorf("a filter of %+v", f)
		}
	}
}
