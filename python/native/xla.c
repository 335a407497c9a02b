/* Handlers that XLA calls within a compiled program on the CPU: no Python, and not its lock. Every argument and result but a status is of
 * one type, float64 or float32; the engine works in float64. */
#include "xla.h"
#include "_cgo_export.h"
#include <stdlib.h>
#include <string.h>

static xla_error *fail(const xla_call *c, int code, const char *text) {
	xla_error_arguments a = {sizeof a, 0, text, code};
	return c->api->new_error(&a);
}

/* XLA asks each handler at its registration which version it speaks, and refuses any but its own. The fields used here have been the
 * same in all of 0.x. */
static int answers_metadata(xla_call *c) {
	xla_extension *e = c->extension;
	if (!e || e->type != xla_asks_metadata)
		return 0;
	xla_version *v = &((xla_metadata_request *)e)->metadata->version;
	v->major = xla_major;
	v->minor = !c->api ? xla_minor_without_api : c->api->version.major == xla_major ? c->api->version.minor : xla_minor;
	return 1;
}

static const void *attribute(const xla_call *c, const char *name, int type) {
	for (int64_t i = 0; i < c->attributes.count; i++) {
		const xla_text *n = c->attributes.names[i];
		if (c->attributes.types[i] == type && n->size == strlen(name) && !memcmp(n->text, name, n->size))
			return c->attributes.of[i];
	}
	return 0;
}

static int64_t number(const xla_call *c, const char *name) {
	const xla_number *n = attribute(c, name, xla_scalar);
	return n ? *(const int64_t *)n->value : 0;
}

/* doubles makes b an array of doubles, its own data or a copy. A result is not read. */
static int doubles(const xla_buffer *b, int result, ukemi_array *a) {
	a->size = 1;
	for (int64_t i = 0; i < b->rank; i++)
		a->size *= b->dims[i];
	a->data = b->data;
	if (b->type == xla_float64 || a->size == 0)
		return 1;
	if (b->type != xla_float32 || !(a->data = malloc(a->size * sizeof *a->data)))
		return 0;
	for (int64_t i = 0; !result && i < a->size; i++)
		a->data[i] = ((const float *)b->data)[i];
	return 1;
}

/* done gives a result back to b and drops the copy. */
static void done(const xla_buffer *b, int result, ukemi_array *a) {
	if (!a->data || a->data == b->data)
		return;
	for (int64_t i = 0; result && i < a->size; i++)
		((float *)b->data)[i] = (float)a->data[i];
	free(a->data);
}

/* run calls the engine. The last result is the status of the rows, the others are numbers. */
static xla_error *run(xla_call *c, int what, int64_t in, int64_t out) {
	if (answers_metadata(c))
		return 0;
	if (c->in.count != in || c->out.count != out + 1 || c->out.of[out]->type != xla_int32)
		return fail(c, xla_invalid_argument, "ukemi: these are not the arguments that ukemi.jax gives");
	char text[4096] = "";
	ukemi_job job = {.what = what, .text = text, .text_size = sizeof text};
	int ok = 1;
	for (int64_t i = 0; i < in; i++)
		ok &= doubles(c->in.of[i], 0, &job.in[i]);
	for (int64_t i = 0; i < out; i++)
		ok &= doubles(c->out.of[i], 1, &job.out[i]);
	const xla_text *names = attribute(c, "names", xla_string);
	int32_t code = -1;
	if (ok && names) {
		job.names = names->text;
		job.names_size = (int64_t)names->size;
		job.sub = number(c, "sub");
		job.steps = number(c, "steps");
		job.status = c->out.of[out]->data;
		job.rows = 1;
		for (int64_t i = 0; i < c->out.of[out]->rank; i++)
			job.rows *= c->out.of[out]->dims[i];
		code = ukemi_job_run((uint64_t)number(c, "handle"), &job);
	} else
		strcpy(text, "arrays must be of type float64 or float32, and there must be memory for them");
	for (int64_t i = 0; i < in; i++)
		done(c->in.of[i], 0, &job.in[i]);
	for (int64_t i = 0; i < out; i++)
		done(c->out.of[i], 1, &job.out[i]);
	if (code < 0)
		return fail(c, xla_invalid_argument, text);
	if (code > 0 && number(c, "strict"))
		return fail(c, xla_internal, text);
	return 0;
}

void *ukemi_xla_step(xla_call *c) { return run(c, ukemi_job_step, 4, 2); }
void *ukemi_xla_jacobian(xla_call *c) { return run(c, ukemi_job_jacobian, 4, 5); }
void *ukemi_xla_rollout(xla_call *c) { return run(c, ukemi_job_rollout, 4, 2); }
void *ukemi_xla_rollout_vjp(xla_call *c) { return run(c, ukemi_job_rollout_vjp, 5, 3); }
