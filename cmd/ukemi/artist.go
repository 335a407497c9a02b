package main

import (
	"fmt"
	"image"
	"math"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/ukemi-sim/ukemi/viewer/raster"
	"github.com/ukemi-sim/ukemi/viewer/scene"
	"gonum.org/v1/gonum/spatial/r3"
)

// artist draws the frames of a reel.
type artist struct {
	reel     *reel
	flags    *renderFlags
	figure   *scene.Figure
	renderer *raster.Renderer
	scene    scene.Scene
	follow   bool
	last     float64 // time of the frame before
	drawn    int

	trail         *scene.Trail
	height, force []float64 // plotted
}

func newArtist(c *cobra.Command, r *reel, f *renderFlags) (*artist, error) {
	a := &artist{reel: r, flags: f, renderer: raster.New(f.width, f.height), last: math.NaN()}
	a.figure = scene.FromModel(r.model, scene.FigureOptions{MeshDir: r.meshDir, MeshDirs: f.run.world.meshFolders(), Collision: f.collision})
	complain(c, a.figure.Skipped())
	cam := &a.scene.Camera
	fixed, err := f.aim(cam)
	if err != nil {
		return nil, err
	}
	distance := cam.Distance
	a.follow = a.figure.Aim(cam, float64(f.width)/float64(f.height), r.configurations())
	if fixed {
		cam.Distance = distance
	}
	if f.trail != "" {
		names := r.model.Bodies()
		body := slices.Index(names, f.trail)
		if body < 0 {
			return nil, fmt.Errorf("--trail: there is no body %q; there are %s", f.trail, strings.Join(names, ", "))
		}
		a.trail = &scene.Trail{Body: body, At: r.model.BodyInertia(body).COM, Color: scene.RGB(0xE0443E)}
	}
	return a, nil
}

// remembers reports whether a frame shows something of those before it.
func (a *artist) remembers() bool { return a.trail != nil || a.flags.plots || a.follow }

func (a *artist) picture(dst *image.RGBA, s *scene.Moment) {
	a.compose(s)
	a.renderer.Render(dst, &a.scene)
	a.drawn++
}

// compose fills the scene with a frame.
func (a *artist) compose(s *scene.Moment) {
	f, sc := a.flags, &a.scene
	a.figure.Fill(sc, s.State.Q)
	com := a.figure.CenterOfMass()
	if a.follow {
		if a.last != a.last {
			sc.Camera.Target = com
		} else {
			sc.Camera.Follow(com, s.Time-a.last, 0.25)
		}
	}
	a.last = s.Time
	contacts := -1
	if s.Knows(scene.KnownContacts) {
		contacts = a.figure.AddContacts(sc, s.Contacts)
		if f.noForces {
			sc.Arrows, sc.Points = sc.Arrows[:0], sc.Points[:0]
		}
	}
	if a.trail != nil {
		a.trail.Add(sc, a.figure)
	}
	if f.com {
		a.figure.AddCenterOfMass(sc)
	}
	if f.frames {
		a.figure.AddFrames(sc)
	}
	if !f.noText {
		a.report(s, contacts)
	}
	if f.plots {
		a.plot(s, com.Z)
	}
}

func (a *artist) report(s *scene.Moment, touching int) {
	speed := 1.0
	if a.flags.kind != ".png" {
		speed = a.flags.speed
	}
	a.scene.Panels = append(a.scene.Panels, s.Panel(a.reel.name, speed, touching))
}

func (a *artist) plot(s *scene.Moment, height float64) {
	force := 0.0
	for i := range s.Contacts {
		force += r3.Norm(s.Contacts[i].Force)
	}
	a.height, a.force = append(a.height, height), append(a.force, force)
	n := len(a.reel.frames)
	a.scene.Plots = append(a.scene.Plots,
		scene.Plot{Corner: scene.BottomRight, Title: "contact force [N]", Samples: n, Height: 0.16, Width: 0.45, Series: []scene.Series{{Name: "sum", Values: a.force}}},
		scene.Plot{Corner: scene.BottomRight, Title: "height [m]", Samples: n, Height: 0.16, Width: 0.45, Series: []scene.Series{{Name: "center", Values: a.height}}})
}
