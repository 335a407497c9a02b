package robust

import "github.com/ukemi-sim/ukemi/sim"

// Growing is the growth of energy, as a part of the natural energy, that counts.
const Growing = 1e-3

// quarters is into how many steps each step of a climb is divided to see what is left of it: of an error of second
// order a sixteenth, of energy from nowhere all.
const quarters = 4

// climb is a way from the least energy so far to one that is higher.
type climb struct {
	from  sim.State
	steps int
}

// again returns by how much the energy rises on the climb in shorter steps, over the least since it began.
func (c *climb) again(m *Mechanism) (rise float64, err error) {
	fine := *m
	fine.H /= quarters
	model, err := fine.Build()
	if err != nil {
		return 0, err
	}
	st, x := model.NewStepper(sim.Options{}), c.from.Clone()
	_, least, err := energy(st, x)
	for k := 0; k < quarters*c.steps && err == nil; k++ {
		if _, err = st.Step(&x, x, nil); err != nil {
			break
		}
		var e float64
		if _, e, err = energy(st, x); err == nil {
			least = min(least, e)
			rise = max(rise, e-least)
		}
	}
	return rise, err
}

// energy returns the kinetic and the whole energy of a state.
func energy(st *sim.Stepper, x sim.State) (kinetic, whole float64, err error) {
	e, err := st.Energy(x)
	return e.Kinetic, e.Kinetic + e.Gravity + e.Spring, err
}
