package dynamics

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
)

// ulps is how many units of the last place of what a sum adds are its error.
const ulps = 8 * 0x1p-52

// moment is the size of what a body's balance adds up: the speeds of the joints below it, which may cancel, and what
// its subtree's momenta would be without that.
type moment struct{ speed, turn, force, torque float64 }

// Rounding returns the part of the residual's norm that may be rounding (it implements ipm.Rounder): residuals are
// measured in what is natural for the mechanism, and the joints of one that whirls carry a million times that.
func (p *problem) Rounding() (worst float64) {
	s := p.s
	for _, tr := range p.parts {
		for i := tr.First; i < tr.Last; i++ {
			b, k, m := &s.m.Bodies[i], &s.knots[i], &s.moments[i]
			*m = moment{}
			if b.Parent != World {
				q := &s.moments[b.Parent]
				m.speed, m.turn = q.speed+q.turn*spatial.Norm(k.arm), q.turn
			}
			for j := b.V; j < b.V+b.NT; j++ {
				m.speed += math.Abs(s.vNext[j])
			}
			for j := b.V + b.NT; j < b.V+b.NT+b.NR; j++ {
				m.turn += math.Abs(s.vNext[j])
			}
			m.force = b.Mass * (m.speed + m.turn*spatial.Norm(k.carm))
			m.torque = spatial.Norm(k.r2)*m.force + (k.inertia.XX+k.inertia.YY+k.inertia.ZZ)*m.turn
		}
		for i := tr.Last - 1; i >= tr.First; i-- {
			b, m := &s.m.Bodies[i], &s.moments[i]
			for j := b.V; j < b.V+b.NT+b.NR; j++ {
				t := &s.tree.Screw2[j]
				worst = max(worst, (spatial.Norm(t.Lin)*m.force+spatial.Norm(t.Ang)*m.torque)*s.perMomentum[j])
			}
			if b.Parent != World {
				q := &s.moments[b.Parent]
				q.force, q.torque = q.force+m.force, q.torque+m.torque
			}
		}
	}
	return ulps * worst
}
