// Command ukemi looks at robots, simulates them and measures the engine.
//
//	ukemi models                                         what there is to play with
//	ukemi inspect robot.urdf                             its links, joints, masses and what was ignored
//	ukemi simulate quadruped --seconds 2 --plot fall.png let it fall
//	ukemi bench                                          time per step
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// errQuiet ends the command with status 1 after everything has been said.
var errQuiet = errors.New("failed")

// newRoot returns the command with all its verbs.
func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "ukemi",
		Short: "Simulate robots with hard contact, and differentiate the simulation",
		Example: `  ukemi inspect robot.urdf                                        # what is in a file, and what of it is not used
  ukemi simulate robot.urdf --controller hold --plot plot.png     # servos hold its joints
  ukemi view quadruped --html quadruped.html                      # a page that moves; models lists what comes with the engine`,
		SilenceErrors: true, // said below, without the usage
		SilenceUsage:  true,
		Version:       version(),
		Args:          noCommand,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },

		PersistentPreRunE: filled,
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(modelsCommand(), inspectCommand(), simulateCommand(), benchCommand(), renderCommand(), viewCommand(), gradcheckCommand(), optimizeCommand(), fitCommand(), replayCommand(), plotCommand(), exportCommand(), compareCommand(), doctorCommand(), webCommand(), galleryCommand())
	root.SetFlagErrorFunc(flagError)
	propose(root)
	return root
}

// run runs the command and returns its exit status. Tests call it in place of main.
func run(args []string, stdout, stderr io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(context.Background())
	if err == nil {
		return 0
	}
	if !errors.Is(err, errQuiet) {
		fmt.Fprintln(stderr, "ukemi:", told(err))
	}
	return 1
}

// oneModel demands exactly one argument, a file or a name.
func oneModel(c *cobra.Command, args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("%s wants one model: the name of a file ending in .urdf or .xml, or one of those that `ukemi models` lists", c.Name())
	}
	return nil
}

// told is what is said of an error: a folder where a file is wanted opens, and only reading it fails, in words of the system.
func told(err error) string {
	text, path := err.Error(), (*fs.PathError)(nil)
	if errors.As(err, &path) && errors.Is(path, syscall.EISDIR) {
		return strings.Replace(text, path.Error(), path.Path+" is a folder, want a file", 1)
	}
	return text
}
