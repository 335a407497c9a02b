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
	return search(out, model, problem, watch, report{err, errn}, (*rows.Model).Fit)
}
