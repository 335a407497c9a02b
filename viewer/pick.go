package viewer

import (
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/raster"
	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/spatial/r3"
)

var zeroWrench sim.Wrench

// pick returns the body seen at a pixel, −1 for none, and the point of it. It casts the picture once with
// the software renderer, which knows exactly what it hits: no second set of ray tests, and no read-back
// from the graphics.
func (d *desk) pick(x, y float64) (int, r3.Vec) {
	w, h := int(d.width), int(d.height)
	px, py := int(x), int(y)
	if px < 0 || py < 0 || px >= w || py >= h || d.tape.empty() {
		return -1, r3.Vec{}
	}
	var sc scene.Scene
	d.figure.Fill(&sc, d.now().State.Q)
	sc.Camera = d.camera()
	r := raster.NewWith(w, h, raster.Options{NoAntiAlias: true, NoShadows: true})
	r.Cast(&sc)
	k := py*w + px
	id := r.IDs()[k]
	if id < 0 || sc.Items[id].Group < 0 {
		return -1, r3.Vec{}
	}
	v := sc.Camera.View()
	ray, _ := spatial.Unit(v.Ray(float64(px)+0.5, float64(py)+0.5, w, h))
	return sc.Items[id].Group, spatial.AddScaled(v.Eye, float64(r.Depth()[k]), ray)
}
