package mjcf

// pairSpec is a <pair> as written.
type pairSpec struct {
	condim                     int
	friction                   [5]float64
	frictionGiven, condimGiven bool
}

func defaultPair() pairSpec {
	return pairSpec{condim: 3, friction: [5]float64{1, 1, 0.005, 0.0001, 0.0001}}
}

func (r *reader) readPair(n *node, p *pairSpec) {
	p.condimGiven = r.integer(n, "condim", &p.condim) || p.condimGiven
	p.frictionGiven = r.upTo(n, "friction", p.friction[:]) || p.frictionGiven
}

func (r *reader) readContacts() {
	m := r.model
	for _, s := range r.sections("contact") {
		for _, n := range s.kids {
			switch n.name {
			case "pair":
				spec := r.class(n, r.classes[mainClass]).pair
				r.readPair(n, &spec)
				p := Pair{
					Place: n.at, Name: r.declare(n, "pair", len(m.Pairs)), Condim: spec.condim, Friction: spec.friction,
					Geoms: [2]int{r.mustFind(n, "geom1", "geom"), r.mustFind(n, "geom2", "geom")},
				}
				if p.Geoms[0] < 0 || p.Geoms[1] < 0 {
					continue
				}
				r.inherit(&p, &spec)
				m.Pairs = append(m.Pairs, p)
			case "exclude":
				n.attr("name")
				e := Exclude{Place: n.at, Bodies: [2]int{r.mustFind(n, "body1", "body"), r.mustFind(n, "body2", "body")}}
				m.Excludes = append(m.Excludes, e)
			}
		}
	}
}

// inherit fills what a pair does not say from its geoms.
func (r *reader) inherit(p *Pair, spec *pairSpec) {
	a, b := &r.model.Geoms[p.Geoms[0]], &r.model.Geoms[p.Geoms[1]]
	if !spec.condimGiven {
		p.Condim = max(a.Condim, b.Condim)
		if a.Priority != b.Priority {
			p.Condim = prior(a, b).Condim
		}
	}
	if !spec.frictionGiven {
		f := mixedFriction(a, b)
		p.Friction = [5]float64{f[0], f[0], f[1], f[2], f[2]}
	}
}

// prior returns the geom of higher priority.
func prior(a, b *Geom) *Geom {
	if b.Priority > a.Priority {
		return b
	}
	return a
}

// mixedFriction returns the friction of two geoms that touch: that of the one with the higher priority, or
// the larger of each coefficient.
func mixedFriction(a, b *Geom) [3]float64 {
	if a.Priority != b.Priority {
		return prior(a, b).Friction
	}
	var f [3]float64
	for k := range f {
		f[k] = max(a.Friction[k], b.Friction[k])
	}
	return f
}
