package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/ukemi-sim/ukemi/internal/draft"
)

const plotHelp = `Draw a run over time: a recording of "ukemi simulate --record", or a table. Nothing is simulated but, for signals that a recording
does not hold, single steps of it.

Without --signals a recording is drawn as simulate --plot does, of a table all columns by kind. Up to seven signals of a pattern share a
diagram, more have each their own.`

func plotCommand() *cobra.Command {
	var out, signals string
	c := &cobra.Command{
		Use:     "plot RUN --out x.png|x.svg|x.pdf",
		Short:   "Draw signals of a recording or a table over time",
		Long:    plotHelp,
		Example: `  ukemi plot run.ukemi --out torques.pdf --signals "tau.*, FR_foot/ground.f*"`,
		Args:    oneRun,
	}
	c.Flags().StringVar(&out, "out", "", "the `file` to write, ending in .png, .svg or .pdf")
	c.Flags().StringVar(&signals, "signals", "", "`names` of signals, separated by commas, * stands for any letters")
	c.RunE = func(c *cobra.Command, args []string) error {
		if out == "" {
			return fmt.Errorf("--out is missing: the file to write, ending in %s", anyOf(pictureKinds))
		}
		if err := writable("out", out, pictureKinds...); err != nil {
			return err
		}
		d, err := draft.New(out, nil)
		if err != nil {
			return fmt.Errorf("--out: %w", err)
		}
		p, err := plotRun(c.Context(), d, args[0], choice{"signals", signals})
		if err == nil {
			err = p.draw()
		}
		if err = d.Keep(err); err != nil {
			return err
		}
		fmt.Fprintf(c.OutOrStdout(), "%s: %s\n", out, plural(len(p.panels), "diagram", "diagrams"))
		return nil
	}
	return c
}

// plotRun fills a picture with a run.
func plotRun(ctx context.Context, d *draft.File, path string, want choice) (*picture, error) {
	if isRecording(path) {
		r, err := openRecording(path)
		if err != nil {
			return nil, err
		}
		p, err := newPicture(d, &world{model: r.World}, len(r.Inputs), want)
		if err != nil {
			return nil, err
		}
		return p, moments(ctx, r, true, p.take)
	}
	s, err := readAnyRun(ctx, path)
	if err != nil {
		return nil, err
	}
	time, err := s.time()
	if err != nil {
		return nil, err
	}
	p := &picture{d: d, title: filepath.Base(path), steps: len(s.rows), columns: 2, names: s.names, units: make([]string, len(s.names))}
	if want.text != "" {
		err = p.group(want)
	} else {
		p.kinds()
	}
	for _, row := range s.rows {
		p.end = row[time]
		for _, n := range p.panels {
			n.takeRow(row[time], row)
		}
	}
	return p, err
}

// time returns the column of the time.
func (s *sheet) time() (int, error) {
	for i, n := range s.names {
		if n == "time" || n == "t" {
			return i, nil
		}
	}
	return 0, fmt.Errorf(`%s: no column is "time" (s)`, s.path)
}

// kinds adds a panel for each kind of column.
func (p *picture) kinds() {
	var order []string
	of := map[string][]int{}
	for i, n := range p.names {
		kind := kindOf(n)
		if kind == "" {
			continue
		}
		if of[kind] == nil {
			order = append(order, kind)
		}
		of[kind] = append(of[kind], i)
	}
	for _, k := range order {
		p.signals(k, of[k])
	}
}

// kindOf says what a column is by its name; "" for what is not drawn unless it is asked for.
func kindOf(name string) string {
	for prefix, kind := range map[string]string{"v.": "velocities", "energy.": "energies", "u.": "inputs", "tau.": "forces of drives", "wrench.": "wrenches of joints"} {
		if strings.HasPrefix(name, prefix) {
			return kind
		}
	}
	if strings.Contains(name, "/") {
		if k := strings.LastIndexByte(name, '.'); k >= 0 && strings.HasPrefix(name[k:], ".p") {
			return "" // where a force acts
		}
		return "contact forces"
	}
	if name == "time" || name == "t" {
		return ""
	}
	return "coordinates"
}
