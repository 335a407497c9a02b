package sysid

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
)

// Regression is what motions say about the numbers in which joint torques are linear: the ten inertial parameters of each body
// about its frame origin, and of each joint armature, damping, dry friction, stiffness of a spring (a cable) and the offset of its
// torque (of the sensor, of the spring's rest, or of what pulls on it).
//
// Dry friction is that of Dahl ("A solid friction model", 1968): where a joint turns back, bristles bend before it slides, and the
// torque goes to its other value with e^(−distance/presliding). Like the measured torque it is seen through the filter.
type Regression struct {
	m      *sim.Model
	names  []string
	units  []string
	start  []float64 // values in the model
	joints []equations
	bend   []float64 // presliding distance of each joint
	rest   []float64 // of its spring
}

// equations are those of one joint: its torque at the samples of all motions.
type equations struct {
	triangle *mat.Dense // of [regressor, torque], rows as many as columns
	samples  float64    // how many independent ones the rows are worth
	rows     int
	told     float64 // how many of the combinations they tell, which as many samples cannot speak of noise; see Regression.leverage
}

// perPeriod is how many samples of a period of the filter's cutoff go into the equations. What lies between tells nothing new.
const perPeriod = 10

// every returns how many samples of the motion there are for one in the equations.
func (m *Motion) every() int { return max(int(1/(perPeriod*m.Cutoff*m.Step)), 1) }

// inner returns the samples in the equations: those that are no nearer to an end than a period of the filter, which has to guess
// there what comes beyond.
func (m *Motion) inner() (samples []int) {
	edge := int(1 / (m.Cutoff * m.Step))
	for s := edge; s < len(m.Q)-edge; s += m.every() {
		samples = append(samples, s)
	}
	return samples
}

// NewRegression makes the equations of the motions. The presliding distances (rad or m) of the joints, nil for none, tell how
// far a joint turns until its dry friction has turned; 0 is at once, as the engine's joints do.
func NewRegression(m *sim.Model, motions []Motion, presliding []float64) (*Regression, error) {
	if len(motions) == 0 || m.NV() == 0 {
		return nil, errors.New("sysid: no motion, or nothing that moves")
	}
	if presliding == nil {
		presliding = make([]float64, m.NV())
	}
	if len(presliding) != m.NV() || slices.ContainsFunc(presliding, func(d float64) bool { return !(d >= 0) }) {
		return nil, fmt.Errorf("sysid: presliding distances %g, want one for each of %d joints, 0 or positive", presliding, m.NV())
	}
	r := &Regression{m: m, bend: presliding}
	r.list()
	n := len(r.names)
	r.joints = make([]equations, m.NV())
	for i := range r.joints {
		r.joints[i].triangle = mat.NewDense(n+1, n+1, nil)
	}
	for k := range motions {
		if err := r.add(&motions[k]); err != nil {
			return nil, err
		}
	}
	return r, nil
}

var (
	inertialNames = [10]string{"mass", "mx", "my", "mz", "ixx", "ixy", "iyy", "ixz", "iyz", "izz"}
	jointNames    = [5]string{"armature", "damping", "dry_friction", "stiffness", "offset"}
)

// list names the unknowns and finds their values in the model.
func (r *Regression) list() {
	for i, b := range r.m.Bodies() {
		v := inertial(r.m.BodyInertia(i))
		for c, n := range inertialNames {
			r.names, r.start = append(r.names, b+"."+n), append(r.start, v[c])
			r.units = append(r.units, [...]string{"kg", "kg m", "kg m²"}[min((c+2)/3, 2)])
		}
	}
	for _, j := range r.m.Joints() {
		for k := range j.NV {
			name, a := j.Name, sim.Axis{}
			if len(j.Axes) > k {
				a = j.Axes[k]
			}
			units := [5]string{"kg m²", "N m s/rad", "N m", "N m/rad", "N m"}
			if k < len(j.Type.Trans) {
				units = [5]string{"kg", "N s/m", "N", "N/m", "N"}
			}
			r.rest = append(r.rest, a.Rest)
			for c, v := range [5]float64{a.Armature, a.Damping, a.Friction, a.Stiffness, 0} {
				r.names, r.units, r.start = append(r.names, name+"."+jointNames[c]), append(r.units, units[c]), append(r.start, v)
			}
		}
	}
}

// inertial returns the ten inertial parameters of a body about its frame origin.
func inertial(in sim.Inertia) [10]float64 {
	m, x, y, z := in.Mass, in.COM.X, in.COM.Y, in.COM.Z
	return [10]float64{
		m, m * x, m * y, m * z,
		in.Ixx + m*(y*y+z*z), in.Ixy - m*x*y, in.Iyy + m*(x*x+z*z), in.Ixz - m*x*z, in.Iyz - m*y*z, in.Izz + m*(x*x+y*y),
	}
}

// Names returns the names of the unknowns of the linear problem, in order.
func (r *Regression) Names() []string { return r.names }

// Start returns the values of the unknowns in the model.
func (r *Regression) Start() []float64 { return slices.Clone(r.start) }

// add appends the equations of a motion.
func (r *Regression) add(mo *Motion) error {
	n, nv := len(r.names), r.m.NV()
	dry, err := r.dry(mo)
	if err != nil {
		return err
	}
	samples := mo.inner()
	rows := len(samples)
	if rows == 0 {
		return fmt.Errorf("sysid: %s lasts %g s, less than what the filter spoils at both ends", mo.Name, float64(len(mo.Q))*mo.Step)
	}
	a := make([]*mat.Dense, nv)
	for i := range a {
		a[i] = mat.NewDense(rows+n+1, n+1, nil)
	}
	d, row := r.m.NewInverse(), make([]float64, n*nv)
	for k, s := range samples {
		if err := r.rows(row, d, mo, dry, s); err != nil {
			return fmt.Errorf("sysid: %s: at %g s: %w", mo.Name, mo.Start+float64(s)*mo.Step, err)
		}
		for i := range nv {
			copy(a[i].RawRowView(k), row[i*n:(i+1)*n])
			a[i].Set(k, n, mo.Torque[s][i])
		}
	}
	for i := range a {
		e := &r.joints[i]
		a[i].Slice(rows, rows+n+1, 0, n+1).(*mat.Dense).Copy(e.triangle)
		e.triangle = triangle(a[i])
		e.rows += rows
		e.samples += float64(rows*mo.every()) * mo.Noise
	}
	return nil
}

// dry returns the directions of dry friction of a motion, by joint.
func (r *Regression) dry(mo *Motion) ([][]float64, error) {
	nv := r.m.NV()
	if len(mo.Q) == 0 || len(mo.Q[0]) != nv {
		return nil, fmt.Errorf("sysid: %s is no motion of model %q with its %d joints", mo.Name, r.m.Name(), nv)
	}
	dry := make([][]float64, nv)
	for i := range dry {
		dry[i] = mo.dry(i, r.bend[i])
	}
	return dry, nil
}

// dry returns the direction of dry friction of joint i over the motion, through the filter.
func (m *Motion) dry(i int, bend float64) []float64 {
	z, last := make([]float64, len(m.V)), direction(m.V[0][i]/m.Cutoff, bend) // as if it had moved so for a period of the filter
	for k := range z {
		way := m.V[k][i] * m.Step
		if way != 0 {
			last += (math.Copysign(1, way) - last) * math.Abs(direction(way, bend))
		}
		z[k] = last
	}
	return m.Smooth(z)
}

// direction returns where dry friction is after a way from its middle.
func direction(way, bend float64) float64 {
	switch {
	case way == 0:
		return 0
	case bend == 0:
		return math.Copysign(1, way)
	}
	return math.Copysign(-math.Expm1(-math.Abs(way)/bend), way)
}

// own returns what the numbers of joint i do to its torque at sample s, one per unit of each of jointNames.
func (r *Regression) own(mo *Motion, i, s int, dry float64) [5]float64 {
	return [5]float64{mo.A[s][i], mo.V[s][i], dry, mo.Q[s][i] - r.rest[i], 1}
}

// rows stores the equations of all joints at sample s, NV×len(names).
func (r *Regression) rows(dst []float64, d *sim.Inverse, mo *Motion, dry [][]float64, s int) error {
	n, nv, inertials := len(r.names), r.m.NV(), 10*len(r.m.Bodies())
	var y mat.Dense
	if err := d.Regressor(&y, mo.Q[s], mo.V[s], mo.A[s]); err != nil {
		return err
	}
	clear(dst)
	for i := range nv {
		row := dst[i*n : (i+1)*n]
		copy(row, y.RawRowView(i)[:inertials])
		own := r.own(mo, i, s, dry[i][s])
		copy(row[inertials+5*i:], own[:])
	}
	return nil
}

// Predict returns the torques that the values ask for, rows samples, columns joints.
func (r *Regression) Predict(values []float64, mo *Motion) ([][]float64, error) {
	n, nv := len(r.names), r.m.NV()
	if len(values) != n {
		return nil, fmt.Errorf("sysid: %d values for %d unknowns", len(values), n)
	}
	dry, err := r.dry(mo)
	if err != nil {
		return nil, err
	}
	d, row, out := r.m.NewInverse(), make([]float64, n*nv), make([][]float64, len(mo.Q))
	for s := range out {
		if err := r.rows(row, d, mo, dry, s); err != nil {
			return nil, err
		}
		out[s] = make([]float64, nv)
		for i := range nv {
			for c, v := range values {
				out[s][i] += row[i*n+c] * v
			}
		}
	}
	return out, nil
}

// Errors returns the root mean square of predicted minus measured torque of each joint over all samples of the motions.
func (r *Regression) Errors(values []float64, motions []Motion) ([]float64, error) {
	e, n := make([]float64, r.m.NV()), 0
	for k := range motions {
		tau, err := r.Predict(values, &motions[k])
		if err != nil {
			return nil, err
		}
		for s := range tau {
			for i := range e {
				x := tau[s][i] - motions[k].Torque[s][i]
				e[i] += x * x
			}
		}
		n += len(tau)
	}
	for i := range e {
		e[i] = math.Sqrt(e[i] / float64(n))
	}
	return e, nil
}
