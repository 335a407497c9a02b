package task

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/trajopt"
	"gonum.org/v1/gonum/spatial/r3"
)

// Balance is a quadruped that a controller of a receding horizon keeps on its feet while somebody pushes its trunk: at 100 Hz it plans
// the next 0.4 s through contact and gives the servos the first targets of the plan. The robot is not the model of the plan: it is
// simulated in steps of 5 ms at κ = 1e-5, the plan takes 20 ms at its own κ and does not know of the pushes.
type Balance struct {
	Model  *sim.Model
	States []sim.State // after every step of the robot

	control *trajopt.MPC
	stepper *sim.Stepper
	x       sim.State
}

const (
	period = 0.01 // s: of control
	parts  = 2    // steps of the robot in it
)

// BalancePushes are the forces on the trunk that it withstands (N), each for 0.1 s.
var BalancePushes = []r3.Vec{{X: 60}, {Y: 60}, {X: 150}, {Y: 150}}

// NewBalance returns a robot that has come to rest on its feet, and its controller. Options.Kappas, by default 1e-3, is
// the κ of the plan, Options.Iterations how often a decision improves it (default once), and Pace.Budget the time that
// it may take of a period: 0 is as long as it wants, and the same motion on any machine.
func NewBalance(ctx context.Context, opt trajopt.Options, pace trajopt.Pace) (*Balance, error) {
	m, _, err := quadruped(period/parts, 50, 1)
	if err != nil {
		return nil, err
	}
	b := &Balance{Model: m, stepper: m.NewStepper(sim.Options{}), x: models.Standing(m)}
	targets := slices.Clone(b.x.Q[7:])
	for range 400 {
		if _, err := b.stepper.Step(&b.x, b.x, targets); err != nil {
			return nil, err
		}
	}
	if len(opt.Kappas) == 0 {
		opt.Kappas = []float64{1e-3}
	}
	opt.Workers, pace.Period = 1, period
	p, err := stand(b.x, targets)
	if err != nil {
		return nil, err
	}
	if b.control, err = trajopt.NewMPC(p, opt, pace); err != nil {
		return nil, err
	}
	return b, b.control.Prepare(ctx, slices.Repeat([][]float64{targets}, p.Steps), 20)
}

// stand is the problem of holding a state.
func stand(rest sim.State, targets []float64) (*trajopt.Problem, error) {
	m, _, err := quadruped(0.02, 50, 1)
	if err != nil {
		return nil, err
	}
	stage, final := make([]float64, 2*m.NV()), make([]float64, 2*m.NV())
	for i := range stage {
		switch {
		case i < 6: // place of the trunk, per m² and rad²
			stage[i] = 10
			if i < 2 || i == 5 {
				stage[i] = 5 // along the ground and about the vertical
			}
		case i < m.NV(): // joints
			stage[i] = 0.1
		default: // velocities
			stage[i] = 0.01
		}
		final[i] = 10 * stage[i]
	}
	still := trajopt.State(m, rest)
	return &trajopt.Problem{
		Model: m, Start: rest, Steps: 20,
		Stage: []trajopt.Cost{still.Weigh(stage...), trajopt.Input(m, targets).Weigh(0.1)},
		Final: []trajopt.Cost{still.Weigh(final...)},
	}, nil
}

// Pushed is how a push went.
type Pushed struct {
	Push   r3.Vec  // N
	Far    float64 // m, of the trunk from where it was, along the ground, at most
	End    float64 // m, at the end
	Tilt   float64 // rad, at most
	Speed  float64 // m/s, at the end
	Ticks  []trajopt.Tick
	Period float64 // s, between decisions
}

// BalanceDecisions returns how many decisions a push takes that is followed for so long (s).
func BalanceDecisions(seconds float64) int { return int(math.Round((0.3 + seconds) / period)) }

// Push lets the controller work while the trunk is pushed from 0.2 to 0.3 s, and for some seconds after. each hears of
// every decision. When ctx ends or a step fails it returns what there is, and why.
func (b *Balance) Push(ctx context.Context, force r3.Vec, seconds float64, each func()) (*Pushed, error) {
	start, u, rep := b.x.Clone(), make([]float64, b.Model.NU()), &Pushed{Push: force, Period: period}
	trunk, err := b.Model.FindBody("trunk")
	if err != nil {
		return nil, err
	}
	for k := range BalanceDecisions(seconds) {
		if ctx.Err() != nil {
			return rep, ctx.Err()
		}
		tick, err := b.control.Tick(u, b.x)
		if err != nil {
			return rep, fmt.Errorf("at %.2f s: %w", float64(k)*period, err)
		}
		rep.Ticks = append(rep.Ticks, tick)
		w := sim.Wrench{}
		if k >= 20 && k < 30 {
			w.Force = force
		}
		b.stepper.SetWrench(trunk, w)
		for range parts {
			if _, err := b.stepper.Step(&b.x, b.x, u); err != nil {
				return rep, fmt.Errorf("at %.2f s: %w", float64(k)*period, err)
			}
			b.States = append(b.States, b.x.Clone())
		}
		rep.End = math.Hypot(b.x.Q[0]-start.Q[0], b.x.Q[1]-start.Q[1])
		rep.Far = max(rep.Far, rep.End)
		up := 1 - 2*(b.x.Q[4]*b.x.Q[4]+b.x.Q[5]*b.x.Q[5]) // of the trunk's own vertical
		rep.Tilt = max(rep.Tilt, math.Acos(max(-1, min(1, up))))
		rep.Speed = r3.Norm(r3.Vec{X: b.x.V[0], Y: b.x.V[1], Z: b.x.V[2]})
		each()
	}
	return rep, nil
}

// Check returns an error unless the robot stands.
func (p *Pushed) Check() error {
	if !(p.Speed < 0.01 && p.End < 0.06 && p.Tilt < 0.2) {
		return fmt.Errorf("after a push of %g N the robot does not stand: it tilts by %.2f rad, and ends %.2f m away at %.2g m/s", p.Push, p.Tilt, p.End, p.Speed)
	}
	return nil
}

// Words says how it went.
func (p *Pushed) Words() string {
	return fmt.Sprintf("%3.0f N for 0.1 s %s: the trunk moves by %.1f cm at most, tilts by %.1f°, ends %.1f cm away at %.0e m/s",
		r3.Norm(p.Push), map[bool]string{true: "forward", false: "aside"}[p.Push.X > 0], 100*p.Far, p.Tilt*180/math.Pi, 100*p.End, p.Speed)
}

// Time says how long ticks took, and how many were too short for a decision.
func (p *Pushed) Time() string {
	var sum trajopt.Timing
	var each []time.Duration
	late, oldest := 0, 0.0
	for _, t := range p.Ticks {
		oldest = max(oldest, t.Age)
		each = append(each, t.Elapsed)
		sum.Rollouts += t.Timing.Rollouts
		sum.Derivatives += t.Timing.Derivatives
		sum.Backward += t.Timing.Backward
		sum.Total += t.Elapsed
		if t.Late {
			late++
		}
	}
	if len(each) == 0 {
		return "no tick was taken"
	}
	slices.Sort(each)
	n := len(each)
	per := func(d time.Duration) time.Duration { return (d / time.Duration(n)).Round(time.Microsecond) }
	return fmt.Sprintf("a tick takes %v (rollouts %v, derivatives %v, backward %v), half of them %v or less, at most %v; in %d of %d the decision went on in the next, and plans were %.0f ms old at most",
		per(sum.Total), per(sum.Rollouts), per(sum.Derivatives), per(sum.Backward), each[n/2].Round(time.Microsecond), each[n-1].Round(time.Microsecond), late, n, 1000*oldest)
}
