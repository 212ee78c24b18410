/* detect-tagger: names of people, places, facilities and organisations by a statistical model, a
 * linear-chain CRF over characters. A character is masked when the probability that it belongs to any
 * name reaches the setting's threshold, whatever the best reading of the sentence is: that is what leaves
 * few names behind. Looks at one text at a time and knows no roster (detect-roster does) and no shapes of
 * numbers (detect-pattern does).
 *
 * Needs MeCab's dictionary IPADIC at run time; without it open() answers HUB_RETRY, and the hub goes on
 * without this detector and says so. */
#include "plain.h"
#include "tag.h"

#include "born.h"
#include "kind.h"
#include "memo.h"
#include "model_id.h"
#include "spread.h"

#include <string.h>

struct tagger_conf {
	int64_t setting; /* index into settings[] */
	struct hub_str dictionary;
};

struct tagger {
	const struct hub_host *host;
	struct hub_ctx *ctx;
	struct tag tag;
	struct spread spread;
	struct memo memo;
	struct jpool pool; /* more than born_behind() and kind_is() need */
	uint32_t doc;      /* being read */
	uint32_t last;     /* where the name before ended, in bytes */
	const struct hub_doc *docs;
};

static const char *const settings[] = {"strict", "standard", "readable", NULL};
static const float least_of[] = {0.05f, 0.10f, 0.30f};

static int tagger_open(struct hub_ctx *ctx, const struct hub_host *host, const void *conf,
		       struct hub_str pos, void **self, struct hub_err *err)
{
	const struct tagger_conf *c = conf;
	struct tagger *t = host->alloc(ctx, NULL, sizeof *t);
	int rc;

	(void)pos;
	if (!t)
		return NO_MEMORY(host, err);
	t->host = host;
	t->ctx = ctx;
	t->tag.least = least_of[c->setting];
	t->tag.lexicon = lexicon_new(ctx, host, 0);
	if (!t->tag.lexicon)
		return NO_MEMORY(host, err);
	if (model_read(&t->tag.model, model_builtin()))
		return HUB_FAIL(host, err, HUB_FATAL, "bad-model",
				"the model of the tagger is of another format");
	if ((rc = words_open(ctx, host, c->dictionary, &t->tag.words, err)))
		return rc;
	tag_init(&t->tag);
	if (jpool_init(&t->pool, host, ctx))
		return NO_MEMORY(host, err);
	*self = t;
	return HUB_OK;
}

/* A character may have been folded to several (㈱): the span is widened to all of it. */
static int report(void *self, const struct tag_span *found)
{
	struct tagger *t = self;
	const struct hub_doc *doc = &t->docs[t->doc];
	uint32_t to = found->to;

	memo_add(&t->memo, found);
	while (to < doc->norm.len && to > 0 && doc->at[to] == doc->at[to - 1])
		to++;
	const struct hub_span span = {.doc = t->doc,
				      .start = doc->at[found->from],
				      .end = doc->at[to],
				      .type = found->type,
				      .person = -1,
				      .confidence = found->confidence,
				      .origin = "tagger"};
	return t->host->span(t->ctx, &span);
}

static int report_all(struct tagger *t, const struct memo_text *known)
{
	int rc = 0;

	for (uint32_t i = 0; i < known->spans && !rc; i++)
		rc = report(t, &known->span[i]);
	return rc;
}

static int remember(void *self, const struct tag_span *found)
{
	struct tagger *t = self;
	const struct hub_str norm = t->docs[t->doc].norm;
	struct tag_span born;
	int rc;

	/* what belongs to a name stays with it: しらゆり会の|ケアハウス */
	if (found->from != t->last && kind_is(norm, found, &t->pool))
		return HUB_OK;
	t->last = found->to;
	spread_add(&t->spread, norm, found);
	if (!(rc = report(t, found)) && born_behind(norm, found, &t->pool, &born))
		rc = report(t, &born);
	return rc;
}

static int read_doc(struct tagger *t, struct hub_str norm)
{
	spread_reset(&t->spread);
	t->last = UINT32_MAX;
	const int rc = tag_text(&t->tag, norm, remember, t);

	return rc ? rc : spread_run(&t->spread, norm, report, t);
}

static int tagger_detect(void *self, const struct hub_doc *docs, uint32_t n, struct hub_err *err)
{
	struct tagger *t = self;

	t->docs = docs;
	for (t->doc = 0; t->doc < n; t->doc++) {
		const struct hub_str norm = docs[t->doc].norm;
		const struct memo_text *known = memo_find(&t->memo, norm);
		int rc = known ? report_all(t, known) : read_doc(t, norm);
		if (rc) {
			memo_drop(&t->memo);
			return NO_MEMORY(t->host, err);
		}
	}
	return HUB_OK;
}

static void tagger_close(void *self)
{
	struct tagger *t = self;

	words_close(t->tag.words);
}

static const struct hub_opt tagger_opts[] = {
    {HUB_OPTION("setting", ENUM, 0,
		HUB_N("how much doubt is enough to mask: strict masks most, readable least"),
		.dflt = "standard", .words = settings,
		.offset = offsetof(struct tagger_conf, setting))},
    {HUB_OPTION("dictionary", PATH, 0,
		HUB_N("folder of MeCab's dictionary IPADIC in UTF-8; found by itself when empty"),
		.offset = offsetof(struct tagger_conf, dictionary))},
    {.name = NULL},
};

static const struct hub_ops tagger_ops = {
    .size = sizeof(struct hub_ops),
    .open = tagger_open,
    .detect = tagger_detect,
    .close = tagger_close,
};

static const struct hub_plugin tagger_plugin = {
    HUB_PLUGIN_HEAD,
    .kind = HUB_DETECTOR,
    .caps = HUB_CAP_PARALLEL,
    .name = "tagger",
    .version = "1.16-" TAGGER_MODEL_ID,
    .license = "MIT (program), CC BY-SA 4.0 (model)",
    .summary = HUB_N("names of people, places and facilities by a statistical model"),
    .opts = tagger_opts,
    .conf_size = sizeof(struct tagger_conf),
    .ops = &tagger_ops,
};

const struct hub_plugin *hub_plugin_get(uint32_t index)
{
	return index == 0 ? &tagger_plugin : NULL;
}
