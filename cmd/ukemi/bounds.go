package main

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Numbers of flags have bounds that no robot comes near: beyond them squares overflow and steps have no digits, and what fails then
// is a step, a picture or a file, in words that do not name the flag.
const (
	huge     = 1e9   // m, m/s², N m …
	shortest = 1e-9  // s, of a step
	longest  = 1e3   // s, of a step
	hardest  = 1e-12 // κ; from 1e-14 on steps fail
)

// within returns an error for a number that is not in [low, high].
func within(flag string, v, low, high float64, unit string) error {
	if v >= low && v <= high {
		return nil
	}
	return fmt.Errorf("--%s is %s, want a number from %g to %g", flag, strings.TrimSpace(fmt.Sprintf("%g %s", v, unit)), low, high)
}

func positive(flag string, v float64, unit string) error {
	if v > 0 && v <= huge {
		return nil
	}
	up := ""
	if v > huge {
		up = fmt.Sprintf(", at most %g", huge)
	}
	return fmt.Errorf("--%s is %s, want a positive number%s", flag, strings.TrimSpace(fmt.Sprintf("%g %s", v, unit)), up)
}

// duration returns an error for a step that is none.
func duration(flag string, h float64) error {
	if !(h > 0) {
		return positive(flag, h, "s")
	}
	return within(flag, h, shortest, longest, "s")
}

// softness returns an error for a κ that is none. At κ = 1 bodies rest their own size apart; what is more is a slip of
// the keys, and steps of 1e9 add energy.
func softness(flag string, v float64) error {
	const want = "want a number from 1e-10 (hard) to 1e-2 (soft)"
	switch {
	case v > 1 && !math.IsInf(v, 0):
		return fmt.Errorf("--%s is %g: bodies would rest %g times their size apart; %s", flag, v, v, want)
	case v > 0 && v < hardest:
		return fmt.Errorf("--%s is %g, of which a step cannot see the digits; %s", flag, v, want)
	}
	return positive(flag, v, "")
}

var unknownFlag = regexp.MustCompile(`^unknown (?:flag: --(\S+)|shorthand flag: .* in -(\S+))$`)

// flagError says what a flag wants, or adds which was perhaps meant.
func flagError(c *cobra.Command, err error) error {
	if wrong := (*pflag.InvalidValueError)(nil); errors.As(err, &wrong) {
		return unreadable(wrong.GetFlag(), wrong.GetValue())
	}
	m := unknownFlag.FindStringSubmatch(err.Error())
	if m == nil {
		return err
	}
	if words := c.Flags().Args(); c.HasAvailableSubCommands() && len(words) > 0 { // `ukemi info --kappa 1`: the word is what is wrong
		return noCommand(c, words)
	}
	typed := "--" + m[1]
	if m[2] != "" {
		typed = "-" + m[2]
	}
	if !c.HasParent() {
		return fmt.Errorf("%s is no flag of ukemi itself; those of a command come after it, as in `ukemi simulate block --seconds 3`", typed)
	}
	var names []string
	c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
	return fmt.Errorf("%s has no flag %s%s", c.Name(), typed, meant("--"+m[1]+m[2], names))
}

// unreadable says what a flag wants whose value is nothing of its kind.
func unreadable(f *pflag.Flag, value string) error {
	if strings.TrimSpace(value) == "" {
		return empty(f)
	}
	want := map[string]string{
		"float64": "a number, as in 0.01 or 1e-5", "float64Slice": "numbers separated by commas, as in 1e-3,1e-5", "int": "a whole number", "uint64": "a whole number, 0 or more", "bool": "true or false",
	}[f.Value.Type()]
	return fmt.Errorf("--%s is %q, want %s", f.Name, value, want)
}

// filled returns an error for a flag that was given nothing, as by a variable of a shell that is not set: it would be
// as if it was not there.
func filled(c *cobra.Command, _ []string) (err error) {
	c.Flags().Visit(func(g *pflag.Flag) {
		if err == nil && strings.TrimSpace(g.Value.String()) == "" {
			err = empty(g)
		}
	})
	return err
}

func empty(f *pflag.Flag) error { return fmt.Errorf("--%s is given, but empty", f.Name) }
