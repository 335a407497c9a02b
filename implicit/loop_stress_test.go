package implicit

import (
	"testing"

	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// Loops that say the same several times, as the hinges of a gripper's fingers do, exert nothing on each other but what
// moves something: which way the solver went does not tell. The first step of this gripper, whose joints move as its
// loops do not allow, was told with 4e7 N in its fingers for 210, and any other tolerance with other forces.
func TestLoopsDoNotStrainEachOther(t *testing.T) {
	m, x := stirred(t, "xarm7")
	loose, tight := m.NewStepper(sim.Options{Kappa: 1e-6}), m.NewStepper(sim.Options{Kappa: 1e-6, Tolerance: 1e-12})
	next := m.NewState()
	for k := range 5 {
		if _, err := loose.Step(&next, x, nil); err != nil {
			t.Fatal(err)
		}
		if _, err := tight.Step(&next, x, nil); err != nil {
			t.Fatal(err)
		}
		for i, l := range m.Loops() {
			a, b := loose.LoopForce(i), tight.LoopForce(i)
			off, size := r3.Norm(r3.Sub(a.Force, b.Force))+r3.Norm(r3.Sub(a.Torque, b.Torque)), r3.Norm(b.Force)+r3.Norm(b.Torque)
			t.Logf("step %d, %s: %.4g N, %.4g N m, off by %.1e", k, l.Name, r3.Norm(b.Force), r3.Norm(b.Torque), off/size)
			if !(off < 1e-4*size) || !(r3.Norm(a.Force) < 1000) {
				t.Errorf("step %d: loop %s exerts %.6g or %.6g", k, l.Name, a.Wrench, b.Wrench)
			}
		}
		for i, j := range m.Joints() {
			a, b := loose.JointWrench(i), tight.JointWrench(i)
			if off := r3.Norm(r3.Sub(a.Force, b.Force)); !(off < 1e-3*(1+r3.Norm(b.Force))) || !(r3.Norm(a.Force) < 3000) {
				t.Errorf("step %d: joint %s transmits %.6g or %.6g", k, j.Name, a, b)
			}
		}
		x.Copy(next)
	}
}
