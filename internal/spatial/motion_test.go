package spatial

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/num/quat"
)

// TestSpinIsHalfTheAngle: the rational function against the arc tangent, and its derivatives by differences.
func TestSpinIsHalfTheAngle(t *testing.T) {
	for angle, limit := range map[float64]float64{0.01: 1e-15, 0.1: 1e-12, 0.5: 5e-8, 1: 2.5e-5} {
		m := NewMotion(Vec{Z: math.Tan(angle / 2)}, Vec{})
		if e := math.Abs(m.Spin().Z/(angle/2) - 1); !(e <= limit) {
			t.Errorf("a turn of %g rad has a spin that is wrong by %.2g of it", angle, e)
		}
	}
	if m := NewMotion(Vec{X: 1e6}, Vec{}); math.Abs(m.Spin().X/1e6-64./225) > 1e-9 {
		t.Errorf("g falls to %g", m.Spin().X/1e6)
	}
	for _, r := range []float64{0, 0.1, 0.7, 3, 40} {
		at := func(s float64) Motion { return NewMotion(Vec{Y: math.Sqrt(s)}, Vec{}) }
		s, eps := r*r+1e-3, 1e-4*(r*r+1e-3)
		hi, lo, m := at(s+eps), at(s-eps), at(s)
		slope := m.slope
		if d := (hi.g - lo.g) / (2 * eps); math.Abs(d-slope) > 1e-7*(math.Abs(slope)+1e-6) {
			t.Errorf("g′(%g) = %g, differences say %g", s, slope, d)
		}
		curve := m.curve(s)
		if d := (hi.slope - lo.slope) / (2 * eps); math.Abs(d-curve) > 1e-6*(math.Abs(curve)+1e-6) {
			t.Errorf("g″(%g) = %g, differences say %g", s, curve, d)
		}
	}
}

// TestSpinRows: how the spin changes as a body turns at the end, or at the start, of a motion, against differences.
func TestSpinRows(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 12))
	for range 100 {
		any := func() Vec { return Vec{X: rng.NormFloat64(), Y: rng.NormFloat64(), Z: rng.NormFloat64()} }
		w, r, turn := Scale(0.5, any()), any(), any()
		const eps = 1e-5
		at := func(end, start float64) float64 {
			x, _ := Compose(Scale(end/2, turn), w)
			x, _ = Compose(x, Scale(-start/2, turn))
			m := NewMotion(x, Vec{})
			return 2 * Dot(r, m.Spin())
		}
		m := NewMotion(w, Vec{})
		for name, c := range map[string]struct{ got, want float64 }{
			"end":   {Dot(m.SpinRow(r), turn), (at(eps, 0) - at(-eps, 0)) / (2 * eps)},
			"start": {-Dot(m.SpinRowBack(r), turn), (at(0, eps) - at(0, -eps)) / (2 * eps)},
		} {
			if math.Abs(c.got-c.want) > 1e-8*(1+math.Abs(c.want)) {
				t.Errorf("%s: %g, differences say %g", name, c.got, c.want)
			}
		}
	}
}

// TestMomentumOfMotion: for one axis the momentum is that of the exact rate; it is the gradient by w of half the squared
// rate's energy, pulled to the start of the motion; and seen from the far end it is the same world vector.
func TestMomentumOfMotion(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	j := Sym3{XX: 1, YY: 2, ZZ: 2.7, XY: 0.1, XZ: -0.2, YZ: 0.3}
	const k = 2 / 0.01
	for range 100 {
		w := anyNormal(rng, 0.5)
		m := NewMotion(w, Vec{})
		energy := func(w Vec) float64 {
			m := NewMotion(w, Vec{})
			o := Scale(k, m.Spin())
			return Dot(o, j.MulVec(o)) / 2
		}
		// a turn dθ at the end changes w by ½(I − [w]× + wwᵀ)dθ, so ℓ = ∂(h T)/∂θ = (h/2)(I + [w]× + wwᵀ) ∂T/∂w, h = 2/k
		var grad Vec
		const eps = 1e-6
		for c, p := range []*float64{&grad.X, &grad.Y, &grad.Z} {
			e := [3]Vec{{X: eps}, {Y: eps}, {Z: eps}}[c]
			*p = (energy(Add(w, e)) - energy(Sub(w, e))) / (2 * eps)
		}
		want := Scale(1/k, Cayley(w, grad))
		got := m.Momentum(&j, k)
		if e := Norm(Sub(got, want)); e > 1e-7*(1+Norm(want)) {
			t.Fatalf("turn %v: momentum %v, gradient of the action %v", w, got, want)
		}
		var r Mat3
		r.Set(GibbsQuat(w))
		var far Sym3
		far.Conjugate(&r, &j)
		back := NewMotion(Scale(-1, w), Vec{})
		if e := Norm(Add(got, back.Momentum(&far, k))); e > 1e-12*(1+Norm(got)) {
			t.Fatalf("turn %v: momentum %v, from the far end %v", w, got, back.Momentum(&far, k))
		}
	}
	m := NewMotion(Vec{Z: math.Tan(0.05)}, Vec{}) // 0.1 rad
	if l := m.Momentum(&Sym3{XX: 1, YY: 1, ZZ: 2}, k); math.Abs(l.Z-2*0.1*k/2) > 1e-9*l.Z {
		t.Errorf("a turn of 0.1 rad in 10 ms of 2 kg m² has the momentum %g", l.Z)
	}
}

// TestTurnRate: the map against differences of the logarithm, small and large turns, and Turn and GibbsOf against the library.
func TestTurnRate(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 8))
	for k := range 300 {
		v := anyNormal(rng, []float64{1e-4, 0.3, 1.2}[k%3])
		if Norm(v) > 3 {
			continue
		}
		g, ok := GibbsOf(v)
		q := GibbsQuat(g)
		if e := Norm(Sub(LogQuat(q), v)); !ok || e > 1e-14*(1+Norm(v)) {
			t.Errorf("%v: its Gibbs vector turns by %v", v, LogQuat(q))
		}
		x := Norm(v) / 2
		if a, _ := Turn(Vec{}, Vec{Y: 1}, x); math.Abs(a.Y-math.Tan(x)) > 4e-16*(1+math.Tan(x)*math.Tan(x)) {
			t.Errorf("tan %g = %g, want %g", x, a.Y, math.Tan(x))
		}
		d := anyNormal(rng, 1)
		const eps = 1e-5
		turned := func(e float64) Vec { return LogQuat(quat.Mul(RotationVector(v), RotationVector(Scale(e, d)))) }
		want := Scale(1/(2*eps), Sub(turned(eps), turned(-eps)))
		if e := Norm(Sub(TurnRate(v, d), want)); e > 1e-8*(1+Norm(want)*Norm(want)) {
			t.Errorf("%v: rate %v, differences say %v", v, TurnRate(v, d), want)
		}
	}
	for range 50 {
		v, d := anyNormal(rng, 0.6), anyNormal(rng, 1)
		var j Mat3
		RightJac(&j, v)
		if e := Norm(Sub(j.MulVec(TurnRate(v, d)), d)); e > 1e-12 {
			t.Errorf("%v: RightJac is no inverse of TurnRate: %g", v, e)
		}
	}
	if _, ok := GibbsOf(Vec{X: math.Pi}); ok {
		t.Error("half a turn has a Gibbs vector")
	}
}

func anyNormal(rng *rand.Rand, s float64) Vec {
	return Vec{X: s * rng.NormFloat64(), Y: s * rng.NormFloat64(), Z: s * rng.NormFloat64()}
}
