package main

/*
#include <stdint.h>
#include "job.h"
*/
import "C"

import (
	"fmt"

	"github.com/ukemi-sim/ukemi/python/rows"
)

// ukemi_job_run does a job, of which all arrays have their lengths checked.
//
//export ukemi_job_run
func ukemi_job_run(batch C.uint64_t, j *C.ukemi_job) C.int32_t {
	r := report{j.text, j.text_size}
	return r.guard(func() (int, error) {
		b, err := get[*rows.Batch](batch)
		if err != nil {
			return 0, err
		}
		if j.rows < 0 || j.rows > 1<<31 {
			return 0, errSizes
		}
		return watching(j.watch != 0, func(stop *int32) (int, error) {
			fails, err := run(b, j, stop)
			if err == nil && fails.Err != nil {
				r.write(fmt.Sprintf("%d of %d rows: %v", fails.Count, j.rows, fails.Err))
			}
			return fails.Count, err
		})
	})
}

func run(b *rows.Batch, j *C.ukemi_job, stop *int32) (rows.Fails, error) {
	names := C.GoStringN(j.names, C.int(j.names_size))
	in := func(i int) []float64 { return floats(j.in[i].data, int(j.in[i].size)) }
	out := func(i int) []float64 { return floats(j.out[i].data, int(j.out[i].size)) }
	n, t, status, counts := int(j.rows), int(j.steps), ints(j.status, int(j.rows)), ints(j.counts, int(j.rows))
	vary, err := b.Vary(names, in(3))
	if err != nil {
		return rows.Fails{}, err
	}
	x := rows.Rows{N: n, X: in(0), H: in(1), U: in(2), Vary: vary}
	switch j.what {
	case C.ukemi_job_step:
		return b.Step(x, int(j.sub), stop, rows.Next{X: out(0), H: out(1), Status: status, Iterations: counts})
	case C.ukemi_job_jacobian:
		return b.Jacobian(x, int(j.sub), names, stop, rows.Jacobian{Tangent: j.tangent != 0, X: out(0), H: out(1), Jx: out(2), Ju: out(3), Jp: out(4), Status: status})
	case C.ukemi_job_vjp:
		return b.VJP(x, names, stop, rows.Pull{Next: in(4), X: out(0), U: out(1), P: out(2), Status: status})
	case C.ukemi_job_rollout:
		return b.Rollout(x, t, stop, rows.Path{X: out(0), H: out(1), Status: status, Steps: counts})
	case C.ukemi_job_rollout_vjp:
		return b.RolloutVJP(x, t, names, stop, rows.Pull{Next: in(4), X: out(0), U: out(1), P: out(2), Status: status})
	}
	return rows.Fails{}, fmt.Errorf("there is no job %d", j.what)
}
