/* Records of a JSON text by paths, on yajl's events: nothing is held but the record at hand. Used by the
 * sources that read JSON. The caller feeds bytes; each whole record comes back through `record`. */
#ifndef PLUGINS_SHARED_JREC_H
#define PLUGINS_SHARED_JREC_H

#include "jpath.h"

#include <yajl/yajl_parse.h>

enum { JREC_DEPTH = 256, JREC_TOKENS = 32, JREC_ABOVE = 32, JREC_BAD = 256 };

/* Arrays of plain values as a cell: one line each, or JSON as they stand. */
enum jrec_lists { JREC_LINES = 0, JREC_JSON };

struct jrec_frame {
	uint32_t node, last; /* of the container in the record's tree; child seen last */
	uint64_t index;      /* array: of the next element */
	int32_t matched; /* outside records: tokens of the pattern matched; -1: another branch */
	uint8_t array, list; /* list: its elements are records */
	size_t path;         /* length of its path; outside records */
};

/* An escape \uD83D without its other half has no character: yajl would write a question mark. */
struct jrec_escapes {
	int state; /* 0 text, 1 behind a backslash, 2..5 hexadecimal digits */
	unsigned value;
	uint64_t high;         /* place behind a first half that waits for its second; 0: none */
	uint64_t at[JREC_BAD]; /* places of halves that stand alone */
	uint32_t n;
};

/* Text of a container inside a record that is one cell. */
struct jrec_capture {
	uint32_t col, depth; /* depth: containers open in it; 0: none */
	uint8_t flat;        /* an array of plain values so far; 2: one of them has a line end */
	uint32_t items;
};

struct jrec_text { /* growing, instance memory */
	char *p;
	size_t len, cap;
};

/* Value outside the records: column and its path from the root. */
struct jrec_above {
	uint32_t col;
	struct hub_str path;
	struct jrec_text value;
	uint8_t state;
};

struct jrec {
	struct hub_ctx *ctx;
	const struct hub_host *host;
	struct sheet *sheet;
	const char *name;    /* of the input, for messages */
	struct hub_err *err; /* of the call at hand */
	int rc;              /* failure inside a callback */
	/* settings */
	struct hub_str token[JREC_TOKENS]; /* of the records' path; "*" and "x*" match more */
	int32_t tokens;
	uint32_t depth_limit, in_col; /* in_col: column of what "*" stood for */
	int discover;                 /* make columns of what comes, do not read */
	enum jrec_lists lists;
	struct jrec_above above[JREC_ABOVE];
	uint32_t n_above;
	int (*record)(void *arg, struct hub_err *err); /* the sheet holds it; HUB_OK or a failure */
	void *arg;
	/* state */
	yajl_handle yajl;
	struct jtree tree;
	struct jrec_frame *frame; /* JREC_DEPTH */
	uint32_t depth;
	uint8_t in_record;
	struct jrec_text key, path, json, lines;
	struct jrec_capture cap;
	struct jrec_escapes esc;
	/* places */
	const char *base;       /* of the bytes being fed */
	uint64_t fed;           /* bytes before base */
	uint64_t counted, line; /* place up to which lines are counted; line there, from 1 */
	uint64_t began, began_line, ended; /* the record at hand */
	uint64_t last_event;
	uint64_t values; /* whole values of the text */
	uint64_t found;  /* lists of records begun */
};

/* name: of the input, kept by pointer. The caller then sets record and arg, and lists if he likes; and
 * adds columns or lets jrec_discover() find them. HUB_OK or a failure (then nothing is to be closed). */
int jrec_init(struct jrec *j, struct sheet *sheet, const char *name, struct hub_str records,
	      int64_t depth_limit, struct hub_err *err);
void jrec_close(struct jrec *j);
/* From now on what comes makes columns and no records; 0 ends it: the columns are in the sheet. */
int jrec_discover(struct jrec *j, int on, struct hub_err *err);
/* Column of a path inside a record ("/a/0/b"), or of one from the root ("@/a"), or "@in". */
int jrec_column(struct jrec *j, struct hub_str name, struct hub_str path, struct hub_err *err);
/* Begins anew; what is fed next stands at byte `at` of the input, in line `line`. */
int jrec_restart(struct jrec *j, uint64_t at, uint64_t line, struct hub_err *err);
/* HUB_OK; HUB_REJECT with code bad-json, too-deep, too-long. n may be 0. */
int jrec_feed(struct jrec *j, const char *p, size_t n, struct hub_err *err);
/* The text ends here: is it whole? */
int jrec_finish(struct jrec *j, struct hub_err *err);

/* For jcapture.c. jrec_stop(): ends yajl's parse with that failure; returns 0. */
int jrec_stop(struct jrec *j, int rc);
int jrec_no_memory(const struct jrec *j, struct hub_err *err);
int jtext_put(struct jrec *j, struct jrec_text *t, struct hub_str s); /* 0, or -1: no memory */
struct hub_str jtext_of(const struct jrec_text *t);

#endif
