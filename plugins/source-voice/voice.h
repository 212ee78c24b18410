/* What the files of this plugin share. */
#ifndef SOURCE_VOICE_VOICE_H
#define SOURCE_VOICE_VOICE_H

#include "infile.h"
#include "jrec.h"
#include "talk.h"
#include "when.h"

enum { VOICE_CHUNK = 1 << 16 };

struct voice_conf {
	struct hub_str path, client, date, product, segments, text, reading, start, end, duration,
	    speaker, confidence, whole, status, done, error, reading_mark;
	int64_t format, rows, unit, fillers, tagged_only, low, gap, text_limit;
};

struct voice {
	struct hub_ctx *ctx;
	const struct hub_host *host;
	const struct voice_conf *conf;
	struct input in;
	struct sheet sheet; /* of the rows */
	struct talk talk;
	char *buf; /* VOICE_CHUNK bytes */
	uint64_t broken;
	int read;             /* the file has been */
	uint64_t given, skip; /* rows handed out, and those that were before a resume */
};

int voice_no_memory(const struct voice *v, struct hub_err *err);
/* segs.c: the pieces of a JSON transcript into the talk. */
int voice_read_json(struct voice *v, struct hub_err *err);

#endif
