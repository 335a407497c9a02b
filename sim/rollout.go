package sim

import (
	"fmt"

	"gonum.org/v1/gonum/spatial/r3"
)

// Controller computes the input u (length NU, zero on entry) for step k from the state cur.
type Controller func(u []float64, k int, cur State)

// Trajectory is a recorded rollout: States has one more entry than Inputs, Results and Contacts.
type Trajectory struct {
	Timestep float64
	States   []State
	Inputs   [][]float64
	Results  []Result
	Contacts [][]Contact // those that pushed in each step, as many as there were; nil where nobody knows
}

// Rollout takes steps from start under the controller (nil leaves every input zero). When a step fails it
// returns what was recorded up to there and an error that names the step.
func (s *Stepper) Rollout(start State, steps int, ctrl Controller) (*Trajectory, error) {
	if steps < 0 {
		return nil, fmt.Errorf("sim: a rollout of %d steps", steps)
	}
	t := &Trajectory{Timestep: s.m.dyn.Timestep, States: []State{start.Clone()}}
	for k := 0; k < steps; k++ {
		cur, u := t.States[k], make([]float64, s.m.dyn.NU)
		if ctrl != nil {
			ctrl(u, k, cur)
		}
		next := s.m.NewState()
		res, err := s.Step(&next, cur, u)
		if err != nil {
			return t, fmt.Errorf("step %d: %w", k, err)
		}
		t.States = append(t.States, next)
		t.Inputs = append(t.Inputs, u)
		t.Results = append(t.Results, res)
		t.Contacts = append(t.Contacts, s.pushing())
	}
	return t, nil
}

// pushing returns a copy of the contacts of the last step that have a force.
func (s *Stepper) pushing() []Contact {
	var l []Contact
	for _, c := range s.Contacts() {
		if c.Force != (r3.Vec{}) {
			l = append(l, c)
		}
	}
	return l
}
