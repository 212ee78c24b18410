/* WebVTT and SRT, line by line: cues as pieces. What is no well-formed cue is left out and counted. */
#ifndef SOURCE_VOICE_CUES_H
#define SOURCE_VOICE_CUES_H

#include "talk.h"

enum cues_at { CUES_OUTSIDE = 0, CUES_NOTES, CUES_WORDS };

struct cues {
	struct hub_ctx *ctx;
	const struct hub_host *host;
	int (*add)(void *arg, const struct piece *p, struct hub_err *err); /* a whole cue */
	void *arg;
	/* what there is */
	uint64_t cues, broken; /* broken: timing lines that cannot be read */
	enum cues_at at;
	int vtt, begun;
	int64_t start, end;                /* of the cue at hand */
	struct grown words, speaker, held; /* held (SRT): a line, or the number of the next cue */
	int ruby;                          /* inside <rt>: a reading, not words */
	int holds, after_blank, before_blank;
};

/* Does it begin like one, or hold a line that times a cue? */
int cues_claim(struct hub_str head);
/* Whole lines of the file, in UTF-8 and without its BOM. HUB_OK or a failure, also of add(). */
int cues_feed(struct cues *c, struct hub_str lines, struct hub_err *err);
/* The file ends here. */
int cues_end(struct cues *c, struct hub_err *err);

#endif
