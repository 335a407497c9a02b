package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"github.com/ukemi-sim/ukemi/sim"
)

// replayed is what `ukemi replay --json` prints.
type replayed struct {
	Model     string   `json:"model"`
	Timestep  number   `json:"timestep"`
	Kappa     number   `json:"kappa"`
	Seed      uint64   `json:"seed"`
	Steps     int      `json:"steps"`
	StateHash string   `json:"state_hash"` // of the last state
	FinalQ    []number `json:"final_q"`
	Verified  *bool    `json:"verified,omitempty"` // whether it came out with the same bits; left out when it was not tried

	rec *sim.Recording
}

const replayHelp = `Tell what a recording of "ukemi simulate --record" holds. With --verify it is simulated again, from its first state with its
inputs, and must come out with the same bits; exit status 0 only then. Bits are the same on machines of one architecture.`

func replayCommand() *cobra.Command {
	var verify, asJSON bool
	c := &cobra.Command{
		Use:     "replay RUN.ukemi",
		Short:   "Tell what a recording holds, and whether it comes out with the same bits",
		Long:    replayHelp,
		Example: `  ukemi simulate quadruped --record run.ukemi && ukemi replay run.ukemi --verify`,
		Args:    oneRun,
	}
	c.Flags().BoolVar(&verify, "verify", false, "simulate again and compare bits")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	c.RunE = func(c *cobra.Command, args []string) error {
		if !isRecording(args[0]) {
			return fmt.Errorf("%s: want a file ending in %s, as simulate --record writes it", args[0], recordingExt)
		}
		r, err := openRecording(args[0])
		if err != nil {
			return err
		}
		last := r.States[len(r.States)-1]
		x := replayed{
			Model: r.Model, Timestep: number(r.Timestep), Kappa: number(r.Options.Kappa), Seed: r.Seed, Steps: len(r.Inputs),
			StateHash: hash(last), FinalQ: numbers(last.Q), rec: r,
		}
		if r.Options.Polish {
			x.Kappa = 0
		}
		if verify {
			err = r.Replay(r.World)
			x.Verified = new(bool)
			*x.Verified = err == nil
		}
		if asJSON {
			if e := printJSON(c.OutOrStdout(), &x); err == nil {
				err = e
			}
			return err
		}
		x.print(c.OutOrStdout())
		return err
	}
	return c
}

func (x *replayed) print(out io.Writer) {
	w := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	m := x.rec.World
	fmt.Fprintf(w, "model\t%s: %s, %s, %.6g kg\n", x.Model, plural(m.NB(), "body", "bodies"), freedoms(m.NV()), m.TotalMass())
	fmt.Fprintf(w, "simulated\t%.6g s in %s of %.6g s, κ = %.3g, seed %d\n", float64(x.Steps)*float64(x.Timestep), plural(x.Steps, "step", "steps"), x.Timestep, x.Kappa, x.Seed)
	fmt.Fprintf(w, "end\t%s\n", whereItEnds(m, x.rec.States[x.Steps]))
	fmt.Fprintf(w, "state hash\t%s\n", x.StateHash)
	switch {
	case x.Verified == nil:
	case *x.Verified:
		fmt.Fprintf(w, "verified\tsimulated again, every state has the same bits\n")
	default:
		fmt.Fprintf(w, "NOT verified\tsimulated again, it has other bits\n")
	}
	w.Flush()
}

// oneRun demands exactly one argument, a run.
func oneRun(c *cobra.Command, args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("%s wants one run: a recording of `ukemi simulate --record`, ending in %s", c.Name(), recordingExt)
	}
	return nil
}
