package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/ukemi-sim/ukemi/models"
)

// modelNames returns what the zoo has, with aliases; name:N takes a number.
func modelNames() (l []string) {
	for _, e := range models.All() {
		l = append(append(l, e.Name), e.Aliases...)
	}
	return l
}

// completeRobots proposes models of the zoo and files of these kinds.
func completeRobots(kinds ...string) cobra.CompletionFunc {
	return func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		var l []string
		for _, n := range modelNames() {
			if strings.HasPrefix(n, typed) {
				l = append(l, n)
			}
		}
		switch {
		case typed == "":
			return l, cobra.ShellCompDirectiveDefault
		case len(l) > 0:
			return l, cobra.ShellCompDirectiveNoFileComp
		}
		return kinds, cobra.ShellCompDirectiveFilterFileExt
	}
}

// flagValues are the words that a flag takes.
var flagValues = map[string][]string{
	"controller": {"none", "hold", "random"},
	"base":       {"auto", "floating", "fixed"},
	"method":     {torqueMethod, simulateMethod},
}

// flagFiles are the endings of the files that a flag names.
var flagFiles = map[string][]string{
	"record": {"ukemi"}, "html": {"html"}, "inputs": {"csv"}, "data": {"csv"}, "start": {"csv", "ukemi"},
}

// propose gives every command and flag what it may be followed by.
func propose(root *cobra.Command) {
	robots, runs := completeRobots("urdf", "xml", "mjcf"), completeRobots("urdf", "xml", "mjcf", "csv", "ukemi")
	for _, c := range root.Commands() {
		switch c.Name() {
		case "inspect", "simulate", "gradcheck", "fit":
			c.ValidArgsFunction = robots
		case "render", "view":
			c.ValidArgsFunction = runs
		case "replay":
			c.ValidArgsFunction = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
				return []string{"ukemi"}, cobra.ShellCompDirectiveFilterFileExt
			}
		case "plot", "export", "compare":
			c.ValidArgsFunction = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
				return []string{"ukemi", "csv"}, cobra.ShellCompDirectiveFilterFileExt
			}
		}
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if l := flagValues[f.Name]; l != nil {
				_ = c.RegisterFlagCompletionFunc(f.Name, cobra.FixedCompletions(l, cobra.ShellCompDirectiveNoFileComp))
			}
			if l := flagFiles[f.Name]; l != nil {
				_ = c.MarkFlagFilename(f.Name, l...)
			}
			if f.Name == "model" {
				_ = c.RegisterFlagCompletionFunc(f.Name, robots)
			}
		})
		propose(c)
	}
}

// noArguments refuses words behind a command that takes none. Cobra's own calls them unknown commands.
func noArguments(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if c.HasAvailableSubCommands() {
		return noCommand(c, args)
	}
	return fmt.Errorf("%s takes flags only, not %q", c.Name(), args[0])
}

// noCommand refuses words that are no command.
func noCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, s := range c.Commands() {
		if s.IsAvailableCommand() {
			names = append(names, s.Name())
		}
	}
	near := meant(args[0], names)
	if near == "" {
		near = fmt.Sprintf("; `%s --help` lists them", c.CommandPath())
	}
	return fmt.Errorf("unknown command %q for %q%s", args[0], c.Name(), near)
}
