package collide_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/collide"
	"github.com/ukemi-sim/ukemi/internal/fixture"
	"github.com/ukemi-sim/ukemi/internal/gap"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/internal/tol"
	"gonum.org/v1/gonum/num/quat"
	"gonum.org/v1/gonum/spatial/r3"
)

var gauss, attitude = fixture.Gauss, fixture.Attitude

var shapes = fixture.Shapes

// TestFeaturesReachAsFarAsShapes: the smallest gap of the features of a shape is that of the shape to a half-space, at knot 2 and again
// where Eval says it is after the step.
func TestFeaturesReachAsFarAsShapes(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for n := 0; n < 500; n++ {
		shape := shapes[n%len(shapes)]
		plane := contact.HalfSpace{Offset: rng.NormFloat64()}
		plane.Normal, _ = spatial.Unit(gauss(rng, 1))
		at, o := spatial.Pose{Pos: gauss(rng, 0.5), Rot: attitude(rng)}, gauss(rng, 2)
		place := spatial.Pose{Pos: gauss(rng, 0.2), Rot: attitude(rng)}
		m := spatial.NewMotion(gauss(rng, 0.02), gauss(rng, 0.2))
		var rot spatial.Mat3
		rot.Set(at.Rot)
		gap2, gap3 := math.Inf(1), math.Inf(1)
		for _, f := range collide.Features(&shape, place) {
			if r := r3.Norm(f.Center) + f.Radius; !f.IsRim() && r > spatial.Norm(place.Pos)+shape.Extent()+1e-12 {
				t.Errorf("%v: a feature at %g lies outside the extent %g", shape.Kind, r, shape.Extent())
			}
			wall := gap.HalfSpace(plane.Normal, plane.Offset)
			var touch gap.Touch
			touch.Place(&f, &gap.Frame{Pos: r3.Sub(at.Pos, o), Rot: &rot}, &wall, &gap.Frame{Pos: r3.Scale(-1, o)}, r3.Vec{}, r3.Vec{})
			gap2 = math.Min(gap2, touch.Gap2)
			g, _, _ := touch.Eval(&m, 100)
			gap3 = math.Min(gap3, g)
		}
		moved := spatial.Pose{Pos: r3.Add(at.Pos, m.Dx), Rot: quat.Mul(spatial.GibbsQuat(m.W), at.Rot)}
		start, end := at.Mul(place), moved.Mul(place)
		tol.Within(t, math.Abs(gap2-plane.Gap(&shape, start.Pos, start.Rot)), 1e-12, "gap of a %v", shape.Kind)
		tol.Within(t, math.Abs(gap3-plane.Gap(&shape, end.Pos, end.Rot)), 1e-12, "gap of a %v after a step", shape.Kind)
	}
}

// TestFeaturesFollowSizes compares Shift with differences of the features of larger shapes: they depend linearly on sizes.
func TestFeaturesFollowSizes(t *testing.T) {
	for _, shape := range shapes {
		if n := len(collide.Features(&shape, spatial.IdentityPose)); n != collide.NumFeatures(&shape) {
			t.Errorf("%v: %d features, counted %d", shape.Kind, n, collide.NumFeatures(&shape))
		}
		for i := range shape.NumParams() {
			more := shape
			more.Vertices = append([]r3.Vec(nil), shape.Vertices...)
			*more.Param(i) += 0.25
			was, is := collide.Features(&shape, spatial.IdentityPose), collide.Features(&more, spatial.IdentityPose)
			for k := range was {
				c := collide.Shift(&shape, k, i)
				d := r3.Sub(r3.Sub(is[k].Center, was[k].Center), r3.Scale(0.25, c.Center))
				square := 0.0 // the matrix of an ellipsoid has the squares of its radii
				if shape.Kind == contact.KindEllipsoid {
					square = 0.25 * 0.25
				}
				x, y := is[k].Oval, was[k].Oval
				o := math.Abs(x.XX+x.YY+x.ZZ-y.XX-y.YY-y.ZZ-square-0.25*(c.Oval.XX+c.Oval.YY+c.Oval.ZZ)) + math.Abs([...]float64{c.Oval.XX, c.Oval.YY, c.Oval.ZZ}[i%3]-c.Oval.XX-c.Oval.YY-c.Oval.ZZ)
				tol.Within(t, r3.Norm(d)+o+math.Abs(is[k].Radius-was[k].Radius-0.25*c.Radius), 1e-15, "%v: feature %d by %s", shape.Kind, k, shape.ParamName(i))
			}
		}
	}
}
