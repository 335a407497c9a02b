package sim

import (
	"bytes"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/ukemi-sim/ukemi/internal/spatial"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// TestOffIsExact: any number comes back from any guess, and next to a guess it is a small number.
func TestOffIsExact(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	special := []float64{0, math.Copysign(0, -1), 1, -1, 5e-324, -5e-324, math.MaxFloat64, -math.MaxFloat64, 1e-300}
	for i := range 100000 {
		x, g := math.Float64frombits(r.Uint64()), math.Float64frombits(r.Uint64())
		if i < len(special)*len(special) {
			x, g = special[i/len(special)], special[i%len(special)]
		}
		if g-g != 0 {
			g = 0
		}
		if y := on(off(math.Float64bits(x), g), g); y != math.Float64bits(x) {
			t.Fatalf("%x came back as %x from the guess %g", math.Float64bits(x), y, g)
		}
		if n := off(math.Float64bits(math.Nextafter(g, 1e9)), g); g != 0 && g < 1e9 && n != 2 {
			t.Fatalf("the next number after %g is off by %d", g, n)
		}
	}
}

// TestTurned compares the series with the library, up to half a turn.
func TestTurned(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	for range 1000 {
		d := r3.Vec{X: r.NormFloat64(), Y: r.NormFloat64(), Z: r.NormFloat64()}
		d = r3.Scale(math.Pi*r.Float64()/r3.Norm(d), d)
		q := spatial.RotationVector(r3.Vec{X: r.NormFloat64(), Y: r.NormFloat64(), Z: r.NormFloat64()})
		want := quat.Mul(q, spatial.RotationVector(d))
		got := turned([4]float64{q.Real, q.Imag, q.Jmag, q.Kmag}, d.X/2, d.Y/2, d.Z/2)
		for k, w := range []float64{want.Real, want.Imag, want.Jmag, want.Kmag} {
			if !(math.Abs(got[k]-w) < 1e-14) {
				t.Fatalf("a turn by %v gives %v, want %v", d, got, want)
			}
		}
	}
}

// TestPolynomialsAreGuessed: a column that is a polynomial leaves nothing from the row on that has enough rows before it.
func TestPolynomialsAreGuessed(t *testing.T) {
	for degree := range len(guesses) - 1 {
		c := make(column, 100)
		for r := range c {
			c[r] = math.Float64bits(math.Pow(float64(r-40), float64(degree))) // whole numbers: no rounding
		}
		before := previous(len(c))
		order := c.order(before)
		if order != degree+1 {
			t.Errorf("degree %d: order %d", degree, order)
		}
		for r := order; r < len(c); r++ {
			if off(c[r], c.guess(order, r, before)) != 0 {
				t.Fatalf("degree %d, row %d: %g is guessed as %g", degree, r, c.at(r), c.guess(order, r, before))
			}
		}
	}
}

// chained is a recording of a free box with a hinge and a ball joint on it that falls, turns and is driven.
func chained(t *testing.T, steps int) *Recording {
	t.Helper()
	b := NewBuilder("chained")
	b.SetTimestep(0.01)
	b.SetGravity(r3.Vec{Z: -9.81})
	box := BoxInertia(1, r3.Vec{X: 0.1, Y: 0.2, Z: 0.3})
	base := b.AddLink("base", box)
	b.AddFree("free", base)
	arm, ball := b.AddLink("arm", box), b.AddLink("ball", box)
	b.AddJoint(Joint{Name: "hinge", Parent: base, Child: arm, Type: Revolute(r3.Vec{X: 1}), Axes: []Axis{{Drive: Torque}}})
	b.AddJoint(Joint{Name: "ball", Parent: arm, Child: ball, Type: Spherical(), Origin: At(0, 0, 0.3)})
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	x := m.NewState()
	copy(x.V, []float64{1, 2, 3, 4, 5, 6})
	st := m.NewStepper(Options{})
	tr, err := st.Rollout(x, steps, func(u []float64, k int, _ State) { u[0] = math.Sin(0.1 * float64(k)) })
	if err != nil {
		t.Fatal(err)
	}
	return st.Record(tr, 0)
}

// TestPositionsFollowFromVelocities: a recording says how positions came about, so that they take hardly any room, and
// comes back to the bit.
func TestPositionsFollowFromVelocities(t *testing.T) {
	r := chained(t, 500)
	var all bytes.Buffer
	if err := r.Save(&all); err != nil {
		t.Fatal(err)
	}
	got, err := LoadRecording(bytes.NewReader(all.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	for k := range r.States {
		if !equalBits(got.States[k].Q, r.States[k].Q) || !equalBits(got.States[k].V, r.States[k].V) || got.States[k].H != r.States[k].H {
			t.Fatalf("state %d came back changed", k)
		}
	}
	q, v, h := make([]column, len(r.States[0].Q)), make([]column, len(r.States[0].V)), column{}
	for _, s := range r.States {
		h = append(h, math.Float64bits(s.H))
		for i, x := range s.Q {
			q[i] = append(q[i], math.Float64bits(x))
		}
		for i, x := range s.V {
			v[i] = append(v[i], math.Float64bits(x))
		}
	}
	exact, worst, n := 0, uint64(0), 0
	for _, m := range motions(r.World) {
		for k := 1; k < len(h); k++ {
			for i, g := range m.guess(nil, k, q, v, h) {
				z := off(q[m.Q+i][k], g)
				if math.Abs(g) > 0.1 { // near 0 there are many numbers
					worst = max(worst, z)
				}
				if i < m.N {
					n++
					if z == 0 {
						exact++
					}
				}
			}
		}
	}
	t.Logf("%d bytes, %d of %d positions exact, the rest off by at most %d", all.Len(), exact, n, worst/2)
	if exact < n*9/10 || worst > 200 {
		t.Errorf("%d of %d positions are guessed exactly, the worst is off by %d", exact, n, worst/2)
	}
}

// TestRecordingOfVersion5 is read as it was written.
func TestRecordingOfVersion5(t *testing.T) {
	f, err := os.Open("testdata/version5.ukemi")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := LoadRecording(f)
	if err != nil {
		t.Fatal(err)
	}
	if r.Model != "block" || len(r.States) != 31 || len(r.Contacts) != 30 || len(r.Contacts[29]) == 0 {
		t.Fatalf("%s with %d states", r.Model, len(r.States))
	}
	var b bytes.Buffer
	if err := r.Save(&b); err != nil {
		t.Fatal(err)
	}
	again, err := LoadRecording(&b)
	if err != nil {
		t.Fatal(err)
	}
	for k, s := range r.States {
		if s.H == 0 && k > 0 || !equalBits(s.Q, again.States[k].Q) || !equalBits(s.V, again.States[k].V) || k > 0 && s.Q[2] > r.States[0].Q[2]+0.1 {
			t.Fatalf("state %d is %+v, written anew %+v", k, s, again.States[k])
		}
	}
}

// TestMotionsAreChecked before anything is read by them.
func TestMotionsAreChecked(t *testing.T) {
	good := []motion{{0, 0, 3, true}, {7, 6, 1, false}}
	if err := checkMotions(good, 8, 7); err != nil {
		t.Error(err)
	}
	for _, bad := range [][]motion{
		{{-1, 0, 3, true}}, {{0, -1, 3, true}}, {{0, 0, -3, true}}, {{2, 0, 3, true}}, {{0, 2, 3, true}}, {{7, 6, 2, false}},
		{{0, 0, 3, true}, {6, 6, 1, false}}, {{0, 0, math.MaxInt, true}}, {{math.MaxInt, 0, 1, false}}, {{7, math.MaxInt, 1, false}},
	} {
		if checkMotions(bad, 8, 7) == nil {
			t.Errorf("%v is accepted", bad)
		}
	}
}
