/* What the handlers need of XLA's foreign function interface for C (openxla/xla, xla/ffi/api/c_api.h), version 0.x: the order and types of
 * the leading fields, which that interface keeps; later versions add behind them. Every struct starts with its size and a list of
 * extensions. */
#include <stddef.h>
#include <stdint.h>

enum {
	xla_major = 0,
	xla_minor = 3,             /* which these are written after */
	xla_minor_without_api = 1, /* where XLA asks for the version without saying its own */
};

enum { xla_float32 = 11, xla_float64 = 12, xla_int32 = 4 };
enum { xla_invalid_argument = 3, xla_internal = 13 };
enum { xla_scalar = 3, xla_string = 4 };
enum { xla_asks_metadata = 1 };

typedef struct xla_extension {
	size_t size;
	int type;
	struct xla_extension *next;
} xla_extension;

typedef struct {
	size_t size;
	xla_extension *extension;
	int major, minor;
} xla_version;

typedef struct {
	size_t size;
	xla_version version;
	/* and traits */
} xla_metadata;

typedef struct {
	xla_extension base;
	xla_metadata *metadata;
} xla_metadata_request;

typedef struct xla_error xla_error;

typedef struct {
	size_t size;
	xla_extension *extension;
	const char *message;
	int code;
} xla_error_arguments;

typedef struct {
	size_t size;
	xla_extension *extension;
	xla_version version;
	const void *internal;
	xla_error *(*new_error)(xla_error_arguments *);
	/* and more functions */
} xla_api;

typedef struct {
	size_t size;
	xla_extension *extension;
	int type;
	void *data;
	int64_t rank, *dims;
} xla_buffer;

typedef struct {
	size_t size;
	xla_extension *extension;
	int64_t count;
	int *types;
	xla_buffer **of;
} xla_buffers;

typedef struct {
	const char *text;
	size_t size;
} xla_text; /* a string is one too */

typedef struct {
	int type;
	const void *value;
} xla_number;

typedef struct {
	size_t size;
	xla_extension *extension;
	int64_t count;
	int *types;
	xla_text **names;
	const void **of;
} xla_attributes;

typedef struct {
	size_t size;
	xla_extension *extension;
	const xla_api *api;
	void *context;
	int stage;
	xla_buffers in, out;
	xla_attributes attributes;
	/* and a future */
} xla_call;
