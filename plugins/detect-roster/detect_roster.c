/* detect-roster: the people of the case's own roster in the forms in which they are written - family or
 * given name alone, both kana, half width, Latin letters, 異体字, nicknames before ちゃん, a gap or a line end
 * inside -, their addresses with numbers in any spelling, telephones, other numbers, dates of birth.
 *
 * The roster is the strongest lever there is: what it knows, it knows for sure. A family name that several
 * people share means the one whose relation or office stands beside it, else the one named last, else the
 * client. Honorifics and relation words stay outside of a span.
 *
 * Texts of a call that stand side by side with the same roster are read together, and the roster is built once of the
 * forms that may stand in them. */
#include "plain.h"
#include "roster.h"

struct roster_conf {
	int64_t setting; /* index into settings[] */
};

struct detector {
	const struct hub_host *host;
	struct hub_ctx *ctx;
	struct fold fold;
	struct jpool pool; /* for the texts of one call after another */
	struct starts starts;
	uint32_t least;
};

enum { GROUP_BYTES = 64 << 10 }; /* of text that is read at a time with one roster */

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

/* A cheap look: may a number or a date begin here? */
static inline int number_begins(const struct reading *x, uint32_t i)
{
	const struct jtext *t = &x->t;

	if (t->cls[i] == JT_DIGIT)
		return i == 0 || t->cls[i - 1] != JT_DIGIT;
	if (t->cls[i] == JT_LATIN)
		return jt_is_digit(t->cp[i + 1]) || t->cp[i + 1] == '.';
	return jwords_filter_may(&x->starts->words, t, i);
}

static void search(struct reading *x)
{
	const struct jset *set = &x->r->set;
	const uint32_t *sym = x->seq.sym, *at = x->seq.at, n = x->seq.n;
	uint64_t first[16]; /* of all that is looked for */

	for (uint32_t k = 0; k < 16; k++)
		first[k] = set->first[k] | x->starts->first[k];
	for (uint32_t i = 0; i < n;) {
		if (!(first[sym[i] / 64 % 16] >> sym[i] % 64 & 1)) {
			i++;
			continue;
		}
		uint32_t end = jset_may(set, sym + i) ? match_name(x, i) : 0;
		if (!end && number_begins(x, at[i]) && (end = match_number(x, at[i])))
			end = reading_behind(x, i, end);
		i = end ? end : i + 1;
	}
}

/* Texts with one roster, which is built for what stands in them. */
static int detect_group(const struct detector *d, const struct hub_doc *docs, uint32_t from,
			uint32_t to)
{
	struct jpool pool = d->pool;
	struct marks marks = {.latin = 0};
	struct roster r = {.pool = &pool, .fold = &d->fold, .ctx = d->ctx, .marks = &marks};
	struct reading *all = jpool_get(&pool, (to - from) * sizeof *all);

	if (!all)
		return -1;
	for (uint32_t i = from; i < to; i++) {
		struct reading *x = &all[i - from];
		*x = (struct reading){
		    .r = &r, .starts = &d->starts, .doc = i, .least = d->least, .last = -1};
		if (jt_read(&x->t, &docs[i], &pool) ||
		    fold_read(&d->fold, &x->t, 0, x->t.n, &pool, &x->seq))
			return -1;
		marks_add(&marks, &x->t, &x->seq);
	}
	if (roster_build(&r, docs[from].roster, docs[from].persons))
		return -1;
	for (uint32_t i = from; i < to; i++) {
		search(&all[i - from]);
		if (all[i - from].failed)
			return -1;
	}
	return 0;
}

static int roster_detect(void *self, const struct hub_doc *docs, uint32_t n, struct hub_err *err)
{
	const struct detector *d = self;

	for (uint32_t i = 0, next; i < n; i = next) {
		size_t bytes = docs[i].norm.len;
		for (next = i + 1; next < n && docs[next].roster == docs[i].roster &&
				   docs[next].persons == docs[i].persons &&
				   bytes + docs[next].norm.len <= GROUP_BYTES;
		     next++)
			bytes += docs[next].norm.len;
		/* each text once, and before its turn */
		for (uint32_t k = i + JT_AHEAD; k < next + JT_AHEAD && k < n; k++)
			jt_fetch(&docs[k]);
		if (docs[i].persons && detect_group(d, docs, i, next))
			return NO_MEMORY(d->host, err);
	}
	return HUB_OK;
}

/* What no number begins with is left by one look at the folded text. */
static void make_starts(struct starts *s, const struct fold *f)
{
	struct jwords_set lists = {{0}};

	jwords_set_add(&lists, W_NUMBER_START);
	jwords_filter_make(&s->words, &lists);
	for (uint32_t c = 1; c < FOLD_MEMO; c++) {
		const uint32_t kind = jwords_kind(c), class = kind >> JWORDS_KIND_BITS;
		if (class != JT_DIGIT && class != JT_LATIN &&
		    !s->words.behind[kind % (1u << JWORDS_KIND_BITS)])
			continue;
		const uint32_t sym = fold_char(f, c);
		s->first[sym / 64 % 16] |= (uint64_t)1 << sym % 64;
	}
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
	if (!d || !d->fold.memo || jpool_init(&d->pool, host, ctx))
		return NO_MEMORY(host, err);
	d->host = host;
	d->ctx = ctx;
	d->least = least_of[c->setting];
	make_starts(&d->starts, &d->fold);
	*self = d;
	return HUB_OK;
}

static void roster_close(void *self)
{
	(void)self; /* all memory is the instance's */
}

static const struct hub_opt roster_opts[] = {
    {HUB_OPTION("setting", ENUM, 0,
		HUB_N("how much doubt is enough to mask: strict masks most, readable least"),
		.dflt = "standard", .words = settings,
		.offset = offsetof(struct roster_conf, setting))},
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
    .version = "1.11",
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
