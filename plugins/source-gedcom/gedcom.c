/* source-gedcom: family trees (GEDCOM 5.5.1 and 7) as rows of people, parents, couples and other ties.
 *
 * One row for each person (区分 人) with its relation to the client, one for each child and parent (親子), each
 * couple (夫婦) and each association (関係); other records (sources, notes, media) are counted and left out. The
 * whole file is read first: who is the client's aunt is known only then. Limits: README.md. */
#include "gedcom.h"

#include "plain.h"
#include "resume.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { RECORD_MOST = 1 << 20 };

static const char *const names[COLUMNS] = {"区分",     "事案",   "番号",     "相手", "続柄",
					   "本人",     "氏名",   "氏",       "名",   "フリガナ",
					   "他の名前", "性別",   "生年月日", "死亡", "死亡年月日",
					   "開始日",   "終了日", "状態",     "メモ"};

/* --- rows -------------------------------------------------------------------------------------------- */

/* kind, case, number; number empty: the record has none, its line stands for it. */
static int put_key(struct gedcom *g, const char *kind, struct hub_str number, struct hub_err *err)
{
	char place[32];
	int rc;

	if ((rc = ged_put(g, KIND, str_of(kind), err)) ||
	    (rc = ged_put(g, CASE, g->conf->family, err)))
		return rc;
	if (number.len)
		return ged_put_number(g, NUMBER, number, err);
	snprintf(place, sizeof place, "line %" PRIu64, g->head.number);
	return ged_put(g, NUMBER, str_of(place), err);
}

static const char *reason_of(const char *bad)
{
	return strcmp(bad, "bad-line") == 0 ? "a line has no level and tag that fit"
					    : "a number stands there that no person has";
}

static int end_row(struct gedcom *g, struct hub_err *err)
{
	const struct hub_prov at = {.row = ++g->row,
				    .line = g->head.number,
				    .byte = g->head.at,
				    .len = (uint32_t)g->head.len};

	if (g->row <= g->skip) {
		sheet_drop(&g->sheet);
		return HUB_OK;
	}
	if (g->bad)
		sheet_bad(&g->sheet, g->bad, SHEET_NONE);
	return sheet_row(&g->sheet, &at, g->bad ? reason_of(g->bad) : NULL, err);
}

static int end_person(struct gedcom *g, struct hub_err *err)
{
	const uint32_t at = tree_find(&g->tree, g->head.xref);
	int rc = put_key(g, "人", g->head.xref, err);

	if (!rc && at != TREE_NOBODY && at == g->tree.client)
		rc = ged_put(g, CLIENT, str_of("1"), err);
	else if (!rc && at != TREE_NOBODY && g->tree.person[at].reached) {
		/* a parent and a spouse have a row of their own that says more */
		const char *path = g->tree.person[at].path;
		const int direct = path[1] == '\0' && path[0] != 'D';
		rc = ged_put(g, RELATION, str_of(tree_relation(&g->tree, at)), err);
		if (!rc && !direct)
			rc = ged_put_number(g, OTHER, g->tree.person[g->tree.client].xref, err);
	}
	return rc ? rc : end_row(g, err);
}

static int put_edge(struct gedcom *g, const struct tree_edge *e, struct hub_err *err)
{
	const struct tree *t = &g->tree;
	/* a couple is told from the client's side, or from that of the one named first */
	const int turned = e->couple && e->ib == t->client;
	const uint32_t other = turned ? e->ia : e->ib;
	const struct hub_str number = turned ? e->b : e->a, to = turned ? e->a : e->b;
	int rc = put_key(g, e->couple ? "夫婦" : "親子", number, err);

	g->bad = e->ia == TREE_NOBODY || e->ib == TREE_NOBODY ? "no-such-person" : g->bad;
	if (rc || (rc = ged_put_number(g, OTHER, to, err)))
		return rc;
	if (other != TREE_NOBODY) {
		const enum tree_sex sex = t->person[other].sex;
		const char *word =
		    e->couple ? tree_spouse_word(sex, e->ended) : tree_parent_word(sex, e->bond);
		rc = ged_put(g, RELATION, str_of(word), err);
	}
	if (!rc && e->couple && ((rc = ged_put_date(g, FROM, g->bond.from, err)) == HUB_OK) &&
	    ((rc = ged_put_date(g, TO, g->bond.to, err)) == HUB_OK) && g->bond.state)
		rc = ged_put(g, STATE, str_of(g->bond.state), err);
	return rc ? rc : end_row(g, err);
}

/* The tree has the edges of all families in the order of the file. */
static int end_family(struct gedcom *g, struct hub_err *err)
{
	const char *was = g->bad;
	int rc = HUB_OK;

	for (; g->edge < g->tree.edges && g->tree.edge[g->edge].line == g->head.number && !rc;
	     g->edge++) {
		g->bad = was;
		rc = put_edge(g, &g->tree.edge[g->edge], err);
	}
	return rc;
}

/* What the standard has a word for; anything else stays as written. */
static struct hub_str role_word(struct hub_str role)
{
	static const struct {
		const char *role, *word;
	} words[] = {{"FRIEND", "友人"},
		     {"NGHBR", "近隣"},
		     {"GODP", "代父母"},
		     {"WITN", "証人"},
		     {"OTHER", "その他"}};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (str_is(role, words[i].role))
			return str_of(words[i].word);
	return role;
}

static int end_ties(struct gedcom *g, struct hub_err *err)
{
	int rc = HUB_OK;

	for (uint32_t i = 0; i < g->ties && !rc; i++) {
		const struct tie *t = &g->tie[i];
		const int known = tree_find(&g->tree, t->other) != TREE_NOBODY;
		if ((rc = put_key(g, "関係", g->head.xref, err)) ||
		    (rc = ged_put_number(g, OTHER, t->other, err)) ||
		    (rc = ged_put(g, RELATION, role_word(t->role), err)))
			return rc;
		g->bad = known ? NULL : "no-such-person";
		rc = end_row(g, err);
	}
	return rc;
}

static int end_record(struct gedcom *g, struct hub_err *err)
{
	int rc = HUB_OK;

	if (str_is(g->head.tag, "INDI"))
		rc = end_person(g, err);
	if (!rc && str_is(g->head.tag, "INDI") && !g->bad)
		rc = end_ties(g, err);
	else if (str_is(g->head.tag, "FAM"))
		rc = end_family(g, err);
	return rc;
}

static void begin_record(struct gedcom *g, const struct line *line)
{
	g->head = *line;
	g->names = 0;
	g->bond = (struct bond){0};
	g->ties = 0;
	g->bad = NULL;
	g->last = COLUMNS;
}

/* --- reading ------------------------------------------------------------------------------------------ */

/* CONT is a new line of the value before, CONC its next piece. */
static int read_more(struct gedcom *g, const struct line *line, struct hub_err *err)
{
	int rc = HUB_OK;

	if (g->last == COLUMNS)
		return HUB_OK;
	if (str_is(line->tag, "CONT"))
		rc = ged_put(g, g->last, str_of("\n"), err);
	return rc ? rc : ged_put_value(g, g->last, line->value, err);
}

static void read_tie(struct gedcom *g, const struct line *line)
{
	if (line->level == 1 && lines_points(line) && g->ties < TIES_MOST)
		g->tie[g->ties++] = (struct tie){.other = line->value};
	else if (g->ties && line->level > 1 &&
		 (str_is(line->tag, "ROLE") || str_is(line->tag, "RELA") ||
		  str_is(line->tag, "PHRASE")))
		g->tie[g->ties - 1].role = line->value;
}

static int read_line(struct gedcom *g, const struct line *line, struct hub_err *err)
{
	if (line->level < 4)
		g->tag[line->level] = line->tag;
	if (str_is(line->tag, "CONT") || str_is(line->tag, "CONC"))
		return read_more(g, line, err);
	if (line->level == 1)
		g->last = COLUMNS;
	if (!str_is(g->tag[0], "INDI")) {
		if (str_is(g->tag[0], "FAM"))
			ged_read_couple(g, line);
		return HUB_OK;
	}
	if (str_is(g->tag[1], "ASSO")) {
		read_tie(g, line);
		return HUB_OK;
	}
	return ged_read_person(g, line, err);
}

/* One record: its rows are in the sheet afterwards. */
static int next_record(struct gedcom *g, struct hub_err *err)
{
	struct line_at before = g->at;
	struct line line;
	uint32_t depth = 0;
	enum line_rc got;
	int rc = HUB_OK;

	for (int begun = 0; !rc && (got = lines_next(&g->lines, &g->at, depth, &line)) != LINE_END;
	     before = g->at) {
		if (got == LINE_BROKEN) {
			g->bad = "bad-line";
			continue;
		}
		if (line.level == 0 && begun) {
			g->at = before; /* the next one begins here */
			return end_record(g, err);
		}
		if (line.level == 0)
			begin_record(g, &line);
		begun = 1;
		depth = line.level;
		rc = read_line(g, &line, err);
	}
	g->ended = 1;
	return rc ? rc : end_record(g, err);
}

static const char *const encoding_words[] = {"auto",     "utf-8",    "cp932", "euc-jp",
					     "utf-16le", "utf-16be", "ansel", NULL};

static int load(struct gedcom *g, struct hub_err *err)
{
	const size_t most = (size_t)g->conf->text_limit;
	int rc;

	if (room_open(&g->room, 4 * most + 8))
		return NO_MEMORY(g->host, err);
	g->lines = (struct lines){.ctx = g->ctx, .host = g->host, .path = g->in.path};
	const char *encoding = g->conf->encoding ? encoding_words[g->conf->encoding] : NULL;
	if ((rc = lines_load(&g->lines, &g->in, encoding, most, &g->room, err)) ||
	    (rc = input_unchanged(&g->in, err)))
		return rc;
	g->loaded = 1;
	return tree_read(&g->tree, &g->lines, g->conf->client, err);
}

static int gedcom_next(void *self, struct hub_batch *b, struct hub_err *err)
{
	struct gedcom *g = self;
	int rc = sheet_begin(&g->sheet, b, err);

	if (!rc && !g->loaded)
		rc = load(g, err);
	while (!rc && !g->ended && g->sheet.rows < g->conf->batch_rows)
		rc = next_record(g, err);
	if (rc || (rc = sheet_end(&g->sheet, err)))
		return rc;
	return g->sheet.rows ? resume_write(g->ctx, g->host, b, &g->row, 1, NULL, err) : HUB_END;
}

/* --- opening ------------------------------------------------------------------------------------------ */

static int gedcom_open(struct hub_ctx *ctx, const struct hub_host *host, const void *conf,
		       struct hub_str pos, void **self, struct hub_err *err)
{
	struct gedcom *g = host->alloc(ctx, NULL, sizeof *g);
	int rc;

	if (!g)
		return NO_MEMORY(host, err);
	*g = (struct gedcom){.ctx = ctx, .host = host, .conf = conf};
	sheet_init(&g->sheet, ctx, host, RECORD_MOST);
	for (uint32_t i = 0; i < COLUMNS; i++)
		if (sheet_column(&g->sheet, str_of(names[i])) == SHEET_NONE)
			return NO_MEMORY(g->host, err);
	if ((rc = input_open(&g->in, ctx, host, g->conf->path, err)))
		return rc;
	if ((rc = resume_read(host, pos, g->in.path, &g->skip, 1, NULL, err))) {
		input_close(&g->in);
		return rc;
	}
	*self = g;
	return HUB_OK;
}

static void gedcom_close(void *self)
{
	struct gedcom *g = self;

	tree_close(&g->tree);
	room_close(&g->room);
	input_close(&g->in);
}

static uint32_t claim(struct hub_str name, struct hub_str head)
{
	(void)name;
	return lines_look_like(head) ? 100 : 0;
}

#define AT(field) .offset = offsetof(struct gedcom_conf, field)
static const struct hub_opt options[] = {
    {HUB_OPTION("path", PATH, HUB_OPT_REQUIRED | HUB_OPT_INPUT,
		HUB_N("the file, or - for standard input"), AT(path))},
    {HUB_OPTION("client", TEXT, 0,
		HUB_N("number of the client's record (I1); empty: the first person of the file"),
		.dflt = "", AT(client))},
    {HUB_OPTION("case", TEXT, 0,
		HUB_N("case the tree belongs to: numbers of people count within it"), .dflt = "",
		AT(family))},
    {HUB_OPTION("encoding", ENUM, 0, HUB_N("of the file; auto: by its bytes and its header"),
		.dflt = "auto", .words = encoding_words, AT(encoding))},
    {HUB_OPTION("text_limit", SIZE, 0, HUB_N("longest file that is read"), .dflt = "16M",
		.min = 1024, .max = 256 << 20, AT(text_limit))},
    {HUB_OPTION("batch_rows", INT, 0, HUB_N("most rows of one batch"), .dflt = "8192", .min = 1,
		.max = 1000000, AT(batch_rows))},
    {.name = NULL},
};

static const struct hub_ops ops = {
    .size = sizeof ops,
    .open = gedcom_open,
    .next = gedcom_next,
    .close = gedcom_close,
};

static const struct hub_plugin plugin = {
    HUB_PLUGIN_HEAD,
    .kind = HUB_SOURCE,
    .caps = HUB_CAP_PARALLEL | HUB_CAP_SEEK,
    .name = "gedcom",
    .version = "0.1.0",
    .license = "MIT",
    .summary = HUB_N("reads family trees (GEDCOM) as people and their relations"),
    .opts = options,
    .conf_size = sizeof(struct gedcom_conf),
    .ops = &ops,
    .claim = claim,
};

const struct hub_plugin *hub_plugin_get(uint32_t index)
{
	return index == 0 ? &plugin : NULL;
}
