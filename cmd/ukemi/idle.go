package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// motion are the flags that say how something moves, which a run of before has done.
var motion = []string{"seconds", "seed", "controller", "inputs", "interpolate", "gains", "divide-impacts"}

// idle returns an error that names the given flags that a run of before cannot heed. A recording is all that it was; a
// table is of a robot that the other flags describe, and starts where they say with what it has no column of.
func (f *runFlags) idle(source string) error {
	c := &cobra.Command{}
	new(runFlags).add(c, 1)
	var given []string
	c.Flags().VisitAll(func(g *pflag.Flag) {
		heeded := g.Name == "meshes" || g.Name == "model"
		if !isRecording(source) {
			heeded = !slices.Contains(motion, g.Name)
		}
		if !heeded && f.chosen(g.Name) {
			given = append(given, "--"+g.Name)
		}
	})
	if given == nil {
		return nil
	}
	return fmt.Errorf("%s is a run that has been, which %s cannot change: simulate anew with what is given here", source, strings.Join(given, ", "))
}
