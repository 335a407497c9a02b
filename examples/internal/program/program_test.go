package program

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"testing"
)

// TestHelpIsNoError: -h printed the flags, then "flag: help requested" as if that had failed, and ended with status 1.
func TestHelpIsNoError(t *testing.T) {
	f := flag.NewFlagSet("example", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	for _, c := range []struct {
		err    error
		status int
		says   string
	}{
		{nil, 0, ""},
		{f.Parse([]string{"-h"}), 0, ""},
		{f.Parse([]string{"--help"}), 0, ""},
		{f.Parse([]string{"-steps", "3"}), 1, "example: flag provided but not defined: -steps\n"},
		{errors.New("it fell over"), 1, "example: it fell over\n"},
	} {
		var w bytes.Buffer
		if s := status("example", c.err, &w); s != c.status || w.String() != c.says {
			t.Errorf("%v: status %d, says %q; want %d, %q", c.err, s, &w, c.status, c.says)
		}
	}
}
