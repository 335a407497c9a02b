package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/viewer"
	"github.com/ukemi-sim/ukemi/viewer/live"
	"github.com/ukemi-sim/ukemi/viewer/scene"
)

// browser returns the command that opens a page in the browser its user likes.
func browser(system, page string) []string {
	switch system {
	case "darwin":
		return []string{"open", page}
	case "windows":
		return []string{"rundll32", "url.dll,FileProtocolHandler", page}
	}
	return []string{"xdg-open", page}
}

// browse opens a file or an address in the browser, and does not wait.
func browse(page string) error {
	args := browser(runtime.GOOS, page)
	c := exec.Command(args[0], args[1:]...)
	if err := c.Start(); err != nil {
		return fmt.Errorf("--open: %w; open %s yourself", err, page)
	}
	go func() { _ = c.Wait() }() // a browser may run for days
	return nil
}

// another opens what the live page asks for: a file dropped on it by its text, which is put among the files that came
// with it below dir, a robot of the zoo by its name, or the source anew without one. Paths of this computer are none of
// its business.
func (f *viewFlags) another(source, dir string) func(name string, text []byte) (*live.Robot, error) {
	return func(name string, text []byte) (*live.Robot, error) {
		run, from := f.run, source
		if name != "" {
			from = name
		}
		if len(text) > 0 {
			if ext := filepath.Ext(name); !isFile("a" + ext) {
				return nil, fmt.Errorf("%s: want a file ending in .urdf, .xml or .mjcf", name)
			}
			from = filepath.Join(dir, filepath.Clean("/"+name))
			if err := os.MkdirAll(filepath.Dir(from), 0o700); err != nil {
				return nil, err
			}
			if err := os.WriteFile(from, text, 0o600); err != nil {
				return nil, err
			}
			run.world.meshes = append(slices.Clone(run.world.meshes), dir)
			r, err := run.robot(from, f.collision)
			if err != nil {
				return nil, errors.New(strings.ReplaceAll(err.Error(), dir+string(filepath.Separator), ""))
			}
			return r, nil
		}
		if name != "" {
			if _, err := models.Find(name); err != nil {
				return nil, noModel(name, err)
			}
		}
		return run.robot(from, f.collision)
	}
}

// dropped opens a file that is dropped on the window, or the source anew; what is worth knowing is said on the terminal.
func (f *viewFlags) dropped(c *cobra.Command, source string) func(path string) (*viewer.Robot, error) {
	return func(path string) (*viewer.Robot, error) {
		r, err := f.run.robot(cmp.Or(path, source), f.collision)
		if err != nil {
			return nil, err
		}
		source = cmp.Or(path, source) // what is loaded again from now on
		for _, n := range r.Notes {
			fmt.Fprintln(c.ErrOrStderr(), "note:", n)
		}
		return r, nil
	}
}

// robot opens a source for a window or a live page.
func (f runFlags) robot(source string, collision bool) (*scene.Robot, error) {
	w, _, ctrl, err := f.prepareQuietly(source)
	if err != nil {
		return nil, err
	}
	notes := slices.Concat(w.warnings(), w.model.Warnings(), w.said)
	for _, n := range w.notes {
		if n.Severity == physics {
			notes = append(notes, n.String())
		}
	}
	figure := scene.FigureOptions{MeshDir: meshDir(source), MeshDirs: f.world.meshFolders(), Collision: collision}
	return &scene.Robot{Model: w.model, Start: w.start, Control: ctrl, Figure: figure, Notes: append(notes, scene.FromModel(w.model, figure).Skipped()...)}, nil
}
