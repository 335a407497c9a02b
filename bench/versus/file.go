package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/ukemi-sim/ukemi/sim"
)

// A scene file is three files that all engines read:
//
//	FILE.xml    the model as MJCF
//	FILE.model  the model as ukemi saves it
//	FILE.txt    numbers: h nq nv nu warm run, then q, v, and the inputs of warm+run steps, in ukemi's order
//	            and conventions, which are MuJoCo's
//
// The first warm steps are not measured.

// write makes the scene file.
func (w *world) write(file string) error {
	text, err := w.mjcf()
	if err != nil {
		return err
	}
	if err := os.WriteFile(file+".xml", []byte(text), 0o644); err != nil {
		return err
	}
	if err := create(file+".model", w.model.Save); err != nil {
		return err
	}
	return create(file+".txt", func(out io.Writer) error {
		m := w.model
		fmt.Fprintf(out, "%.17g %d %d %d %d %d\n", m.Timestep(), m.NQ(), m.NV(), m.NU(), w.warm, w.run)
		var err error
		for _, row := range append([][]float64{w.start.Q, w.start.V}, w.inputs...) {
			_, err = fmt.Fprintln(out, vector(row...))
		}
		return err
	})
}

func create(file string, write func(io.Writer) error) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	b := bufio.NewWriter(f)
	if err := write(b); err != nil {
		f.Close()
		return err
	}
	if err := b.Flush(); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// readWorld reads a scene file for ukemi.
func readWorld(file string) (*world, error) {
	f, err := os.Open(file + ".model")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	m, err := sim.LoadModel(f)
	if err != nil {
		return nil, fmt.Errorf("%s.model: %w", file, err)
	}
	t, err := os.Open(file + ".txt")
	if err != nil {
		return nil, err
	}
	defer t.Close()
	in := bufio.NewReader(t)
	w := &world{model: m, start: m.NewState()}
	var h float64
	var nq, nv, nu int
	if _, err := fmt.Fscan(in, &h, &nq, &nv, &nu, &w.warm, &w.run); err != nil {
		return nil, fmt.Errorf("%s.txt: %w", file, err)
	}
	if got, want := []int{nq, nv, nu}, []int{m.NQ(), m.NV(), m.NU()}; !slices.Equal(got, want) || h != m.Timestep() {
		return nil, fmt.Errorf("%s.txt is for sizes %v and steps of %g s, the model has %v and %g s", file, got, h, want, m.Timestep())
	}
	w.inputs = make([][]float64, w.warm+w.run)
	rows := [][]float64{w.start.Q, w.start.V}
	for k := range w.inputs {
		w.inputs[k] = make([]float64, nu)
		rows = append(rows, w.inputs[k])
	}
	for i, row := range rows {
		for k := range row {
			if _, err := fmt.Fscan(in, &row[k]); err != nil {
				return nil, fmt.Errorf("%s.txt: row %d, number %d: %w", file, i+2, k+1, err)
			}
		}
	}
	return w, nil
}
