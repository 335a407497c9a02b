/* A call on rows whose arrays say themselves how long they are. */
#include <stdint.h>

typedef struct {
	double *data;
	int64_t size;
} ukemi_array;

/* A row is nx numbers, its interval h, its input nu, of a rollout steps×nu. All jobs take x, h, u and values of the named parameters, a row of
 * them for neighboring rows (none: as the models have them); vjp and rollout_vjp cotangents of the states they lead to besides. They give
 *
 *   step          x, h
 *   jacobian      x, h, and derivatives by x, u and parameters
 *   vjp           cotangents of x, u and parameters
 *   rollout       x and h of steps + 1 states
 *   rollout_vjp   cotangents of x, u and parameters
 */
enum { ukemi_job_step, ukemi_job_jacobian, ukemi_job_vjp, ukemi_job_rollout, ukemi_job_rollout_vjp };

typedef struct {
	int32_t what, watch, tangent; /* watch: Ctrl-C ends it; tangent: derivatives are in the tangent space */
	int64_t rows, steps, sub;
	ukemi_array in[5], out[5];
	int32_t *status, *counts; /* per row; counts are iterations of a step, steps of a rollout, and may be NULL */
	const char *names;        /* newlines between them */
	int64_t names_size;
	char *text; /* for the error */
	int64_t text_size;
} ukemi_job;
