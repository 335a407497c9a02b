package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/ukemi-sim/ukemi/examples/internal/toss"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
)

// TestTosses rolls out a few tosses, fits, and draws. Without the data it says so.
func TestTosses(t *testing.T) {
	if _, _, err := toss.Load(toss.Folder(""), 1); errors.Is(err, toss.ErrNone) {
		t.Skipf("left out: %v", err)
	}
	plot := filepath.Join(t.TempDir(), "toss.png")
	var b bytes.Buffer
	if err := run([]string{"-limit", "12", "-json", "-plot", plot}, &b); err != nil {
		t.Fatal(err)
	}
	var r report
	if err := json.Unmarshal(b.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	t.Logf("%s", b.Bytes())
	if r.Tosses != 12 || r.Mu != 0.18 || r.PositionMean > 25 || r.RotationMean > 40 {
		t.Errorf("errors are far beyond what they were: %+v", r)
	}
	if f, err := os.Stat(plot); err != nil || f.Size() < 5000 {
		t.Errorf("plot: %v", err)
	}
	b.Reset()
	if err := run([]string{"-limit", "4", "-fit"}, &b); err != nil {
		t.Error(err)
	}
	t.Logf("%s", b.Bytes())
}

// TestVelocityConvention: the velocities of the data are those of the interval that ends at the sample.
func TestVelocityConvention(t *testing.T) {
	ex, tosses, err := toss.Load(toss.Folder(""), 20)
	if errors.Is(err, toss.ErrNone) {
		t.Skipf("left out: %v", err)
	} else if err != nil {
		t.Fatal(err)
	}
	linear, angular, n := 0.0, 0.0, 0.0
	for _, s := range tosses {
		for k := 1; k < len(s.Samples); k++ {
			a, b := s.Samples[k-1], s.Samples[k]
			for i := range a.Pos {
				linear += math.Abs((b.Pos[i]-a.Pos[i])/ex.DT - b.Vel[i])
			}
			d := quat.Mul(quat.Conj(number(a)), number(b))
			l := quat.Scale(2/ex.DT, quat.Log(d))
			if d.Real < 0 {
				l = quat.Scale(2/ex.DT, quat.Log(quat.Scale(-1, d)))
			}
			angular += math.Abs(l.Imag-b.Omg[0]) + math.Abs(l.Jmag-b.Omg[1]) + math.Abs(l.Kmag-b.Omg[2])
			n += 3
		}
	}
	t.Logf("velocities differ from backward differences by %.4f m/s and %.4f rad/s on average", linear/n, angular/n)
	if linear/n > 0.01 || angular/n > 0.2 {
		t.Error("columns of velocity do not mean what the example takes them for")
	}
}

func number(s toss.Sample) quat.Number {
	return quat.Number{Real: s.Quat[0], Imag: s.Quat[1], Jmag: s.Quat[2], Kmag: s.Quat[3]}
}

// TestStart: in flight any number of substeps gives the same parabola, and a start below the board is
// lifted instead of shot up.
func TestStart(t *testing.T) {
	ex := toss.Experiment{DT: 1.0 / 148, G: 187, Inertia: 0.3, Mass: 0.37}
	p := toss.Sample{Pos: [3]float64{0, 0, 1}, Quat: [4]float64{1}, Vel: [3]float64{1, 0, -1}, Omg: [3]float64{3, 4, 5}}
	want := math.NaN()
	for _, n := range []int{1, 2, 5} {
		set := setup{mu: 0.2, substeps: n, kappa: 1e-6, scale: 1}
		m, err := cube(ex, set)
		if err != nil {
			t.Fatal(err)
		}
		s, cur := m.NewStepper(sim.Options{Kappa: set.kappa}), start(m, ex, set, p)
		for range 10 * n {
			if _, err := s.Step(&cur, cur, nil); err != nil {
				t.Fatal(err)
			}
		}
		if math.IsNaN(want) {
			want = cur.Q[2]
		}
		if math.Abs(cur.Q[2]-want) > 1e-9 {
			t.Errorf("%d substeps end at the height %.12f m, one at %.12f m", n, cur.Q[2], want)
		}

		low := p
		low.Pos[2], low.Vel, low.Omg = 0.95*toss.HalfWidth, [3]float64{}, [3]float64{}
		cur = start(m, ex, set, low)
		if _, err := s.Step(&cur, cur, nil); err != nil {
			t.Fatal(err)
		}
		if math.Abs(cur.V[2]) > 0.1 {
			t.Errorf("a start 5 %% too low leaves at %g m/s", cur.V[2])
		}
	}
}

func TestBadFlags(t *testing.T) {
	for _, args := range [][]string{{"-data", t.TempDir()}, {"-timestep", "0.005"}, {"-timestep", "nan"}, {"-scale", "0"}, {"extra"}} {
		if err := run(args, &bytes.Buffer{}); err == nil {
			t.Errorf("%v is accepted", args)
		} else {
			t.Log(err)
		}
	}
}
