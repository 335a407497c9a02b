package dynamics

import "github.com/ukemi-sim/ukemi/internal/spatial"

// LoopReport is what a loop did in a step.
type LoopReport struct {
	spatial.Wrench             // impulse on A, the torque about At (N s, N m s, world axes)
	At             spatial.Vec // middle of the points at the start of the step (world coordinates, m)
}

// LoopImpulses adds what the loops did in the step just solved to dst.
func (s *Stepper) LoopImpulses(dst []LoopReport) {
	for _, p := range s.islands {
		for n := p.shut; n < len(p.rows); n++ {
			c := s.closureOf(&p.rows[n])
			var w spatial.Wrench
			addWrench(&w, &c.na, p.solver.Lambda[n], 1)
			d := &dst[c.loop]
			d.At = spatial.Add(s.originOf(c.a), c.middle)
			d.Force = spatial.Add(d.Force, w.Force)
			d.Torque = spatial.Add(d.Torque, spatial.Sub(w.Torque, spatial.Cross(c.middle, w.Force)))
		}
	}
}

// LoopTangent stores the change of what LoopImpulses tells of every loop, its place aside, for the tangent of the last JVP or ParamColumn.
func (s *Stepper) LoopTangent(dst []spatial.Wrench) {
	clear(dst)
	for _, p := range s.islands {
		for n := p.shut; n < len(p.rows); n++ {
			c, d := s.closureOf(&p.rows[n]), &dst[s.closureOf(&p.rows[n]).loop]
			l := p.multiplier(n)
			if !c.turn {
				d.Force = spatial.Add(d.Force, l)
				continue
			}
			var w spatial.Wrench
			addWrench(&w, &c.na, l, 1)
			d.Torque = spatial.Add(d.Torque, spatial.Add(w.Torque, s.lin.closures[p.rows[n].closure].dt))
		}
	}
}

// loopCotangent returns that of what the loop of c does.
func (s *Stepper) loopCotangent(c *closure) spatial.Wrench {
	if l := s.lin.lift.forces.Loops; l != nil {
		return l[c.loop]
	}
	return spatial.Wrench{}
}

// liftLoop returns the cotangent of the multiplier of closure row n, of what the loop does.
func (p *problem) liftLoop(n int) spatial.Vec {
	c := p.s.closureOf(&p.rows[n])
	e := p.s.loopCotangent(c)
	if !c.turn {
		return e.Force
	}
	return powers(&c.na, &spatial.Twist{Ang: e.Torque})
}

// liftDirections returns what the last perturb does to the torques of the loops at fixed multipliers.
func (p *problem) liftDirections() (sum float64) {
	for n := p.shut; n < len(p.rows); n++ {
		sum += spatial.Dot(p.s.loopCotangent(p.s.closureOf(&p.rows[n])).Torque, p.s.lin.closures[p.rows[n].closure].dt)
	}
	return sum
}
