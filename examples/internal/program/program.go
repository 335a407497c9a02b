// Package program starts the examples.
package program

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

// Main runs an example of the given name with the arguments of the command line.
func Main(name string, run func(args []string, w io.Writer) error) {
	os.Exit(status(name, run(os.Args[1:], os.Stdout), os.Stderr))
}

// Parse reads the flags of an example, which takes nothing else. Flags that were asked for by -h are listed, with the error [flag.ErrHelp].
func Parse(f *flag.FlagSet, args []string) error {
	out := f.Output()
	f.SetOutput(io.Discard) // a mistake is said once, by Main
	err := f.Parse(args)
	f.SetOutput(out)
	switch {
	case errors.Is(err, flag.ErrHelp):
		f.Usage()
		return err
	case err != nil:
		return fmt.Errorf("%w (-h lists the flags)", err)
	case f.NArg() > 0:
		return fmt.Errorf("unexpected argument %q (-h lists the flags)", f.Arg(0))
	}
	return nil
}

// status returns the exit status of an example that ended with err, and says what went wrong. Help that was asked for is no error.
func status(name string, err error, w io.Writer) int {
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return 0
	}
	fmt.Fprintln(w, name+":", err)
	return 1
}
