/* A transcript as it grows: pieces (words, phrases, cues) become utterances of one speaker each, the
 * utterances one text with times and labels in front. A label says who spoke as far as a machine could
 * tell the voices apart; it is never an identity. */
#ifndef SOURCE_VOICE_TALK_H
#define SOURCE_VOICE_TALK_H

#include <hub/plugin.h>

#define TALK_NO_TIME INT64_MIN
enum { TALK_UNSURE = -1 }; /* no confidence given */

struct piece {
	struct hub_str text, reading, speaker;
	int64_t start, end; /* ms, or TALK_NO_TIME */
	int32_t confidence; /* 0..1000, or TALK_UNSURE */
	uint8_t whole;      /* an utterance by itself (a cue) */
};

struct grown { /* text that grows, instance memory */
	char *p;
	size_t len, cap;
};

struct utterance {
	int64_t start, end;
	size_t speaker, speaker_len; /* in labels */
	size_t from, to;             /* of its words in text: bytes */
	size_t from_char, to_char;   /* the same in code points */
	size_t reading, reading_len; /* in readings */
	int32_t confidence;          /* the lowest of its pieces */
	uint32_t low;                /* pieces under the limit */
	uint32_t voice;              /* number of its label by order of appearance; 0: none */
};

struct talk {
	struct hub_ctx *ctx;
	const struct hub_host *host;
	/* settings */
	size_t limit; /* bytes of the text */
	int64_t gap;  /* ms of silence that end an utterance */
	int32_t low;  /* confidence below which a piece is marked */
	int fillers;  /* 0: left out */
	/* what there is */
	struct grown text, labels, readings, spoken; /* spoken: labels seen, one per line */
	size_t chars;
	struct utterance *u;
	uint32_t n, cap;
	uint64_t pieces, low_all, fillers_out;
	int open; /* the last utterance may go on */
	int too_long;
};

/* 0, or -1: out of memory. Over the limit too_long is set and the rest is forgotten. */
int talk_add(struct talk *t, const struct piece *p);
/* Would this piece begin another utterance? The last one is whole then. */
int talk_begins(const struct talk *t, const struct piece *p);
/* Forgets the utterances; the counts stay. */
void talk_clear(struct talk *t);
/* The utterances as JSON, without words and labels (a label may be somebody's name): number, times,
 * which voice, confidence, place in the text. product: what made it. 0, or -1. */
int talk_json(struct talk *t, struct hub_str product, struct grown *out);
/* Appends. 0, or -1: out of memory. */
int grown_put(struct hub_ctx *ctx, const struct hub_host *host, struct grown *to, const char *p,
	      size_t n);

#endif
