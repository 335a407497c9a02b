package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// table is a table to print: the first column is text, the others are numbers.
type table struct {
	name  string // of its marks in docs/comparison.md
	title string
	head  []string
	rows  [][]string
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

// markdown prints the table for docs/comparison.md.
func (t *table) markdown() string {
	var s strings.Builder
	line := func(cells []string) { fmt.Fprintf(&s, "| %s |\n", strings.Join(cells, " | ")) }
	line(t.head)
	s.WriteString("|---|" + strings.Repeat("--:|", len(t.head)-1) + "\n")
	for _, r := range t.rows {
		line(r)
	}
	return s.String()
}

// print prints the table for a terminal.
func (t *table) print(out io.Writer) error {
	fmt.Fprintf(out, "\n%s\n\n", t.title)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, r := range append([][]string{t.head}, t.rows...) {
		// the writer aligns all columns alike: the first one is padded to be aligned left
		fmt.Fprintf(w, "%s\t%s\t\n", pad(r[0], t.widest()), strings.Join(r[1:], "\t"))
	}
	return w.Flush()
}

func (t *table) widest() int {
	n := len([]rune(t.head[0]))
	for _, r := range t.rows {
		n = max(n, len([]rune(r[0])))
	}
	return n
}

func pad(s string, n int) string { return s + strings.Repeat(" ", n-len([]rune(s))) }

// three prints v with three digits; an absent number is a dash.
func three(v float64) string {
	switch {
	case v >= 99.95:
		return fmt.Sprintf("%.0f", v)
	case v >= 9.995:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

const dash = "–"

// least prints a measure's time.
func least(m *measure) string {
	if m == nil {
		return dash
	}
	return three(m.Least)
}

// ratio prints how many times as long a takes as b.
func ratio(a, b *measure) string {
	if a == nil || b == nil {
		return dash
	}
	return fmt.Sprintf("%.2f", a.Least/b.Least)
}
