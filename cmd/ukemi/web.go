package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/ukemi-sim/ukemi/internal/draft"
	"github.com/ukemi-sim/ukemi/models"
	"github.com/ukemi-sim/ukemi/viewer/replay"
)

const webHelp = `Write a page that simulates by itself.

The page holds the engine as a program of the browser: no server, no network, nothing to install. Choose a robot of
the zoo or drop a URDF or MJCF file with its meshes, or their folder, pull bodies with Ctrl and the mouse, change κ and the timestep, and
see with G how a body answers to a push: the derivative of the step.

It is compiled from the source at hand, so run this in a checkout of ukemi or in a module that requires it.`

func webCommand() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:     "web [NAME]",
		Short:   "Write a page that simulates by itself, in any browser",
		Long:    webHelp,
		Example: "  ukemi web --out ukemi.html\n  ukemi web ant --out ukemi.html",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			first := "quadruped24" // it lies where it falls when it is pushed over
			if len(args) > 0 {
				first = args[0]
			}
			return writeEngine(c, first, out)
		},
	}
	c.Flags().StringVar(&out, "out", "ukemi.html", "write the page to this `file`")
	return c
}

// writeEngine writes the page that begins with the named robot.
func writeEngine(c *cobra.Command, first, out string) error {
	robots, err := offered(first)
	if err != nil {
		return err
	}
	if ext := strings.ToLower(filepath.Ext(out)); ext != ".html" && ext != ".htm" {
		return fmt.Errorf("--out is %s, want a file ending in .html", out)
	}
	program, starter, err := compile()
	if err != nil {
		return err
	}
	size, err := draft.Write(out, func(w io.Writer) error {
		return replay.WriteEngine(w, "ukemi", robots, program, starter)
	})
	if err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	fmt.Fprintf(c.OutOrStdout(), "%s: %.1f MB; open it in a browser\n", out, float64(size)/1e6)
	return nil
}

// offered returns the zoo with the named robot first.
func offered(first string) ([]replay.Robot, error) {
	e, err := models.Find(first)
	if err != nil {
		return nil, noModel(first, err)
	}
	robots := []replay.Robot{{Name: e.Name, Summary: e.Summary}}
	for _, e := range models.All() {
		if e.Name != robots[0].Name {
			robots = append(robots, replay.Robot{Name: e.Name, Summary: e.Summary})
		}
	}
	return robots, nil
}

// compile returns the engine as WebAssembly, and what starts it, from the same toolchain: they must fit each other.
func compile() (program, starter []byte, err error) {
	if _, err := exec.LookPath("go"); err != nil {
		return nil, nil, errors.New("the page is compiled from source, which needs Go: https://go.dev/dl/")
	}
	dir, err := os.MkdirTemp("", "ukemi")
	if err != nil {
		return nil, nil, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "ukemi.wasm")
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", file, "github.com/ukemi-sim/ukemi/cmd/ukemi-web")
	build.Env = slices.Concat(os.Environ(), []string{"GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0", "GOFLAGS="})
	if said, err := build.CombinedOutput(); err != nil {
		return nil, nil, fmt.Errorf("go build: %w: run this in a checkout of ukemi or in a module that requires it\n%s", err, said)
	}
	if program, err = os.ReadFile(file); err != nil {
		return nil, nil, err
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, nil, fmt.Errorf("go env GOROOT: %w", err)
	}
	starter, err = os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js"))
	return program, starter, err
}
