/* The parts of tsunagi review. */
#ifndef HUB_CLI_REVIEW_H
#define HUB_CLI_REVIEW_H

#include "cli/out.h"
#include "cli/reveal.h"
#include "cli/work.h"
#include "release/review.h"

struct hub_review_cli {
	struct hub_cli *cli;
	struct hub_store *store; /* closed when the program ends */
	struct hub_review *review;
	const char *format, *reveal, *reason, *who;
	int64_t person, limit;
	int all, dry;
	uint64_t lines, made, same, refused; /* of an import */
};

/* May this be decided about this text? Fills what a removal is about. */
int hub_review_check(const struct hub_review_text *t, struct hub_correction *c,
		     struct hub_err *err);
/* Texts as JSON lines, and decisions back: one answer a line. */
int hub_review_export(struct hub_review_cli *v);
int hub_review_import(struct hub_review_cli *v, const char *path);

#endif
