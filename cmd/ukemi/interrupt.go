package main

import (
	"context"
	"os"
	"os/signal"
)

// interruptible returns a context that Ctrl-C ends, after which a search says and writes what it has. A second Ctrl-C
// ends the program at once: a single step of a search may take long.
func interruptible(parent context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := signal.NotifyContext(parent, os.Interrupt)
	context.AfterFunc(ctx, cancel)
	return ctx, cancel
}
