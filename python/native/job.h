/* A call on rows whose arrays say themselves how long they are. */
#include <stdint.h>

typedef struct {
	double *data;
	int64_t size;
} ukemi_array;

/* step, jacobian and rollout take x, h, u and the values of the named parameters, rollout_vjp the cotangents of the states besides. They
 * give x, h | x, h, jx, ju, jp | xs, hs | gx, gu, gp. */
enum { ukemi_job_step, ukemi_job_jacobian, ukemi_job_rollout, ukemi_job_rollout_vjp };

typedef struct {
	int32_t what, watch; /* watch: Ctrl-C ends it */
	int64_t rows, steps, sub;
	ukemi_array in[5], out[5];
	int32_t *status, *counts; /* per row; counts are iterations of a step, steps of a rollout, and may be NULL */
	const char *names;        /* newlines between them */
	int64_t names_size;
	char *text; /* for the error */
	int64_t text_size;
} ukemi_job;
