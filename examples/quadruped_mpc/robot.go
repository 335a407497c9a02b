package main

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/trajopt"
	"gonum.org/v1/gonum/spatial/r3"
)

// quadruped returns the robot with servos in its joints, in steps of h seconds.
func quadruped(h float64) (*sim.Model, error) {
	e, err := models.Find("quadruped")
	if err != nil {
		return nil, err
	}
	b := e.Builder(models.Options{Timestep: h})
	for _, j := range b.Joints() {
		if len(j.Axes) == 1 {
			b.SetServo(j.Name, 50, 1)
		}
	}
	return b.Build()
}

// robot is what is controlled.
type robot struct {
	model   *sim.Model
	stepper *sim.Stepper
	x       sim.State
	states  []sim.State // after every step
}

// newRobot returns one that has come to rest on its feet.
func newRobot() (*robot, error) {
	m, err := quadruped(period / parts)
	if err != nil {
		return nil, err
	}
	r := &robot{model: m, stepper: m.NewStepper(sim.Options{}), x: models.Standing(m)}
	targets := slices.Clone(r.x.Q[7:])
	for range 400 {
		if _, err := r.stepper.Step(&r.x, r.x, targets); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// report is how a push went.
type report struct {
	far, end, tilt, speed float64 // m from the start at most and at the end, rad, m/s at the end
	ticks                 []trajopt.Tick
}

// stand lets the controller work while the trunk is pushed from 0.2 to 0.3 s.
func (r *robot) stand(control *trajopt.MPC, push r3.Vec, seconds float64) (*report, error) {
	start, u, rep := r.x.Clone(), make([]float64, r.model.NU()), &report{}
	trunk, err := r.model.FindBody("trunk")
	if err != nil {
		return nil, err
	}
	for k := range int(math.Round((0.3 + seconds) / period)) {
		tick, err := control.Tick(u, r.x)
		if err != nil {
			return nil, fmt.Errorf("at %.2f s: %w", float64(k)*period, err)
		}
		rep.ticks = append(rep.ticks, tick)
		force := sim.Wrench{}
		if k >= 20 && k < 30 {
			force.Force = push
		}
		r.stepper.SetWrench(trunk, force)
		for range parts {
			if _, err := r.stepper.Step(&r.x, r.x, u); err != nil {
				return nil, err
			}
			r.states = append(r.states, r.x.Clone())
		}
		rep.end = math.Hypot(r.x.Q[0]-start.Q[0], r.x.Q[1]-start.Q[1])
		rep.far = max(rep.far, rep.end)
		up := 1 - 2*(r.x.Q[4]*r.x.Q[4]+r.x.Q[5]*r.x.Q[5]) // of the trunk's own vertical
		rep.tilt = max(rep.tilt, math.Acos(min(1, up)))
	}
	rep.speed = r3.Norm(r3.Vec{X: r.x.V[0], Y: r.x.V[1], Z: r.x.V[2]})
	return rep, nil
}

// time says how long decisions took.
func (r *report) time() string {
	var sum trajopt.Timing
	var each []time.Duration
	late := 0
	for _, t := range r.ticks {
		each = append(each, t.Elapsed)
		sum.Rollouts += t.Timing.Rollouts
		sum.Derivatives += t.Timing.Derivatives
		sum.Backward += t.Timing.Backward
		sum.Total += t.Elapsed
		if t.Late {
			late++
		}
	}
	slices.Sort(each)
	n := len(each)
	per := func(d time.Duration) time.Duration { return (d / time.Duration(n)).Round(time.Microsecond) }
	return fmt.Sprintf("a decision takes %v (rollouts %v, derivatives %v, backward %v), half of them %v or less, at most %v; %d of %d were cut short",
		per(sum.Total), per(sum.Rollouts), per(sum.Derivatives), per(sum.Backward), each[n/2].Round(time.Microsecond), each[n-1].Round(time.Microsecond), late, n)
}
