package implicit

import (
	"slices"

	"github.com/ukemi-sim/ukemi/internal/dynamics"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
)

// A step that an impact divides ([sim.Options.DivideImpacts]) has parts whose lengths depend on the state: those before
// the impact grow with its time τ, those behind it shrink. So a derivative is that at fixed lengths and, times the
// change of τ, that by the lengths, which the timestep's needs too.

// impact is the one that divides a step.
type impact struct {
	dynamics.Impact
	on        bool
	now, back sim.Frame // on which the gaps hang at the start of the step and of the interval before
	start     sim.State
	slope     Tangent // of τ by the state at the start of the step

	lengths []dynamics.Lengths // changes with τ of the lengths of the parts, and of the intervals before them
}

// findImpact finds what divided the step at hand, with an engine that is free.
func (t *taken) findImpact(e *dynamics.Stepper) {
	if t.hit = (impact{}); !slices.ContainsFunc(t.parts, func(p sim.Part) bool { return p.ByImpact != 0 }) {
		return
	}
	m, start := t.m, t.parts[0].Start
	e.Load(start.Q, start.V, t.u, m.Timestep(), start.H)
	h := &t.hit
	h.on, h.Impact, h.start = true, e.Impact(), start
	body := m.Engine().Contacts[h.Contact].Body
	h.now = sim.Frame{Body: body, Pose: sim.Pose{Pos: h.Now, Rot: spatial.Identity}}
	h.back = sim.Frame{Body: body, Pose: sim.Pose{Pos: h.Back, Rot: spatial.Identity}}
	h.slope = NewTangent(m)
	frameColumns(m.Engine(), start.Q, h.now, func(k int, lin, _ r3.Vec) { h.slope.Q[k] += h.Slope(lin, r3.Vec{}) })
	frameColumns(m.Engine(), start.Q, h.back, func(k int, lin, _ r3.Vec) { h.slope.Q[k] += h.Slope(r3.Vec{}, lin) })
	for k := range m.NV() {
		v := h.behind(frameVelocityJacobian(m, start, h.back))
		h.slope.Q[k] += h.Slope(r3.Vec{}, v(k))
		h.slope.V[k] = h.Slope(r3.Vec{}, v(m.NV()+k))
	}
	before := 0.0
	for _, p := range t.parts {
		h.lengths = append(h.lengths, dynamics.Lengths{Step: p.ByImpact, Before: before})
		before = p.ByImpact
	}
}

// behind returns how far the point of the knot before falls behind that of the start for a unit of each coordinate and
// velocity, whose effect on its mean velocity are the columns of v.
func (h *impact) behind(v *mat.Dense) func(k int) r3.Vec {
	return func(k int) r3.Vec { return r3.Scale(-h.start.H, r3.Vec{X: v.At(0, k), Y: v.At(1, k), Z: v.At(2, k)}) }
}

// weight returns the change with τ of the time for which the forces of the step act.
func (h *impact) weight() (w float64) {
	for _, l := range h.lengths {
		w += (l.Step + l.Before) / 2
	}
	return w
}

// byState returns the change of τ with a tangent of the state, pull adds that of a change of the cost with τ to a cotangent.
func (h *impact) byState(d Tangent) float64 {
	if !h.on {
		return 0
	}
	return floats.Dot(h.slope.Q, d.Q) + floats.Dot(h.slope.V, d.V)
}

func (h *impact) pull(y Tangent, later float64) {
	if h.on {
		floats.AddScaled(y.Q, later, h.slope.Q)
		floats.AddScaled(y.V, later, h.slope.V)
	}
}

// laterBy returns the change of τ by a parameter.
func (t *taken) laterBy(p Param) (float64, error) {
	h := &t.hit
	if !h.on || p.lc >= 0 {
		return 0, nil
	}
	t.at(solve{})
	later := t.e.ImpactByParam(&h.Impact, p.p)
	switch p.p.Kind {
	case dynamics.ParamOrigin:
		now, err := FrameParamJacobian(t.m, h.start.Q, h.now, []Param{p})
		if err != nil {
			return 0, err
		}
		q := make([]float64, t.m.NQ())
		t.m.Engine().Integrate(q, h.start.Q, h.start.V, -h.start.H)
		before, err := FrameParamJacobian(t.m, q, h.back, []Param{p})
		if err != nil {
			return 0, err
		}
		at := func(j *mat.Dense) r3.Vec { return r3.Vec{X: j.At(0, 0), Y: j.At(1, 0), Z: j.At(2, 0)} }
		later += h.Slope(at(now), at(before))
	case dynamics.ParamTimestep: // the knot before moves on as if the velocity had grown
		grown, back := t.growth.Before/h.start.H, h.behind(frameVelocityJacobian(t.m, h.start, h.back))
		for k, v := range h.start.V {
			later += h.Slope(r3.Vec{}, r3.Scale(grown*v, back(t.m.NV()+k)))
		}
	}
	return later, nil
}

// stretched calls f with the engine at part k as if the timestep were τ.
func (t *taken) stretched(k int, f func()) {
	t.e.Grow(t.hit.lengths[k])
	f()
	t.e.Grow(t.growthOf(k))
}

// lengthColumn stores the derivative of the end of part k by τ, its start the same.
func (t *taken) lengthColumn(k int, next Tangent) {
	t.push(k, next, func(next Tangent) {
		t.stretched(k, func() { t.e.ParamColumn(next.Q, next.V, dynamics.Param{Kind: dynamics.ParamTimestep}) })
	})
}

// stretch adds to next, and to the impulses, what a change of τ does to part k.
func (t *taken) stretch(k int, next Tangent, later float64) {
	if !t.hit.on {
		return
	}
	x := NewTangent(t.m)
	t.lengthColumn(k, x)
	t.collect(later)
	floats.AddScaled(next.Q, later, x.Q)
	floats.AddScaled(next.V, later, x.V)
}

// stretchRows adds to the Jacobian a by the state what it does to τ, and τ to part k.
func (t *taken) stretchRows(k int, a []float64) {
	if !t.hit.on {
		return
	}
	x, nv := NewTangent(t.m), t.m.NV()
	t.lengthColumn(k, x)
	for i, c := range slices.Concat(x.Q, x.V) {
		row := a[2*nv*i : 2*nv*(i+1)]
		floats.AddScaled(row[:nv], c, t.hit.slope.Q)
		floats.AddScaled(row[nv:], c, t.hit.slope.V)
	}
}

// stretchVJP returns what a change of τ in part k does to the cost whose cotangents by its end and its impulses are (y, d).
func (t *taken) stretchVJP(k int, y Tangent, d dynamics.Forces) float64 {
	if !t.hit.on {
		return 0
	}
	out := []float64{0}
	t.backward(k, y, d, func(y Tangent, d dynamics.Forces) {
		t.stretched(k, func() { t.e.ParamForceVJP(out, []dynamics.Param{{Kind: dynamics.ParamTimestep}}, y.Q, y.V, d) })
	})
	return out[0]
}
