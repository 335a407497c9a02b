package viewer_test

import (
	"fmt"

	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer"
)

// A program that owns its loop shows every step. The clock of the window keeps it at real time, the user
// can pause it, and a drag with ctrl pushes the bodies of the stepper.
func ExampleOpen() {
	m, start, err := models.Load("quadruped", models.Options{})
	if err != nil {
		panic(err)
	}
	st := m.NewStepper(sim.Options{})
	v, err := viewer.Open(m, viewer.Options{Stepper: st})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer v.Close()
	for s := start.Clone(); !v.Closed(); {
		r, err := st.Step(&s, s, nil)
		if err != nil {
			fmt.Println(err)
			return
		}
		if v.Restart() {
			s = start.Clone()
		}
		v.Report(r)
		v.Update(s)
	}
}
