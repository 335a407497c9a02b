package rows

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"sync/atomic"
	"time"

	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/sysid"
)

// Fit is a [sysid.Problem] in words. Of numbers, null is infinite, or missing.
type Fit struct {
	Parameters []Unknown
	Motions    []Motion
	Noise      []*float64 // 2NV
	StartNoise []*float64
	Substeps   int
	Window     int
	Kappas     []float64 // one search each
	Loss       string    // "square", "huber" or "cauchy"
	Width      float64
	Iterations int
	Tolerance  float64
	Searches   int
	Workers    int
}

// Unknown is what is sought.
type Unknown struct {
	Name         string
	Lower, Upper *float64
	Mean, Std    float64
	Ties         []sysid.Tie
}

// Motion is what was measured: states, of which the first number null means that the sample is missing, and the inputs of every step.
type Motion struct {
	X [][]*float64
	H []float64
	U [][]float64
}

// Fitted is what a fit gives. Model is what [sim.Model.Save] writes of the one that was found.
type Fitted struct {
	*sysid.Result
	Model string `json:"model"`
}

func orElse(v *float64, none float64) float64 {
	if v == nil {
		return none
	}
	return *v
}

// Fit searches for parameters; stop ends it early.
func (m *Model) Fit(f Fit, stop *int32) ([]byte, error) {
	p := &sysid.Problem{Model: m.Model, Substeps: f.Substeps, Window: f.Window, Iterations: f.Iterations, Tolerance: f.Tolerance,
		Searches: f.Searches, Workers: f.Workers, Loss: sysid.Loss{Width: f.Width}}
	switch f.Loss {
	case "", "square":
	case "huber":
		p.Loss.Kind = sysid.Huber
	case "cauchy":
		p.Loss.Kind = sysid.Cauchy
	default:
		return nil, fmt.Errorf("loss is %q, want square, huber or cauchy", f.Loss)
	}
	for _, u := range f.Parameters {
		q := sysid.Parameter{Name: u.Name, Ties: u.Ties, Mean: u.Mean, Std: u.Std}
		if u.Lower != nil || u.Upper != nil {
			q.Lower, q.Upper = orElse(u.Lower, math.Inf(-1)), orElse(u.Upper, math.Inf(1))
		}
		p.Parameters = append(p.Parameters, q)
	}
	for _, v := range f.Noise {
		p.Noise = append(p.Noise, orElse(v, math.Inf(1)))
	}
	for _, v := range f.StartNoise {
		p.StartNoise = append(p.StartNoise, orElse(v, math.Inf(1)))
	}
	for _, k := range f.Kappas {
		p.Stages = append(p.Stages, sysid.Stage{Kappa: k})
	}
	for i, mo := range f.Motions {
		t, err := m.trajectory(mo)
		if err != nil {
			return nil, fmt.Errorf("motion %d: %w", i, err)
		}
		t.Name = fmt.Sprintf("motion %d", i)
		p.Trajectories = append(p.Trajectories, t)
	}
	set, err := sysid.NewSet(m.Model, p.Parameters...)
	if err != nil {
		return nil, err
	}
	ctx, cancel := watched(stop)
	defer cancel()
	r, err := p.Fit(ctx)
	if err != nil {
		return nil, err
	}
	if stopped(stop) {
		return nil, errCanceled
	}
	found, err := set.Model(r.X)
	if err != nil {
		return nil, err
	}
	var saved bytes.Buffer
	if err := found.Save(&saved); err != nil {
		return nil, err
	}
	return json.Marshal(Fitted{r, saved.String()})
}

func (m *Model) trajectory(mo Motion) (sysid.Trajectory, error) {
	t := sysid.Trajectory{Inputs: mo.U}
	for i, row := range mo.X {
		if len(row) != m.NQ()+m.NV() || len(mo.H) != len(mo.X) {
			return t, fmt.Errorf("sample %d has %d numbers, want %d", i, len(row), m.NQ()+m.NV())
		}
		var s sim.State
		for k, v := range row {
			if row[0] == nil {
				break
			}
			if v == nil {
				return t, fmt.Errorf("sample %d lacks number %d: give all of them, or none", i, k)
			}
			if k < m.NQ() {
				s.Q = append(s.Q, *v)
			} else {
				s.V = append(s.V, *v)
			}
		}
		s.H = mo.H[i]
		t.States = append(t.States, s)
	}
	return t, nil
}

// watched returns a context that ends soon after stop is set, by which somebody else says that the call shall end.
func watched(stop *int32) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.Background())
	if stop != nil {
		go func() {
			for ctx.Err() == nil {
				if atomic.LoadInt32(stop) != 0 {
					cancel()
				}
				time.Sleep(10 * time.Millisecond)
			}
		}()
	}
	return ctx, cancel
}
