package ik

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/spatial/r3"
)

// ErrNotReached is wrapped by the error of [Solver.Solve] when no target is reached from the start.
var ErrNotReached = errors.New("target not reached")

// Target is where a frame shall be.
type Target struct {
	Frame sim.Frame
	Pose  sim.Pose // in the world
	Point bool     // only the origin counts, the frame may turn
}

// Options tune the search. Zero values select the defaults.
type Options struct {
	Tolerance  float64  // of the distance that is left, and of the angle times Length (m). Default 1e-8
	Iterations int      // at most. Default 200
	Length     float64  // how many meters a radian counts. Default: the radius of gyration of the mechanism that is to move
	Hold       []string // joints that keep their coordinates
}

// Result says what was found.
type Result struct {
	Distance   float64  // the largest that is left between the origin of a frame and its target (m)
	Angle      float64  // the largest that a frame is turned against its target (rad)
	Iterations int      // steps that were tried
	AtLimit    []string // joints that ended at a limit
}

// Solver searches. It holds scratch memory: use one per goroutine.
type Solver struct {
	m      *sim.Model
	query  *sim.Query
	opt    Options
	joints []sim.JointInfo
	mimics []sim.MimicInfo
	held   []bool    // velocities that do not change
	scale  []float64 // of the velocities: a meter of a slider counts as much as 1/Length radians of a hinge
	length float64

	frame, j  mat.Dense // Jacobians of a frame, and of all residuals by the velocities that are free, scaled
	r, y      *mat.VecDense
	jjt, damp *mat.SymDense
	chol      mat.Cholesky
	q, d      []float64
	stuck     []bool // at a limit that they press against
}

// New returns a solver for m. A model whose loops close is refused: assemble it with [sim.Model.Assemble].
func New(m *sim.Model, o Options) (*Solver, error) {
	if l := m.Loops(); len(l) > 0 {
		return nil, fmt.Errorf("ik: model %q has the loop %s: what closes loops is not solved here", m.Name(), l[0].Name)
	}
	if o.Tolerance < 0 || o.Iterations < 0 || o.Length < 0 || math.IsNaN(o.Tolerance+o.Length) || math.IsInf(o.Length, 0) {
		return nil, fmt.Errorf("ik: options %+v: negative or not finite", o)
	}
	if o.Tolerance == 0 {
		o.Tolerance = 1e-8
	}
	if o.Iterations == 0 {
		o.Iterations = 200
	}
	nv := m.NV()
	s := &Solver{
		m: m, query: m.NewQuery(), opt: o, joints: m.Joints(), mimics: m.Mimics(),
		held: make([]bool, nv), scale: make([]float64, nv), q: make([]float64, m.NQ()), d: make([]float64, nv), stuck: make([]bool, nv),
	}
	for _, name := range o.Hold {
		j, err := m.Joint(name)
		if err != nil {
			return nil, fmt.Errorf("ik: Hold: %w", err)
		}
		for k := j.V; k < j.V+j.NV; k++ {
			s.held[k] = true
		}
	}
	return s, nil
}

// Solve stores in dst (length NQ) the configuration nearest to its targets that it finds from start, which may be dst. Its error wraps
// [ErrNotReached], and says what is left and which joints are at their limits, when that is not near enough.
func (s *Solver) Solve(dst, start []float64, targets ...Target) (Result, error) {
	if err := s.begin(start, targets); err != nil {
		return Result{}, err
	}
	var out Result
	copy(dst, start)
	s.confine(dst)
	left, err := s.residuals(dst, targets)
	if err != nil {
		return out, err
	}
	lambda := 1e-3
	for out.Iterations < s.opt.Iterations && !s.near(targets) {
		s.jacobian(dst, targets)
		better := false
		for ; !better && lambda < 1e12 && out.Iterations < s.opt.Iterations; out.Iterations++ {
			s.step(dst, lambda)
			l, err := s.residuals(s.q, targets)
			if err != nil {
				return out, err
			}
			if better = l < left; !better {
				lambda *= 8
				continue
			}
			copy(dst, s.q)
			left, lambda = l, max(lambda/8, 1e-12)
		}
		if !better {
			break // a minimum, as far as rounding lets one see
		}
	}
	if _, err := s.residuals(dst, targets); err != nil {
		return out, err
	}
	out.Distance, out.Angle = s.left(targets)
	out.AtLimit = s.atLimit(dst)
	if s.near(targets) {
		return out, nil
	}
	text := ""
	if len(out.AtLimit) > 0 {
		text = "; at their limits: " + strings.Join(out.AtLimit, ", ")
	}
	return out, fmt.Errorf("ik: model %q: %w: %.3g m and %.3g rad are left%s; start elsewhere, or see whether it is in reach", s.m.Name(), ErrNotReached, out.Distance, out.Angle, text)
}

// begin checks what is asked for and makes room.
func (s *Solver) begin(start []float64, targets []Target) error {
	if len(targets) == 0 {
		return errors.New("ik: there is no target")
	}
	rows := 0
	for i := range targets {
		t := &targets[i]
		if t.Frame.Body < 0 || t.Frame.Body >= len(s.joints) {
			return fmt.Errorf("ik: target %d: frame %q is fixed to the world", i, t.Frame.Name)
		}
		p, r := t.Pose.Pos, t.Pose.Rot
		n := math.Sqrt(r.Real*r.Real + r.Imag*r.Imag + r.Jmag*r.Jmag + r.Kmag*r.Kmag)
		if x := p.X + p.Y + p.Z; x-x != 0 || !t.Point && !(math.Abs(n-1) < 1e-6) {
			return fmt.Errorf("ik: target %d: the pose is not finite, or its quaternion not unit", i)
		}
		rows += t.rows()
	}
	if s.length = s.opt.Length; s.length == 0 {
		s.length = s.m.Mechanism(targets[0].Frame.Body).Radius
	}
	for _, j := range s.joints {
		for k := range j.NV {
			if s.scale[j.V+k] = 1; k < len(j.Type.Trans) {
				s.scale[j.V+k] = s.length
			}
		}
	}
	if s.r == nil || s.r.Len() != rows {
		s.r, s.y = mat.NewVecDense(rows, nil), mat.NewVecDense(rows, nil)
		s.jjt, s.damp = mat.NewSymDense(rows, nil), mat.NewSymDense(rows, nil)
		s.j = *mat.NewDense(rows, len(s.d), nil)
	}
	return s.query.At(start)
}

func (t *Target) rows() int {
	if t.Point {
		return 3
	}
	return 6
}

// residuals stores how the frames must yet move at q, rotations times the length, and returns the size of it.
func (s *Solver) residuals(q []float64, targets []Target) (float64, error) {
	if err := s.query.At(q); err != nil {
		return 0, err
	}
	row := 0
	for i := range targets {
		t := &targets[i]
		at := s.query.Pose(t.Frame)
		s.set(row, r3.Sub(t.Pose.Pos, at.Pos))
		if !t.Point {
			s.set(row+3, r3.Scale(s.length, turn(at, t.Pose)))
		}
		row += t.rows()
	}
	return mat.Norm(s.r, 2), nil
}

func (s *Solver) set(row int, v r3.Vec) {
	s.r.SetVec(row, v.X)
	s.r.SetVec(row+1, v.Y)
	s.r.SetVec(row+2, v.Z)
}

func (s *Solver) get(row int) r3.Vec {
	return r3.Vec{X: s.r.AtVec(row), Y: s.r.AtVec(row + 1), Z: s.r.AtVec(row + 2)}
}

// turn returns the rotation vector from a to b, world axes (rad).
func turn(a, b sim.Pose) r3.Vec {
	q := sim.Pose{Rot: b.Rot}.Mul(sim.Pose{Rot: a.Inv().Rot}).Rot
	v := r3.Vec{X: q.Imag, Y: q.Jmag, Z: q.Kmag}
	if q.Real < 0 { // the short way round
		q.Real, v = -q.Real, r3.Scale(-1, v)
	}
	n := r3.Norm(v)
	if n == 0 {
		return v
	}
	return r3.Scale(2*math.Atan2(n, q.Real)/n, v)
}

// left returns the largest distance and angle that are left.
func (s *Solver) left(targets []Target) (distance, angle float64) {
	row := 0
	for i := range targets {
		distance = max(distance, r3.Norm(s.get(row)))
		if !targets[i].Point {
			angle = max(angle, r3.Norm(s.get(row+3))/s.length)
		}
		row += targets[i].rows()
	}
	return distance, angle
}

func (s *Solver) near(targets []Target) bool {
	d, a := s.left(targets)
	return d <= s.opt.Tolerance && a*s.length <= s.opt.Tolerance
}

// jacobian stores the derivative of the motions of the frames by the scaled velocities that are free, at q.
func (s *Solver) jacobian(q []float64, targets []Target) {
	if err := s.query.At(q); err != nil {
		panic("ik: " + err.Error()) // it was there before
	}
	s.j.Zero()
	row := 0
	for i := range targets {
		t := &targets[i]
		s.query.Jacobian(&s.frame, t.Frame)
		for k := range t.rows() {
			unit := 1.0
			if k >= 3 {
				unit = s.length
			}
			for c := range s.d {
				s.j.Set(row+k, c, unit*s.frame.At(k, c))
			}
		}
		row += t.rows()
	}
	for i := len(s.mimics) - 1; i >= 0; i-- { // followers of followers come after what they follow
		c := &s.mimics[i]
		v, of := s.joints[c.Joint].V, s.joints[c.Of].V
		x := q[s.joints[c.Of].Q]
		slope := c.Ratio + x*(2*c.Curve[0]+x*(3*c.Curve[1]+x*4*c.Curve[2]))
		for r := range row {
			s.j.Set(r, of, s.j.At(r, of)+slope*s.j.At(r, v))
			s.j.Set(r, v, 0)
		}
	}
	for c := range s.d {
		k := s.scale[c]
		if s.held[c] {
			k = 0
		}
		for r := range row {
			s.j.Set(r, c, k*s.j.At(r, c))
		}
	}
}

// step stores in s.q where the damped step leads from q: the least change d of what is free with (J Jᵀ + λ) y = r, d = Jᵀy. What would
// leave its limits stays there, and the rest takes the step again.
func (s *Solver) step(q []float64, lambda float64) {
	clear(s.stuck)
	n := s.r.Len()
	size := 0.0
	for range len(s.d) + 1 {
		for a := range n {
			for b := a; b < n; b++ {
				sum := 0.0
				for c := range s.d {
					if !s.stuck[c] {
						sum += s.j.At(a, c) * s.j.At(b, c)
					}
				}
				s.jjt.SetSym(a, b, sum)
			}
		}
		if size == 0 {
			size = max(mat.Trace(s.jjt)/float64(n), math.SmallestNonzeroFloat64)
		}
		s.damp.CopySym(s.jjt)
		for a := range n {
			s.damp.SetSym(a, a, s.damp.At(a, a)+lambda*size)
		}
		if !s.chol.Factorize(s.damp) {
			clear(s.d) // no step is no improvement: more damping follows
			break
		}
		_ = s.chol.SolveVecTo(s.y, s.r) // near singular arms it warns of their condition: what comes of it is tried anyway
		for c := range s.d {
			s.d[c] = 0
			for a := range n {
				if !s.stuck[c] {
					s.d[c] += s.scale[c] * s.j.At(a, c) * s.y.AtVec(a)
				}
			}
		}
		if !s.catch(q) {
			break
		}
	}
	most := 0.0
	for c := range s.d {
		most = max(most, math.Abs(s.d[c])/s.scale[c])
	}
	if most > farthest {
		for c := range s.d {
			s.d[c] *= farthest / most
		}
	}
	s.m.Displace(s.q, q, s.d)
	s.confine(s.q)
}

// farthest is how far a hinge turns in a step (rad): beyond, the Jacobian says little, and arms come out folded the other way.
const farthest = 0.5

// catch marks velocities at a limit that the step goes beyond, and reports whether there are new ones.
func (s *Solver) catch(q []float64) (more bool) {
	for _, j := range s.joints {
		for k := range j.NV {
			if c := j.V + k; s.scalar(&j, k) && j.Axes[k].Limited && !s.stuck[c] {
				x := q[j.Q+k]
				if s.d[c] < 0 && x <= j.Axes[k].Lower || s.d[c] > 0 && x >= j.Axes[k].Upper {
					s.stuck[c], more = true, true
				}
			}
		}
	}
	return more
}

// scalar reports whether velocity k of a joint is one number of the configuration.
func (s *Solver) scalar(j *sim.JointInfo, k int) bool {
	return j.QuaternionOf() < 0 || k < len(j.Type.Trans)
}

// confine moves q into the limits, and followers to what they follow.
func (s *Solver) confine(q []float64) {
	for i := range s.joints {
		j := &s.joints[i]
		for k := range j.NV {
			if a := &j.Axes[k]; a.Limited && s.scalar(j, k) && !s.held[j.V+k] {
				q[j.Q+k] = min(max(q[j.Q+k], a.Lower), a.Upper)
			}
		}
		if at := j.QuaternionOf(); at >= 0 && j.Axes[j.NV-1].Limited && !s.held[j.V+j.NV-1] {
			bend(q[at:at+4], j.Axes[j.NV-1].Upper)
		}
	}
	for _, c := range s.mimics {
		x := q[s.joints[c.Of].Q]
		q[s.joints[c.Joint].Q] = c.Offset + x*(c.Ratio+x*(c.Curve[0]+x*(c.Curve[1]+x*c.Curve[2])))
	}
}

// bend makes the angle of a quaternion (w, x, y, z) at most most.
func bend(q []float64, most float64) {
	n := math.Sqrt(q[1]*q[1] + q[2]*q[2] + q[3]*q[3])
	if 2*math.Atan2(n, math.Abs(q[0])) <= most {
		return
	}
	sin, cos := math.Sincos(most / 2)
	k := sin / n
	if q[0] < 0 {
		k = -k
	}
	q[0], q[1], q[2], q[3] = cos, k*q[1], k*q[2], k*q[3]
}

// atLimit returns the names of the joints that are at a limit.
func (s *Solver) atLimit(q []float64) (names []string) {
	const close = 1e-6 // m or rad
	for i := range s.joints {
		j := &s.joints[i]
		for k := range j.NV {
			a := &j.Axes[k]
			if x := q[j.Q+min(k, j.NQ-1)]; s.scalar(j, k) && a.Limited && (x <= a.Lower+close || x >= a.Upper-close) && !slices.Contains(names, j.Name) {
				names = append(names, j.Name)
			}
		}
	}
	return names
}
