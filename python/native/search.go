package main

/*
#include <stdint.h>
*/
import "C"

import "github.com/ukemi-sim/ukemi/python/rows"

// search runs what takes a while and a problem in JSON, of the kind P; what comes out is kept for ukemi_bytes.
func search[P any](out *C.uint64_t, model C.uint64_t, problem *C.char, watch C.int32_t, r report, run func(*rows.Model, P, *int32) ([]byte, error)) C.int32_t {
	return r.guard(func() (int, error) {
		m, err := get[*rows.Model](model)
		if err != nil {
			return 0, err
		}
		return watching(watch != 0, func(stop *int32) (int, error) { // already here: what was measured takes a while to decode
			var p P
			if err := decode(problem, &p); err != nil {
				return 0, err
			}
			data, err := run(m, p, stop)
			if err == nil {
				*out = put(data)
			}
			return 0, err
		})
	})
}
