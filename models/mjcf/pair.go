package mjcf

// pairSpec is a <pair> as written.
type pairSpec struct {
	condim   int
	friction [5]float64
}

func defaultPair() pairSpec {
	return pairSpec{condim: 3, friction: [5]float64{1, 1, 0.005, 0.0001, 0.0001}}
}

func (r *reader) readPair(n *node, p *pairSpec) {
	r.integer(n, "condim", &p.condim)
	r.upTo(n, "friction", p.friction[:])
}

// validFriction reports a dimension of contact that does not exist, and friction that pushes.
func (r *reader) validFriction(n *node, condim int, friction []float64) {
	switch condim {
	case 1, 3, 4, 6:
	default:
		r.errorf(n, "attribute condim is %d, want 1, 3, 4 or 6", condim)
	}
	for _, f := range friction {
		if f < 0 {
			r.errorf(n, "attribute friction has the negative number %g", f)
		}
	}
}

func (r *reader) readContacts() {
	m := r.model
	for _, s := range r.sections("contact") {
		for _, n := range s.kids {
			switch n.name {
			case "pair":
				spec := r.class(n, r.classes[mainClass]).pair
				r.readPair(n, &spec)
				r.validFriction(n, spec.condim, spec.friction[:])
				p := Pair{
					Place: n.at, Name: r.declare(n, "pair", len(m.Pairs)), Condim: spec.condim, Friction: spec.friction,
					Geoms: [2]int{r.mustFind(n, "geom1", "geom"), r.mustFind(n, "geom2", "geom")},
				}
				if p.Geoms[0] >= 0 && p.Geoms[1] >= 0 {
					r.contradicted(n, &p)
					m.Pairs = append(m.Pairs, p)
				}
			case "exclude":
				n.attr("name")
				e := Exclude{Place: n.at, Bodies: [2]int{r.mustFind(n, "body1", "body"), r.mustFind(n, "body2", "body")}}
				m.Excludes = append(m.Excludes, e)
			}
		}
	}
}

// contradicted reports a pair of the same geoms that says otherwise. In MuJoCo both would push.
func (r *reader) contradicted(n *node, p *Pair) {
	for i := range r.model.Pairs {
		o := &r.model.Pairs[i]
		if same := o.Geoms == p.Geoms || o.Geoms == [2]int{p.Geoms[1], p.Geoms[0]}; same && (o.Condim != p.Condim || o.Friction != p.Friction) {
			r.errorf(n, "geoms %q and %q are a pair already, of condim %d and friction %v in line %d; leave one of them",
				clip(r.model.Geoms[p.Geoms[0]].Name), clip(r.model.Geoms[p.Geoms[1]].Name), o.Condim, o.Friction, o.Line)
			return
		}
	}
}

// prior returns the geom of higher priority.
func prior(a, b *Geom) *Geom {
	if b.Priority > a.Priority {
		return b
	}
	return a
}

// mixedFriction returns the friction and the dimension of the contact of two geoms: those of the one with the higher priority, or
// the larger of each number.
func mixedFriction(a, b *Geom) (f [3]float64, condim int) {
	if a.Priority != b.Priority {
		p := prior(a, b)
		return p.Friction, p.Condim
	}
	for k := range f {
		f[k] = max(a.Friction[k], b.Friction[k])
	}
	return f, max(a.Condim, b.Condim)
}
