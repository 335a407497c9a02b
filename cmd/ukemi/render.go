package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"math"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/ukemi-sim/ukemi/internal/draft"
	"github.com/ukemi-sim/ukemi/viewer"
	"github.com/ukemi-sim/ukemi/viewer/raster"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

type renderFlags struct {
	run       runFlags
	out       string
	fps       float64
	size      string
	camera    string
	at        float64
	speed     float64
	trail     string
	noForces  bool
	noText    bool
	com       bool
	frames    bool
	collision bool
	plots     bool
	gl        bool

	width, height int
	kind          string // ".png", ".gif" or ".mp4"
}

const renderHelp = `Draw a picture or a video of a robot, without a screen or a graphics processor.

NAME or a robot file is simulated first. RUN is a recording of "ukemi simulate --record", or a CSV file: that of "simulate --out", or a log with
the time and some joints; say with --model which robot it is about.

Ctrl-C ends the run or the drawing; what there is of it is kept.

The ending of --out selects the kind: .png is one moment (--at), .gif and .mp4 are videos; MP4 needs the
program ffmpeg. With --gl OpenGL draws, as it does in the window of "ukemi view"; that needs a screen, if only
one in memory, and a program built with -tags gl. The camera stands so that all of the motion is seen, and follows a robot that travels.`

func renderCommand() *cobra.Command {
	var f renderFlags
	c := &cobra.Command{
		Use:   "render FILE|NAME|RUN --out x.png|x.gif|x.mp4",
		Short: "Draw a picture or a video of a robot",
		Long:  renderHelp,
		Example: `  ukemi render quadruped --out stand.png --at 0.5
  ukemi render block --seconds 3 --out toss.mp4 --speed 0.5
  ukemi simulate ant --out ant.csv && ukemi render ant.csv --model ant --out ant.gif`,
		Args: oneSource,
		RunE: func(c *cobra.Command, args []string) error { return render(c, args[0], &f) },
	}
	f.run.add(c, 2)
	l := c.Flags()
	l.StringVar(&f.out, "out", "", "the `file` to write, ending in .png, .gif or .mp4")
	l.Float64Var(&f.fps, "fps", 0, "frames per second (default 25 for GIF, 30 for MP4)")
	l.StringVar(&f.size, "size", "", "`WIDTHxHEIGHT` in pixels (default 1280x720, 640x360 for GIF)")
	l.StringVar(&f.camera, "camera", "", "`azimuth,elevation,distance` of the camera in degrees and meters;\nthe distance may be left out (default -50,17)")
	l.Float64Var(&f.at, "at", math.Inf(1), "the `time` of a PNG in seconds (default the end)")
	l.Float64Var(&f.speed, "speed", 1, "speed of a video; 0.25 is slow motion")
	l.StringVar(&f.trail, "trail", "", "draw the path of this `body`")
	l.BoolVar(&f.com, "com", false, "mark the center of mass")
	l.BoolVar(&f.frames, "frames", false, "draw the axes of the bodies")
	l.BoolVar(&f.plots, "plots", false, "draw height and contact force over time")
	l.BoolVar(&f.noForces, "no-forces", false, "leave out contact forces")
	l.BoolVar(&f.noText, "no-text", false, "leave out the text")
	l.BoolVar(&f.gl, "gl", false, "draw with OpenGL, in a window that nobody sees")
	l.BoolVar(&f.collision, "collision", false, "draw collision shapes instead of visual ones")
	l.Lookup("at").DefValue = "0"
	return c
}

// oneSource demands exactly one argument: a file, a name or a CSV file.
func oneSource(c *cobra.Command, args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("%s wants one robot: a file ending in .urdf or .xml, one of those that `ukemi models` lists, or a run: a recording ending in .ukemi or a table ending in .csv", c.Name())
	}
	return nil
}

// chosen reports whether the user gave the flag; those that make the pictures of the gallery have no user.
func (f *renderFlags) chosen(flag string) bool { return f.run.chosen != nil && f.run.chosen(flag) }

// check completes the flags.
func (f *renderFlags) check() error {
	f.kind = strings.ToLower(filepath.Ext(f.out))
	size, fps, most := "1280x720", 30.0, 1000.0
	switch f.kind {
	case ".png", ".mp4":
	case ".gif":
		size, fps, most = "640x360", 25, 50 // browsers slow down anything faster
	default:
		if f.out == "" {
			return errors.New("--out is missing: the file to write, ending in .png, .gif or .mp4")
		}
		return fmt.Errorf("--out is %q, want a file ending in .png, .gif or .mp4", f.out)
	}
	if f.size == "" {
		f.size = size
	}
	if f.fps == 0 && !f.chosen("fps") {
		f.fps = fps
	}
	if !(f.fps >= 1 && f.fps <= most) {
		return fmt.Errorf("--fps is %g, want 1…%g for %s", f.fps, most, f.kind)
	}
	if err := positive("speed", f.speed, ""); err != nil {
		return err
	}
	if !(f.at >= 0) || f.chosen("at") && math.IsInf(f.at, 0) {
		return fmt.Errorf("--at is %g s, want a time in the run, 0 or more", f.at)
	}
	if f.kind != ".png" && f.chosen("at") {
		return fmt.Errorf("--at is the moment of a picture; %s is a video of the whole run", f.out)
	}
	for _, video := range []string{"fps", "speed"} {
		if f.kind == ".png" && f.chosen(video) {
			return fmt.Errorf("--%s is for videos; %s is one picture", video, f.out)
		}
	}
	w, h, ok := strings.Cut(strings.ToLower(f.size), "x")
	var err1, err2 error
	f.width, err1 = strconv.Atoi(w)
	f.height, err2 = strconv.Atoi(h)
	if !ok || err1 != nil || err2 != nil || min(f.width, f.height) < 16 || max(f.width, f.height) > 8192 {
		return fmt.Errorf("--size is %q, want WIDTHxHEIGHT, each 16 to 8192 pixels", f.size)
	}
	if f.kind == ".mp4" && (f.width%2 != 0 || f.height%2 != 0) {
		return fmt.Errorf("--size is %q, but MP4 wants even numbers", f.size)
	}
	return nil
}

// aim places the camera as told; it reports whether a distance was given.
func (f *renderFlags) aim(c *scene.Camera) (fixed bool, err error) {
	c.Azimuth, c.Elevation = -50*math.Pi/180, 17*math.Pi/180
	if f.camera == "" {
		return false, nil
	}
	var v []float64
	for _, s := range strings.Split(f.camera, ",") {
		x, e := strconv.ParseFloat(strings.TrimSpace(s), 64)
		if e != nil || math.IsNaN(x) || math.IsInf(x, 0) {
			err = errors.New("not a number")
		}
		v = append(v, x)
	}
	if err != nil || len(v) < 2 || len(v) > 3 || len(v) == 3 && !(v[2] > 0) {
		return false, fmt.Errorf("--camera is %q, want azimuth,elevation in degrees and perhaps a distance in meters, as in -50,17,2", f.camera)
	}
	c.Azimuth, c.Elevation = v[0]*math.Pi/180, v[1]*math.Pi/180
	if len(v) == 3 {
		c.Distance = v[2]
	}
	return len(v) == 3, nil
}

// animation is a video that is being written.
type animation interface {
	Add(*image.RGBA) error
	Close() error
}

// create opens the output; nil for a PNG.
func (f *renderFlags) create(path string) (animation, error) {
	switch f.kind {
	case ".gif":
		return raster.CreateGIF(path, f.width, f.height, f.fps)
	case ".mp4":
		return raster.CreateMP4(path, f.width, f.height, f.fps)
	}
	return nil, nil
}

// openGL prepares OpenGL when it shall draw; nil means that the processor does.
func (f *renderFlags) openGL() (*viewer.Offscreen, error) {
	if !f.gl {
		return nil, nil
	}
	o, err := viewer.NewOffscreen(f.width, f.height)
	if err != nil {
		return nil, fmt.Errorf("--gl: %w\nWithout --gl the processor draws, and needs none of this", err)
	}
	return o, nil
}

func render(c *cobra.Command, source string, f *renderFlags) error {
	if err := f.check(); err != nil {
		return err
	}
	if _, err := f.aim(&scene.Camera{}); err != nil {
		return err
	}
	if _, err := exec.LookPath("ffmpeg"); f.kind == ".mp4" && err != nil {
		return raster.ErrNoFFmpeg // better before the simulation than after it
	}
	if f.kind == ".png" && !math.IsInf(f.at, 0) && !isRun(source) {
		f.run.seconds = max(f.at, f.run.world.timestep) // nothing after the picture is of interest
	}
	gl, err := f.openGL() // this too before the simulation
	if err != nil {
		return err
	}
	if gl != nil {
		defer gl.Close()
	}
	gap := f.speed / f.fps
	if f.kind == ".png" {
		gap = 0
	}
	r, err := f.run.shoot(c, source, gap)
	if err != nil {
		return err
	}
	if last := r.frames[len(r.frames)-1].Time; r.cut == nil && !math.IsInf(f.at, 1) && f.at > last+1e-9 {
		return fmt.Errorf("--at is %g s, but the run ends at %g s", f.at, last)
	}
	a, err := newArtist(c, r, f)
	if err != nil {
		return err
	}
	d, err := draft.New(f.out, nil)
	if err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	ctx, cancel := signal.NotifyContext(c.Context(), os.Interrupt)
	defer cancel()
	err = a.draw(ctx, c, f, d.Name(), gl)
	stopped := errors.Is(err, errInterrupted) // what is there is a video
	if stopped {
		err = nil
	}
	if err := d.Keep(err); err != nil {
		return err
	}
	if stopped {
		r.cut = fmt.Errorf("interrupted after %d of %d pictures, which are kept", a.drawn, len(r.frames))
	}
	info, err := os.Stat(f.out)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.OutOrStdout(), "%s: %s, %dx%d, %.0f kB\n", f.out, plural(a.drawn, "picture", "pictures"), f.width, f.height, float64(info.Size())/1e3)
	return r.cut
}

var errInterrupted = errors.New("interrupted")

// draw writes the picture or the video, with OpenGL when gl is not nil.
func (a *artist) draw(ctx context.Context, c *cobra.Command, f *renderFlags, path string, gl *viewer.Offscreen) error {
	frames, picture := a.reel.frames, a.picture
	if gl != nil {
		picture = func(dst *image.RGBA, s *scene.Moment) {
			a.compose(s)
			gl.Render(dst, &a.scene)
			a.drawn++
		}
	}
	img := image.NewRGBA(image.Rect(0, 0, f.width, f.height))
	if f.kind == ".png" {
		k, _ := slices.BinarySearchFunc(frames, f.at+1e-9, func(s scene.Moment, t float64) int {
			if s.Time <= t {
				return -1
			}
			return 1
		})
		if k = max(k, 1); a.remembers() {
			for i := range k - 1 {
				a.compose(&frames[i])
			}
		}
		picture(img, &frames[k-1])
		return raster.WritePNG(path, img)
	}
	video, err := f.create(path)
	if err != nil {
		return err
	}
	b := newBar(c.ErrOrStderr(), len(frames), "drawing "+a.reel.name)
	defer b.done()
	for i := range frames {
		if err := ctx.Err(); err != nil {
			if i == 0 {
				return errors.Join(errors.New("interrupted"), video.Close())
			}
			return errors.Join(errInterrupted, video.Close())
		}
		picture(img, &frames[i])
		if err := video.Add(img); err != nil {
			return err
		}
		b.step()
	}
	return video.Close()
}
