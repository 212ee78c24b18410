/* Cases like another one (類似事案): by what they are about, never by who. Themes are words of a list that is data
 * (schemas/themes.cfg); beside them count the grams of the texts outside of spans that are neither rare nor
 * everywhere, the topics ticked on the form, the pattern of the household (8050), and the age band. Only what the viewer may
 * read counts, of both cases. */
#ifndef HUB_RELEASE_ALIKE_H
#define HUB_RELEASE_ALIKE_H

#include "conf/conf.h"
#include "release/sight.h"

/* A theme and the words that speak of it, folded. */
struct hub_theme {
	struct hub_str id, label;
	const struct hub_str *word;
	uint32_t words;
};
struct hub_themes {
	const struct hub_theme *theme;
	uint32_t n;
};

/* All problems go to the report; HUB_CONF when there is any. Lives in the arena. */
int hub_themes_load(struct hub_arena *a, struct hub_report *r, const char *path,
		    struct hub_themes *out, struct hub_err *err);

struct hub_alike_ask {
	const struct hub_themes *themes; /* NULL: none */
	uint32_t at;                     /* place of the case in s->cases */
	uint32_t most;                   /* 0: 10 */
};
/* Best first. The answer lives in the arena. */
int hub_alike_run(struct hub_sight *s, struct hub_rowctx *x, struct hub_arena *a,
		  const struct hub_alike_ask *ask, const struct hub_alike **out, uint32_t *n,
		  struct hub_err *err);

#endif
