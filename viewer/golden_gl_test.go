//go:build gl && cgo

package viewer

import (
	"flag"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/viewer/raster"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

var (
	update = flag.Bool("update", false, "write the golden pictures instead of comparing with them")
	out    = flag.String("out", "", "folder for full-size pictures to look at")
)

// TestZooLooks opens a window, lets every model of the zoo fall for half a second, and compares what is
// seen with a stored picture.
func TestZooLooks(t *testing.T) {
	onMain(t, func() {
		for _, e := range models.All() {
			v := liveViewer(t, e, Options{Width: 640, Height: 360, Paused: true, hidden: true})
			if v == nil {
				return
			}
			v.desk.forwardBy(50)
			v.desk.show.com = true
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
	path := filepath.Join("testdata", name+".png")
	got := half(m)
	if *update {
		if err := raster.WritePNG(path, got); err != nil {
			t.Error(err)
		}
		return
	}
	f, err := os.Open(path)
	if err != nil {
		t.Error(err)
		return
	}
	defer f.Close()
	want, err := png.Decode(f)
	if err != nil {
		t.Error(err)
		return
	}
	if want.Bounds() != got.Bounds() {
		t.Errorf("%s is %v large, want %v", name, got.Bounds(), want.Bounds())
		return
	}
	sum, bad := 0, 0
	for i := range len(got.Pix) / 4 {
		r, g, b, _ := want.At(i%got.Rect.Dx(), i/got.Rect.Dx()).RGBA()
		worst := 0
		for k, w := range [3]uint32{r >> 8, g >> 8, b >> 8} {
			d := int(got.Pix[4*i+k]) - int(w)
			d = max(d, -d)
			sum += d
			worst = max(worst, d)
		}
		if worst > 24 {
			bad++
		}
	}
	n := len(got.Pix) / 4
	if mean := float64(sum) / float64(3*n); mean > 1.5 || bad > n/100 {
		t.Errorf("%s differs from its picture: by %.2f on average, %d of %d pixels by more than 24 (-update writes it anew, -out DIR shows it)", name, mean, bad, n)
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
	sum, bad := 0, 0
	a, b := half(m), half(soft)
	for i := range a.Pix {
		d := int(a.Pix[i]) - int(b.Pix[i])
		d = max(d, -d)
		sum += d
		if d > 60 {
			bad++
		}
	}
	if mean := float64(sum) / float64(len(a.Pix)); mean > 6 || bad > len(a.Pix)/50 {
		t.Errorf("%s differs from the software renderer by %.2f on average, %d of %d values by more than 60", name, mean, bad, len(a.Pix))
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
