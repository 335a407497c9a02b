package main

/*
#include <stdint.h>
*/
import "C"

import (
	"github.com/ukemi-sim/ukemi/python/rows"
)

// ukemi_frames stores poses of k links (n×k×7) and how they move with the velocity (n×k×6×nv, or NULL; with body in their own axes).
//
//export ukemi_frames
func ukemi_frames(batch C.uint64_t, n C.int64_t, x *C.double, k C.int64_t, links *C.int32_t, body C.int32_t, poses, jacobians *C.double, err *C.char, errn C.int64_t) C.int32_t {
	return report{err, errn}.call(batch, n, k, 0, func(b *rows.Batch, s size, _ *int32) (rows.Fails, error) {
		return rows.Fails{}, b.Frames(s.rows(x, nil, nil), ints(links, s.t), body != 0, floats(poses, s.n*s.t*7), floats(jacobians, s.n*s.t*6*b.Model().NV()))
	})
}

// ukemi_distances stores how far k pairs are apart (n×k×10), and the derivatives (n×k×nv, or NULL).
//
//export ukemi_distances
func ukemi_distances(batch C.uint64_t, n C.int64_t, x *C.double, k C.int64_t, pairs *C.int32_t, out, gradients *C.double, err *C.char, errn C.int64_t) C.int32_t {
	return report{err, errn}.call(batch, n, k, 0, func(b *rows.Batch, s size, _ *int32) (rows.Fails, error) {
		return rows.Fails{}, b.Distances(s.rows(x, nil, nil), ints(pairs, 2*s.t), floats(out, s.n*s.t*rows.DistanceSize), floats(gradients, s.n*s.t*b.Model().NV()))
	})
}

// ukemi_rays stores what k rays a row meet (n×k×6, results n×k×8).
//
//export ukemi_rays
func ukemi_rays(batch C.uint64_t, n C.int64_t, x *C.double, k C.int64_t, rays, out *C.double, err *C.char, errn C.int64_t) C.int32_t {
	return report{err, errn}.call(batch, n, k, 0, func(b *rows.Batch, s size, _ *int32) (rows.Fails, error) {
		return rows.Fails{}, b.Rays(s.rows(x, nil, nil), s.t, floats(rays, s.n*s.t*6), floats(out, s.n*s.t*rows.HitSize))
	})
}

// ukemi_dynamics stores mass matrices (n×nv×nv) and bias forces (n×nv); or, where accelerations are given (n×nv), the
// forces that they take.
//
//export ukemi_dynamics
func ukemi_dynamics(batch C.uint64_t, n C.int64_t, x, a, mass, bias, inverse *C.double, err *C.char, errn C.int64_t) C.int32_t {
	return report{err, errn}.call(batch, n, 1, 0, func(b *rows.Batch, s size, _ *int32) (rows.Fails, error) {
		nv := b.Model().NV()
		return rows.Fails{}, b.Dynamics(s.rows(x, nil, nil), floats(a, s.n*nv), floats(mass, s.n*nv*nv), floats(bias, s.n*nv), floats(inverse, s.n*nv))
	})
}
