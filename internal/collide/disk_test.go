package collide_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

// overAnEdge returns a flat shape on a disk, or that on it, nearly level, such that its edges, corners or rim cross the
// rim: n chooses what.
func overAnEdge(rng *rand.Rand, n int, tilt float64) *two {
	disk, can := contact.Cylinder(0.5, 0.02), contact.Cylinder(0.15, 0.05)
	box, rod := contact.Box(r3.Vec{X: 0.3, Y: 0.2, Z: 0.05}), contact.Capsule(0.05, 0.2)
	points := contact.Points([]r3.Vec{{X: 0.3, Y: 0.1, Z: -0.05}, {X: -0.2, Y: 0.25, Z: -0.05}, {X: -0.25, Y: -0.2, Z: -0.05}, {X: 0.1, Y: -0.25, Z: -0.05}, {X: 0.1, Y: 0.1, Z: 0.05}, {X: -0.1, Z: 0.05}, {Y: -0.2, Z: 0.05}})
	slab := contact.Box(r3.Vec{X: 0.5, Y: 0.5, Z: 0.05})
	other := []*contact.Shape{&box, &can, &rod, &points, &slab}[n%5]
	p := stacked(&disk, 0, 0, r3.Vec{})
	p.a.Shape, p.a.Hull = other, hullOf(other)
	p.b.Shape, p.b.Hull = &disk, hullOf(&disk)
	yaw := spatial.AxisAngle(r3.Vec{Z: 1}, 6*rng.Float64())
	p.a.At.Rot = quat.Mul(spatial.RotationVector(r3.Vec{X: tilt * math.Cos(float64(n)), Y: tilt * math.Sin(float64(n))}), yaw)
	if n%5 == 2 {
		p.a.At.Rot = quat.Mul(p.a.At.Rot, spatial.AxisAngle(r3.Vec{Y: 1}, math.Pi/2))
	}
	p.b.At.Rot = quat.Mul(spatial.AxisAngle(r3.Vec{X: 1}, math.Pi*float64(n/5%2)), spatial.AxisAngle(r3.Vec{Z: 1}, 6*rng.Float64())) // the other end too
	y, x := math.Sincos(6 * rng.Float64())
	at := 0.3 + 0.3*rng.Float64()
	p.a.At.Pos = r3.Vec{X: at * x, Y: at * y}
	if n%5 == 4 { // an edge cuts off a little of a can
		p.b.Shape, p.b.Hull = &can, hullOf(&can)
		p.a.At.Pos = spatial.QuatRotate(yaw, r3.Vec{X: -0.5 + 0.149 - 0.0015*rng.Float64()})
	}
	return p
}

// TestWhatCrossesARimIsExact: of boxes, cans, rods and hulls that lie across the rim of a disk, level or nearly so, a
// little apart or in it, the deepest contact is as deep as a sweep over directions says. A prism of 32 sides stood for
// the disk: edges crossed it half a percent of the radius inside, corners over that were beside it, and these gaps were
// off by up to 3.9e-4 radii of the disk.
func TestWhatCrossesARimIsExact(t *testing.T) {
	rng := rand.New(rand.NewPCG(91, 92))
	seen, worst := 0, map[int]float64{}
	for n := range 3000 {
		p := overAnEdge(rng, n, []float64{1e-3, 0.01, 0.05, 0.15}[n/10%4])
		p.a.At.Pos.Z = 0.3 // from there, straight down
		want := 0.002*rng.Float64() - 2e-4
		d, along := p.sweep(60)
		for range 6 {
			p.a.At.Pos.Z -= (d - want) / along.Z
			d, along = p.sweep(200)
		}
		if math.Abs(d-want) > 1e-6 || along.Z < 0.9 { // it is beside the disk
			continue
		}
		least := math.Inf(1)
		for _, c := range p.find(math.Inf(1)) {
			least = math.Min(least, c.Gap)
		}
		seen++
		if e := math.Abs(least-d) / 0.5; e > worst[n%5] {
			worst[n%5] = e
		}
	}
	t.Logf("%d poses, of each shape off by %v radii at most", seen, worst)
	for k, e := range worst { // a rod that lies level beside the rim, along it, is still on the prism
		tol.Within(t, e, map[bool]float64{true: 3e-4, false: 1e-5}[k == 2], "shape %d", k)
	}
}

// TestDerivativesOfWhatCrossesARim: of those the gaps follow poses and sizes, and the weights poses, as differences say.
func TestDerivativesOfWhatCrossesARim(t *testing.T) {
	rng := rand.New(rand.NewPCG(93, 94))
	var all tally
	for n := range 500 {
		p := overAnEdge(rng, n, []float64{3e-3, 0.01, 0.05, 0.15}[n/10%4])
		p.a.At.Pos.Z = 0.3
		d, _ := p.sweep(60)
		p.a.At.Pos.Z += 0.002*rng.NormFloat64() - d
		all.differ(t, p, 1e-7)
	}
	t.Logf("%d derivatives, %d across changes of features", all.seen, all.gone)
	if all.seen < 20000 || all.gone > all.seen/20 {
		t.Errorf("%d derivatives, %d across changes of features", all.seen, all.gone)
	}
}

// TestARodStandsOnADisk: the rim takes next to nothing of a capsule that stands or leans on an end within it, and that
// where the rim is nearest to its end. Steps towards that point were given up before they came there when the end was
// less than a third of a radius from the axis: gaps changed by half of what differences say.
func TestARodStandsOnADisk(t *testing.T) {
	rng := rand.New(rand.NewPCG(95, 96))
	var all tally
	disk, rod := contact.Cylinder(0.2, 0.07), contact.Capsule(0.15, 0.07)
	for n := range 300 {
		p := stacked(&disk, 0, 0, r3.Vec{})
		p.a.Shape, p.a.Hull, p.b.Shape, p.b.Hull = &rod, hullOf(&rod), &disk, hullOf(&disk)
		turn := func(tilt float64) quat.Number {
			return quat.Mul(spatial.RotationVector(r3.Vec{X: tilt * rng.NormFloat64(), Y: tilt * rng.NormFloat64()}), spatial.AxisAngle(r3.Vec{Z: 1}, 6*rng.Float64()))
		}
		p.a.At.Rot, p.b.At.Rot = turn(0.1), turn(0.1)
		y, x := math.Sincos(6 * rng.Float64())
		at := 0.01 + 0.18*rng.Float64()
		p.a.At.Pos = r3.Vec{X: at * x, Y: at * y, Z: float64(1-2*(n%2)) * (0.3 + 0.04*rng.Float64())}
		if n%3 == 0 {
			p.a, p.b = p.b, p.a
		}
		all.differ(t, p, 1e-6)
	}
	t.Logf("%d derivatives, %d across changes of features", all.seen, all.gone)
	if all.seen < 6000 || all.gone > all.seen/20 {
		t.Errorf("%d derivatives, %d across changes of features", all.seen, all.gone)
	}
}
