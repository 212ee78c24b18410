/* tsunagi review: what a person decides about the spans of a text, on the terminal. What is exchanged as JSON
 * lines is in review_lines.c. */
#include "base/clock.h"
#include "cli/review.h"

#include "plugin/detect.h"

#include <stdlib.h>

/* What the list keeps of a text; the texts themselves are too many. */
struct line {
	struct hub_str id;
	int64_t client;
	uint32_t marks, doubtful, proposed, corrections;
	int seen, guarded;
};

struct list {
	const struct hub_review_cli *v;
	struct line *line;
	size_t n, room;
};

static int keep(void *self, const struct hub_review_text *t, struct hub_err *err)
{
	struct list *l = self;

	if (!l->v->all && !hub_review_needs(t))
		return HUB_OK;
	struct line *more = hub_alloc_more(l->v->cli->arena, l->line, l->n, &l->room, sizeof *more);
	if (!more)
		return hub_fail_mem(err);
	l->line = more;
	struct line *x = &l->line[l->n++];
	*x = (struct line){.id = hub_arena_str(l->v->cli->arena, t->id),
			   .client = t->client,
			   .marks = t->n - t->doubtful,
			   .doubtful = t->doubtful,
			   .proposed = t->proposed,
			   .corrections = t->said.n,
			   .seen = t->seen,
			   .guarded = t->guarded};
	return x->id.ptr ? HUB_OK : hub_fail_mem(err);
}

/* Doubt first, then proposals, then what waits for a look. */
static int by_need(const void *x, const void *y)
{
	const struct line *a = x, *b = y;

	if (a->doubtful != b->doubtful)
		return a->doubtful > b->doubtful ? -1 : 1;
	if (a->proposed != b->proposed)
		return a->proposed > b->proposed ? -1 : 1;
	if ((a->guarded && !a->seen) != (b->guarded && !b->seen))
		return a->guarded && !a->seen ? -1 : 1;
	return hub_str_cmp(a->id, b->id);
}

static const char *look(const struct line *x)
{
	if (x->seen)
		return hub_tr("looked at");
	return x->guarded ? hub_tr("withheld until looked at") : "";
}

static int list(struct hub_review_cli *v)
{
	struct list l = {.v = v};
	struct hub_table *t = hub_table_new(v->cli->arena, HUB_STR(""));
	int rc = hub_review_walk(v->review, v->person, keep, &l, v->cli->err);

	if (rc)
		return rc;
	if (l.n)
		qsort(l.line, l.n, sizeof *l.line, by_need);
	hub_table_col(t, "text", HUB_N("text"), 0);
	hub_table_col(t, "person", HUB_N("person"), 1);
	hub_table_col(t, "doubtful", HUB_N("doubtful"), 1);
	hub_table_col(t, "proposed", HUB_N("proposed"), 1);
	hub_table_col(t, "marks", HUB_N("marks"), 1);
	hub_table_col(t, "corrections", HUB_N("corrections"), 1);
	hub_table_col(t, "state", HUB_N("state"), 0);
	for (size_t i = 0; i < l.n && i < (size_t)v->limit; i++) {
		const struct line *x = &l.line[i];
		hub_table_str(t, x->id);
		hub_table_str(t, hub_arena_printf(v->cli->arena, "%lld", (long long)x->client));
		hub_table_int(t, x->doubtful);
		hub_table_int(t, x->proposed);
		hub_table_int(t, x->marks);
		hub_table_int(t, x->corrections);
		hub_table_puts(t, look(x));
	}
	rc = hub_out_table(v->cli, t, v->format);
	if (!rc && l.n > (size_t)v->limit)
		fprintf(stderr, hub_tr("%zu more texts: --limit\n"), l.n - (size_t)v->limit);
	return rc;
}

/* --- one text -------------------------------------------------------------------------------------------- */

/* The text with its marks in brackets, as the reviewer reads it. */
static void print_text(const struct hub_review_text *t)
{
	size_t at = 0;
	uint32_t cp = 0, mark = 0, open = 0;

	while (at <= t->text.len) {
		if (open && cp == open) {
			fputs("]", stdout);
			open = 0;
		}
		while (mark < t->n && t->mark[mark].start < cp)
			mark++;
		if (!open && mark < t->n && t->mark[mark].start == cp) {
			printf("[%u:", mark + 1);
			open = t->mark[mark++].end;
		}
		if (at == t->text.len)
			break;
		const size_t from = at;
		(void)hub_utf8_next(t->text, &at);
		const unsigned char c = (unsigned char)t->text.ptr[from];
		if (c < ' ' && c != '\n' && c != '\t') /* nothing that steers a terminal */
			putchar('?');
		else
			fwrite(t->text.ptr + from, 1, at - from, stdout);
		cp++;
	}
	puts("\n");
}

static struct hub_str relation_of(const struct hub_review_text *t, struct hub_str person)
{
	for (uint32_t i = 0; i < t->roster->n; i++)
		if (hub_str_eq(t->roster->person[i].id, person))
			return t->roster->person[i].relation;
	return HUB_STR("");
}

/* Who reads the text decides about it under an id that no later one has. */
static struct hub_str shown_id(const struct hub_review_cli *v, const struct hub_review_text *r)
{
	char version[HUB_REVIEW_VERSION];

	if (!v->reveal || hub_review_version(r->text, version))
		return r->id;
	return hub_arena_printf(v->cli->arena, "%.*s:%s", HUB_FMT(r->id), version);
}

static int show_marks(const struct hub_review_cli *v, const struct hub_review_text *r)
{
	struct hub_table *t = hub_table_new(v->cli->arena, shown_id(v, r));

	hub_table_col(t, "no", HUB_N("no."), 1);
	hub_table_col(t, "place", HUB_N("place"), 0);
	hub_table_col(t, "type", HUB_N("type"), 0);
	hub_table_col(t, "person", HUB_N("person"), 0);
	hub_table_col(t, "relation", HUB_N("relation"), 0);
	hub_table_col(t, "state", HUB_N("state"), 0);
	hub_table_col(t, "confidence", HUB_N("sure"), 1);
	hub_table_col(t, "origin", HUB_N("found by"), 0);
	for (uint32_t i = 0; i < r->n; i++) {
		const struct hub_review_mark *m = &r->mark[i];
		hub_table_int(t, i + 1);
		hub_table_str(t, hub_arena_printf(v->cli->arena, "%u-%u", m->start, m->end));
		hub_table_puts(t, hub_span_name(m->type));
		hub_table_str(t, m->person);
		hub_table_str(t, relation_of(r, m->person));
		hub_table_puts(t, hub_tr(hub_review_state_name(m->state)));
		hub_table_int(t, m->confidence);
		hub_table_str(t, m->origin);
	}
	return hub_out_table(v->cli, t, v->format);
}

static int show_corrections(const struct hub_review_cli *v, const struct hub_review_text *r)
{
	struct hub_table *t =
	    hub_table_new(v->cli->arena, hub_str_of(hub_tr("decisions in force")));

	hub_table_col(t, "correction", HUB_N("id"), 0);
	hub_table_col(t, "action", HUB_N("decision"), 0);
	hub_table_col(t, "place", HUB_N("place"), 0);
	hub_table_col(t, "by", HUB_N("by"), 0);
	hub_table_col(t, "at", HUB_N("at"), 0);
	hub_table_col(t, "why", HUB_N("why"), 0);
	for (uint32_t i = 0; i < r->said.n; i++) {
		const struct hub_correction *c = &r->said.row[i];
		hub_table_str(t, hub_arena_printf(v->cli->arena, "c%lld", (long long)c->id));
		hub_table_puts(t, hub_tr(hub_correct_name(c->action)));
		hub_table_str(t, c->end ? hub_arena_printf(v->cli->arena, "%u-%u", c->start, c->end)
					: HUB_STR(""));
		hub_table_str(t, c->who);
		hub_table_time(t, c->at);
		hub_table_str(t, c->why);
	}
	return r->said.n ? hub_out_table(v->cli, t, v->format) : HUB_OK;
}

static int show(struct hub_review_cli *v, const char *id)
{
	struct hub_review_text t;
	int rc;

	if ((rc = hub_review_get(v->review, hub_str_of(id), &t, v->cli->err)) ||
	    (rc = hub_reveal(v->cli, v->store, v->reveal,
			     hub_arena_printf(v->cli->arena, "review %.*s", HUB_FMT(t.id)))))
		return rc;
	if (v->reveal && !v->format)
		print_text(&t);
	rc = show_marks(v, &t);
	return rc || v->format ? rc : show_corrections(v, &t);
}

/* --- deciding ---------------------------------------------------------------------------------------------- */

static int bad_place(struct hub_review_cli *v, const char *text)
{
	const int rc = hub_fail(v->cli->err, HUB_USAGE, "bad-place",
				"\"%s\" is no place of the text (17-19)", text);

	hub_hint(v->cli->err, "`tsunagi review show` has the places: characters from 0, end "
			      "exclusive.");
	return rc;
}

static int read_place(struct hub_review_cli *v, const char *text, struct hub_correction *c)
{
	const struct hub_str s = hub_str_of(text);
	const size_t dash = hub_str_find(s, HUB_STR("-"), 0);
	int64_t from, to;

	if (dash == (size_t)-1 || hub_parse_i64(hub_str_cut(s, 0, dash), 0, 1 << 30, &from) ||
	    hub_parse_i64(hub_str_from(s, dash + 1), 1, 1 << 30, &to))
		return bad_place(v, text);
	c->start = (uint32_t)from;
	c->end = (uint32_t)to;
	return HUB_OK;
}

static int want_reason(struct hub_review_cli *v)
{
	if (v->reason && *v->reason)
		return HUB_OK;
	const int rc = hub_fail(v->cli->err, HUB_USAGE, "reason-missing", "why is not said");
	hub_hint(v->cli->err, "Give --reason \"...\": it stays with the decision.");
	return rc;
}

/* argv: ACTION TEXT [PLACE [TYPE]] */
static int decide(struct hub_review_cli *v, enum hub_correct action, int n, char **argv)
{
	struct hub_correction c = {.action = action,
				   .why = hub_str_of(v->reason ? v->reason : ""),
				   .person = hub_str_of(v->who ? v->who : "")};
	struct hub_review_text t;
	int rc;

	if ((rc = want_reason(v)) || (n > 2 && (rc = read_place(v, argv[2], &c))))
		return rc;
	if (n > 3)
		c.type = (enum hub_span_type)hub_span_type(hub_str_of(argv[3]));
	if ((rc = hub_review_get(v->review, hub_str_of(argv[1]), &t, v->cli->err)) ||
	    (rc = hub_review_check(&t, &c, v->cli->err)))
		return rc;
	rc = hub_correction_add(hub_store_db(v->store), &t.at, t.text, &c, hub_work_actor(v->cli),
				v->cli->err);
	if (rc && rc != HUB_END)
		return rc;
	printf("%.*s: %s\n", HUB_FMT(t.id), hub_tr(hub_correct_name(action)));
	return HUB_OK;
}

static int undo(struct hub_review_cli *v, const char *id)
{
	int64_t n;
	int rc;

	if (id[0] != 'c' || hub_parse_i64(hub_str_of(id + 1), 1, INT64_MAX, &n)) {
		rc = hub_fail(v->cli->err, HUB_USAGE, "bad-correction",
			      "\"%s\" is no id of a decision (c12)", id);
		hub_hint(v->cli->err, "`tsunagi review show TEXT` lists them.");
		return rc;
	}
	if ((rc = want_reason(v)) ||
	    (rc = hub_correction_end(hub_store_db(v->store), n, hub_work_actor(v->cli),
				     hub_str_of(v->reason), v->cli->err)))
		return rc;
	printf("%s: %s\n", id, hub_tr("taken back"));
	return HUB_OK;
}

/* --- command ------------------------------------------------------------------------------------------------- */

static const struct verb {
	const char *name;
	int least, most; /* operands, the verb with them */
	enum hub_correct action;
} verbs[] = {
    {"list", 1, 1, 0},
    {"show", 2, 2, 0},
    {"add", 4, 4, HUB_CORRECT_ADD},
    {"remove", 3, 3, HUB_CORRECT_REMOVE},
    {"retype", 4, 4, HUB_CORRECT_RETYPE},
    {"done", 2, 2, HUB_CORRECT_SEEN},
    {"undo", 2, 2, 0},
    {"export", 1, 1, 0},
    {"import", 1, 2, 0},
};

static int act(struct hub_review_cli *v, const struct verb *verb, int n, char **argv)
{
	if (verb->action)
		return decide(v, verb->action, n, argv);
	switch (verb->name[0]) {
	case 's':
		return show(v, argv[1]);
	case 'u':
		return undo(v, argv[1]);
	case 'e':
		return hub_review_export(v);
	case 'i':
		return hub_review_import(v, n > 1 ? argv[1] : NULL);
	default:
		return list(v);
	}
}

static const struct verb *find_verb(struct hub_cli *cli, int n, char **argv)
{
	for (size_t i = 0; n && i < HUB_COUNT(verbs); i++)
		if (strcmp(argv[0], verbs[i].name) == 0 && n >= verbs[i].least &&
		    n <= verbs[i].most)
			return &verbs[i];
	hub_fail(cli->err, HUB_USAGE, "bad-review",
		 "review wants list, show TEXT, add TEXT PLACE TYPE, remove TEXT PLACE, "
		 "retype TEXT PLACE TYPE, done TEXT, undo ID, export or import");
	hub_hint(cli->err, "`tsunagi review --help` shows examples.");
	return NULL;
}

static int open_all(struct hub_review_cli *v, const char *url, const char *local, int writes)
{
	const struct hub_schema *schema;
	struct hub_plugins *plugins;
	int rc;

	if ((rc = hub_work_schema(v->cli, local, &schema)) ||
	    (rc = hub_work_plugins(v->cli, &plugins)) ||
	    (rc = hub_work_store(v->cli, url, writes ? 0 : hub_reveal_flags(v->reveal), schema,
				 &v->store)))
		return rc;
	const struct hub_str keys = hub_str_of(hub_work_keys(v->cli, NULL, url));
	return hub_review_open(v->store, plugins, keys, hub_today(), HUB_OUT_FEED_DAYS, &v->review,
			       v->cli->err);
}

static int run(struct hub_cli *cli, int argc, char **argv)
{
	struct hub_review_cli v = {.cli = cli, .limit = 100};
	const char *url = NULL, *local = NULL, *about = NULL, *limit = NULL;
	const struct hub_arg args[] = {
	    HUB_ARG_STORE(&url),
	    {"all", NULL, NULL, &v.all, HUB_N("also texts that need nobody's look")},
	    {"about", "NUMBER", &about, NULL, HUB_N("texts about this person only")},
	    {"limit", "N", &limit, NULL, HUB_N("so many texts at most (100)")},
	    {"dry-run", NULL, NULL, &v.dry, HUB_N("import: say what it would do, and do nothing")},
	    {"person", "ID", &v.who, NULL, HUB_N("add, retype: whose name it is (show lists ids)")},
	    {"reason", "TEXT", &v.reason, NULL, HUB_N("why, for every decision")},
	    {"reveal", "REASON", &v.reveal, NULL,
	     HUB_N("show texts; the reason goes to the audit log")},
	    HUB_ARG_FORMAT(&v.format),
	    HUB_ARG_SCHEMA(&local),
	    HUB_ARG_END,
	};
	int n, rc;

	if ((rc = hub_cli_args(cli, &hub_cmd_review, args, argc, argv, &n)))
		return rc;
	const struct verb *verb = find_verb(cli, n, argv);
	if (!verb)
		return HUB_USAGE;
	const int writes = verb->action || verb->name[0] == 'u' || verb->name[0] == 'i';
	if ((rc = hub_cli_number(cli, "about", about, 1, INT64_MAX, &v.person)) ||
	    (rc = hub_cli_number(cli, "limit", limit, 1, INT64_MAX, &v.limit)))
		return rc;
	rc = open_all(&v, url, local, writes);
	if (!rc)
		rc = act(&v, verb, n, argv);
	hub_review_close(v.review);
	hub_store_close(v.store);
	return rc;
}

const struct hub_cmd hub_cmd_review = {
    .name = "review",
    .summary = HUB_N("look at the masks of texts, and correct them"),
    .usage =
	"list | show TEXT | add TEXT PLACE TYPE | remove TEXT PLACE | retype TEXT PLACE TYPE |\n"
	"       done TEXT | undo ID | export | import [FILE]",
    .help = HUB_N(
	"What a person decides wins over what is found, holds for the text as it is, survives a "
	"new\n"
	"scan and a reload, and is proposed for the same words elsewhere in the case. A text that\n"
	"somebody has looked at (done) is no longer withheld as one that nobody has reviewed.\n"
	"examples:\n"
	"  tsunagi review list --store sqlite:tsunagi.db\n"
	"  tsunagi review show activity:345:body --reveal \"weekly review\"\n"
	"  tsunagi review add activity:345:body 17-19 PERSON --person 12 --reason \"his "
	"nickname\"\n"
	"  tsunagi review remove activity:345:body 4-6 --reason \"a flower\"\n"
	"  tsunagi review done activity:345:body --reason \"weekly review\"\n"
	"  tsunagi review export --reveal \"weekly review\" > texts.jsonl\n"
	"  tsunagi review import decisions.jsonl\n"
	"A line of import: "
	"{\"text\",\"hash\",\"reason\",\"actions\":[{\"action\":\"add\",\"start\",\"end\","
	"\"type\",\"person\"}]};\n"
	"actions: add, remove, retype, reviewed. hash, as exported, refuses a text that has "
	"changed.\n"
	"A file counts as a whole: until its end nothing of it does. What is said already is not\n"
	"said again.\n"),
    .run = run,
};
