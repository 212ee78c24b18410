/* Records that were saved from the API: {"records": [...]} or a list, one document or several, of any size. The
 * shared reader of JSON finds where each record stands; nothing is held but the one at hand. */
#ifndef SOURCE_KINTONE_SAVED_H
#define SOURCE_KINTONE_SAVED_H

#include "infile.h"
#include "jrec.h"

struct saved {
	struct hub_ctx *ctx;
	const struct hub_host *host;
	struct input in;
	struct jrec jrec;
	struct sheet none; /* jrec's: no columns */
	char *buf;         /* from byte `at` of the file on */
	size_t len, cap;
	uint64_t at, records;
	int ended;
	/* Gets each record as it is written. HUB_OK or a failure. */
	int (*record)(void *arg, struct hub_str text, struct hub_err *err);
	void *arg;
};

/* On failure nothing is to be closed. */
int saved_open(struct saved *s, struct hub_ctx *ctx, const struct hub_host *host,
	       struct hub_str path, struct hub_err *err);
void saved_close(struct saved *s);
/* Reads on; s->ended behind the last byte. HUB_OK or a failure. */
int saved_read(struct saved *s, struct hub_err *err);

#endif
