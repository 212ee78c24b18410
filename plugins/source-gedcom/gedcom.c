/* source-gedcom: family trees (GEDCOM 5.5.1 and 7) as rows of people, parents, couples and other ties.
 *
 * One row for each person (区分 人) with its relation to the client, one for each child and parent (親子), each
 * couple (夫婦) and each association (関係); other records (sources, notes, media) are counted and left out. The
 * whole file is read first: who is the client's aunt is known only then. Limits: README.md. */
#include "gdate.h"
#include "plain.h"
#include "resume.h"
#include "sheet.h"
#include "tree.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { RECORD_MOST = 1 << 20, TIES_MOST = 64 };

/* Columns, in the order of names[]. */
enum column {
	KIND = 0,
	CASE,
	NUMBER,
	OTHER,
	RELATION,
	CLIENT,
	NAME,
	FAMILY,
	GIVEN,
	KANA,
	OTHER_NAMES,
	SEX,
	BIRTH,
	DEAD,
	DEATH,
	FROM,
	TO,
	STATE,
	NOTE,
	COLUMNS
};

static const char *const names[COLUMNS] = {"区分",     "事案",   "番号",     "相手", "続柄",
					   "本人",     "氏名",   "氏",       "名",   "フリガナ",
					   "他の名前", "性別",   "生年月日", "死亡", "死亡年月日",
					   "開始日",   "終了日", "状態",     "メモ"};

struct gedcom_conf {
	struct hub_str path, client, family;
	int64_t encoding, text_limit, batch_rows;
};

/* What a couple's events say; the last of them counts. */
struct bond {
	struct hub_str from, to;
	const char *state;
};

/* Somebody a person is associated with (godparent, witness, neighbour), and as what. */
struct tie {
	struct hub_str other, role;
};

struct gedcom {
	struct hub_ctx *ctx;
	const struct hub_host *host;
	const struct gedcom_conf *conf;
	struct input in;
	struct room room;
	struct lines lines;
	struct tree tree;
	struct sheet sheet;
	struct line_at at;
	struct line head; /* of the record at hand */
	struct hub_str tag[4];
	int names; /* NAME lines of this person so far */
	struct bond bond;
	enum column last; /* where CONT and CONC go on; COLUMNS: nowhere */
	const char *bad;  /* why the record is refused */
	uint32_t edge;    /* of the tree, that comes next */
	struct tie tie[TIES_MOST];
	uint32_t ties;
	uint64_t row, skip;
	int loaded, ended;
};

/* --- cells ---------------------------------------------------------------------------------------- */

static int put(struct gedcom *g, enum column c, struct hub_str v, struct hub_err *err)
{
	return v.len ? sheet_more(&g->sheet, c, v, err) : HUB_OK;
}

/* The number of a record, without its @. */
static int put_number(struct gedcom *g, enum column c, struct hub_str xref, struct hub_err *err)
{
	return xref.len > 2 ? put(g, c, (struct hub_str){xref.ptr + 1, xref.len - 2}, err) : HUB_OK;
}

/* A value with its escapes taken out; only a leading @@ is one in version 7. */
static int put_value(struct gedcom *g, enum column c, struct hub_str v, struct hub_err *err)
{
	int rc = HUB_OK;

	for (size_t i = 0; i + 1 < v.len && !rc;) {
		const int twice = v.ptr[i] == '@' && v.ptr[i + 1] == '@';
		if (!twice && !g->lines.seven) {
			i++;
			continue;
		}
		if (twice) {
			rc = put(g, c, (struct hub_str){v.ptr, i + 1}, err);
			v = (struct hub_str){v.ptr + i + 2, v.len - i - 2};
			i = 0;
		}
		if (g->lines.seven)
			break;
	}
	return rc ? rc : put(g, c, v, err);
}

static int put_date(struct gedcom *g, enum column c, struct hub_str v, struct hub_err *err)
{
	char text[GDATE_TEXT];

	if (sheet_is_set(&g->sheet, c))
		return HUB_OK; /* the first one is the preferred one */
	return gdate_text(v, text) ? put(g, c, v, err) : put(g, c, str_of(text), err);
}

static int has_kanji(struct hub_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] >= 0xE3)
			return 1;
	return 0;
}

/* Nothing but kana, long vowel marks and what parts names: U+3040..30FF, U+FF65..FF9F. */
static int is_kana(struct hub_str s)
{
	size_t kana = 0;

	for (size_t i = 0; i < s.len; i++) {
		const unsigned char *p = (const unsigned char *)s.ptr + i;
		if (*p == ' ' || *p == '/')
			continue;
		const uint32_t c =
		    i + 2 < s.len ? (p[0] & 0xFu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu) : 0;
		if ((p[0] & 0xF0) != 0xE0 ||
		    !(c == 0x3000 || (c >= 0x3040 && c <= 0x30FF) || (c >= 0xFF65 && c <= 0xFF9F)))
			return 0;
		kana++;
		i += 2;
	}
	return kana > 0;
}

static struct hub_str trimmed(struct hub_str s)
{
	while (s.len && s.ptr[0] == ' ')
		s = (struct hub_str){s.ptr + 1, s.len - 1};
	while (s.len && s.ptr[s.len - 1] == ' ')
		s.len--;
	return s;
}

struct name {
	struct hub_str before, family, after;
};

/* "Given /Family/ suffix". */
static struct name split_name(struct hub_str v)
{
	const char *a = memchr(v.ptr, '/', v.len);
	const char *b = a ? memchr(a + 1, '/', v.len - (size_t)(a + 1 - v.ptr)) : NULL;

	if (!b)
		return (struct name){.before = trimmed(v)};
	return (struct name){trimmed((struct hub_str){v.ptr, (size_t)(a - v.ptr)}),
			     trimmed((struct hub_str){a + 1, (size_t)(b - a - 1)}),
			     trimmed((struct hub_str){b + 1, v.len - (size_t)(b + 1 - v.ptr)})};
}

/* As people of that script write it: 山田　太郎, John Doe. */
static int put_name(struct gedcom *g, enum column c, struct hub_str v, struct hub_err *err)
{
	const struct name n = split_name(v);
	const int east = has_kanji(n.family) || is_kana(n.family);
	const struct hub_str parts[3] = {east ? n.family : n.before, east ? n.before : n.family,
					 n.after};
	const struct hub_str blank = str_of(east ? "　" : " ");
	int rc = HUB_OK, some = 0;

	for (int i = 0; i < 3 && !rc; i++) {
		if (parts[i].len && some)
			rc = put(g, c, blank, err);
		some |= parts[i].len > 0;
		rc = rc ? rc : put(g, c, parts[i], err);
	}
	return rc;
}

/* --- people ---------------------------------------------------------------------------------------- */

static int read_name(struct gedcom *g, struct hub_str v, struct hub_err *err)
{
	const struct name n = split_name(v);
	int rc;

	if (g->names++ > 0) {
		rc = sheet_is_set(&g->sheet, OTHER_NAMES) ? put(g, OTHER_NAMES, str_of("、"), err)
							  : HUB_OK;
		return rc ? rc : put_name(g, OTHER_NAMES, v, err);
	}
	if ((rc = put_name(g, NAME, v, err)) || (rc = put(g, FAMILY, n.family, err)))
		return rc;
	return n.family.len ? put(g, GIVEN, n.before, err) : HUB_OK;
}

static int put_note(struct gedcom *g, const struct line *line, struct hub_err *err)
{
	int rc = HUB_OK;

	if (lines_points(line)) {
		g->last = COLUMNS;
		return HUB_OK;
	}
	if (sheet_is_set(&g->sheet, NOTE))
		rc = put(g, NOTE, str_of("\n"), err);
	return rc ? rc : put_value(g, NOTE, line->value, err);
}

/* Lines below NAME, BIRT, DEAT. */
static int read_detail(struct gedcom *g, const struct line *line, struct hub_err *err)
{
	if (str_is(g->tag[1], "BIRT") && str_is(line->tag, "DATE"))
		return put_date(g, BIRTH, line->value, err);
	if (str_is(g->tag[1], "DEAT") && str_is(line->tag, "DATE"))
		return put_date(g, DEATH, line->value, err);
	/* FONE (5.5.1), TRAN (7), and what programs made up for furigana */
	if (str_is(g->tag[1], "NAME") && g->names == 1 && is_kana(line->value) &&
	    !sheet_is_set(&g->sheet, KANA) && !str_is(line->tag, "GIVN") &&
	    !str_is(line->tag, "SURN") && !str_is(line->tag, "NICK"))
		return put_name(g, KANA, line->value, err);
	return HUB_OK;
}

static int read_person(struct gedcom *g, const struct line *line, struct hub_err *err)
{
	if (line->level == 2)
		return read_detail(g, line, err);
	if (line->level != 1)
		return HUB_OK;
	if (str_is(line->tag, "NAME"))
		return read_name(g, line->value, err);
	if (str_is(line->tag, "SEX"))
		return put(g, SEX, line->value, err);
	if (str_is(line->tag, "DEAT") && !sheet_is_set(&g->sheet, DEAD))
		return put(g, DEAD, str_of("1"), err);
	if (!str_is(line->tag, "NOTE"))
		return HUB_OK;
	g->last = NOTE;
	return put_note(g, line, err);
}

/* --- couples --------------------------------------------------------------------------------------- */

static void read_couple(struct gedcom *g, const struct line *line)
{
	static const struct {
		const char *tag, *state;
		int ends;
	} events[] = {{"MARR", "婚姻", 0},
		      {"DIV", "離婚", 1},
		      {"ANUL", "婚姻無効", 1},
		      {"ENGA", "婚約", 0},
		      {"SEPA", "別居", 0}};

	for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
		if (!str_is(g->tag[1], events[i].tag))
			continue;
		if (line->level == 1 && (strcmp(events[i].state, "婚約") != 0 || !g->bond.state)) {
			g->bond.state = events[i].state;
			if (!events[i].ends && i == 0) /* a second marriage of the same two */
				g->bond = (struct bond){.state = events[i].state};
		}
		if (line->level == 2 && str_is(line->tag, "DATE") && i < 3)
			*(events[i].ends ? &g->bond.to : &g->bond.from) = line->value;
	}
}

/* --- rows -------------------------------------------------------------------------------------------- */

/* kind, case, number; number empty: the record has none, its line stands for it. */
static int put_key(struct gedcom *g, const char *kind, struct hub_str number, struct hub_err *err)
{
	char place[32];
	int rc;

	if ((rc = put(g, KIND, str_of(kind), err)) || (rc = put(g, CASE, g->conf->family, err)))
		return rc;
	if (number.len)
		return put_number(g, NUMBER, number, err);
	snprintf(place, sizeof place, "line %" PRIu64, g->head.number);
	return put(g, NUMBER, str_of(place), err);
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
		rc = put(g, CLIENT, str_of("1"), err);
	else if (!rc && at != TREE_NOBODY && g->tree.person[at].reached) {
		/* a parent and a spouse have a row of their own that says more */
		const char *path = g->tree.person[at].path;
		const int direct = path[1] == '\0' && path[0] != 'D';
		rc = put(g, RELATION, str_of(tree_relation(&g->tree, at)), err);
		if (!rc && !direct)
			rc = put_number(g, OTHER, g->tree.person[g->tree.client].xref, err);
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
	if (rc || (rc = put_number(g, OTHER, to, err)))
		return rc;
	if (other != TREE_NOBODY) {
		const enum tree_sex sex = t->person[other].sex;
		const char *word =
		    e->couple ? tree_spouse_word(sex, e->ended) : tree_parent_word(sex, e->bond);
		rc = put(g, RELATION, str_of(word), err);
	}
	if (!rc && e->couple && ((rc = put_date(g, FROM, g->bond.from, err)) == HUB_OK) &&
	    ((rc = put_date(g, TO, g->bond.to, err)) == HUB_OK) && g->bond.state)
		rc = put(g, STATE, str_of(g->bond.state), err);
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
		    (rc = put_number(g, OTHER, t->other, err)) ||
		    (rc = put(g, RELATION, role_word(t->role), err)))
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
		rc = put(g, g->last, str_of("\n"), err);
	return rc ? rc : put_value(g, g->last, line->value, err);
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
			read_couple(g, line);
		return HUB_OK;
	}
	if (str_is(g->tag[1], "ASSO")) {
		read_tie(g, line);
		return HUB_OK;
	}
	return read_person(g, line, err);
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

#define AT(field) .offset = offsetof(struct gedcom_conf, field), .since = "0.3"
static const struct hub_opt options[] = {
    {.name = "path",
     .type = HUB_O_PATH,
     .flags = HUB_OPT_REQUIRED | HUB_OPT_INPUT,
     .help = HUB_N("the file, or - for standard input"),
     AT(path)},
    {.name = "client",
     .type = HUB_O_TEXT,
     .dflt = "",
     .help = HUB_N("number of the client's record (I1); empty: the first person of the file"),
     AT(client)},
    {.name = "case",
     .type = HUB_O_TEXT,
     .dflt = "",
     .help = HUB_N("case the tree belongs to: numbers of people count within it"),
     AT(family)},
    {.name = "encoding",
     .type = HUB_O_ENUM,
     .dflt = "auto",
     .words = encoding_words,
     .help = HUB_N("of the file; auto: by its bytes and its header"),
     AT(encoding)},
    {.name = "text_limit",
     .type = HUB_O_SIZE,
     .dflt = "16M",
     .min = 1024,
     .max = 256 << 20,
     .help = HUB_N("longest file that is read"),
     AT(text_limit)},
    {.name = "batch_rows",
     .type = HUB_O_INT,
     .dflt = "8192",
     .min = 1,
     .max = 1000000,
     .help = HUB_N("most rows of one batch"),
     AT(batch_rows)},
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
