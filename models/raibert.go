package models

import (
	"math"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// Raibert returns the controller of [Raibert 1986] for the model "hopper", which makes it hop and run at a horizontal
// velocity (m/s). Its three parts are his: the leg is a spring that is given the energy that it lacks while it extends;
// in flight the foot is put half of the way ahead that the body will go in stance, and farther by what it is too fast;
// and the attitude, here that of body and leg together, is servoed in flight to that and left alone in stance. Gains
// are ours. It knows the model by the state alone and has no memory.
func Raibert(velocity r3.Vec) sim.Controller {
	const (
		mass, gravity, rest = 4.7, 9.81, hopperLeg
		stiff               = 3000.0      // of the leg in stance (N/m)
		apex                = 0.75        // of the body (m)
		stance              = 0.08        // what a stance takes, as far as it moves the neutral point (s)
		place               = 0.06        // of velocity errors (s)
		turn, calm          = 30.0, 2.8   // of the attitude (N m, N m s)
		lock, brake         = 800.0, 20.0 // of the leg in flight (N/m, N s/m)
		lean                = 0.5         // most tangent of an angle to the vertical
	)
	return func(u []float64, _ int, x sim.State) {
		q := quat.Number{Real: x.Q[3], Imag: x.Q[4], Jmag: x.Q[5], Kmag: x.Q[6]}
		up := r3.Rotation(q).Rotate(r3.Vec{Z: 1})
		foot, long, rate := x.Q[2]+up.Z*x.Q[7], -x.Q[7], -x.V[6]
		v := r3.Vec{X: x.V[0], Y: x.V[1]}
		if short := rest - long; foot < hopperFoot+2e-3 && short > 1e-3 { // stance
			push := stiff * short
			if rate > 0 {
				energy := mass*gravity*(x.Q[2]-apex) + (mass*x.V[2]*x.V[2]+stiff*short*short)/2
				push = math.Max(0, push-100*energy)
			}
			copy(u, []float64{0, 0, 0, -push})
			return
		}
		ahead := r3.Add(r3.Scale(stance/2, v), r3.Scale(place, r3.Sub(v, velocity)))
		tilt := r3.Scale(-1/rest, ahead) // of up, which points from foot to body
		if n := r3.Norm(tilt); n > lean {
			tilt = r3.Scale(lean/n, tilt)
		}
		want := r3.Unit(r3.Vec{X: tilt.X, Y: tilt.Y, Z: 1})
		err := r3.Rotation(quat.Conj(q)).Rotate(r3.Cross(up, want)) // in body axes
		yaw := spatial.LogQuat(q).Z
		copy(u, []float64{turn*err.X - calm*x.V[3], turn*err.Y - calm*x.V[4], -5*yaw - calm*x.V[5], lock*(long-rest) + brake*rate})
	}
}
