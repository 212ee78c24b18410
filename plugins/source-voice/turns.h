/* A conversation as typed or saved as plain text: 話者1：…, [0:01:23] 職員：…, or 話者1 0:01:23 over what was said. Lines
 * that begin no turn go on with the one above; those before the first are one of nobody. */
#ifndef SOURCE_VOICE_TURNS_H
#define SOURCE_VOICE_TURNS_H

#include "talk.h"

struct turns {
	struct hub_ctx *ctx;
	const struct hub_host *host;
	int (*add)(void *arg, const struct piece *p, struct hub_err *err); /* a whole turn */
	void *arg;
	/* what there is */
	uint64_t heads; /* turns that say who speaks, or when */
	int timed;      /* some say when: without a time only a label that was there begins one */
	int64_t start, end;                 /* of the turn at hand, or TALK_NO_TIME */
	struct grown words, speaker, known; /* known: labels, one per line */
};

/* Do its first lines read like one? In UTF-8 or CP932. */
int turns_claim(struct hub_str head);
/* Whole lines of the file, in UTF-8 and without its BOM. HUB_OK or a failure, also of add(). */
int turns_feed(struct turns *t, struct hub_str lines, struct hub_err *err);
/* The file ends here. */
int turns_end(struct turns *t, struct hub_err *err);

#endif
