package main

import (
	"context"
	"errors"
	"math"
	"strings"

	"github.com/ukemi-sim/ukemi/models/urdf"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/sysid"
	"gonum.org/v1/gonum/mat"
)

var errNoData = errors.New("there is no data")

// problem is an arm with motions to learn from and to predict.
type problem struct {
	robot               *urdf.Robot
	trainName, testName string
	train, test         []sysid.Motion
}

// load reads the files. Without a test the last third of the log is one.
func load(urdfFile, train, test string) (*problem, error) {
	robot, err := loadArm(urdfFile)
	if err != nil {
		return nil, err
	}
	m, err := robot.Builder.Build()
	if err != nil {
		return nil, err
	}
	learn, err := sysid.LoadLog(train, m)
	if err != nil {
		return nil, err
	}
	var predict *sysid.Log
	if test == "" {
		cut := learn.Time[0] + 2*(learn.Time[len(learn.Time)-1]-learn.Time[0])/3
		learn, predict = learn.Between(math.Inf(-1), cut), learn.Between(cut, math.Inf(1))
	} else if predict, err = sysid.LoadLog(test, m); err != nil {
		return nil, err
	}
	p := &problem{robot: robot, trainName: learn.Name, testName: predict.Name}
	if p.train, err = learn.Motions(sysid.DefaultFilter); err != nil {
		return nil, err
	}
	p.test, err = predict.Motions(sysid.DefaultFilter)
	return p, err
}

// parts says which parts of the model of a joint are sought.
type parts struct{ presliding, spring bool }

var everything = parts{presliding: true, spring: true}

// springPrior is the standard deviation of the spring that cables are (N m/rad). Over four ways to part the 12 s into what is learned
// from and what is predicted, 0.01 to 0.03 do alike; at 0.1 joints 1 and 3 were predicted 5 and 8 % worse.
const springPrior = 0.02

// fitted is an arm that was found.
type fitted struct {
	*sysid.TorqueResult
	model *sim.Model
}

// fit finds the arm.
func (p *problem) fit(ctx context.Context, with parts) (*fitted, error) {
	m, err := p.model(with.spring)
	if err != nil {
		return nil, err
	}
	t := sysid.Torque{Model: m, Motions: p.train}
	if !with.presliding {
		t.Presliding = make([]float64, m.NV())
	}
	ps := t.Parameters()
	for i := range ps {
		if strings.HasSuffix(ps[i].Name, ".stiffness") {
			ps[i].Std = springPrior
		}
	}
	s, err := sysid.NewSet(m, ps...)
	if err != nil {
		return nil, err
	}
	r, err := t.Fit(ctx, s)
	if err != nil {
		return nil, err
	}
	found, err := s.Model(r.X)
	return &fitted{r, found}, err
}

// model builds the arm to start from.
func (p *problem) model(spring bool) (*sim.Model, error) {
	names, inertias := p.robot.Builder.Links()
	joints := p.robot.Builder.Joints()
	for i := range joints {
		a := sim.Axis{Armature: 0.1, Damping: 0.1, Friction: 0.1}
		if spring {
			a.Stiffness = 0.01
		}
		if len(joints[i].Axes) > 0 {
			joints[i].Axes = []sim.Axis{a}
		}
	}
	return assemble(p.robot.Builder, names, inertias, joints).Build()
}

// steps fits smaller models.
func (p *problem) steps(ctx context.Context) (all []step, err error) {
	for _, s := range []struct {
		name    string
		with    parts
		regress bool
	}{
		{"regression alone: no spring, friction turns at once", parts{}, true},
		{"possible bodies: no spring, friction turns at once", parts{}, false},
		{"possible bodies: no spring, presliding", parts{presliding: true}, false},
		{"possible bodies: spring, friction turns at once", parts{spring: true}, false},
	} {
		f, err := p.fit(ctx, s.with)
		if err != nil {
			return nil, err
		}
		values := f.Values
		if s.regress {
			values = f.Base.Values
		}
		e, err := f.Regression.Errors(values, p.test)
		if err != nil {
			return nil, err
		}
		all = append(all, step{s.name, e})
	}
	return all, nil
}

// fileError returns the error of the file's own bodies, without friction.
func (p *problem) fileError() ([]float64, error) {
	m, err := p.robot.Builder.Build()
	if err != nil {
		return nil, err
	}
	g, err := sysid.NewRegression(m, p.test, nil)
	if err != nil {
		return nil, err
	}
	return g.Errors(g.Start(), p.test)
}

// leastEigenvalues returns the least eigenvalue of every body's pseudo-inertia [Σ, mc; mcᵀ, m] about its frame origin: positive
// for what can be built of positive masses.
func leastEigenvalues(m *sim.Model) ([]float64, error) {
	var all []float64
	for i := range m.Bodies() {
		in := m.BodyInertia(i)
		c := [3]float64{in.COM.X, in.COM.Y, in.COM.Z}
		j := [3][3]float64{{in.Ixx, in.Ixy, in.Ixz}, {in.Ixy, in.Iyy, in.Iyz}, {in.Ixz, in.Iyz, in.Izz}}
		trace := j[0][0] + j[1][1] + j[2][2]
		p := mat.NewSymDense(4, nil)
		for a := range 3 {
			for b := a; b < 3; b++ {
				v := -j[a][b] + in.Mass*c[a]*c[b]
				if a == b {
					v += trace / 2
				}
				p.SetSym(a, b, v)
			}
			p.SetSym(a, 3, in.Mass*c[a])
		}
		p.SetSym(3, 3, in.Mass)
		var e mat.EigenSym
		if !e.Factorize(p, false) {
			return nil, errors.New("the eigenvalues of a pseudo-inertia do not converge")
		}
		all = append(all, e.Values(nil)[0])
	}
	return all, nil
}

// write stores the arm with its new bodies, damping and dry friction. URDF has no words for armature, springs, offsets and
// presliding.
func (p *problem) write(file string, f *fitted) error {
	names, inertias := p.robot.Builder.Links()
	joints := p.robot.Builder.Joints()
	for i, j := range f.model.Joints() {
		for k := range joints {
			if joints[k].Name != j.Name {
				continue
			}
			inertias[joints[k].Child] = f.model.BodyInertia(i)
			joints[k].Axes[0].Damping, joints[k].Axes[0].Friction = j.Axes[0].Damping, j.Axes[0].Friction
		}
	}
	r := *p.robot
	r.Builder = assemble(p.robot.Builder, names, inertias, joints)
	return r.WriteFile(file)
}
