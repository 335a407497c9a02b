// Command versus compares ukemi with other engines on the same scenes, in one run on one machine.
//
//	go run ./bench/versus run          measure and print the tables
//	go run ./bench/versus table FILE   print a stored result, or put it into docs/comparison.md
//	go run ./bench/versus scenes       list the scenes
//	go run ./bench/versus export …     write a scene for a program of your own
//
// README.md beside this file tells how another engine is added.
package main

import (
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"

	"github.com/spf13/cobra"
	"github.com/ukemi-sim/ukemi/internal/data"
	"github.com/ukemi-sim/ukemi/internal/generated"
)

func main() {
	root := &cobra.Command{Use: "versus", Short: "Compare ukemi with other engines on the same scenes", SilenceUsage: true}
	root.CompletionOptions.DisableDefaultCmd = true
	root.AddCommand(runCommand(), tableCommand(), scenesCommand(), exportCommand(), ukemiCommand())
	if root.Execute() != nil {
		os.Exit(1)
	}
}

func runCommand() *cobra.Command {
	p := plan{engines: engines}
	var work, only, out string
	c := &cobra.Command{
		Use: "run", Short: "Measure all engines in turns and print the tables", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if p.rounds < 1 || !(p.seconds > 0) {
				return fmt.Errorf("--rounds is %d and --seconds is %g, want at least 1 and more than 0", p.rounds, p.seconds)
			}
			if only != "" {
				var err error
				if p.only, err = regexp.Compile(only); err != nil {
					return fmt.Errorf("--only: %w", err)
				}
			}
			dir := work
			if dir == "" {
				tmp, err := os.MkdirTemp("", "versus")
				if err != nil {
					return err
				}
				defer os.RemoveAll(tmp)
				dir = tmp
			}
			r, err := runPlan(p, dir, data.Folder(), c.ErrOrStderr())
			if err != nil {
				return err
			}
			if out != "" {
				if err := r.save(out); err != nil {
					return err
				}
			}
			return r.print(c.OutOrStdout())
		},
	}
	l := c.Flags()
	l.BoolVar(&p.quick, "quick", false, "ukemi and MuJoCo alone, without work and precision")
	l.StringVar(&only, "only", "", "only scenes whose names match this `regexp`")
	l.IntVar(&p.rounds, "rounds", 3, "how often everything is measured, in turns")
	l.Float64Var(&p.seconds, "seconds", 0.06, "CPU `time` of one measurement in a round")
	l.StringVar(&work, "work", "", "install into this `folder` and keep it; default: a temporary one")
	l.StringVar(&out, "out", "", "store the result as JSON in this `file`")
	return c
}

func (r *result) print(out io.Writer) error {
	for _, t := range r.tables() {
		if err := t.print(out); err != nil {
			return err
		}
	}
	return nil
}

func tableCommand() *cobra.Command {
	var doc, plot string
	c := &cobra.Command{
		Use: "table FILE", Short: "Print a stored result", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			r, err := loadResult(args[0])
			if err != nil {
				return err
			}
			if plot != "" {
				if err := r.plotPrecision(plot); err != nil {
					return err
				}
			}
			if doc == "" {
				return r.print(c.OutOrStdout())
			}
			text, err := os.ReadFile(doc)
			if err != nil {
				return err
			}
			if text, err = r.document(text); err != nil {
				return fmt.Errorf("%s: %w", doc, err)
			}
			return os.WriteFile(doc, text, 0o644)
		},
	}
	c.Flags().StringVar(&doc, "doc", "", "put the tables between their marks in this Markdown `file`")
	c.Flags().StringVar(&plot, "plot", "", "draw work and precision into this PNG `file`")
	return c
}

// document returns the page with all tables between their marks.
func (r *result) document(page []byte) ([]byte, error) {
	for _, t := range r.tables() {
		var err error
		if page, err = generated.Between(page, t.name, []byte(t.markdown())); err != nil {
			return nil, err
		}
	}
	return page, nil
}

func scenesCommand() *cobra.Command {
	return &cobra.Command{
		Use: "scenes", Short: "List the scenes", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			t := &table{title: "Scenes", head: []string{"name", "what", "parts"}}
			for _, s := range scenes {
				t.add(s.name, s.title, s.partList())
			}
			return t.print(c.OutOrStdout())
		},
	}
}

func exportCommand() *cobra.Command {
	return &cobra.Command{
		Use: "export SCENE SECONDS FILE", Short: "Write a scene for steps of so many seconds: FILE.xml, FILE.model, FILE.txt", Args: cobra.ExactArgs(3),
		RunE: func(_ *cobra.Command, args []string) error {
			s, err := findScene(args[0])
			if err != nil {
				return err
			}
			h, err := strconv.ParseFloat(args[1], 64)
			if err != nil || !(h > 0) {
				return fmt.Errorf("the timestep is %q, want a positive number of seconds", args[1])
			}
			w, err := build(s, h, data.Folder())
			if err != nil {
				return err
			}
			return w.write(args[2])
		},
	}
}

func ukemiCommand() *cobra.Command {
	return &cobra.Command{
		Use: "ukemi WHAT FILE SECONDS", Short: "Measure ukemi in a scene file, as other engines' programs measure theirs", Args: cobra.ExactArgs(3),
		RunE: func(c *cobra.Command, args []string) error {
			seconds, err := strconv.ParseFloat(args[2], 64)
			if err != nil || !(seconds > 0) {
				return fmt.Errorf("the time is %q, want a positive number of seconds", args[2])
			}
			return runUkemi(c.OutOrStdout(), args[0], args[1], seconds)
		},
	}
}
