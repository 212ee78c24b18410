/* The words of a stretch of text and their parts of speech, by MeCab and the dictionary IPADIC. MeCab
 * owns its memory; a struct words belongs to one thread. */
#ifndef TAGGER_WORDS_H
#define TAGGER_WORDS_H

#include "seq.h"

struct words;

/* dictionary: folder of a UTF-8 IPADIC; empty: where Debian and mecabrc have it. HUB_RETRY when there is
 * none. *out is in memory of the instance. */
int words_open(struct hub_ctx *ctx, const struct hub_host *host, struct hub_str dictionary,
	       struct words **out, struct hub_err *err);
void words_close(struct words *w);
/* -1 when MeCab fails. */
int words_mark(struct words *w, struct seq *s);

/* Parts of speech of IPADIC (pos-id.def) that others than the model ask for. */
enum { TAG_SURNAME = 43, TAG_GIVEN = 44, TAG_PLACE = 46, TAG_COUNTRY = 47, TAG_UNKNOWN = 128 };

#endif
