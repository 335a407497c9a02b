package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"github.com/ukemi-sim/ukemi/internal/data"
	"github.com/ukemi-sim/ukemi/viewer"
	"github.com/ukemi-sim/ukemi/viewer/raster"
)

// version returns that of the module, or the commit that the program was built from.
func version() string {
	b, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v, dirty := b.Main.Version, ""
	if v == "" || v == "(devel)" {
		v = "devel"
		for _, s := range b.Settings {
			switch {
			case s.Key == "vcs.revision":
				v = "devel " + s.Value[:min(12, len(s.Value))]
			case s.Key == "vcs.modified" && s.Value == "true":
				dirty = ", changed"
			}
		}
	}
	return fmt.Sprintf("%s%s (%s, %s/%s)", v, dirty, b.GoVersion, runtime.GOOS, runtime.GOARCH)
}

// finding is whether something that the command can make use of is there.
type finding struct {
	What   string `json:"what"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"` // what is there, or what to do
}

func doctorCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Say what is missing for the window, videos, the browser and optional data",
		Args:  noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			l := examine()
			if asJSON {
				return printJSON(c.OutOrStdout(), l)
			}
			return printFindings(c.OutOrStdout(), l)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// examine looks for all of it. Nothing of it is needed to simulate.
func examine() []finding {
	l := []finding{{"simulate, render, view --html", true, fmt.Sprintf("need nothing; ukemi %s, %s", version(), plural(runtime.GOMAXPROCS(0), "core", "cores"))}}
	add := func(what, have string, err error) {
		if err != nil {
			have = err.Error()
		}
		l = append(l, finding{what, err == nil, have})
	}
	gl, err := viewer.NewOffscreen(16, 16)
	if err == nil {
		gl.Close()
	}
	add("view, render --gl", "OpenGL draws", err)
	ffmpeg, err := exec.LookPath("ffmpeg")
	if err != nil {
		err = raster.ErrNoFFmpeg
	}
	add("render --out x.mp4", ffmpeg, err)
	browser, err := findBrowser()
	add("view --web, view --html", browser, err)
	data, err := findData()
	add("tests that compare with data", data, err)
	return l
}

func findBrowser() (string, error) {
	names := []string{"xdg-open", "chromium", "google-chrome", "firefox", "open", "explorer.exe"}
	for _, n := range names {
		if p, err := exec.LookPath(n); err == nil {
			return p, nil
		}
	}
	return "", errors.New("no browser was found here; pages can be sent to where there is one")
}

func findData() (string, error) {
	dir := data.Folder()
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return "", fmt.Errorf("there is no folder %s: UKEMI_DATA names another; without it those tests pass and say what they left out", dir)
	}
	return dir, nil
}

func printFindings(out io.Writer, l []finding) error {
	w := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	for _, f := range l {
		state := "ok"
		if !f.OK {
			state = "missing"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", state, f.What, strings.ReplaceAll(f.Detail, "\n", "\n\t\t"))
	}
	return w.Flush()
}
