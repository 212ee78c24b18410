/* tagger-train: learns the model of detect-tagger, and tags a corpus with a model to measure it.
 *
 *   tagger-train learn --data FOLDER --templates FOLDER --out FILE [--without CORPUS]
 *   tagger-train predict --model FILE --least P CORPUS.jsonl >PREDICTED.jsonl
 *   tagger-train speed --model FILE TEXTS      (one a line)
 *
 * FOLDER holds ner-dev/, names/ and social-resources/ (see README.md); --without leaves out one corpus, to be measured on. */
#include "train.h"

#include "../tag.h"
#include "text/fold.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Of each real sentence with names there are five more with other names in their place, and of each two with
 * other nouns: on corpora left out, that masked fewer ordinary words than three and one. */
enum {
	SWAPS = 5,
	NOUNS = 4,
	BREAK_PERCENT = 6,
	JOIN_PERCENT = 35,
	FOREIGN_MORE = 1500,
	NOUNS_MOST = 64,
	NOUN_PERCENT = 40
};

static const struct {
	const char *name;
	int irex;
} corpora[] = {
    {"stockmark", 0}, {"wikipedia-annotated", 1}, {"ud-gsd", 0}, {"wikinews-hironsan", 1}};

/* ---- services of the hub, as far as words.c and lexicon.c ask for them ---- */

static void *host_alloc(struct hub_ctx *ctx, struct hub_batch *b, size_t n)
{
	(void)b;
	return hub_alloc0((struct hub_arena *)(void *)ctx, n);
}

static const struct hub_host host = {
    .size = sizeof host, .alloc = host_alloc, .fail = hub_fail_at, .hint = hub_hint};

struct options {
	const char *data, *templates, *out, *without, *model, *least, *rate, *l1, *l2, *epochs,
	    *swaps, *drop, *nouns, *most, *all;
};

/* ---- learning ---- */

struct training {
	struct hub_arena *a, *scratch;
	struct names *names;
	struct foreign foreign;
	struct known known;
	struct swap swap;
	struct learn *learn;
	struct rng rng;
	struct sample sample;
	uint32_t swaps, nouns; /* copies with other names, with other nouns */
};

static int use_sentence(void *self, const struct sample *s)
{
	struct training *t = self;

	hub_arena_reset(t->scratch);
	if (learn_add(t->learn, s, rng_chance(&t->rng, 50)))
		return -1;
	for (uint32_t k = 0; k < t->nouns; k++) {
		const int any = swap_nouns(&t->swap, s, &t->sample);
		if (any < 0 || (any && learn_add(t->learn, &t->sample, 1)))
			return -1;
	}
	for (uint32_t k = 0; k < t->swaps; k++) {
		if (!swap_names(&t->swap, s, &t->sample))
			return 0;
		if (rng_chance(&t->rng, BREAK_PERCENT))
			sample_break(&t->sample, &t->rng);
		if (learn_add(t->learn, &t->sample, 1))
			return -1;
	}
	return 0;
}

static int use_names(void *self, const struct sample *s)
{
	struct training *t = self;

	for (uint32_t i = 0; i < s->marks; i++)
		if (s->mark[i].may == MAY_PERSON &&
		    foreign_add(
			&t->foreign, t->a,
			hub_str_cut(hub_buf_text(&s->text), s->mark[i].from, s->mark[i].to)))
			return -1;
	return 0;
}

/* Once for the names in them, once to learn. */
static int use_corpora(struct training *t, const struct options *o, struct hub_err *err)
{
	int (*const use[])(void *, const struct sample *) = {use_names, use_sentence};
	int rc = HUB_OK;

	for (uint32_t i = 0; i < FOREIGN_MORE; i++)
		if (foreign_add(&t->foreign, t->a, names_foreign(t->names, &t->rng)))
			return hub_fail_mem(err);
	for (size_t i = 0; i < HUB_COUNT(corpora) * 2 && !rc; i++) {
		const size_t c = i % HUB_COUNT(corpora);
		if (o->without && strcmp(o->without, corpora[c].name) == 0)
			continue;
		const struct hub_str path =
		    hub_arena_printf(t->a, "%s/ner-dev/%s-dev.jsonl", o->data, corpora[c].name);
		rc = path.ptr ? corpus_read(t->a, path.ptr, corpora[c].irex,
					    use[i / HUB_COUNT(corpora)], t, err)
			      : hub_fail_mem(err);
	}
	return rc;
}

/* Templates one behind the other now and then: notes are more than a sentence. */
static int use_templates(struct training *t, const struct templates *list)
{
	for (size_t i = 0; i < templates_count(list); i++)
		for (uint32_t k = templates_copies(list, i); k > 0; k--) {
			hub_arena_reset(t->scratch);
			sample_reset(&t->sample);
			templates_expand(list, i, &t->rng, t->scratch, &t->sample);
			if (rng_chance(&t->rng, JOIN_PERCENT)) {
				static const char *const gaps[] = {"", "", "\n", "　", " "};
				sample_add(&t->sample,
					   hub_str_of(gaps[rng_below(&t->rng, HUB_COUNT(gaps))]),
					   0);
				templates_expand(
				    list, rng_below(&t->rng, (uint32_t)templates_count(list)),
				    &t->rng, t->scratch, &t->sample);
			}
			if (rng_chance(&t->rng, BREAK_PERCENT))
				sample_break(&t->sample, &t->rng);
			if (learn_add(t->learn, &t->sample, rng_chance(&t->rng, 70)))
				return -1;
		}
	return 0;
}

static float number(const char *text, float otherwise)
{
	return text ? strtof(text, NULL) : otherwise;
}

static int open_all(struct training *t, const struct options *o, struct templates **list,
		    struct hub_err *err)
{
	struct hub_ctx *ctx = (struct hub_ctx *)(void *)t->a;
	struct words *words;
	int rc;

	if ((rc = words_open(ctx, &host, (struct hub_str){NULL, 0}, &words, err)) ||
	    (rc = names_open(t->a, o->data, &t->names, err)) ||
	    (rc = templates_open(t->a, o->templates, t->names, list, err)) ||
	    (rc = known_make(t->a, NULL, &t->known, err)))
		return rc;
	t->swap = (struct swap){.scratch = t->scratch,
				.names = t->names,
				.foreign = &t->foreign,
				.words = words,
				.rng = &t->rng,
				.seq = hub_alloc0(t->a, sizeof *t->swap.seq)};
	if (!t->swap.seq)
		return hub_fail_mem(err);
	t->learn = learn_new(t->a, words, lexicon_new(ctx, &host, 0),
			     lexicon_new(ctx, &host, HIDDEN_PER_1000), &t->known);
	return t->learn ? HUB_OK : hub_fail_mem(err);
}

static int learn(const struct options *o, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new((size_t)6 << 30);
	HUB_AUTO(arena) struct hub_arena *scratch = hub_arena_new(0);
	struct training t = {.a = a,
			     .scratch = scratch,
			     .rng = {88172645463325252ull},
			     .swaps = (uint32_t)number(o->swaps, SWAPS),
			     .nouns = (uint32_t)number(o->nouns, NOUNS)};
	const struct learn_conf conf = {.epochs = (uint32_t)number(o->epochs, 7),
					.all = (uint32_t)number(o->all, 4),
					.drop = (uint32_t)number(o->drop, 20),
					.least = 4,
					.rate = number(o->rate, 0.03f),
					.l1 = number(o->l1, 2.0f),
					.l2 = number(o->l2, 0),
					.most = (uint32_t)number(o->most, 250000)};
	struct templates *list;
	int rc;

	if (!a || !scratch)
		return hub_fail_mem(err);
	hub_buf_init(&t.sample.text, 1 << 20);
	if ((rc = open_all(&t, o, &list, err)))
		return rc;
	if ((rc = use_corpora(&t, o, err)))
		return rc;
	if (use_templates(&t, list) || learn_run(t.learn, &conf, &t.rng))
		return hub_fail_mem(err);
	/* learned without them: what it learned of words that no list has holds for those that terms.txt has not, either */
	if ((rc = known_make(t.a, o->templates, &t.known, err)))
		return rc;
	return learn_write(t.learn, o->out, err);
}

/* ---- measuring ---- */

struct answer {
	const struct hub_str *text;
	const uint32_t *at;
	json_t *list;
};

static int add_span(void *self, const struct tag_span *s)
{
	static const char *const names[] = {[HUB_SPAN_PERSON] = "PERSON",
					    [HUB_SPAN_ADDRESS] = "LOCATION",
					    [HUB_SPAN_FACILITY] = "FACILITY",
					    [HUB_SPAN_ORG] = "ORGANIZATION"};
	const struct answer *a = self;
	const size_t from = hub_utf8_count(hub_str_cut(*a->text, 0, a->at[s->from])),
		     to = hub_utf8_count(hub_str_cut(*a->text, 0, a->at[s->to]));

	return json_array_append_new(a->list, json_pack("{s:i,s:i,s:s}", "start", (int)from, "end",
							(int)to, "type", names[s->type]));
}

static int answer_line(struct tag *t, struct hub_arena *a, struct hub_str line)
{
	json_t *root = json_loadb(line.ptr, line.len, 0, NULL);
	const json_t *value = json_object_get(root, "text");
	const struct hub_str text = {json_string_value(value), json_string_length(value)};
	struct answer answer = {.text = &text, .list = json_array()};
	const struct hub_str norm = hub_fold_width(a, text, HUB_FOLD_LF, &answer.at);
	int rc = norm.ptr ? tag_text(t, norm, add_span, &answer) : -1;

	if (!rc && !(rc = json_object_set(root, "entities", answer.list)))
		rc = json_dumpf(root, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(answer.list);
	json_decref(root);
	return rc;
}

static int open_tag(const struct options *o, struct hub_arena *a, struct tag **out,
		    struct hub_err *err)
{
	struct hub_ctx *ctx = (struct hub_ctx *)(void *)a;
	struct tag *t = hub_alloc0(a, sizeof *t);
	struct hub_str model;
	int rc;

	if (!t || !(t->lexicon = lexicon_new(ctx, &host, 0)))
		return hub_fail_mem(err);
	if ((rc = hub_file_read(a, o->model, 64 << 20, &model, err)))
		return rc;
	if (model_read(&t->model, model))
		return hub_fail(err, HUB_REJECT, "bad-model", "%s is no model", o->model);
	if ((rc = words_open(ctx, &host, (struct hub_str){NULL, 0}, &t->words, err)))
		return rc;
	t->least = number(o->least, 0.10f);
	tag_init(t);
	*out = t;
	return HUB_OK;
}

static int predict(const struct options *o, const char *corpus, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	HUB_AUTO(arena) struct hub_arena *scratch = hub_arena_new(0);
	struct hub_str content, line;
	struct tag *t;
	int rc;

	if (!a || !scratch)
		return hub_fail_mem(err);
	if ((rc = hub_file_read(a, corpus, 64 << 20, &content, err)) ||
	    (rc = open_tag(o, a, &t, err)))
		return rc;
	while (!rc && hub_str_next(&content, '\n', &line)) {
		hub_arena_reset(scratch);
		if (line.len && answer_line(t, scratch, line))
			rc = hub_fail(err, HUB_REJECT, "bad-corpus", "a line cannot be tagged");
	}
	words_close(t->words);
	return rc;
}

static int count(void *self, const struct tag_span *s)
{
	(void)s;
	++*(size_t *)self;
	return 0;
}

/* Tags the texts of a corpus again and again for two seconds of one core, folding of widths included. */
static int speed(const struct options *o, const char *corpus, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	HUB_AUTO(arena) struct hub_arena *scratch = hub_arena_new(0);
	size_t bytes = 0, spans = 0;
	struct hub_str content, text;
	struct tag *t;
	int rc;

	if (!a || !scratch)
		return hub_fail_mem(err);
	if ((rc = hub_file_read(a, corpus, 64 << 20, &content, err)) ||
	    (rc = open_tag(o, a, &t, err)))
		return rc;
	const clock_t start = clock();
	clock_t now = start;
	while (!rc && now - start < 2 * CLOCKS_PER_SEC) {
		struct hub_str rest = content;
		while (!rc && hub_str_next(&rest, '\n', &text)) {
			const uint32_t *at;
			hub_arena_reset(scratch);
			const struct hub_str norm = hub_fold_width(scratch, text, HUB_FOLD_LF, &at);
			rc = norm.ptr || !text.len ? tag_text(t, norm, count, &spans)
						   : hub_fail_mem(err);
			bytes += text.len;
		}
		now = clock();
	}
	printf("%.2f MB/s of one core, %zu spans\n",
	       (double)bytes / 1e6 / ((double)(now - start) / CLOCKS_PER_SEC), spans);
	words_close(t->words);
	return rc;
}

static const char **option(struct options *o, const char *name)
{
	const struct {
		const char *name, **value;
	} all[] = {{"--data", &o->data},   {"--templates", &o->templates},
		   {"--out", &o->out},     {"--without", &o->without},
		   {"--model", &o->model}, {"--least", &o->least},
		   {"--rate", &o->rate},   {"--l1", &o->l1},
		   {"--l2", &o->l2},       {"--epochs", &o->epochs},
		   {"--swaps", &o->swaps}, {"--drop", &o->drop},
		   {"--nouns", &o->nouns}, {"--most", &o->most},
		   {"--all", &o->all}};

	for (size_t i = 0; i < HUB_COUNT(all); i++)
		if (strcmp(all[i].name, name) == 0)
			return all[i].value;
	return NULL;
}

int main(int argc, char **argv)
{
	struct options o = {0};
	const char *operand = NULL;
	struct hub_err err = {0};
	int rc;

	for (int i = 2; i < argc; i++) {
		const char **value = option(&o, argv[i]);
		if (value && i + 1 < argc)
			*value = argv[++i];
		else
			operand = argv[i];
	}
	if (argc > 1 && strcmp(argv[1], "learn") == 0 && o.data && o.templates && o.out)
		rc = learn(&o, &err);
	else if (argc > 1 && strcmp(argv[1], "predict") == 0 && o.model && operand)
		rc = predict(&o, operand, &err);
	else if (argc > 1 && strcmp(argv[1], "speed") == 0 && o.model && operand)
		rc = speed(&o, operand, &err);
	else
		rc = hub_fail(&err, HUB_USAGE, "usage",
			      "usage: tagger-train learn|predict|speed ...");
	if (rc)
		hub_err_print(stderr, &err);
	return hub_exit_code(rc);
}
