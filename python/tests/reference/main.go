// Command reference prints what the Python package must give bit for bit: rollouts of the zoo by sim.Stepper, Jacobians and
// gradients by implicit.Gradient, as JSON.
package main

import (
	"encoding/json"
	"log"
	"os"

	"github.com/ukemi-sim/ukemi/implicit"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
)

const steps = 60

type run struct {
	X      [][steps + 1][]float64 // q, v, by rows
	H      [][steps + 1]float64
	Params []string
	Jx, Ju []float64 // of the step from state steps−1 of row 0, in the tangent space
	Jp     []float64 // by Params
	GradX  []float64 // of the sum of all coordinates and velocities of row 0's states, by its start, in the tangent space
	GradU  [][]float64
	GradP  []float64 // by gravity.z
}

// input is what drives entry i of row r in step k.
func input(r, k, i int) float64 { return float64((k*7+i*3+r*5)%11-5) / 5 }

func main() {
	all := map[string]*run{}
	rows := map[string]int{"cartpole": 5, "ant": 5, "quadruped4": 5, "gripper": 5}
	for _, e := range models.All() {
		rows[e.Name] = max(1, rows[e.Name])
	}
	for name, n := range rows {
		r, err := take(name, n)
		if err != nil {
			log.Fatal(name, ": ", err)
		}
		all[name] = r
	}
	if err := json.NewEncoder(os.Stdout).Encode(all); err != nil {
		log.Fatal(err)
	}
}

func take(name string, rows int) (*run, error) {
	m, start, err := models.Load(name, models.Options{})
	if err != nil {
		return nil, err
	}
	out := &run{X: make([][steps + 1][]float64, rows), H: make([][steps + 1]float64, rows)}
	var inputs [][]float64
	stepper := m.NewStepper(sim.Options{})
	for r := range rows {
		x := start.Clone()
		x.V[0] += 0.1 * float64(r)
		out.X[r][0], out.H[r][0] = row(x), x.H
		for k := range steps {
			u := make([]float64, m.NU())
			for i := range u {
				u[i] = input(r, k, i)
			}
			if r == 0 {
				inputs = append(inputs, u)
			}
			if _, err := stepper.Step(&x, x, u); err != nil {
				return nil, err
			}
			out.X[r][k+1], out.H[r][k+1] = row(x), x.H
		}
	}
	return out, out.differentiate(m, start, inputs)
}

func (out *run) differentiate(m *sim.Model, start sim.State, inputs [][]float64) error {
	g, err := implicit.New(m.NewStepper(sim.Options{}), implicit.Options{})
	if err != nil {
		return err
	}
	last := out.X[0][steps-1]
	x := sim.State{Q: last[:m.NQ()], V: last[m.NQ():], H: out.H[0][steps-1]}
	next := m.NewState()
	if _, err := g.Step(&next, x, inputs[steps-1]); err != nil {
		return err
	}
	var a, b mat.Dense
	if err := g.StateJacobian(&a); err != nil {
		return err
	}
	out.Jx, out.Ju = a.RawMatrix().Data, []float64{}
	if m.NU() > 0 {
		if err := g.InputJacobian(&b); err != nil {
			return err
		}
		out.Ju = b.RawMatrix().Data
	}
	if err := out.byParams(g, m); err != nil {
		return err
	}
	ones := func(_ sim.State, gx implicit.Tangent) float64 {
		for i := range gx.Q {
			gx.Q[i]++
			gx.V[i]++
		}
		return 0
	}
	gravity, err := implicit.FindParam(m, "gravity.z")
	if err != nil {
		return err
	}
	r, err := g.Rollout(start, inputs, implicit.Cost{Terminal: ones, Running: implicit.EveryStep(ones)}, implicit.RolloutOptions{Params: []implicit.Param{gravity}})
	if err != nil {
		return err
	}
	out.GradX, out.GradU, out.GradP = append(r.Start.Q, r.Start.V...), r.Inputs, r.Params
	return nil
}

// byParams differentiates the step by eight parameters out of all.
func (out *run) byParams(g *implicit.Gradient, m *sim.Model) error {
	all := implicit.Params(m)
	var some []implicit.Param
	for k := range 8 {
		p := all[k*len(all)/8]
		some = append(some, p)
		out.Params = append(out.Params, p.Name)
	}
	var c mat.Dense
	if err := g.ParamJacobian(&c, some); err != nil {
		return err
	}
	out.Jp = c.RawMatrix().Data
	return nil
}

func row(x sim.State) []float64 { return append(append([]float64{}, x.Q...), x.V...) }
