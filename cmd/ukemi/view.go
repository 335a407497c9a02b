package main

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"

	"github.com/spf13/cobra"
	"github.com/ukemi-sim/ukemi/internal/draft"
	"github.com/ukemi-sim/ukemi/viewer"
	"github.com/ukemi-sim/ukemi/viewer/live"
	"github.com/ukemi-sim/ukemi/viewer/replay"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

type viewFlags struct {
	run       runFlags
	html      string
	fps       float64
	web       bool
	browse    bool
	address   string
	collision bool
}

const viewHelp = `Look at a robot that moves.

Without further flags a window opens (it needs OpenGL, see README). With --web the simulation runs live in
a page of your browser; it is served to this computer only. With --html a run is written as one file that
opens in any browser, without network, to be sent around.

A recording of "ukemi simulate --record" is replayed, in the window or with --html. So is a CSV file, that of "simulate --out" or a log
with the time and some joints; say with --model which robot it is about. What it has no column of stays as at the start.`

func viewCommand() *cobra.Command {
	var f viewFlags
	c := &cobra.Command{
		Use:   "view FILE|NAME|RUN",
		Short: "Look at a robot that moves: in a window, live in a browser, or as a page to share",
		Long:  viewHelp,
		Example: `  ukemi view quadruped
  ukemi view quadruped --web
  ukemi view block --seconds 3 --html toss.html
  ukemi simulate ant --out ant.csv && ukemi view ant.csv --model ant`,
		Args: oneSource,
		RunE: func(c *cobra.Command, args []string) error { return view(c, args[0], &f) },
	}
	f.run.add(c, 10)
	l := c.Flags()
	l.StringVar(&f.html, "html", "", "write a page to this `file`")
	l.Float64Var(&f.fps, "fps", 50, "frames per second of the page")
	l.BoolVar(&f.web, "web", false, "simulate live in a page of your browser")
	l.StringVar(&f.address, "address", "127.0.0.1:0", "loopback address and `port` of the live page, or a port alone; port 0 takes a free one")
	l.BoolVar(&f.browse, "open", false, "open the page in your browser")
	l.BoolVar(&f.collision, "collision", false, "draw collision shapes instead of visual ones")
	return c
}

func view(c *cobra.Command, source string, f *viewFlags) error {
	if !(f.fps >= 1 && f.fps <= 1000) {
		return fmt.Errorf("--fps is %g, want 1 to 1000 frames per second", f.fps)
	}
	if err := writable("html", f.html, ".html", ".htm"); err != nil {
		return err
	}
	switch {
	case f.html != "" && f.web:
		return errors.New("--html and --web exclude each other")
	case f.run.chosen("address") && !f.web:
		return errors.New("--address is for --web")
	case f.run.chosen("fps") && f.html == "":
		return errors.New("--fps is for --html")
	case f.html != "":
		if err := writePage(c, source, f); err != nil || !f.browse {
			return err
		}
		return browse(f.html)
	case f.browse && !f.web:
		return errors.New("--open opens a page; say --web or --html FILE")
	case isRun(source) && f.web:
		return errors.New("--web simulates; a run is replayed without it in a window, or as a page with --html")
	case isRun(source):
		return replayRun(c, source, f)
	}
	if err := f.run.check(); err != nil {
		return err
	}
	w, st, ctrl, err := f.run.prepareQuietly(source)
	if err != nil {
		return err
	}
	f.run.warn(c, w)
	figure := scene.FigureOptions{MeshDir: meshDir(source), MeshDirs: f.run.world.meshFolders(), Collision: f.collision}
	complain(c, scene.FromModel(w.model, figure).Skipped())
	if f.web {
		ctx, cancel := signal.NotifyContext(c.Context(), os.Interrupt)
		defer cancel()
		dir, err := os.MkdirTemp("", "ukemi") // of robots that are dropped on the page
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		return live.Serve(ctx, f.address, w.model, w.start, live.Options{
			Step: st.Options(), Control: ctrl, Figure: figure, Notes: slices.Concat(w.warnings(), w.said),
			Open: f.another(source, dir), Folder: dir,
			Ready: func(url string) {
				fmt.Fprintf(c.OutOrStdout(), "open %s in your browser; end with Ctrl-C\n", url)
				if f.browse {
					if err := browse(url); err != nil {
						fmt.Fprintln(c.ErrOrStderr(), "note:", err)
					}
				}
			},
		})
	}
	return explain(viewer.Run(w.model, w.start, viewer.Options{Step: st.Options(), Control: ctrl, Figure: figure, Open: f.dropped(c, source)}),
		"--web runs it live in your browser, --html FILE writes a page, `ukemi render` draws a video")
}

// explain adds what else can be done where there is no window.
func explain(err error, instead string) error {
	if errors.Is(err, viewer.ErrNoWindow) {
		return fmt.Errorf("%w\nWithout a window: %s", err, instead)
	}
	return err
}

// replayRun shows a run in the window.
func replayRun(c *cobra.Command, source string, f *viewFlags) error {
	r, err := f.run.shoot(c, source, 0)
	if err != nil {
		return err
	}
	t, even := r.trajectory()
	if !even {
		fmt.Fprintf(c.ErrOrStderr(), "note: %s: the times are not equal steps from 0; the window shows steps of %.3g s\n", source, t.Timestep)
	}
	figure := scene.FigureOptions{MeshDir: r.meshDir, MeshDirs: f.run.world.meshFolders(), Collision: f.collision}
	complain(c, scene.FromModel(r.model, figure).Skipped())
	step := r.options
	if step.Kappa == 0 {
		step = f.run.options()
	}
	return explain(viewer.Replay(r.model, t, viewer.Options{
		Title: r.name, Step: step, Figure: figure,
	}), "--html FILE writes a page, `ukemi render` draws a video")
}

// writePage writes a run as a page.
func writePage(c *cobra.Command, source string, f *viewFlags) error {
	r, err := f.run.shoot(c, source, 1/f.fps)
	if err != nil {
		return err
	}
	film := replay.NewFilm(r.model, replay.Options{
		Title: r.name, FPS: f.fps, Figure: scene.FigureOptions{MeshDir: r.meshDir, MeshDirs: f.run.world.meshFolders(), Collision: f.collision},
	})
	complain(c, film.Figure().Skipped())
	for i := range r.frames {
		if err := film.AddMoment(&r.frames[i]); err != nil {
			return err
		}
	}
	d, err := draft.New(f.html, nil)
	if err != nil {
		return fmt.Errorf("--html: %w", err)
	}
	if err := d.Keep(film.WriteHTML(d)); err != nil {
		return fmt.Errorf("--html: %w", err)
	}
	info, err := os.Stat(f.html)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.OutOrStdout(), "%s: %s, %.0f kB; open it in a browser\n", f.html, plural(film.Frames(), "frame", "frames"), float64(info.Size())/1e3)
	return r.cut
}
