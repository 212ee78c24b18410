/* What the files of this plugin share. */
#ifndef SOURCE_VOICE_VOICE_H
#define SOURCE_VOICE_VOICE_H

#include "cues.h"
#include "infile.h"
#include "jrec.h"
#include "talk.h"
#include "turns.h"
#include "when.h"

enum { VOICE_CHUNK = 1 << 16 };

struct voice_conf {
	struct hub_str path, client, date, product, segments, text, reading, start, end, duration,
	    speaker, confidence, whole, status, done, error, reading_mark;
	int64_t format, rows, unit, fillers, tagged_only, low, gap, text_limit;
};

/* One reading of a JSON transcript (segs.c). */
struct segs;

struct voice {
	struct hub_ctx *ctx;
	const struct hub_host *host;
	const struct voice_conf *conf;
	struct input in;
	struct sheet sheet; /* of the rows */
	struct talk talk;
	struct cues cues;
	struct turns turns;
	struct segs *segs;    /* NULL: lines, or nothing to feed */
	char *buf;            /* VOICE_CHUNK bytes */
	const char *encoding; /* of lines */
	uint64_t quiet;       /* bytes since the last row, or the beginning */
	int json, begun, ended;
	int plain, lined;     /* plain: turns, no cues; lined: there were lines */
	uint64_t given, skip; /* rows handed out, and those that were before a resume */
};

int voice_no_memory(const struct voice *v, struct hub_err *err);
/* A piece of the conversation; arg: the voice. */
int voice_add(void *arg, const struct piece *p, struct hub_err *err);
/* segs.c, JSON: finds where the pieces stand. Then voice_json_feed() until *more is 0, each call a part
 * of the file; voice_json_close() in any case. */
int voice_json_begin(struct voice *v, struct hub_err *err);
int voice_json_feed(struct voice *v, int *more, struct hub_err *err);
void voice_json_close(struct voice *v);

#endif
