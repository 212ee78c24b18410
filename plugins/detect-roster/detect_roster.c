/* detect-roster: the people of the case's own roster in the forms in which they are written - family or
 * given name alone, both kana, half width, Latin letters, 異体字, nicknames before ちゃん, a gap or a line end
 * inside -, their addresses with numbers in any spelling, telephones, other numbers, dates of birth.
 *
 * The roster is the strongest lever there is: what it knows, it knows for sure. A family name that several
 * people share means the one whose relation or office stands beside it, else the one named last, else the
 * client. Honorifics and relation words stay outside of a span.
 *
 * A roster is built once for all texts of a call that have the same one. */
#include "roster.h"

struct roster_conf {
	int64_t setting; /* index into settings[] */
};

struct detector {
	const struct hub_host *host;
	struct hub_ctx *ctx;
	struct fold fold;
	uint32_t least;
};

static const char *const settings[] = {"strict", "standard", "readable", NULL};
static const uint32_t least_of[] = {50, 100, 300};

void reading_found(struct reading *x, uint32_t from, uint32_t to, uint32_t type, int32_t person,
		   uint32_t confidence)
{
	const struct fold *f = x->r->fold;
	struct hub_span span = {.doc = x->doc,
				.type = type,
				.person = person,
				.confidence = confidence,
				.origin = "roster"};

	if (confidence < x->least)
		return;
	jt_span(&x->t, from, to, &span);
	x->failed |= f->host->span(f->ctx, &span) != HUB_OK;
}

uint32_t reading_behind(const struct reading *x, uint32_t i, uint32_t to)
{
	while (i < x->seq.n && x->seq.at[i] < to)
		i++;
	return i;
}

static int search(struct reading *x, const struct hub_doc *doc, struct jpool *pool)
{
	jpool_reset(pool);
	if (jt_read(&x->t, doc, pool) || fold_read(x->r->fold, &x->t, 0, x->t.n, pool, &x->seq))
		return -1;
	for (uint32_t i = 0; i < x->seq.n;) {
		const uint32_t at = x->seq.at[i];
		uint32_t end = match_name(x, i);
		if (!end && (end = match_number(x, at)))
			end = reading_behind(x, i, end);
		i = end ? end : i + 1;
	}
	return x->failed ? -1 : 0;
}

static int roster_detect(void *self, const struct hub_doc *docs, uint32_t n, struct hub_err *err)
{
	const struct detector *d = self;
	struct jpool text = {.host = d->host, .ctx = d->ctx}, people = text;
	struct roster r = {.pool = &people, .fold = &d->fold, .ctx = d->ctx};
	const struct hub_person *of = NULL;
	int bad = 0;

	for (uint32_t i = 0; i < n && !bad; i++) {
		if (docs[i].persons == 0)
			continue;
		if (docs[i].roster != of) {
			jpool_reset(&people);
			bad = roster_build(&r, docs[i].roster, docs[i].persons);
			of = docs[i].roster;
		}
		struct reading x = {.r = &r, .doc = i, .least = d->least, .last = -1};
		bad = bad || search(&x, &docs[i], &text);
	}
	return bad ? HUB_FAIL(d->host, err, HUB_FATAL, "out-of-memory", "out of memory") : HUB_OK;
}

static int roster_open(struct hub_ctx *ctx, const struct hub_host *host, const void *conf,
		       struct hub_str pos, void **self, struct hub_err *err)
{
	const struct roster_conf *c = conf;
	struct detector *d = host->alloc(ctx, NULL, sizeof *d);

	(void)pos;
	if (d)
		d->fold = (struct fold){host, ctx,
					host->alloc(ctx, NULL, FOLD_MEMO * sizeof *d->fold.memo)};
	if (!d || !d->fold.memo)
		return HUB_FAIL(host, err, HUB_FATAL, "out-of-memory", "out of memory");
	d->host = host;
	d->ctx = ctx;
	d->least = least_of[c->setting];
	*self = d;
	return HUB_OK;
}

static void roster_close(void *self)
{
	(void)self; /* all memory is the instance's */
}

static const struct hub_opt roster_opts[] = {
    {.name = "setting",
     .type = HUB_O_ENUM,
     .dflt = "standard",
     .words = settings,
     .offset = offsetof(struct roster_conf, setting),
     .help = HUB_N("how much doubt is enough to mask: strict masks most, readable least"),
     .since = "1.1"},
    {.name = NULL},
};

static const struct hub_ops roster_ops = {
    .size = sizeof(struct hub_ops),
    .open = roster_open,
    .detect = roster_detect,
    .close = roster_close,
};

static const struct hub_plugin roster_plugin = {
    HUB_PLUGIN_HEAD,
    .kind = HUB_DETECTOR,
    .caps = HUB_CAP_PURE | HUB_CAP_PARALLEL,
    .name = "roster",
    .version = "1.1",
    .license = "MIT",
    .summary = HUB_N("people of the case's roster, in the forms in which they are written"),
    .opts = roster_opts,
    .conf_size = sizeof(struct roster_conf),
    .ops = &roster_ops,
};

const struct hub_plugin *hub_plugin_get(uint32_t index)
{
	return index == 0 ? &roster_plugin : NULL;
}
