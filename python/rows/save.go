package rows

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/ukemi-sim/ukemi/sim"
)

// Save writes a line of what [sim.Model.Save] does, and one of its start, notes and sensors.
func (m *Model) Save(w io.Writer) error {
	if err := m.Model.Save(w); err != nil {
		return err
	}
	return json.NewEncoder(w).Encode(m.about)
}

// saved reads what Save wrote, or [sim.Model.Save]: then it starts in the neutral configuration.
func saved(text []byte, o Options) (*Model, error) {
	if o.Timestep != 0 || o.Friction != nil || o.Servo != nil || o.Repair || o.Terrain != nil || len(o.Surfaces) > 0 {
		return nil, errors.New("a saved model is complete: options are for what it was loaded from; parameters can be changed")
	}
	line, rest, _ := bytes.Cut(bytes.TrimSpace(text), []byte("\n"))
	m, err := sim.LoadModel(bytes.NewReader(line))
	if err != nil {
		return nil, err
	}
	a := about{Start: m.NewState()}
	if len(rest) > 0 {
		if err := json.Unmarshal(rest, &a); err != nil {
			return nil, fmt.Errorf("what belongs to model %q: %w", m.Name(), err)
		}
		if err := m.CheckState(a.Start); err != nil {
			return nil, fmt.Errorf("the start: %w", err)
		}
	}
	return &Model{m, a}, nil
}
