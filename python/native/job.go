package main

/*
#include <stdint.h>
#include "job.h"
*/
import "C"

import (
	"fmt"
	"unsafe"

	"github.com/ukemi-sim/ukemi/python/rows"
)

// ukemi_job_run does a job, of which all arrays have their lengths checked.
//
//export ukemi_job_run
func ukemi_job_run(batch C.uint64_t, what C.int32_t, j *C.ukemi_job, err *C.char, errn C.int64_t) C.int32_t {
	r := report{err, errn}
	return r.guard(func() (int, error) {
		b, err := get[*rows.Batch](batch)
		if err != nil {
			return 0, err
		}
		names := C.GoStringN(j.names, C.int(j.names_size))
		in := func(i int) []float64 { return floats(j.in[i].data, int(j.in[i].size)) }
		out := func(i int) []float64 { return floats(j.out[i].data, int(j.out[i].size)) }
		n, t, status := int(j.rows), int(j.steps), unsafe.Slice((*int32)(unsafe.Pointer(j.status)), int(j.rows))
		vary, err := b.Vary(names, in(3))
		if err != nil {
			return 0, err
		}
		x := rows.Rows{N: n, X: in(0), H: in(1), U: in(2), Vary: vary}
		var fails rows.Fails
		switch what {
		case C.ukemi_job_step:
			fails, err = b.Step(x, int(j.sub), nil, rows.Next{X: out(0), H: out(1), Status: status, Iterations: make([]int32, n)})
		case C.ukemi_job_jacobian:
			fails, err = b.Jacobian(x, int(j.sub), names, nil, rows.Jacobian{X: out(0), H: out(1), Jx: out(2), Ju: out(3), Jp: out(4), Status: status})
		case C.ukemi_job_rollout:
			fails, err = b.Rollout(x, t, nil, rows.Path{X: out(0), H: out(1), Status: status, Steps: make([]int32, n)})
		case C.ukemi_job_rollout_vjp:
			fails, err = b.RolloutVJP(x, t, names, nil, rows.Pull{Next: in(4), X: out(0), U: out(1), P: out(2), Status: status})
		default:
			err = fmt.Errorf("there is no job %d", what)
		}
		if err == nil && fails.Err != nil {
			r.write(fmt.Sprintf("%d of %d rows: %v", fails.Count, n, fails.Err))
		}
		return fails.Count, err
	})
}
