package live

import (
	"math"
	"testing"

	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestResponse: what the page shows of a derivative is the change of the way by a push, as one gets it by pushing: of a block in the
// air, where it is 1, and of one that lies, where it is less the harder contact is; of the trunk of a robot, which drags its legs along.
func TestResponse(t *testing.T) {
	for _, c := range []struct {
		name        string
		steps       int
		kappa       float64
		least, most float64 // of the answer along z to a push along z
	}{
		{"block", 3, 1e-5, 1 - 1e-6, 1 + 1e-6},
		{"block", 300, 1e-6, 0, 1e-2},
		{"block", 300, 1e-2, 0.1, 1},
		{"quadruped", 3, 1e-5, 0.3, 1},
	} {
		m, start, err := models.Load(c.name, models.Options{})
		if err != nil {
			t.Fatal(err)
		}
		s, err := NewSession(m, start, Options{Step: sim.Options{Kappa: c.kappa, Tolerance: 1e-12}, Paused: true})
		if err != nil {
			t.Fatal(err)
		}
		for range c.steps {
			s.step()
		}
		s.watch(0)
		before := s.cur.Clone()
		s.step()
		row := s.respond(nil)
		if z := row[8]; !(z >= c.least && z <= c.most) {
			t.Errorf("%s after %d steps at κ = %g: a push along z moves it by %g of what it would alone, want %g to %g", c.name, c.steps, c.kappa, z, c.least, c.most)
		}
		body := m.BodyInertia(0)
		const force = 1e-3 // N
		alone := (before.H + m.Timestep()) / 2 * m.Timestep() / body.Mass
		for k, axis := range []r3.Vec{{X: force}, {Y: force}, {Z: force}} {
			var way [2]r3.Vec
			for i, sign := range []float64{-1, 1} {
				next := m.NewState()
				s.st.SetWrench(0, sim.Wrench{Force: r3.Scale(sign, axis)})
				if _, err := s.st.Step(&next, before, s.u); err != nil {
					t.Fatal(err)
				}
				poses := make([]sim.Pose, len(m.Bodies()))
				m.Poses(poses, next.Q)
				way[i] = poses[0].Apply(body.COM)
			}
			d := r3.Scale(1/(2*force*alone), r3.Sub(way[1], way[0]))
			for i, x := range []float64{d.X, d.Y, d.Z} {
				if got := row[3*k+i]; math.Abs(got-x) > 1e-4 {
					t.Errorf("%s after %d steps at κ = %g, push %d, axis %d: the derivative is %g, pushing gives %g", c.name, c.steps, c.kappa, k, i, got, x)
				}
			}
		}
		s.st.SetWrench(0, sim.Wrench{})
		s.watch(-1)
		if s.step(); s.respond(nil)[8] != 0 {
			t.Errorf("%s answers though nobody asks", c.name)
		}
	}
}
