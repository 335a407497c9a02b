package main

import (
	"bytes"
	_ "embed" // for the page
	"encoding/base64"
	"fmt"
	"html/template"
	"image"
	"image/jpeg"
	"io"
	"math"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/ukemi-sim/ukemi/internal/draft"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/sim"
	"github.com/ukemi-sim/ukemi/viewer/raster"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

//go:embed gallery.html
var galleryHTML string

const galleryHelp = `Write a page with a picture of every model of the zoo.

With --page the page that simulates by itself, as "ukemi web" writes it, is written too, and every picture leads to its
robot there. Keep the two files as they lie to each other.`

func galleryCommand() *cobra.Command {
	var out, page string
	c := &cobra.Command{
		Use:     "gallery",
		Short:   "Write a page with pictures of all models, which lead to where they move",
		Long:    galleryHelp,
		Example: "  ukemi gallery --html gallery.html\n  ukemi gallery --html gallery.html --page ukemi.html",
		Args:    noArguments,
		RunE:    func(c *cobra.Command, _ []string) error { return gallery(c, out, page) },
	}
	c.Flags().StringVar(&out, "html", "gallery.html", "write the pictures to this `file`")
	c.Flags().StringVar(&page, "page", "", "write the page that simulates to this `file`, and link to it")
	return c
}

func gallery(c *cobra.Command, out, page string) error {
	if ext := strings.ToLower(filepath.Ext(out)); ext != ".html" && ext != ".htm" {
		return fmt.Errorf("--html is %s, want a file ending in .html", out)
	}
	link := ""
	if page != "" {
		if err := writeEngine(c, "quadruped", page); err != nil {
			return fmt.Errorf("--page: %w", err)
		}
		there, err := filepath.Rel(filepath.Dir(out), page)
		if err != nil {
			return fmt.Errorf("--page: %w", err)
		}
		link = (&url.URL{Path: filepath.ToSlash(there)}).String()
	}
	bar := newBar(c.ErrOrStderr(), len(models.All()), "drawing")
	defer bar.done()
	var cards []card
	for _, e := range models.All() {
		k, err := portrait(e)
		if err != nil {
			return fmt.Errorf("%s: %w", e.Name, err)
		}
		if link != "" {
			k.Link = link + "#" + e.Name
		}
		cards = append(cards, k)
		bar.at(len(cards))
	}
	size, err := draft.Write(out, func(w io.Writer) error {
		return template.Must(template.New("gallery").Parse(galleryHTML)).Execute(w, cards)
	})
	if err != nil {
		return fmt.Errorf("--html: %w", err)
	}
	fmt.Fprintf(c.OutOrStdout(), "%s: %s, %.0f kB; open it in a browser\n", out, plural(len(cards), "model", "models"), float64(size)/1e3)
	return nil
}

// card is what the gallery shows of a model.
type card struct {
	Name, Summary string
	Size          string
	Link          string // empty without a page to go to
	Picture       template.URL
}

// portrait draws a model half a second after its start, when most have met the ground.
func portrait(e models.Entry) (card, error) {
	const width, height, seconds = 480, 300, 0.5
	m, err := e.Builder(models.Options{}).Build()
	if err != nil {
		return card{}, err
	}
	var now scene.Moment
	x, st := e.Start(m), m.NewStepper(sim.Options{})
	var res sim.Result
	for range int(math.Round(seconds / m.Timestep())) {
		if res, err = st.Step(&x, x, nil); err != nil {
			return card{}, err
		}
	}
	now.Set(seconds, x)
	now.Report(st, res)

	f := scene.FromModel(m, scene.FigureOptions{})
	s := scene.Scene{Camera: scene.Camera{Azimuth: -0.9, Elevation: 0.3, FovY: 40 * math.Pi / 180}}
	f.Aim(&s.Camera, float64(width)/height, [][]float64{x.Q})
	f.Fill(&s, x.Q)
	f.AddContacts(&s, now.Contacts)
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	raster.New(width, height).Render(img, &s)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 85}); err != nil {
		return card{}, err
	}
	picture := template.URL("data:image/jpeg;base64," + base64.StdEncoding.EncodeToString(b.Bytes()))
	size := plural(m.NV(), "degree of freedom", "degrees of freedom")
	if m.NU() > 0 {
		size += ", " + plural(m.NU(), "input", "inputs")
	}
	return card{Name: e.Name, Summary: e.Summary, Size: size, Picture: picture}, nil
}
