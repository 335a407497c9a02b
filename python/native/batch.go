package main

/*
#include <stdint.h>
*/
import "C"

import (
	"errors"
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
				r.write(fails.Err.Error())
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

// ukemi_step advances n rows by sub steps under the same input each. h and u may be NULL, and so may contacts (n×room×14, of
// which count says how many there are), wrenches (n×joints×6), sensors (n×sensors×6), drives (n×nu) and parts (n).
//
//export ukemi_step
func ukemi_step(batch C.uint64_t, n, sub C.int64_t, x, h, u, next, hnext *C.double, status, iterations *C.int32_t,
	contacts *C.double, room C.int64_t, count *C.int32_t, wrenches, sensors, drives *C.double, parts *C.int32_t, watch C.int32_t, err *C.char, errn C.int64_t) C.int32_t {
	return report{err, errn}.call(batch, n, 1, watch, func(b *rows.Batch, s size, stop *int32) (rows.Fails, error) {
		return b.Step(s.rows(x, h, u), int(sub), stop, rows.Next{
			X: floats(next, s.n*s.nx), H: floats(hnext, s.n), Status: ints(status, s.n), Iterations: ints(iterations, s.n),
			Contacts: floats(contacts, s.n*int(room)*rows.ContactSize), Room: int(room), Count: ints(count, s.n),
			Wrenches: floats(wrenches, s.n*b.Joints()*6), Sensors: floats(sensors, s.n*b.Sensors()*6), Drives: floats(drives, s.n*s.nu),
			Parts: ints(parts, s.n),
		})
	})
}

// ukemi_rollout takes t steps of n rows: u is n×t×nu, xs n×(t+1)×nx, hs n×(t+1).
//
//export ukemi_rollout
func ukemi_rollout(batch C.uint64_t, n, t C.int64_t, x, h, u, xs, hs *C.double, status, steps *C.int32_t, watch C.int32_t, err *C.char, errn C.int64_t) C.int32_t {
	return report{err, errn}.call(batch, n, t, watch, func(b *rows.Batch, s size, stop *int32) (rows.Fails, error) {
		return b.Rollout(s.rows(x, h, u), s.t, stop, rows.Path{
			X: floats(xs, s.n*(s.t+1)*s.nx), H: floats(hs, s.n*(s.t+1)), Status: ints(status, s.n), Steps: ints(steps, s.n)})
	})
}

// ukemi_jacobian takes sub steps under the same input and their derivatives, by the numbers of a row or in the tangent space. ju and jp may be NULL.
//
//export ukemi_jacobian
func ukemi_jacobian(batch C.uint64_t, n, sub C.int64_t, tangent C.int32_t, x, h, u, next, hnext, jx, ju, jp *C.double, names *C.char, np C.int64_t,
	status *C.int32_t, watch C.int32_t, err *C.char, errn C.int64_t) C.int32_t {
	return report{err, errn}.call(batch, n, 1, watch, func(b *rows.Batch, s size, stop *int32) (rows.Fails, error) {
		nt := s.nx
		if tangent != 0 {
			nt = 2 * b.Model().NV()
		}
		return b.Jacobian(s.rows(x, h, u), int(sub), C.GoString(names), stop, rows.Jacobian{
			Tangent: tangent != 0, X: floats(next, s.n*s.nx), H: floats(hnext, s.n), Status: ints(status, s.n),
			Jx: floats(jx, s.n*nt*nt), Ju: floats(ju, s.n*nt*s.nu), Jp: floats(jp, s.n*nt*int(np))})
	})
}

// ukemi_vjp takes a step again and pulls cotangents of the next states back; gp may be NULL.
//
//export ukemi_vjp
func ukemi_vjp(batch C.uint64_t, n C.int64_t, x, h, u, gnext, gx, gu, gp *C.double, names *C.char, np C.int64_t,
	status *C.int32_t, watch C.int32_t, err *C.char, errn C.int64_t) C.int32_t {
	return report{err, errn}.call(batch, n, 1, watch, func(b *rows.Batch, s size, stop *int32) (rows.Fails, error) {
		return b.VJP(s.rows(x, h, u), C.GoString(names), stop, rows.Pull{
			Next: floats(gnext, s.n*s.nx), X: floats(gx, s.n*s.nx), U: floats(gu, s.n*s.nu), P: floats(gp, s.n*int(np)), Status: ints(status, s.n)})
	})
}

// ukemi_rollout_vjp takes rollouts again and pulls cotangents of all their states (n×(t+1)×nx) back; gp may be NULL.
//
//export ukemi_rollout_vjp
func ukemi_rollout_vjp(batch C.uint64_t, n, t C.int64_t, x, h, u, gxs, gx, gu, gp *C.double, names *C.char, np C.int64_t,
	status *C.int32_t, watch C.int32_t, err *C.char, errn C.int64_t) C.int32_t {
	return report{err, errn}.call(batch, n, t, watch, func(b *rows.Batch, s size, stop *int32) (rows.Fails, error) {
		return b.RolloutVJP(s.rows(x, h, u), s.t, C.GoString(names), stop, rows.Pull{
			Next: floats(gxs, s.n*(s.t+1)*s.nx), X: floats(gx, s.n*s.nx), U: floats(gu, s.n*s.t*s.nu), P: floats(gp, s.n*int(np)), Status: ints(status, s.n)})
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
