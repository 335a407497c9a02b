package live

import (
	"context"
	"errors"

	"github.com/ukemi-sim/ukemi/sim"
)

// Serve fails: a program in a browser cannot serve pages.
func Serve(context.Context, string, *sim.Model, sim.State, Options) error {
	return errors.New("live: a program in a browser cannot serve pages")
}
