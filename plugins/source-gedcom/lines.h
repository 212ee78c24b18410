/* The lines of a GEDCOM file: "LEVEL [@XREF@] TAG [VALUE]". The whole file is in memory as UTF-8: a tree
 * is one family's, and its records point at one another in any order. Strings point into that text. */
#ifndef SOURCE_GEDCOM_LINES_H
#define SOURCE_GEDCOM_LINES_H

#include "infile.h"
#include "room.h"

enum { LINES_DEPTH = 99 };

struct lines {
	struct hub_ctx *ctx;
	const struct hub_host *host;
	const char *path;
	struct hub_str text; /* without its byte order mark */
	int seven;           /* version 7: only a leading @@ stands for one @ */
};

struct line {
	uint32_t level;
	struct hub_str xref; /* with its @; empty: none */
	struct hub_str tag;
	struct hub_str value; /* as written: @@ stands for @ (person.c) */
	uint64_t number;      /* from 1 */
	size_t at, len;       /* place in the text */
};

enum line_rc { LINE_OK = 0, LINE_END, LINE_BROKEN };

/* Where a reader stands; zeroed: at the beginning. */
struct line_at {
	size_t at;
	uint64_t number;
};

/* Decodes what `in` holds, at most `most` bytes, into memory of the instance; encoding: NULL to find it
 * out. Refuses what is no GEDCOM, or has no end. room: holds a text that is not decoded by the hub. */
int lines_load(struct lines *l, struct input *in, const char *encoding, size_t most,
	       struct room *room, struct hub_err *err);
/* The next line that is not blank. LINE_BROKEN: it has no level and tag, or another level than can follow;
 * level, number and place are set. */
enum line_rc lines_next(const struct lines *l, struct line_at *at, uint32_t depth,
			struct line *out);
/* Is the value a pointer to a record (not @VOID@)? */
int lines_points(const struct line *line);
/* Does the text begin like a GEDCOM file? Any encoding that keeps ASCII, or UTF-16. */
int lines_look_like(struct hub_str head);

/* ANSEL (ANSI Z39.47), the encoding of GEDCOM before Unicode, to UTF-8; `to` needs 3 bytes for one. Returns
 * the offset of the first byte it does not have, or n. */
size_t ansel_decode(const char *p, size_t n, char *to, size_t *len);

#endif
