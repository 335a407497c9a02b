package urdf

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// piece is a link that moves, with all that is fixed to it; the first one is the root's.
type piece struct {
	link     *link
	links    []*link
	mass     float64
	above    float64 // mass of the piece and of all that hangs on it
	parent   *piece  // nil for the root
	children []*piece
	moves    bool
	frame    sim.Pose // of the link in the root's frame, at the start
	in       []screw  // motions of the joint that carries it, there
	poses    []sim.Pose
}

// screw is a motion: angular velocity and the velocity of the point at the origin.
type screw struct{ ang, lin r3.Vec }

// weigh finds what the masses of the robot make impossible or hard to simulate: moving links with nothing to
// be moved, chains of massless links with motions that move nothing, and specks.
func (r *reader) weigh() {
	all := r.pieces()
	if p := all[0]; p.moves && p.mass == 0 && p.link.name == "world" {
		r.errorf(p.link.node, "the root is called \"world\" and cannot float; fix the base, or call the link otherwise and give it a mass")
		return
	}
	total := 0.0
	for i := len(all) - 1; i >= 0; i-- {
		p := all[i]
		p.above += p.mass
		if p.parent != nil {
			p.parent.above += p.above
		}
		if p.moves {
			total += p.mass
		}
	}
	// A ball that a robot does not notice, and that it can still move.
	ball := smallest
	if total > 0 {
		ball = math.Max(math.Min(smallest, 1e-3*total), 1e-4*total)
	}
	for _, p := range all {
		if p.moves && p.above == 0 {
			r.weightless(p, ball)
		}
	}
	r.ghosts(all)
	r.idle(all, ball)
	r.specks(all, total, ball)
}

// pieces returns the pieces of the tree, parents before children.
func (r *reader) pieces() []*piece {
	root := &piece{link: r.root(), frame: sim.IdentityPose}
	if r.base == FloatingBase {
		root.moves = true
		root.in, _ = r.screws(&joint{typ: sim.Free()}, root.frame)
	}
	all := []*piece{root}
	for k := 0; k < len(all); k++ {
		p := all[k]
		type placed struct {
			l    *link
			pose sim.Pose
		}
		stack := []placed{{p.link, p.frame}}
		for len(stack) > 0 {
			at := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			p.links, p.poses = append(p.links, at.l), append(p.poses, at.pose)
			p.mass += at.l.inertia.Mass
			for _, j := range at.l.children {
				pose := at.pose.Mul(j.origin)
				if j.kind == "fixed" {
					stack = append(stack, placed{j.child, pose})
					continue
				}
				c := &piece{link: j.child, parent: p, moves: true}
				c.in, c.frame = r.screws(j, pose)
				p.children = append(p.children, c)
				all = append(all, c)
			}
		}
	}
	return all
}

// screws returns the motions of a joint whose frame has the given pose, and the pose of its child, at the start.
func (r *reader) screws(j *joint, pose sim.Pose) ([]screw, sim.Pose) {
	var out []screw
	for _, a := range j.typ.Trans {
		out = append(out, screw{lin: r3.Rotation(pose.Rot).Rotate(a)})
	}
	for _, a := range j.typ.Rot {
		ang := r3.Rotation(pose.Rot).Rotate(a)
		out = append(out, screw{ang: ang, lin: r3.Cross(pose.Pos, ang)})
	}
	if j.typ.NV() != 1 {
		return out, pose
	}
	q := r.start(j)
	if len(j.typ.Trans) == 1 {
		pose.Pos = r3.Add(pose.Pos, r3.Scale(q, out[0].lin))
	} else {
		pose.Rot = quat.Mul(pose.Rot, quat.Number(r3.NewRotation(q, j.typ.Rot[0])))
	}
	return out, pose
}

// start returns where a joint with one free motion starts: at zero, or in the middle of limits that exclude it.
func (r *reader) start(j *joint) float64 {
	if m := j.mimic; m != nil {
		if lead := r.joint[m.Joint]; lead != nil && lead.mimic == nil && lead.typ.NV() == 1 {
			return m.Ratio*r.start(lead) + m.Offset
		}
		return 0
	}
	switch s := span(j); {
	case s[0] <= 0 && s[1] >= 0:
		return 0
	case math.IsInf(s[1], 1):
		return s[0]
	case math.IsInf(s[0], -1):
		return s[1]
	default:
		return (s[0] + s[1]) / 2
	}
}

// weightless reports a moving piece with no mass in it nor on it: no force could move it.
func (r *reader) weightless(p *piece, ball float64) {
	why := "moves, and ends a chain"
	switch {
	case p.parent == nil:
		why = "is a floating base"
	case len(p.children) > 0:
		why = "moves, and so have the links that hang on it"
	}
	r.giveMass(p, ball, "has no mass but "+why)
}

// giveMass gives a massless piece that of its shapes, or of a ball.
func (r *reader) giveMass(p *piece, ball float64, wrong string) {
	if !r.opt.Repair {
		_, how := r.guess(p.link, ball)
		r.errorf(p.link.node, "%s; give it an <inertial>, or load with Repair to give it that of %s", wrong, how)
		return
	}
	for _, l := range p.links {
		if in, how, ok := r.estimate(l); ok {
			l.inertia = in
			p.mass += in.Mass
			r.notef(Physics, l.node, "repaired: the link %s; it got that of %s", wrong, how)
		}
	}
	if p.mass == 0 {
		in, how := r.guess(p.link, ball)
		p.link.inertia = in
		p.mass = in.Mass
		r.notef(Physics, p.link.node, "repaired: the link %s; it got that of %s", wrong, how)
	}
	for q := p; q != nil; q = q.parent {
		q.above += p.mass
	}
}

// ghosts are massless pieces between moving joints that have shapes: something is there, and should weigh. That
// it does not is possible, and no error.
func (r *reader) ghosts(all []*piece) {
	for _, p := range all {
		if !p.hollow() {
			continue
		}
		for _, l := range p.links {
			switch in, how, ok := r.estimate(l); {
			case !ok:
			case r.opt.Repair:
				l.inertia = in
				p.mass += in.Mass
				r.notef(Physics, l.node, "repaired: the link moves and has shapes but no mass; it got that of %s", how)
			default:
				r.notef(Physics, l.node, "moves and has shapes but no mass; give it an <inertial>, or load with Repair to give it that of %s", how)
			}
		}
		for q := p; q != nil && p.mass > 0; q = q.parent {
			q.above += p.mass
		}
	}
}

// idle finds chains of massless pieces whose joints can move, at the start, without moving anything that has
// mass: nothing would resist, and the first step be singular. A wrist whose first and last axis are in line is
// the usual one.
func (r *reader) idle(all []*piece, ball float64) {
	for _, top := range all {
		if !top.hollow() || top.parent.hollow() {
			continue
		}
		var chain []*piece
		var columns []screw
		var rows [][]int // the columns on the way to each piece with mass
		var walk func(p *piece, way []int)
		walk = func(p *piece, way []int) {
			way = way[:len(way):len(way)]
			for _, s := range p.in {
				way = append(way, len(columns))
				columns = append(columns, s)
			}
			if !p.hollow() {
				rows = append(rows, way)
				return
			}
			chain = append(chain, p)
			for _, c := range p.children {
				walk(c, way)
			}
		}
		walk(top, nil)
		if independent(columns, rows) {
			continue
		}
		for _, p := range chain {
			names := make([]string, len(chain))
			for i, q := range chain {
				names[i] = fmt.Sprintf("%q", clip(q.link.name))
			}
			if len(names) > 10 {
				names = append(names[:10], "…")
			}
			r.giveMass(p, ball, fmt.Sprintf("has no mass, and the joints around %s can move without moving anything that has", strings.Join(names, ", ")))
		}
	}
}

// hollow reports whether p moves without mass of its own and carries mass.
func (p *piece) hollow() bool { return p != nil && p.moves && p.mass == 0 && p.above > 0 }

// independent reports whether every motion of the columns moves the end of a row.
func independent(columns []screw, rows [][]int) bool {
	n := len(columns)
	if n > 6*len(rows) {
		return false
	}
	const most = 200 // columns of a chain that is worth looking at; real ones have a handful
	if n == 0 || n > most {
		return true
	}
	far := 0.0 // makes lengths comparable with angles
	for _, s := range columns {
		if s.ang != (r3.Vec{}) {
			far = math.Max(far, r3.Norm(s.lin))
		}
	}
	if far == 0 {
		far = 1
	}
	a := mat.NewDense(6*len(rows), n, nil)
	for i, way := range rows {
		for _, k := range way {
			s := columns[k]
			if s.ang == (r3.Vec{}) {
				s.lin = r3.Scale(far, s.lin)
			}
			for c, x := range []float64{s.ang.X, s.ang.Y, s.ang.Z, s.lin.X / far, s.lin.Y / far, s.lin.Z / far} {
				a.Set(6*i+c, k, x)
			}
		}
	}
	var svd mat.SVD
	if !svd.Factorize(a, mat.SVDNone) {
		return true
	}
	const parallel = 1e-6
	v := svd.Values(nil)
	return v[n-1] > parallel*v[0]
}

// The parts of a robot's mass, and of the moment of inertia that moves with its parent, below which what a joint
// moves is too little to solve for beside the rest.
const (
	speck   = 1e-6
	spindle = 1e-6
)

// specks reports joints that move next to nothing beside the rest of the robot.
func (r *reader) specks(all []*piece, total, ball float64) {
	for i := len(all) - 1; i > 0; i-- {
		p := all[i]
		if p.above == 0 || p.above >= speck*total || p.mass == 0 {
			continue
		}
		if !r.opt.Repair {
			r.notef(Physics, p.link.node, "moves with a mass of %.3g kg, %.1g of the robot's %.3g kg: steps may take hundreds of iterations or fail; fix it to its parent, give it a real mass, or load with Repair to make it %.3g kg", p.above, p.above/total, total, ball)
			continue
		}
		k := ball / p.above
		for _, l := range p.links {
			l.inertia = scaled(l.inertia, k)
		}
		r.notef(Physics, p.link.node, "repaired: it moves with a mass of %.3g kg, %.1g of the robot's %.3g kg: mass and inertia are made %.3g times as large", p.above, p.above/total, total, k)
		for q := p.parent; q != nil; q = q.parent {
			q.above += p.mass * (k - 1)
		}
	}
	r.spindles(all)
}

// spindles is specks for hinges whose links have mass, but nearly all of it on the axis.
func (r *reader) spindles(all []*piece) {
	body := make(map[*piece]sim.Inertia, len(all)) // of a piece with all that hangs on it, in the root's frame
	for i := len(all) - 1; i >= 0; i-- {
		p := all[i]
		for k, l := range p.links {
			if p.moves {
				body[p] = body[p].Plus(l.inertia.Placed(p.poses[k]))
			}
		}
		if p.parent != nil {
			body[p.parent] = body[p.parent].Plus(body[p])
		}
	}
	whole := body[all[0]]
	least := 10e-12 * (whole.Ixx + whole.Iyy + whole.Izz) / 2 // a tenth of it and sim.Builder refuses the joint
	for _, p := range all[1:] {
		if len(p.in) != 1 || p.in[0].ang == (r3.Vec{}) || p.above == 0 {
			continue
		}
		rest, name := body[p.parent], p.parent.link.name // all that its parent moves
		if !p.parent.moves {
			rest, name = body[p], p.link.name
		}
		i, size := about(body[p], p.in[0].ang, p.frame.Pos), (rest.Ixx+rest.Iyy+rest.Izz)/2
		small := math.Max(spindle*size, least)
		if i >= small {
			continue
		}
		wrong := fmt.Sprintf("turns with an inertia of %.3g kg m² about its joint, %.1g of the %.3g kg m² of link %q and all it carries", i, i/size, size, clip(name))
		if !r.opt.Repair {
			r.notef(Physics, p.link.node, "%s: steps may take hundreds of iterations or fail; fix it to its parent, give it a real inertia, or load with Repair to make it %.3g kg m²", wrong, 10*small)
			continue
		}
		for _, l := range p.heaviest().links {
			if l.inertia.Mass > 0 {
				l.inertia.Ixx += 10 * small
				l.inertia.Iyy += 10 * small
				l.inertia.Izz += 10 * small
				break
			}
		}
		r.notef(Physics, p.link.node, "repaired: it %s: %.3g kg m² are added", wrong, 10*small)
	}
}

// heaviest returns p, or what carries the most of the mass on it where it has none.
func (p *piece) heaviest() *piece {
	for p.mass == 0 && len(p.children) > 0 {
		p = slices.MaxFunc(p.children, func(a, b *piece) int { return cmp.Compare(a.above, b.above) })
	}
	return p
}

// about returns the moment of inertia about the axis along the unit vector a through x.
func about(in sim.Inertia, a, x r3.Vec) float64 {
	own := a.X*a.X*in.Ixx + a.Y*a.Y*in.Iyy + a.Z*a.Z*in.Izz + 2*(a.X*a.Y*in.Ixy+a.X*a.Z*in.Ixz+a.Y*a.Z*in.Iyz)
	return own + in.Mass*r3.Norm2(r3.Cross(a, r3.Sub(in.COM, x)))
}
