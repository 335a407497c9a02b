// Package runtest tests the examples.
package runtest

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// Repeats runs an example with a plot and, unless tests are to be short, once more without: it must say the
// same both times, and the plot must not be empty. It returns what the example said.
func Repeats(t *testing.T, run func(args []string, out io.Writer) error) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "plot.png")
	var first, second bytes.Buffer
	if err := run([]string{"-plot", file}, &first); err != nil {
		t.Fatalf("%v\n%s", err, &first)
	}
	if f, err := os.Stat(file); err != nil || f.Size() < 20000 {
		t.Errorf("plot: %v", err)
	}
	if testing.Short() {
		return first.String()
	}
	if err := run(nil, &second); err != nil || !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Errorf("a second run says other things: %v", err)
	}
	return first.String()
}
