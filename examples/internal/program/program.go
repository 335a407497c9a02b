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

// status returns the exit status of an example that ended with err, and says what went wrong. Help that was asked for is no error.
func status(name string, err error, w io.Writer) int {
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return 0
	}
	fmt.Fprintln(w, name+":", err)
	return 1
}
