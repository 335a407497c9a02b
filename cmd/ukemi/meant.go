package main

import (
	"fmt"
	"slices"
	"strings"
)

// meant returns `; did you mean "a", "b" or "c"?` with the names most like what was typed, or nothing when none is.
func meant(typed string, names []string) string {
	type guess struct {
		name string
		far  int
	}
	if typed == "" {
		return ""
	}
	var near []guess
	most := 1 // letters that may be wrong
	if len(typed) > 3 {
		most = max(2, len(typed)/3)
	}
	low := strings.ToLower(typed)
	for _, name := range names {
		n := strings.ToLower(name)
		d := min(distance(low, n), 1+distance(low, n[:min(len(low), len(n))])) // the end may be missing
		if strings.Contains(n, low) {
			d = min(d, 1)
		}
		if d <= most {
			near = append(near, guess{name, d})
		}
	}
	slices.SortStableFunc(near, func(a, b guess) int { return a.far - b.far })
	const few = 3
	var quoted []string
	for _, g := range near[:min(few, len(near))] {
		quoted = append(quoted, fmt.Sprintf("%q", g.name))
	}
	switch n := len(quoted); n {
	case 0:
		return ""
	case 1:
		return "; did you mean " + quoted[0] + "?"
	default:
		return "; did you mean " + strings.Join(quoted[:n-1], ", ") + " or " + quoted[n-1] + "?"
	}
}

// noModel says what models.Find has against a name. A number that a model cannot have it has named; the names of the whole zoo are
// too many to find the one meant among them.
func noModel(name string, err error) error {
	stem := strings.TrimRight(strings.TrimRight(name, "0123456789"), ":")
	if slices.Contains(modelNames(), stem) {
		return err
	}
	return fmt.Errorf("there is no model %q%s (`ukemi models` lists those that come with the engine; files end in .urdf, .xml or .mjcf)", name, meant(stem, modelNames()))
}

// distance is that of Levenshtein (1966): how many letters to insert, delete or replace.
func distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	row := make([]int, len(t)+1)
	for k := range row {
		row[k] = k
	}
	for i, x := range s {
		diagonal := row[0]
		row[0] = i + 1
		for k, y := range t {
			d := diagonal
			if x != y {
				d = 1 + min(diagonal, row[k], row[k+1])
			}
			diagonal, row[k+1] = row[k+1], d
		}
	}
	return row[len(t)]
}
