// Package show draws motions: what package trajopt finds, for its examples and the command.
package show

import (
	"flag"
	"image"
	"math"

	"github.com/ukemi-sim/ukemi/internal/draft"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/raster"
	"github.com/ukemi-sim/ukemi/viewer/replay"
	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/spatial/r3"
)

// Files are where a motion goes; empty names are not written.
type Files struct{ Picture, Page string } // PNG, HTML

// Flags adds -plot and -html to f.
func Flags(f *flag.FlagSet) *Files {
	s := &Files{}
	f.StringVar(&s.Picture, "plot", "", "write a picture of the motion to this PNG file")
	f.StringVar(&s.Page, "html", "", "write the motion to this HTML page")
	return s
}

// Write writes a motion of m: the states, which are drawn into one picture a few at a time, and the inputs that lead to them in steps at
// kappa, which the page shows with their contact forces.
func (s *Files) Write(m *sim.Model, states []sim.State, inputs [][]float64, kappa float64) error {
	if s.Picture != "" {
		if err := raster.WritePNG(s.Picture, strobe(m, states)); err != nil {
			return err
		}
	}
	if s.Page == "" {
		return nil
	}
	film, err := filmOf(m, states, inputs, kappa)
	if err != nil {
		return err
	}
	_, err = draft.Write(s.Page, film.WriteHTML)
	return err
}

// filmOf takes the steps again to know their forces; without inputs it shows the states alone.
func filmOf(m *sim.Model, states []sim.State, inputs [][]float64, kappa float64) (*replay.Film, error) {
	film := replay.NewFilm(m, replay.Options{})
	if inputs == nil {
		for k, x := range states {
			var now scene.Moment
			now.Set(float64(k)*states[len(states)-1].H, x)
			if err := film.AddMoment(&now); err != nil {
				return nil, err
			}
		}
		return film, nil
	}
	st, x := m.NewStepper(sim.Options{Kappa: kappa}), states[0].Clone()
	film.Start(st, x)
	for _, u := range inputs {
		res, err := st.Step(&x, x, u)
		if err != nil {
			return nil, err
		}
		film.Add(st, x, res)
	}
	return film, nil
}

// strobe draws some of the states over each other, the earlier the fainter.
func strobe(m *sim.Model, states []sim.State) image.Image {
	const poses, width, height = 7, 1280, 560
	figure := scene.FromModel(m, scene.FigureOptions{})
	sc := scene.Scene{Camera: scene.Camera{Azimuth: -1.35, Elevation: 0.2}}
	var items []scene.Item
	low, high := r3.Vec{X: math.Inf(1), Y: math.Inf(1), Z: math.Inf(1)}, r3.Vec{X: math.Inf(-1), Y: math.Inf(-1), Z: math.Inf(-1)}
	for i := range poses {
		x := states[i*(len(states)-1)/(poses-1)]
		figure.Fill(&sc, x.Q)
		for _, it := range sc.Items {
			it.Color = it.Color.Or(scene.RGB(0x8A94A0))
			it.Color.A = 0.2 + 0.8*float64(i)/(poses-1)
			it.Pose.Pos.Y += 2e-3 * float64(poses-1-i) // behind the later ones, where faces lie in one plane
			items = append(items, it)
		}
		a, b := figure.Bounds(x.Q)
		low = r3.Vec{X: math.Min(low.X, a.X), Y: math.Min(low.Y, a.Y), Z: math.Min(low.Z, a.Z)}
		high = r3.Vec{X: math.Max(high.X, b.X), Y: math.Max(high.Y, b.Y), Z: math.Max(high.Z, b.Z)}
	}
	sc.Items = items
	sc.Camera.Fit(low, high, float64(width)/height)
	sc.Camera.Distance *= 1.3
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	raster.New(width, height).Render(img, &sc)
	return img
}
