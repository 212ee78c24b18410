/* The filters of design §12: one line in, one JSON line out. Answers leave before the next read, so
 * that a partner on the other end of a pipe never waits for one. */
#ifndef HUB_CLI_LINES_H
#define HUB_CLI_LINES_H

#include "base/buf.h"
#include "cli/cli.h"

#include <jansson.h>

struct hub_line_filter {
	void *self;
	size_t limit; /* bytes of the longest line */
	/* Adds the answer with its line end to out. line is without its end (LF or CRLF) and, for the
	 * first one, without BOM; its ptr is NULL when it was longer than the limit. A negative rc
	 * ends the program: what is wrong with one line belongs into its answer. */
	int (*answer)(void *self, struct hub_str line, struct hub_buf *out, struct hub_err *err);
	/* Up to this many threads answer what has come at once, each with a self of its own; answers keep their
	 * order. 0 or 1: one, and the rest is not looked at. */
	unsigned threads;
	/* The self of a further thread, made when there is work for it, and its end. */
	int (*open)(void *self, void **further, struct hub_err *err);
	void (*close)(void *further);
};

/* path NULL or "-": stdin. */
int hub_cli_lines(struct hub_cli *cli, const char *path, const struct hub_line_filter *f);
/* The JSON of a line; each name may occur once. flags: further flags of jansson. NULL: err is filled, and
 * never quotes the line. */
json_t *hub_line_json(struct hub_str line, int limit, size_t flags, struct hub_err *err);
/* How an answer begins: {"id": as the line has it, or null. */
void hub_line_id(struct hub_buf *out, const json_t *root);
/* ,"error":{"code","message","where": what is wrong with the line; the caller closes it. */
void hub_line_error(struct hub_buf *out, const struct hub_err *err);

#endif
