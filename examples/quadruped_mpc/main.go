// Command quadruped_mpc keeps a quadruped on its feet by model predictive control while somebody pushes its trunk: at 100 Hz it plans the
// next 0.4 s through contact, one iteration at a time, and gives the servos the first targets of the plan (trajopt/task/balance.go).
//
//	go run ./examples/quadruped_mpc [-seconds S] [-budget MS] [-plot FILE.png] [-html FILE.html]
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/ukemi-sim/ukemi/examples/internal/program"
	"github.com/ukemi-sim/ukemi/internal/show"
	"github.com/ukemi-sim/ukemi/trajopt"
	"github.com/ukemi-sim/ukemi/trajopt/task"
)

func main() { program.Main("quadruped_mpc", run) }

func run(args []string, w io.Writer) error {
	f := flag.NewFlagSet("quadruped_mpc", flag.ContinueOnError)
	files := show.Flags(f)
	seconds := f.Float64("seconds", 1, "time to simulate after each push")
	budget := f.Float64("budget", 0, "milliseconds of a tick, and what takes longer goes on in the next (0: as long as it wants, and the same motion on any machine)")
	if err := program.Parse(f, args); err != nil {
		return err
	}
	ctx := context.Background()
	var last *task.Balance
	for _, push := range task.BalancePushes {
		b, err := task.NewBalance(ctx, trajopt.Options{}, trajopt.Pace{Budget: time.Duration(*budget * 1e6)})
		if err != nil {
			return err
		}
		how, err := b.Push(ctx, push, *seconds, func() {})
		if err != nil {
			return err
		}
		fmt.Fprintln(w, how.Words())
		fmt.Fprintf(os.Stderr, "  %s\n", how.Time())
		if err := how.Check(); err != nil {
			return err
		}
		last = b
	}
	return files.Write(last.Model, last.States, nil, 0)
}
