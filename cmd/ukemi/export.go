package main

import (
	"archive/zip"
	"bufio"
	"encoding/binary"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/ukemi-sim/ukemi/internal/draft"
	"github.com/ukemi-sim/ukemi/sim"
)

const exportHelp = `Write a recording, or some columns of a table, for other programs. Every signal is there, those included that the recording does
not hold: the steps are taken once more for them.

The ending of --out selects the kind: .csv is a table; .npz is for numpy, an array by the name of each column
(numpy.load("run.npz")["tau.FR_hip_joint"]); .mcap is for Foxglove and whatever else reads MCAP: the signals as messages of JSON, and of a
recording the robot in 3D (shapes on /scene, poses on /tf).`

func exportCommand() *cobra.Command {
	var out, columns string
	c := &cobra.Command{
		Use:     "export RUN --out run.csv|run.npz|run.mcap",
		Short:   "Write a recording as a table, for numpy or for Foxglove",
		Long:    exportHelp,
		Example: `  ukemi simulate ant --record ant.ukemi && ukemi export ant.ukemi --out ant.npz`,
		Args:    oneRun,
	}
	c.Flags().StringVar(&out, "out", "", "the `file` to write, ending in .csv, .npz or .mcap (- is a table on standard output)")
	c.Flags().StringVar(&columns, "columns", "", "`names` of signals, separated by commas, * stands for any letters (default all but wrench.*)")
	c.RunE = func(c *cobra.Command, args []string) error {
		if out == "" {
			return fmt.Errorf("--out is missing: the file to write, ending in .csv, .npz or .mcap")
		}
		if err := writable("out", out, ".csv", ".npz", ".mcap"); err != nil {
			return err
		}
		s, err := readAnyRun(c.Context(), args[0])
		if err != nil {
			return err
		}
		if err := s.choose(choice{"columns", columns}); err != nil {
			return err
		}
		d, err := draft.New(out, c.OutOrStdout())
		if err != nil {
			return fmt.Errorf("--out: %w", err)
		}
		w := bufio.NewWriter(d)
		switch strings.ToLower(filepath.Ext(out)) {
		case ".npz":
			err = s.writeNPZ(w)
		case ".mcap":
			var rec *sim.Recording
			if isRecording(args[0]) {
				rec, err = openRecording(args[0])
			}
			if err == nil {
				err = s.writeMCAP(c.Context(), w, rec)
			}
		default:
			err = s.writeCSV(w)
		}
		if err == nil {
			err = w.Flush()
		}
		if err = d.Keep(err); err != nil {
			return fmt.Errorf("--out: %w", err)
		}
		if out != "-" {
			fmt.Fprintf(c.OutOrStdout(), "%s: %s of %s\n", out, plural(len(s.rows), "row", "rows"), plural(len(s.names), "column", "columns"))
		}
		return nil
	}
	return c
}

// choose leaves the columns that are wanted; the time comes first in any case.
func (s *sheet) choose(want choice) error {
	keep, err := want.of(s.names)
	if err != nil {
		return err
	}
	var names []string
	var at []int
	for i, n := range s.names {
		if keep[i] || n == "time" {
			names, at = append(names, n), append(at, i)
		}
	}
	s.names = names
	for k, row := range s.rows {
		s.rows[k] = gather(row, at)
	}
	return nil
}

func (s *sheet) writeCSV(out io.Writer) error {
	w := csv.NewWriter(out)
	if err := w.Write(s.names); err != nil {
		return err
	}
	cells := make([]string, len(s.names))
	for _, row := range s.rows {
		for i, x := range row {
			cells[i] = strconv.FormatFloat(x, 'g', 17, 64)
		}
		if err := w.Write(cells); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// writeNPZ writes an archive of arrays, each a line of text that describes it before its numbers: format 1.0 of numpy.lib.format.
// A module for that would bring two more.
func (s *sheet) writeNPZ(out io.Writer) error {
	z := zip.NewWriter(out)
	for i, name := range s.names {
		w, err := z.Create(name + ".npy")
		if err != nil {
			return err
		}
		const fixed = 10 // bytes before the text; with it they are a multiple of 64
		text := fmt.Sprintf("{'descr': '<f8', 'fortran_order': False, 'shape': (%d,), }", len(s.rows))
		text += strings.Repeat(" ", 63-(fixed+len(text))%64) + "\n"
		b := binary.LittleEndian.AppendUint16([]byte("\x93NUMPY\x01\x00"), uint16(len(text)))
		b = append(b, text...)
		for _, row := range s.rows {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(row[i]))
		}
		if _, err := w.Write(b); err != nil {
			return err
		}
	}
	return z.Close()
}
