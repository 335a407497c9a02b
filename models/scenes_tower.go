package models

import (
	"fmt"
	"math"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/sim"
	"gonum.org/v1/gonum/spatial/r3"
)

// A card is 10 cm × 6 cm × 1 mm; two of them lean on each other by 20° from upright.
const (
	cardLean    = 20 * math.Pi / 180
	cardHalf    = 0.05
	cardThick   = 0.0005
	cardDensity = 0.002 / (8 * cardHalf * 0.03 * cardThick)
)

var cardTower = family{
	name: "cardtower", aliases: []string{"cards"},
	source:  "sizes of ours",
	summary: "a tower of cards of N storeys, each of leaning pairs with a long card on top",
	count:   "storeys, 1 to 8",
	n:       1,
	check:   between(1, 8, "a card tower", "storeys"),
	builder: func(o Options, n int) *sim.Builder {
		b := o.builder(fmt.Sprintf("cardtower%d", n))
		card := func(name string, half r3.Vec, number int) {
			mass := cardDensity * 8 * half.X * half.Y * half.Z
			loose(b, o, name, sim.BoxInertia(mass, half), contact.Box(half), 0.7, number)
		}
		for storey := range n {
			pairs := n - storey
			for i := range pairs {
				card(fmt.Sprintf("left%d_%d", storey+1, i+1), r3.Vec{X: cardThick, Y: 0.03, Z: cardHalf}, 0)
				card(fmt.Sprintf("right%d_%d", storey+1, i+1), r3.Vec{X: cardThick, Y: 0.03, Z: cardHalf}, 1)
			}
			if pairs > 1 {
				card(fmt.Sprintf("top%d", storey+1), r3.Vec{X: (float64(pairs) - 0.5) * cardSpan() / 2, Y: 0.03, Z: cardThick}, storey)
			}
		}
		return b
	},
	start: func(m *sim.Model) sim.State {
		s := m.NewState()
		n := int(math.Round(math.Sqrt(float64(m.NV()/6+2)))) - 1 // of n² + 2n − 1 cards
		q := s.Q
		put := func(at r3.Vec, lean, yaw float64) {
			r := sim.RPY(0, lean, yaw)
			copy(q, []float64{at.X, at.Y, at.Z, r.Real, r.Imag, r.Jmag, r.Kmag})
			q = q[7:]
		}
		sin, cos := math.Sincos(cardLean)
		wide, high := cardHalf*sin+cardThick*cos, cardHalf*cos+cardThick*sin
		const slack = 1e-4 // cards fall by that
		floor := slack
		for storey := range n {
			pairs := n - storey
			for i := range pairs {
				// not exactly edge on edge: each a little aside and turned
				x, odd := (float64(i)-0.5*float64(pairs-1))*cardSpan(), 0.001*float64(i%2)
				put(r3.Vec{X: x - wide - slack/2, Y: odd, Z: floor + high}, cardLean, 0.003)
				put(r3.Vec{X: x + wide + slack/2, Y: odd + 0.002, Z: floor + high}, -cardLean, -0.004)
			}
			floor += 2*high + slack
			if pairs > 1 {
				put(r3.Vec{Y: 0.001, Z: floor + cardThick}, 0, 0.002)
				floor += 2*cardThick + slack
			}
		}
		return s
	},
}

// cardSpan is the distance from one pair to the next (m): their feet do not touch.
func cardSpan() float64 { return 4*(cardHalf*math.Sin(cardLean)+cardThick) + 0.01 }
