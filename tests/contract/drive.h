/* Drives a plugin of any kind through what a run does to it, and tells what came out. */
#ifndef TESTS_CONTRACT_DRIVE_H
#define TESTS_CONTRACT_DRIVE_H

#include "host.h"

#include "plugin/load.h"
#include "plugin/option.h"

/* One plugin under test. */
struct subject {
	const struct hub_plugin *plugin;
	const char *file; /* the .so */
	char scratch[64]; /* folder for inputs and outputs */
	char sample[256]; /* input that the plugin brings (plugins/NAME/sample.*); "": a CSV */
};

/* What a run gave. */
struct outcome {
	int rc;
	uint64_t rows, batches;
	struct hub_hash digest;
	unsigned long calls; /* of host services that can fail */
	struct hub_err err;
};

/* Options of a run: defaults, required ones filled in. The input (of a source) is `input` if not NULL.
 * HUB_OK, or why not. */
int subject_options(const struct subject *s, struct hub_arena *a, const char *input,
		    struct hub_options *o, struct hub_err *err);
/* Writes the input file of a source and returns its path (static storage of s). */
void subject_input(const struct subject *s, struct hub_str bytes, char path[128]);
/* The bytes a source can read: the sample, or a small CSV with every kind of cell. */
struct hub_str subject_bytes(const struct subject *s, struct hub_arena *a);
void subject_clean(const struct subject *s); /* empties the scratch folder */

/* open, work, close. fail_at: service call that fails (0: none); left_ms: what left_ms() answers.
 * pos: where a source starts. stop_after: batches after which to stop (0: all); *pos_out then gets the
 * position, copied into the arena. Asserts everything that must hold whatever happens. */
struct run {
	const struct subject *subject;
	const void *conf;
	unsigned long fail_at;
	int64_t left_ms;
	struct hub_str pos;
	uint64_t stop_after;
	struct hub_arena *arena;
	struct hub_str *pos_out;
};
struct outcome drive(const struct run *run);

#endif
