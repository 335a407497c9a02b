package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"github.com/ukemi-sim/ukemi/models"
)

func modelsCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "models",
		Short: "List the models that come with the engine",
		Args:  noArguments,
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	c.RunE = func(c *cobra.Command, _ []string) error {
		type row struct {
			Name     string   `json:"name"`
			Aliases  []string `json:"aliases"`
			Summary  string   `json:"summary"`
			Number   string   `json:"number"`
			NQ       int      `json:"nq"`
			NV       int      `json:"nv"`
			NU       int      `json:"nu"`
			Contacts int      `json:"contacts"`
		}
		var rows []row
		for _, e := range models.All() {
			m, err := e.Builder(models.Options{}).Build()
			if err != nil {
				return err
			}
			rows = append(rows, row{e.Name, append([]string{}, e.Aliases...), e.Summary, e.Count, m.NQ(), m.NV(), m.NU(), m.MaxContacts()})
		}
		if asJSON {
			return printJSON(c.OutOrStdout(), rows)
		}
		w := tabwriter.NewWriter(c.OutOrStdout(), 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "NAME\tDOF\tINPUTS\tCONTACTS\tWHAT IT IS")
		for _, r := range rows {
			name := strings.Join(append([]string{r.Name}, r.Aliases...), ", ")
			if r.Number != "" {
				name += ", " + r.Name + ":N"
			}
			fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%s\n", name, r.NV, r.NU, r.Contacts, r.Summary)
		}
		if err := w.Flush(); err != nil {
			return err
		}
		for _, r := range rows {
			if r.Number != "" {
				fmt.Fprintf(c.OutOrStdout(), "%s:N, N = %s\n", r.Name, r.Number)
			}
		}
		return nil
	}
	return c
}
