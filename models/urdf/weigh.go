package urdf

import "math"

// weigh finds what the masses of the robot make impossible or hard to simulate: moving links with nothing to
// be moved, chains of massless links with motions that move nothing, and specks.
func (r *reader) weigh() {
	all := r.pieces()
	if p := all[0]; p.moves && p.mass == 0 && p.link.name == "world" {
		r.errorf(p.link.node, "the root is called \"world\" and cannot float; fix the base, or call the link otherwise and give it a mass")
		return
	}
	for i := len(all) - 1; i >= 0; i-- {
		p := all[i]
		if p.above += p.mass; p.parent != nil {
			p.parent.above += p.above
		}
	}
	_, ball := weight(all)
	for _, p := range all {
		if p.moves && p.above == 0 {
			r.weightless(p, ball)
		}
	}
	r.ghosts(all)
	_, ball = weight(all) // shapes may weigh more than all that had a mass
	r.idle(all, ball)
	total, ball := weight(all)
	r.specks(all, total, ball)
}

// weight returns the mass of all that moves, and that of a ball which the robot does not notice and can still move.
func weight(all []*piece) (total, ball float64) {
	for _, p := range all {
		if p.moves {
			total += p.mass
		}
	}
	if total == 0 {
		return 0, smallest
	}
	return total, math.Max(math.Min(smallest, 1e-3*total), 1e-4*total)
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
