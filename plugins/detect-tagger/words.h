/* The words of a stretch of text and their parts of speech: those that MeCab finds with the dictionary
 * IPADIC, by the same costs, read from its files. A struct words belongs to one thread. */
#ifndef TAGGER_WORDS_H
#define TAGGER_WORDS_H

#include "seq.h"

struct words;

/* dictionary: folder of a UTF-8 IPADIC; empty: where Debian and mecabrc have it. HUB_RETRY when there is
 * none. *out is in memory of the instance. */
int words_open(struct hub_ctx *ctx, const struct hub_host *host, struct hub_str dictionary,
	       struct words **out, struct hub_err *err);
void words_close(struct words *w);
void words_mark(struct words *w, struct seq *s);

enum { TAG_UNKNOWN = 128 };

#endif
