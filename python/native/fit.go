package main

/*
#include <stdint.h>
*/
import "C"

import "github.com/ukemi-sim/ukemi/python/rows"

// ukemi_fit finds parameters of a model: the problem is that of rows.Fit in JSON, and so is what comes out, see ukemi_bytes.
//
//export ukemi_fit
func ukemi_fit(out *C.uint64_t, model C.uint64_t, problem *C.char, watch C.int32_t, err *C.char, errn C.int64_t) C.int32_t {
	return report{err, errn}.guard(func() (int, error) {
		m, err := get[*rows.Model](model)
		if err != nil {
			return 0, err
		}
		return watching(watch != 0, func(stop *int32) (int, error) { // already here: what was measured takes a while to decode
			var p rows.Fit
			if err := decode(problem, &p); err != nil {
				return 0, err
			}
			data, err := m.Fit(p, stop)
			if err == nil {
				*out = put(data)
			}
			return 0, err
		})
	})
}
