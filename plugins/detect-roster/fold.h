/* Characters as names and places are compared: 異体字 to one form, both kana and small ones to large
 * katakana, letters to small ones without marks. Only for comparison; spans are those of the text. */
#ifndef DETECT_ROSTER_FOLD_H
#define DETECT_ROSTER_FOLD_H

#include "jtext.h"

enum { FOLD_MEMO = 0x10000 };

/* Lives as long as the plugin's instance. */
struct fold {
	const struct hub_host *host;
	struct hub_ctx *ctx;
	uint16_t *memo; /* FOLD_MEMO: what a character becomes; 0: not asked yet */
};

uint32_t fold_ask(const struct fold *f, uint32_t c);
static inline uint32_t fold_char(const struct fold *f, uint32_t c)
{
	return c < FOLD_MEMO && f->memo[c] ? f->memo[c] : fold_ask(f, c);
}

/* Characters of a text that are compared, without the gaps that may stand inside of a name. */
struct fold_seq {
	uint32_t *sym; /* n + JT_PAD; 0 behind the end */
	uint32_t *at;  /* n + 1: place in the text */
	uint32_t n;
};

/* Spaces, line ends and the dots between the parts of a name. */
static inline int fold_is_gap(uint32_t c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == 0x30fb || c == 0xa0;
}
/* The characters [from, to) of a text, without gaps. 0, or -1 when out of memory. */
int fold_read(const struct fold *f, const struct jtext *t, uint32_t from, uint32_t to,
	      struct jpool *pool, struct fold_seq *out);

#endif
