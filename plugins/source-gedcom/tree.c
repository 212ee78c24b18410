#include "tree.h"
#include "plain.h"

#include "gdate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PERSONS_MOST = 200000, EDGES_MOST = 1000000, PARENTS_MOST = 8, STEPS_MOST = 6 };

/* How a child came to its parents: said beside the child, needed at the family. */
struct tie {
	struct hub_str child, family;
	enum tree_bond bond;
};

/* The record that is being read. */
struct reading {
	struct tree *t;
	const struct lines *l;
	struct hub_err *err;
	struct line head;
	struct hub_str tag[4]; /* by level */
	struct hub_str famc, first;
	struct hub_str parent[PARENTS_MOST];
	uint32_t parents;
	uint32_t first_edge; /* of this family */
	int ended;
};

void tree_close(struct tree *t)
{
	for (size_t i = 0; i < sizeof t->rooms / sizeof t->rooms[0]; i++)
		room_close(&t->rooms[i]);
}

static int too_many(const struct reading *r)
{
	return HUB_FAIL(r->l->host, r->err, HUB_REJECT, "too-many",
			"%s holds more people than can be read as one tree", r->l->path);
}

static int is_at(const struct reading *r, uint32_t level, const char *record, const char *one,
		 const char *two)
{
	if (level == 1)
		return !two && str_is(r->tag[0], record) && str_is(r->tag[1], one);
	return level == 2 && two && str_is(r->tag[0], record) && str_is(r->tag[1], one) &&
	       str_is(r->tag[2], two);
}

/* --- one record after the other ---------------------------------------------------------------- */

static struct tree_person *last_person(const struct reading *r)
{
	return &r->t->person[r->t->persons - 1];
}

static int add_edge(struct reading *r, struct hub_str a, struct hub_str b, int couple)
{
	struct tree_edge *e = (struct tree_edge *)(void *)room_add(&r->t->rooms[1], sizeof *e);

	if (!e)
		return too_many(r);
	*e = (struct tree_edge){
	    .a = a, .b = b, .family = r->head.xref, .line = r->head.number, .couple = couple};
	r->t->edges++;
	return HUB_OK;
}

static int add_tie(struct reading *r, enum tree_bond bond)
{
	const struct tie tie = {r->head.xref, r->famc, bond};

	return room_put(&r->t->rooms[2], &tie, sizeof tie) ? too_many(r) : HUB_OK;
}

static enum tree_bond bond_of(struct hub_str v)
{
	static const struct {
		const char *word;
		enum tree_bond bond;
	} words[] = {{"ADOPTED", TREE_ADOPTED}, {"adopted", TREE_ADOPTED}, {"FOSTER", TREE_FOSTER},
		     {"foster", TREE_FOSTER},   {"STEP", TREE_STEP},       {"step", TREE_STEP}};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (str_is(v, words[i].word))
			return words[i].bond;
	return TREE_BIRTH;
}

static int read_person(struct reading *r, const struct line *line)
{
	if (is_at(r, line->level, "INDI", "SEX", NULL))
		last_person(r)->sex = str_is(line->value, "M")   ? TREE_MALE
				      : str_is(line->value, "F") ? TREE_FEMALE
								 : TREE_UNKNOWN;
	else if (is_at(r, line->level, "INDI", "BIRT", "DATE") && !last_person(r)->birth.len)
		last_person(r)->birth = line->value;
	else if (is_at(r, line->level, "INDI", "FAMC", NULL))
		r->famc = line->value;
	else if (is_at(r, line->level, "INDI", "FAMC", "PEDI") && bond_of(line->value))
		return add_tie(r, bond_of(line->value));
	return HUB_OK;
}

static int read_family(struct reading *r, const struct line *line)
{
	const int spouse = is_at(r, line->level, "FAM", "HUSB", NULL) ||
			   is_at(r, line->level, "FAM", "WIFE", NULL);

	if (spouse && lines_points(line) && r->parents < PARENTS_MOST)
		r->parent[r->parents++] = line->value;
	else if (is_at(r, line->level, "FAM", "MARR", NULL))
		r->ended = 0;
	else if (is_at(r, line->level, "FAM", "DIV", NULL) ||
		 is_at(r, line->level, "FAM", "ANUL", NULL))
		r->ended = 1;
	else if (is_at(r, line->level, "FAM", "CHIL", NULL) && lines_points(line))
		return add_edge(r, line->value, (struct hub_str){"", 0}, 0);
	return HUB_OK;
}

/* Of a family with its parents known: an edge for each child and parent, one for each couple. */
static int end_family(struct reading *r)
{
	const uint32_t children = r->t->edges;
	int rc = HUB_OK;

	if (r->parents == 0) { /* children without parents: nothing to tie them to */
		r->t->edges = r->first_edge;
		r->t->rooms[1].len = r->first_edge * sizeof *r->t->edge;
	}
	for (uint32_t c = r->first_edge; c < children && c < r->t->edges && !rc; c++)
		for (uint32_t p = 0; p < r->parents && !rc; p++) {
			if (p == 0)
				r->t->edge[c].b = r->parent[0];
			else
				rc = add_edge(r, r->t->edge[c].a, r->parent[p], 0);
		}
	for (uint32_t p = 0; p < r->parents; p++)
		for (uint32_t q = p + 1; q < r->parents && !rc; q++) {
			rc = add_edge(r, r->parent[p], r->parent[q], 1);
			if (!rc)
				r->t->edge[r->t->edges - 1].ended = r->ended;
		}
	return rc;
}

static int begin_record(struct reading *r, const struct line *line)
{
	r->head = *line;
	r->parents = 0;
	r->ended = 0;
	r->first_edge = r->t->edges;
	if (!str_is(line->tag, "INDI"))
		return HUB_OK;
	struct tree_person *p = (struct tree_person *)(void *)room_add(&r->t->rooms[0], sizeof *p);
	if (!p)
		return too_many(r);
	*p = (struct tree_person){.xref = line->xref};
	r->t->persons++;
	r->first = r->first.len ? r->first : line->xref;
	return HUB_OK;
}

static int read_records(struct reading *r)
{
	struct line_at at = {0};
	struct line line;
	uint32_t depth = 0;
	int rc = HUB_OK;

	for (enum line_rc got; !rc && (got = lines_next(r->l, &at, depth, &line)) != LINE_END;) {
		if (got == LINE_BROKEN)
			continue; /* the record is refused when its rows are made */
		depth = line.level;
		if (line.level < 4)
			r->tag[line.level] = line.tag;
		if (line.level == 0) {
			if (str_is(r->head.tag, "FAM"))
				rc = end_family(r);
			rc = rc ? rc : begin_record(r, &line);
		} else if (str_is(r->tag[0], "INDI"))
			rc = read_person(r, &line);
		else if (str_is(r->tag[0], "FAM"))
			rc = read_family(r, &line);
	}
	return rc;
}

/* --- the graph ---------------------------------------------------------------------------------- */

static int compare(struct hub_str a, struct hub_str b)
{
	const size_t n = a.len < b.len ? a.len : b.len;
	const int d = n ? memcmp(a.ptr, b.ptr, n) : 0;

	return d ? d : (a.len > b.len) - (a.len < b.len);
}

static int by_xref(const void *a, const void *b)
{
	const struct hub_str x = ((const struct tree_person *)a)->xref,
			     y = ((const struct tree_person *)b)->xref;

	if (!x.len || !y.len)
		return (x.len > y.len) - (x.len < y.len);
	return compare(x, y);
}

uint32_t tree_find(const struct tree *t, struct hub_str xref)
{
	const struct tree_person key = {.xref = xref};
	const struct tree_person *p =
	    xref.len && t->persons ? bsearch(&key, t->person, t->persons, sizeof key, by_xref)
				   : NULL;

	return p ? (uint32_t)(p - t->person) : TREE_NOBODY;
}

static int by_child(const void *a, const void *b)
{
	const struct tie *x = a, *y = b;
	const int d = compare(x->child, y->child);

	return d ? d : compare(x->family, y->family);
}

/* Edges name their persons, and how a child came to its parents. */
static void resolve(struct tree *t)
{
	struct tie *tie = (struct tie *)(void *)t->rooms[2].p;
	const size_t ties = t->rooms[2].len / sizeof *tie;

	qsort(t->person, t->persons, sizeof *t->person, by_xref);
	qsort(tie, ties, sizeof *tie, by_child);
	for (uint32_t i = 0; i < t->edges; i++) {
		struct tree_edge *e = &t->edge[i];
		e->ia = tree_find(t, e->a);
		e->ib = tree_find(t, e->b);
		const struct tie key = {.child = e->a, .family = e->family};
		const struct tie *found =
		    e->couple || !ties ? NULL : bsearch(&key, tie, ties, sizeof key, by_child);
		e->bond = found ? found->bond : TREE_BIRTH;
	}
}

static void reach(struct tree *t, uint32_t from, uint32_t to, char step, int ended)
{
	const struct tree_person *f = &t->person[from];
	struct tree_person *p = &t->person[to];
	const size_t n = strlen(f->path);

	if (p->reached)
		return;
	memcpy(p->path, f->path, n);
	p->path[n] = step;
	p->path[n + 1] = '\0';
	p->ended = f->ended || ended;
	p->reached = (int)n + 2; /* seen in this round: the next one goes on from here */
}

/* Everyone who is one step of a kind away from those of the round before. */
static void take_step(struct tree *t, int round, char step)
{
	for (uint32_t i = 0; i < t->edges; i++) {
		const struct tree_edge *e = &t->edge[i];
		if (e->ia == TREE_NOBODY || e->ib == TREE_NOBODY || e->couple != (step == 'S'))
			continue;
		if (step != 'D' && t->person[e->ia].reached == round)
			reach(t, e->ia, e->ib, step, e->ended);
		if (step != 'U' && t->person[e->ib].reached == round)
			reach(t, e->ib, e->ia, step, e->ended);
	}
}

static void walk(struct tree *t)
{
	if (t->client == TREE_NOBODY)
		return;
	t->person[t->client].reached = 1;
	for (int round = 1; round <= STEPS_MOST; round++) {
		take_step(t, round, 'U');
		take_step(t, round, 'D');
		take_step(t, round, 'S');
	}
}

static int find_client(struct reading *r, struct hub_str said)
{
	char name[256];

	r->t->client = tree_find(r->t, said.len ? said : r->first);
	if (said.len && r->t->client == TREE_NOBODY && said.len < sizeof name - 2) {
		const int n = snprintf(name, sizeof name, "@%.*s@", (int)said.len, said.ptr);
		r->t->client = tree_find(r->t, (struct hub_str){name, (size_t)n});
	}
	if (!said.len || r->t->client != TREE_NOBODY)
		return HUB_OK;
	HUB_FAIL(r->l->host, r->err, HUB_REJECT, "no-client",
		 "%s has no person of the number given", r->l->path);
	r->l->host->hint(r->err,
			 "client is the number of an INDI record, such as I1; `tsunagi inspect` "
			 "lists them.");
	return r->err->rc;
}

int tree_read(struct tree *t, const struct lines *l, struct hub_str client, struct hub_err *err)
{
	struct reading r = {.t = t, .l = l, .err = err, .first = {"", 0}};

	if (room_open(&t->rooms[0], PERSONS_MOST * sizeof *t->person) ||
	    room_open(&t->rooms[1], EDGES_MOST * sizeof *t->edge) ||
	    room_open(&t->rooms[2], PERSONS_MOST * sizeof(struct tie)))
		return NO_MEMORY(l->host, err);
	t->person = (struct tree_person *)(void *)t->rooms[0].p;
	t->edge = (struct tree_edge *)(void *)t->rooms[1].p;
	const int rc = read_records(&r);
	if (rc)
		return rc;
	resolve(t);
	if (find_client(&r, client))
		return err->rc;
	walk(t);
	return HUB_OK;
}

/* --- words --------------------------------------------------------------------------------------- */

static const char *by_sex(enum tree_sex sex, const char *male, const char *female, const char *any)
{
	return sex == TREE_MALE ? male : sex == TREE_FEMALE ? female : any;
}

const char *tree_parent_word(enum tree_sex sex, enum tree_bond bond)
{
	switch (bond) {
	case TREE_ADOPTED:
		return by_sex(sex, "養父", "養母", "養親");
	case TREE_STEP:
		return by_sex(sex, "継父", "継母", "継親");
	case TREE_FOSTER:
		return "里親";
	default:
		return by_sex(sex, "父", "母", "親");
	}
}

const char *tree_spouse_word(enum tree_sex sex, int ended)
{
	return ended ? by_sex(sex, "元夫", "元妻", "元配偶者") : by_sex(sex, "夫", "妻", "配偶者");
}

/* Older or younger than the client, if both birth dates are known. */
static const char *sibling_word(const struct tree_person *p, const struct tree_person *client)
{
	char a[GDATE_TEXT], b[GDATE_TEXT];
	const int known = gdate_text(p->birth, a) == 0 && gdate_text(client->birth, b) == 0;
	const int d = known ? strcmp(a, b) : 0;

	if (d == 0)
		return by_sex(p->sex, "兄弟", "姉妹", "兄弟姉妹");
	return d < 0 ? by_sex(p->sex, "兄", "姉", "兄弟姉妹")
		     : by_sex(p->sex, "弟", "妹", "兄弟姉妹");
}

const char *tree_relation(const struct tree *t, uint32_t person)
{
	static const struct {
		const char *path, *male, *female, *any;
	} words[] = {{"U", "父", "母", "親"},
		     {"UU", "祖父", "祖母", "祖父母"},
		     {"UUU", "曾祖父", "曾祖母", "曾祖父母"},
		     {"D", "息子", "娘", "子"},
		     {"DD", "孫", "孫", "孫"},
		     {"DDD", "ひ孫", "ひ孫", "ひ孫"},
		     {"UUD", "おじ", "おば", "おじ・おば"},
		     {"UUDS", "おじ", "おば", "おじ・おば"},
		     {"UDD", "甥", "姪", "甥・姪"},
		     {"UUDD", "いとこ", "いとこ", "いとこ"},
		     {"US", "継父", "継母", "継親"},
		     {"SU", "義父", "義母", "義父母"},
		     {"SUD", "義兄弟", "義姉妹", "義兄弟姉妹"},
		     {"UDS", "義兄弟", "義姉妹", "義兄弟姉妹"},
		     {"DS", "婿", "嫁", "子の配偶者"},
		     {"SD", "連れ子", "連れ子", "連れ子"},
		     {"DU", "子の父", "子の母", "子の親"}};
	const struct tree_person *p = &t->person[person];

	if (!p->reached || p->path[0] == '\0')
		return "";
	if (strcmp(p->path, "S") == 0)
		return tree_spouse_word(p->sex, p->ended);
	if (strcmp(p->path, "UD") == 0)
		return sibling_word(p, &t->person[t->client]);
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strcmp(p->path, words[i].path) == 0)
			return by_sex(p->sex, words[i].male, words[i].female, words[i].any);
	return "親族";
}
