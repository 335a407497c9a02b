package program

import (
	"bytes"
	"errors"
	"flag"
	"strings"
	"testing"
)

// TestHelpIsNoError: -h printed the flags, then "flag: help requested" as if that had failed, and ended with status 1.
func TestHelpIsNoError(t *testing.T) {
	var help bytes.Buffer
	f := flag.NewFlagSet("example", flag.ContinueOnError)
	f.Int("seed", 0, "of the noise")
	f.SetOutput(&help)
	for _, c := range []struct {
		err    error
		status int
		says   string
	}{
		{nil, 0, ""},
		{Parse(f, []string{"-h"}), 0, ""},
		{Parse(f, []string{"--help"}), 0, ""},
		{Parse(f, []string{"-steps", "3"}), 1, "example: flag provided but not defined: -steps (-h lists the flags)\n"},
		{Parse(f, []string{"3"}), 1, "example: unexpected argument \"3\" (-h lists the flags)\n"},
		{Parse(f, nil), 0, ""},
		{errors.New("it fell over"), 1, "example: it fell over\n"},
	} {
		var w bytes.Buffer
		if s := status("example", c.err, &w); s != c.status || w.String() != c.says {
			t.Errorf("%v: status %d, says %q; want %d, %q", c.err, s, &w, c.status, c.says)
		}
	}
	if n := strings.Count(help.String(), "-seed"); n != 2 {
		t.Errorf("flags are listed %d times, want for -h and --help alone: %s", n, &help)
	}
}
