package main

/*
#include <stdint.h>
*/
import "C"

import (
	"errors"
	"fmt"
	"unsafe"

	"github.com/ukemi-sim/ukemi/python/rows"
)

// ukemi_batch makes a batch of k models of one structure: row i belongs to model i mod k.
//
//export ukemi_batch
func ukemi_batch(out, models *C.uint64_t, k C.int64_t, settings *C.char, err *C.char, errn C.int64_t) C.int32_t {
	return report{err, errn}.guard(func() (int, error) {
		var all []*rows.Model
		for _, h := range unsafe.Slice(models, int(k)) {
			m, err := get[*rows.Model](h)
			if err != nil {
				return 0, err
			}
			all = append(all, m)
		}
		var s rows.Settings
		if err := decode(settings, &s); err != nil {
			return 0, err
		}
		b, err := rows.New(all, s)
		if err != nil {
			return 0, err
		}
		*out = put(b)
		return 0, nil
	})
}

var errSizes = errors.New("the numbers of rows and steps are out of range")

// call is what all calls on rows have in common.
func (r report) call(batch C.uint64_t, n, t C.int64_t, watch C.int32_t, f func(b *rows.Batch, s size, stop *int32) (rows.Fails, error)) C.int32_t {
	return r.guard(func() (int, error) {
		b, err := get[*rows.Batch](batch)
		if err != nil {
			return 0, err
		}
		if n < 0 || t < 0 || n > 1<<31 || t > 1<<31 {
			return 0, errSizes
		}
		m := b.Model()
		s := size{n: int(n), t: int(t), nx: m.NQ() + m.NV(), nu: m.NU()}
		return watching(watch != 0, func(stop *int32) (int, error) {
			fails, err := f(b, s, stop)
			if err == nil && fails.Err != nil {
				r.write(fmt.Sprintf("%d of %d rows: %v", fails.Count, n, fails.Err))
			}
			return fails.Count, err
		})
	})
}

// size holds the sizes of a call's arrays.
type size struct{ n, t, nx, nu int }

// rows returns the states and inputs; a model without inputs may have an array of none.
func (s size) rows(x, h, u *C.double) rows.Rows {
	return rows.Rows{N: s.n, X: floats(x, s.n*s.nx), H: floats(h, s.n), U: floats(u, s.n*s.t*s.nu)}
}

// ukemi_step advances n rows by sub steps under the same input each. h and u may be NULL, and so may contacts
// (n×room×17, of which count says how many there are), wrenches (n×joints×6), sensors (n×sensors×6), drives (n×nu) and
// parts (n). names and their np values say which parameters the rows have other than their models, see
// [rows.Batch.Vary].
//
//export ukemi_step
func ukemi_step(batch C.uint64_t, n, sub C.int64_t, x, h, u *C.double, names *C.char, values *C.double, np C.int64_t, next, hnext *C.double, status, iterations *C.int32_t,
	contacts *C.double, room C.int64_t, count *C.int32_t, wrenches, sensors, drives *C.double, parts *C.int32_t, watch C.int32_t, err *C.char, errn C.int64_t) C.int32_t {
	return report{err, errn}.call(batch, n, 1, watch, func(b *rows.Batch, s size, stop *int32) (rows.Fails, error) {
		r := s.rows(x, h, u)
		var err error
		if r.Vary, err = b.Vary(C.GoString(names), floats(values, int(np))); err != nil {
			return rows.Fails{}, err
		}
		return b.Step(r, int(sub), stop, rows.Next{
			X: floats(next, s.n*s.nx), H: floats(hnext, s.n), Status: ints(status, s.n), Iterations: ints(iterations, s.n),
			Contacts: floats(contacts, s.n*int(room)*rows.ContactSize), Room: int(room), Count: ints(count, s.n),
			Wrenches: floats(wrenches, s.n*b.Joints()*6), Sensors: floats(sensors, s.n*b.Sensors()*6), Drives: floats(drives, s.n*s.nu),
			Parts: ints(parts, s.n),
		})
	})
}

// ukemi_energy stores kinetic energy and the potentials of gravity and springs, n×3.
//
//export ukemi_energy
func ukemi_energy(batch C.uint64_t, n C.int64_t, x, h, out *C.double, err *C.char, errn C.int64_t) C.int32_t {
	return report{err, errn}.call(batch, n, 1, 0, func(b *rows.Batch, s size, _ *int32) (rows.Fails, error) {
		return b.Energy(s.rows(x, h, nil), floats(out, s.n*3))
	})
}
