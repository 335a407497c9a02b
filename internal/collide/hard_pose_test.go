package collide_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/collide"
)

// TestHardPosesAgainstASweep: of all pairs of shapes and of sizes from 0.1 mm to 10 m, plates, rods and needles among
// them, flush, aligned to a billionth, at one place, inside each other and touching along any direction, the deepest
// contact is as deep as the shapes are along the direction along which they are least deep; those apart have none, and
// none that is farther than they are.
func TestHardPosesAgainstASweep(t *testing.T) {
	for _, ka := range kinds {
		for _, kb := range kinds {
			t.Run(fmt.Sprintf("%v-%v", ka, kb), func(t *testing.T) {
				rng := rand.New(rand.NewPCG(uint64(ka), uint64(kb)))
				for n := range 60 {
					sa, sb := sizes[rng.IntN(len(sizes))], sizes[rng.IntN(len(sizes))]
					a, b := shapeOf(rng, ka, sa.half), shapeOf(rng, kb, sb.half)
					p := posed(rng, &a, &b)
					d, dir := p.sweep(300)
					name := fmt.Sprintf("case %d, a %s on a %s, %.3g apart along %.3f", n, sa.name, sb.name, d, dir)
					judge(t, name, p, d)
				}
			})
		}
	}
}

// judge compares what is found with how far the shapes are apart.
func judge(t *testing.T, name string, p *two, d float64) {
	t.Helper()
	found := p.find(math.Inf(1))
	exchanged := (&two{p.b, p.a}).find(math.Inf(1))
	if len(exchanged) != len(found) {
		t.Errorf("%s: %d contacts, exchanged %d", name, len(found), len(exchanged))
		return
	}
	sum, least := 0.0, math.Inf(1)
	for i := range found {
		e := &exchanged[i]
		if e.Swap(); e.Pair != found[i].Pair || e.Gap != found[i].Gap || e.Weight != found[i].Weight {
			t.Errorf("%s: contact %d is %+v, exchanged %+v", name, i, found[i].Pair, e.Pair)
		}
		sum += found[i].Weight
		least = math.Min(least, found[i].Gap)
	}
	// rounding; rims are a little worn; triangles of points are one face within 1e-4 rad
	slack := 1e-9 * (p.a.Shape.Extent() + p.b.Shape.Extent())
	worn, round := 0.0, p.a.Shape.Kind <= contact.KindCapsule || p.b.Shape.Kind <= contact.KindCapsule || p.a.Shape.Kind == contact.KindEllipsoid || p.b.Shape.Kind == contact.KindEllipsoid
	for _, c := range []*collide.Collider{&p.a, &p.b} {
		switch c.Shape.Kind {
		case contact.KindCylinder:
			slack += 2e-4 * c.Shape.Radius
			worn += 0.01 * c.Shape.Radius                   // where it is deep
			if !round && p.a.Shape.Kind != p.b.Shape.Kind { // rims on level edges and vertices are a prism
				slack += 0.008 * c.Shape.Radius
			}
		case contact.KindPoints:
			slack += 2e-4 * c.Shape.Extent()
		}
	}
	for i := range min(len(found), 6) {
		name += fmt.Sprintf(" [%v %.3g w%.2g]", found[i].Kind, found[i].Gap, found[i].Weight)
	}
	switch {
	case !(math.Abs(sum-1) < 1e-4) || math.IsInf(least, 0) || math.IsNaN(least):
		t.Errorf("%s: weights sum to %g, least gap %g, %d contacts", name, sum, least, len(found))
	case d > slack && least < -slack:
		t.Errorf("%s: a contact %.3g deep", name, -least)
	case d > 0 && least > 1.25*d+slack:
		t.Errorf("%s: no contact nearer than %.3g", name, least)
	case d < 0 && least > 0.85*d+slack+worn:
		t.Errorf("%s: no contact deeper than %.3g", name, -least)
	case d < 0 && least < 3*d-slack-worn:
		t.Errorf("%s: a contact %.3g deep", name, -least)
	}
}

// TestSizeClassesAgainstAFullSweep: of all pairs of shapes in six classes of sizes what is found is what 20 000 directions say.
func TestSizeClassesAgainstAFullSweep(t *testing.T) {
	classes := []size{sizes[0], sizes[1], sizes[3], sizes[4], sizes[5], sizes[7]} // cube, grain, brick, slab, rod, needle
	for _, ka := range kinds {
		for _, kb := range kinds {
			rng := rand.New(rand.NewPCG(uint64(ka), 100+uint64(kb)))
			for _, sa := range classes {
				for _, sb := range classes {
					a, b := shapeOf(rng, ka, sa.half), shapeOf(rng, kb, sb.half)
					p := posed(rng, &a, &b)
					d, dir := p.sweep(20000)
					judge(t, fmt.Sprintf("%v on %v, a %s on a %s, %.3g apart along %.3f", ka, kb, sa.name, sb.name, d, dir), p, d)
				}
			}
		}
	}
}
