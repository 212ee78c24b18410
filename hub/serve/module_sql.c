#include "serve/module_sql.h"

#include <ctype.h>
#include <strings.h>

enum { DEPTH_MOST = 32, NAMES_MOST = 16 };

enum kind { END = 0, WORD, NUMBER, TEXT, SIGN, BAD };

struct token {
	enum kind kind;
	struct hub_str s; /* a word in "" without them */
};

/* One parenthesis. */
struct level {
	int from; /* in a list of tables: a comma brings the next one */
};

struct scan {
	struct hub_str sql;
	size_t at;
	const struct hub_module_tables *tables;
	struct hub_module_tables *makes; /* of a migration: the same */
	struct hub_str name[NAMES_MOST]; /* of common table expressions */
	size_t names;
	struct level level[DEPTH_MOST];
	size_t depth;
	int table_next; /* the next word is a table */
	int index_next; /* ... an index */
	int index;      /* the statement is about one */
	int create;     /* the next table is a new one */
	struct token last;
	struct hub_err *err;
};

static int is_word_byte(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static int is(const struct token *t, const char *word)
{
	return t->kind == WORD && t->s.len == strlen(word) &&
	       strncasecmp(t->s.ptr, word, t->s.len) == 0;
}

static int is_one_of(const struct token *t, const char *const *words)
{
	for (; *words; words++)
		if (is(t, *words))
			return 1;
	return 0;
}

static int is_sign(const struct token *t, char c)
{
	return t->kind == SIGN && t->s.ptr[0] == c;
}

/* Up to the closing quote; doubled ones belong to it. */
static struct token quoted(struct scan *s, char quote)
{
	const size_t first = ++s->at;

	for (; s->at < s->sql.len; s->at++) {
		if (s->sql.ptr[s->at] != quote)
			continue;
		if (s->at + 1 == s->sql.len || s->sql.ptr[s->at + 1] != quote) {
			const struct hub_str text = hub_str_cut(s->sql, first, s->at++);
			return (struct token){quote == '\'' ? TEXT : WORD, text};
		}
		s->at++;
	}
	return (struct token){BAD, hub_str_cut(s->sql, first - 1, first)};
}

static struct token next_token(struct scan *s)
{
	while (s->at < s->sql.len && isspace((unsigned char)s->sql.ptr[s->at]))
		s->at++;
	if (s->at == s->sql.len)
		return (struct token){END, HUB_STR("")};
	const char c = s->sql.ptr[s->at];
	const size_t first = s->at;
	if (c == '\'' || c == '"')
		return quoted(s, c);
	if (!is_word_byte(c)) {
		const struct hub_str sign = hub_str_cut(s->sql, first, ++s->at);
		/* comments, and what one driver alone knows: nobody needs it here */
		const int pair = s->at < s->sql.len && ((c == '-' && s->sql.ptr[s->at] == '-') ||
							(c == '/' && s->sql.ptr[s->at] == '*'));
		const int odd = c == '[' || c == '`' || c == '$' || c == '\\' || c == '@' ||
				c == '#' || (unsigned char)c >= 0x80;
		return (struct token){pair || odd ? BAD : SIGN, sign};
	}
	while (s->at < s->sql.len && is_word_byte(s->sql.ptr[s->at]))
		s->at++;
	return (struct token){isdigit((unsigned char)c) ? NUMBER : WORD,
			      hub_str_cut(s->sql, first, s->at)};
}

static struct token peek(const struct scan *s)
{
	struct scan ahead = *s;

	return next_token(&ahead);
}

static int refuse_word(const struct scan *s, const struct token *t)
{
	const int rc = hub_fail(s->err, HUB_CONF, "module-sql", "\"%.*s\" may not stand in: %.*s",
				HUB_FMT(t->s), HUB_FMT(s->sql));

	hub_hint(s->err,
		 "A module names tables and indexes %s_... only, and nothing that one kind of "
		 "store alone has.",
		 s->tables->area);
	return rc;
}

static int is_own(const struct scan *s, struct hub_str name)
{
	const size_t n = strlen(s->tables->area);

	return name.len > n + 1 && memcmp(name.ptr, s->tables->area, n) == 0 && name.ptr[n] == '_';
}

/* An own table that is there by now, or is made here. */
static int is_made(const struct scan *s, struct hub_str name)
{
	for (size_t i = 0; i < s->tables->n; i++)
		if (hub_str_eq(s->tables->name[i], name))
			return 1;
	return 0;
}

static int make_table(struct scan *s, const struct token *t)
{
	s->create = 0;
	if (t->kind != WORD || !is_own(s, t->s) || is_made(s, t->s) ||
	    s->makes->n == HUB_MODULE_TABLES)
		return refuse_word(s, t);
	s->makes->name[s->makes->n++] = t->s;
	return HUB_OK;
}

static int is_named_here(const struct scan *s, struct hub_str name)
{
	for (size_t i = 0; i < s->names; i++)
		if (s->name[i].len == name.len &&
		    strncasecmp(s->name[i].ptr, name.ptr, name.len) == 0)
			return 1;
	return 0;
}

/* NAME AS ( and NAME (a, b) AS ( behind WITH: found before anything is judged. */
static void find_names(struct scan *s)
{
	struct scan look = *s;
	struct token word = {END, {"", 0}}, t;
	int with = 0, depth = 0;

	while ((t = next_token(&look)).kind != END && t.kind != BAD) {
		with |= is(&t, "with");
		if (is_sign(&t, '('))
			depth++;
		else if (is_sign(&t, ')'))
			depth--;
		else if (is(&t, "as") && with && word.kind == WORD && s->names < NAMES_MOST) {
			const struct token after = peek(&look);
			if (is_sign(&after, '('))
				s->name[s->names++] = word.s;
		} else if (t.kind == WORD && !is(&t, "recursive")) {
			const struct token after = peek(&look);
			if (is(&after, "as") || is_sign(&after, '('))
				word = t;
		}
	}
}

static int check_table(struct scan *s, const struct token *t)
{
	const struct token after = peek(s);

	s->table_next = 0;
	if (is_sign(t, '('))
		return HUB_OK;
	if (s->create)
		return make_table(s, t);
	/* a name with a schema, or a function that makes rows */
	if (t->kind != WORD || is_sign(&after, '.') ||
	    (is_sign(&after, '(') && !is(&s->last, "into") && !is(&s->last, "references") &&
	     !is(&s->last, "on")))
		return refuse_word(s, t);
	return is_made(s, t->s) || is_named_here(s, t->s) ? HUB_OK : refuse_word(s, t);
}

static int check_index(struct scan *s, const struct token *t)
{
	s->index_next = 0;
	return t->kind == WORD && is_own(s, t->s) ? HUB_OK : refuse_word(s, t);
}

static int check_parenthesis(struct scan *s, const struct token *t)
{
	if (is_sign(t, '(')) {
		if (++s->depth == DEPTH_MOST)
			return refuse_word(s, t);
		s->level[s->depth] = (struct level){0};
		/* FROM (a, b): a list of tables in parentheses reads like one without */
		s->level[s->depth].from = is(&s->last, "from") || is(&s->last, "join");
		s->table_next = s->level[s->depth].from;
	} else if (is_sign(t, ')')) {
		if (s->depth == 0)
			return refuse_word(s, t);
		s->depth--;
	} else if (is_sign(t, ',')) {
		s->table_next = s->level[s->depth].from;
	}
	return HUB_OK;
}

/* Does the word bring a table? */
static void look_ahead(struct scan *s, const struct token *t, int migration)
{
	static const char *const ends[] = {"where",  "group",     "order",     "limit", "having",
					   "window", "union",     "except",    "set",   "values",
					   "select", "returning", "intersect", NULL};

	if (is(t, "from") && !is(&s->last, "distinct")) {
		s->table_next = s->level[s->depth].from = 1;
	} else if (is(t, "join") || is(t, "into") || is(t, "table") || is(t, "references")) {
		s->table_next = 1;
		s->create = is(t, "table") && is(&s->last, "create");
	} else if (is(t, "update") && !is(&s->last, "do") && !is(&s->last, "for") &&
		   !(is(&s->last, "on"))) {
		s->table_next = 1;
	} else if (is_one_of(t, ends)) {
		s->level[s->depth].from = 0;
	} else if (migration && is(t, "index")) {
		s->index = s->index_next = 1;
	} else if (s->index && is(t, "on") && s->depth == 0) {
		s->table_next = 1; /* CREATE INDEX name ON table */
	} else if (migration && is(t, "to") && is(&s->last, "rename")) {
		s->table_next = s->create = 1;
	}
}

/* Words that no module needs, wherever they stand. */
static int is_foreign(const struct token *t)
{
	static const char *const words[] = {
	    "pragma",  "attach",       "detach",    "vacuum",         "copy",     "grant",
	    "revoke",  "execute",      "call",      "trigger",        "view",     "function",
	    "virtual", "temp",         "temporary", "load_extension", "readfile", "writefile",
	    "dblink",  "query_to_xml", "lo_import", "lo_export",      NULL};

	if (t->kind != WORD)
		return 0;
	return is_one_of(t, words) || (t->s.len > 2 && strncasecmp(t->s.ptr, "cc_", 3) == 0) ||
	       (t->s.len > 2 && strncasecmp(t->s.ptr, "pg_", 3) == 0) ||
	       (t->s.len > 6 && strncasecmp(t->s.ptr, "sqlite_", 7) == 0) ||
	       (t->s.len > 17 && strncasecmp(t->s.ptr, "information_schema", 18) == 0);
}

static int check_token(struct scan *s, const struct token *t, int migration)
{
	int rc = HUB_OK;

	if (t->kind == BAD || is_foreign(t))
		return refuse_word(s, t);
	if (is_sign(&s->last, '(') && (is(t, "select") || is(t, "with") || is(t, "values")))
		s->table_next = 0; /* a subquery, not a table in parentheses */
	if (s->index_next)
		rc = check_index(s, t);
	else if (s->table_next && (t->kind == WORD || is_sign(t, '(')))
		rc = check_table(s, t);
	else if (s->table_next)
		rc = refuse_word(s, t);
	else
		look_ahead(s, t, migration);
	return rc ? rc : check_parenthesis(s, t);
}

/* One statement, up to its ; or the end. *more: there was a ; and something behind it. */
static int check_one(struct scan *s, const char *const *first, int migration, int *more)
{
	struct token t = next_token(s);
	int rc;

	if (!is_one_of(&t, first))
		return refuse_word(s, &t);
	for (; t.kind != END && !is_sign(&t, ';'); t = next_token(s)) {
		if ((rc = check_token(s, &t, migration)))
			return rc;
		s->last = t;
	}
	if (s->table_next || s->index_next || s->depth)
		return refuse_word(s, &s->last);
	s->last = (struct token){END, HUB_STR("")};
	s->level[0].from = 0;
	s->index = 0;
	*more = t.kind != END && peek(s).kind != END;
	return HUB_OK;
}

int hub_module_statement_check(const struct hub_module_tables *t, const char *sql,
			       struct hub_err *err)
{
	static const char *const first[] = {"select", "insert", "update", "delete", "with", NULL};
	struct scan s = {.sql = hub_str_of(sql), .tables = t, .err = err};
	int more = 0;

	find_names(&s);
	const int rc = check_one(&s, first, 0, &more);
	return !rc && more ? refuse_word(&s, &(struct token){SIGN, HUB_STR(";")}) : rc;
}

int hub_module_migration_check(struct hub_module_tables *t, const char *sql, struct hub_err *err)
{
	static const char *const first[] = {"create", "alter",  "drop", "insert",
					    "update", "delete", "with", NULL};
	struct scan s = {.sql = hub_str_of(sql), .tables = t, .makes = t, .err = err};
	int rc, more = 1;

	find_names(&s);
	while (more)
		if ((rc = check_one(&s, first, 1, &more)))
			return rc;
	return HUB_OK;
}
