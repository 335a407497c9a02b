package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// bar shows progress on a terminal. A nil bar shows nothing.
type bar struct {
	b     *progressbar.ProgressBar
	start time.Time
	n     int
	shown bool
}

// patience is how long a run may take before it shows its progress.
const patience = time.Second

// newBar returns a bar when w is a terminal.
func newBar(w io.Writer, steps int, what string) *bar {
	if !isTerminal(w) {
		return nil
	}
	f := w.(*os.File)
	return &bar{start: time.Now(), b: progressbar.NewOptions(steps,
		progressbar.OptionSetWriter(f), progressbar.OptionSetDescription(what), progressbar.OptionShowCount(),
		progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionSetPredictTime(true),
		progressbar.OptionClearOnFinish(), progressbar.OptionSetRenderBlankState(false))}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

func (b *bar) step() { b.add(1) }

func (b *bar) add(n int) {
	if b == nil {
		return
	}
	b.n += n
	// asking the clock costs less than a step, but not nothing
	if !b.shown && b.n%16 == 0 {
		b.shown = time.Since(b.start) > patience
	}
	if b.shown && b.n%16 == 0 {
		_ = b.b.Set(b.n) // a terminal that went away is no reason to stop
	}
}

// at is add for steps that take long: n are done of all.
func (b *bar) at(n int) {
	if b == nil {
		return
	}
	b.n = n
	if b.shown = b.shown || time.Since(b.start) > patience; b.shown {
		_ = b.b.Set(n)
	}
}

func (b *bar) done() {
	if b != nil && b.shown {
		_ = b.b.Finish()
	}
}

// newSpinner returns a bar that shows words, since nobody knows how far it is to the end.
func newSpinner(w io.Writer) *bar {
	if !isTerminal(w) {
		return nil
	}
	return &bar{start: time.Now(), b: progressbar.NewOptions(-1, progressbar.OptionSetWriter(w), progressbar.OptionSetElapsedTime(false),
		progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(), progressbar.OptionSetRenderBlankState(false))}
}

// dividing shows of how many parts a mesh is.
func (b *bar) dividing(mesh string, parts int) {
	if b == nil || !b.shown && time.Since(b.start) <= patience {
		return
	}
	b.shown = true
	b.b.Describe(fmt.Sprintf("dividing %s: %s", mesh, plural(parts, "part", "parts")))
	_ = b.b.Add(1)
}
