package main

/*
#include <stdint.h>
*/
import "C"

import (
	"unsafe"

	"github.com/ukemi-sim/ukemi/python/rows"
)

// ukemi_renderer makes what draws states of a model; options are those of rows.Picture.
//
//export ukemi_renderer
func ukemi_renderer(out *C.uint64_t, model C.uint64_t, options *C.char, err *C.char, errn C.int64_t) C.int32_t {
	return report{err, errn}.guard(func() (int, error) {
		m, o, err := asked[rows.Picture](model, options)
		if err != nil {
			return 0, err
		}
		r, err := rows.NewRenderer(m, o)
		if err != nil {
			return 0, err
		}
		*out = put(r)
		return 0, nil
	})
}

// ukemi_render draws a state of nx numbers into size bytes, height×width×3.
//
//export ukemi_render
func ukemi_render(renderer C.uint64_t, x *C.double, nx C.int64_t, pixels *C.uint8_t, size C.int64_t, err *C.char, errn C.int64_t) C.int32_t {
	return report{err, errn}.guard(func() (int, error) {
		r, err := get[*rows.Renderer](renderer)
		if err != nil {
			return 0, err
		}
		return 0, r.Render(floats(x, int(nx)), unsafe.Slice((*uint8)(unsafe.Pointer(pixels)), int(size)))
	})
}

// ukemi_film makes the page or recording of n states (n×nx) or of the first and its inputs (steps×nu); options are those of rows.Film.
//
//export ukemi_film
func ukemi_film(out *C.uint64_t, model C.uint64_t, n, steps C.int64_t, x, h, u *C.double, options *C.char, watch C.int32_t, err *C.char, errn C.int64_t) C.int32_t {
	return report{err, errn}.guard(func() (int, error) {
		m, o, err := asked[rows.Film](model, options)
		if err != nil {
			return 0, err
		}
		return watching(watch != 0, func(stop *int32) (int, error) {
			nx := m.NQ() + m.NV()
			data, err := m.Film(floats(x, int(n)*nx), floats(h, int(n)), floats(u, int(steps)*m.NU()), int(steps), o, stop)
			if err == nil {
				*out = put(data)
			}
			return 0, err
		})
	})
}

// ukemi_bytes copies what a call made, of a length stored in need.
//
//export ukemi_bytes
func ukemi_bytes(handle C.uint64_t, dst *C.char, n C.int64_t, need *C.int64_t, err *C.char, errn C.int64_t) C.int32_t {
	return report{err, errn}.guard(func() (int, error) {
		data, err := get[[]byte](handle)
		if err != nil {
			return 0, err
		}
		blob(dst, n, need, data)
		return 0, nil
	})
}
