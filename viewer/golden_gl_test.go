//go:build gl && cgo

package viewer

import (
	"flag"
	"image"
	"math"
	"path/filepath"
	"testing"

	"github.com/ukemi-sim/ukemi/contact"
	"github.com/ukemi-sim/ukemi/internal/spatial"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/viewer/internal/golden"
	"github.com/ukemi-sim/ukemi/viewer/raster"
	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/spatial/r3"
)

var out = flag.String("out", "", "folder for full-size pictures to look at")

// TestZooLooks opens a window, lets every model of the zoo fall for half a second, and compares what is
// seen of it with a stored picture, which is also that of docs/zoo.md.
func TestZooLooks(t *testing.T) {
	onMain(t, func() {
		for _, e := range models.All() {
			v := liveViewer(t, e, Options{Width: 640, Height: 360, Paused: true, hidden: true})
			if v == nil {
				return
			}
			v.desk.forwardBy(50)
			v.desk.lens.home = scene.Camera{}
			v.desk.frame(v.desk.now().State.Q) // balls have rolled away
			v.desk.tap('M', 0)
			v.desk.tap('P', 0)
			v.paint()
			m := v.Picture()
			if *out != "" {
				save(t, e.Name, v)
			}
			compare(t, e.Name, m)
			agree(t, e.Name, m, &v.scene)
			v.Close()
		}
	})
}

// TestSceneLooks draws what no model of the zoo has: meshes, a slope, see-through things, frames, labels.
func TestSceneLooks(t *testing.T) {
	onMain(t, func() {
		win, err := openSurface(Options{Width: 640, Height: 360, hidden: true}, func(event) {})
		if err != nil {
			t.Error(err)
			return
		}
		defer win.close()
		v := &Viewer{win: win, scene: *workshop()}
		win.draw(&v.scene, &extra{bar: 0.4}, true)
		if *out != "" {
			save(t, "workshop", v)
		}
		m := v.Picture()
		compare(t, "workshop", m)
		agree(t, "workshop", m, &v.scene)
	})
}

func workshop() *scene.Scene {
	s := &scene.Scene{Camera: scene.Camera{Target: r3.Vec{Z: 0.2}, Azimuth: 0.6, Elevation: 0.25, Distance: 2.2}}
	s.Grounds = []scene.Ground{{}, {Normal: r3.Vec{X: 0.5, Z: 1}, Offset: -0.5, Colors: [2]scene.Color{scene.RGB(0xB9A58C), scene.RGB(0xA8947C)}}}
	at := func(x, y, z float64) scene.Pose { return scene.Pose{Pos: r3.Vec{X: x, Y: y, Z: z}} }
	s.Items = []scene.Item{
		{Mesh: golden.Torus(0.3, 0.1, 48, 24), Pose: scene.Pose{Pos: r3.Vec{Z: 0.3}, Rot: spatial.RPY(0.9, 0.2, 0)}, Group: 1},
		{Mesh: golden.Torus(0.2, 0.05, 32, 16), Pose: at(0, -0.7, 0.3), Color: scene.RGB(0x55B583).Alpha(0.5)},
		{Mesh: golden.Torus(0.2, 0.05, 32, 16), Scale: r3.Vec{X: 1, Y: 0.5, Z: 2}, Pose: at(0.5, 0.75, 0.1), Group: 2},
		{Shape: contact.Points([]r3.Vec{{X: 0.6}, {X: 0.7, Y: 0.1, Z: 0.1}, {X: 0.6, Y: 0.2, Z: 0.05}}), Group: 3},
		{Shape: contact.Cylinder(0.12, 0.15), Pose: at(-0.2, 0.8, 0.15), Group: 4},
		{Shape: contact.Capsule(0.08, 0.15), Pose: scene.Pose{Pos: r3.Vec{X: 0.3, Y: -0.3, Z: 0.08}, Rot: spatial.RPY(1.57, 0, 0.4)}, Group: 5},
	}
	s.Arrows = []scene.Arrow{{From: r3.Vec{X: 0.5, Y: -0.3}, Vector: r3.Vec{Z: 0.4}}, {From: r3.Vec{X: 0.5, Y: -0.2}, Vector: r3.Vec{Z: 0.03}}}
	s.Frames = []scene.Frame{{Pose: at(0.5, -0.8, 0)}}
	s.Points = []scene.Point{{At: r3.Vec{Z: 0.3}, Kind: scene.CenterOfMass}, {At: r3.Vec{X: -0.1, Y: 0.8, Z: 0.1}, OnTop: true}}
	var path []r3.Vec
	for i := range 100 {
		sin, cos := math.Sincos(0.06 * float64(i))
		path = append(path, r3.Vec{X: 0.8 * cos, Y: 0.8 * sin, Z: 0.2})
	}
	s.Traces = []scene.Trace{{Points: path, Fade: true}}
	s.Labels = []scene.Label{{At: r3.Vec{Z: 0.65}, Text: "torus, κ = 1e−6"}}
	return s
}

func liveViewer(t testing.TB, e models.Entry, o Options) *Viewer {
	m, err := e.Builder(models.Options{}).Build()
	if err != nil {
		t.Error(err)
		return nil
	}
	v, err := open(m, o)
	if err != nil {
		t.Error(err)
		return nil
	}
	if err := v.desk.goLive(e.Start(m), &o); err != nil {
		t.Error(err)
		return nil
	}
	v.begin()
	return v
}

// save writes what the window shows into the folder of -out.
func save(t *testing.T, name string, v *Viewer) {
	if err := raster.WritePNG(filepath.Join(*out, name+".png"), v.Picture()); err != nil {
		t.Error(err)
	}
}

// compare allows for other versions of the graphics: edges may be smoothed otherwise, so a few pixels may
// differ much, but the mean may not.
func compare(t *testing.T, name string, m *image.RGBA) {
	d := golden.Compare(t, filepath.Join("testdata", name+".png"), half(m))
	if n := len(d) / 3; d.Mean() > 1.5 || d.Pixels(24) > n/100 {
		t.Errorf("%s differs from its picture: by %.2f on average, %d of %d pixels by more than 24 (-update writes it anew, -out DIR shows it)", name, d.Mean(), d.Pixels(24), n)
	}
}

// agree compares with what the software renderer makes of the same scene. It is not the same light to the
// last digit (corners are darker there), but every thing and every shadow must be in its place.
func agree(t *testing.T, name string, m *image.RGBA, sc *scene.Scene) {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	soft := image.NewRGBA(m.Rect)
	raster.New(w, h).Render(soft, sc)
	if *out != "" {
		if err := raster.WritePNG(filepath.Join(*out, name+"-raster.png"), soft); err != nil {
			t.Error(err)
		}
	}
	d := golden.Between(half(m), half(soft))
	if d.Mean() > 8 || d.Values(60) > len(d)/40 {
		t.Errorf("%s differs from the software renderer by %.2f on average, %d of %d values by more than 60", name, d.Mean(), d.Values(60), len(d))
	}
}

// half averages 2×2 pixels: golden pictures stay small and forgive a shift of an edge by part of a pixel.
func half(m *image.RGBA) *image.RGBA {
	w, h := m.Rect.Dx()/2, m.Rect.Dy()/2
	s := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			for k := range 4 {
				i := 2*y*m.Stride + 8*x + k
				sum := int(m.Pix[i]) + int(m.Pix[i+4]) + int(m.Pix[i+m.Stride]) + int(m.Pix[i+m.Stride+4])
				s.Pix[y*s.Stride+4*x+k] = uint8((sum + 2) / 4)
			}
		}
	}
	return s
}
