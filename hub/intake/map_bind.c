/* A mapping meets the header of an input. Strict: other columns, or the same ones in another order,
 * stop the run (drift), for a column that moved or changed its meaning must not be read silently.
 * Not drift: optional columns that are missing, aliases the mapping lists, and spellings that differ
 * in width, case or blanks only. */
#include "intake/map.h"

#include "base/err.h"

#include <stdio.h>

enum { LCS_CELLS = 4 << 20, NAME_BYTES = 512, PATCH_TEXT = 16 << 20, CONTEXT = 3, WRAP = 90 };

enum edit_type {
	SAME = 0,
	ABSENT, /* optional, and not there */
	MISSING,
	NEW,
	RENAMED,
	MOVED,  /* expected here, found elsewhere */
	PLACED, /* ... and here it is */
	EDITS,
};

struct edit {
	enum edit_type type;
	uint32_t want, have; /* expected column, found column */
};

struct binder {
	struct hub_arena *arena;
	const struct hub_mapping *m;
	const struct hub_str *header;
	const struct hub_str *folded; /* of the header */
	uint32_t n;
	struct edit *edit;
	uint32_t edits;
};

static int is_match(const struct binder *b, uint32_t want, uint32_t have)
{
	const struct hub_mapcol *c = &b->m->col[want];

	if (hub_str_eq(c->name, b->header[have]))
		return 1;
	for (uint32_t i = 0; i < c->aliases; i++)
		if (hub_str_eq(c->alias[i], b->header[have]))
			return 1;
	return c->folded.len && hub_str_eq(c->folded, b->folded[have]);
}

static void add_edit(struct binder *b, enum edit_type type, uint32_t want, uint32_t have)
{
	b->edit[b->edits++] = (struct edit){type, want, have};
}

static void add_missing(struct binder *b, uint32_t want)
{
	add_edit(b, b->m->col[want].optional ? ABSENT : MISSING, want, 0);
}

/* Longest common subsequence of what lies between equal ends: lcs[i][j] of the rests. */
static int align_middle(struct binder *b, uint32_t want, uint32_t want_end, uint32_t have,
			uint32_t have_end)
{
	const size_t rows = want_end - want, cols = have_end - have;
	uint16_t *lcs = NULL;

	if (rows && cols && (rows + 1) * (cols + 1) <= LCS_CELLS) {
		lcs = hub_alloc_array(b->arena, (rows + 1) * (cols + 1), sizeof *lcs);
		if (!lcs)
			return -1;
		for (size_t i = rows; i-- > 0;)
			for (size_t j = cols; j-- > 0;) {
				const size_t at = i * (cols + 1) + j;
				const uint16_t down = lcs[at + cols + 1], right = lcs[at + 1];
				lcs[at] = is_match(b, want + (uint32_t)i, have + (uint32_t)j)
					      ? (uint16_t)(lcs[at + cols + 2] + 1)
					  : down > right ? down
							 : right;
			}
	}
	size_t i = 0, j = 0;
	while (i < rows && j < cols) {
		const size_t at = i * (cols + 1) + j;
		const uint32_t w = want + (uint32_t)i, h = have + (uint32_t)j;
		if (lcs && is_match(b, w, h)) {
			add_edit(b, SAME, w, h);
			i++;
			j++;
		} else if (!lcs || lcs[at + cols + 1] >= lcs[at + 1]) {
			add_missing(b, w);
			i++;
		} else {
			add_edit(b, NEW, 0, h);
			j++;
		}
	}
	for (; i < rows; i++)
		add_missing(b, want + (uint32_t)i);
	for (; j < cols; j++)
		add_edit(b, NEW, 0, have + (uint32_t)j);
	return 0;
}

/* The same column at another place. */
static void pair_moved(struct binder *b)
{
	for (uint32_t i = 0; i < b->edits; i++) {
		for (uint32_t k = 0; k < b->edits && b->edit[i].type == NEW; k++) {
			if ((b->edit[k].type != MISSING && b->edit[k].type != ABSENT) ||
			    !is_match(b, b->edit[k].want, b->edit[i].have))
				continue;
			b->edit[k].type = MOVED;
			b->edit[i].type = PLACED;
			b->edit[i].want = b->edit[k].want;
		}
	}
}

/* A missing column with a new one in its place is probably the same under another name. */
static void pair_renamed(struct binder *b)
{
	uint32_t out = 0;

	for (uint32_t i = 0; i < b->edits; out++) {
		uint32_t missing = 0, added = 0;
		while (i + missing < b->edits && b->edit[i + missing].type == MISSING)
			missing++;
		while (i + missing + added < b->edits && b->edit[i + missing + added].type == NEW)
			added++;
		if (missing == 0 || missing != added) {
			b->edit[out] = b->edit[i++];
			continue;
		}
		const struct edit *run = &b->edit[i];
		for (uint32_t k = 0; k < missing; k++)
			b->edit[out + k] =
			    (struct edit){RENAMED, run[k].want, run[missing + k].have};
		out += missing - 1;
		i += 2 * missing;
	}
	b->edits = out;
}

static int align(struct binder *b)
{
	uint32_t from = 0, want_end = b->m->cols, have_end = b->n;

	b->edit = hub_alloc_array(b->arena, (size_t)b->m->cols + b->n + 1, sizeof *b->edit);
	if (!b->edit)
		return -1;
	while (from < want_end && from < have_end && is_match(b, from, from)) {
		add_edit(b, SAME, from, from);
		from++;
	}
	uint32_t tail = 0;
	while (want_end > from && have_end > from && is_match(b, want_end - 1, have_end - 1)) {
		want_end--;
		have_end--;
		tail++;
	}
	if (align_middle(b, from, want_end, from, have_end))
		return -1;
	for (uint32_t i = 0; i < tail; i++)
		add_edit(b, SAME, want_end + i, have_end + i);
	pair_moved(b);
	pair_renamed(b);
	return 0;
}

/* --- the difference for people ---------------------------------------------------------------- */

/* known: the header is one, and not the cells of some record. */
static void put_difference(const struct binder *b, int known, struct hub_buf *out)
{
	hub_buf_printf(out, "%s\n", hub_tr("header: - expected, + found"));
	for (uint32_t i = 0; i < b->edits; i++) {
		const struct edit *e = &b->edit[i];
		if (e->type == MISSING || e->type == RENAMED || e->type == MOVED)
			hub_buf_printf(out, "  - %4u  %.*s\n", e->want + 1,
				       HUB_FMT(b->m->col[e->want].name));
		if (e->type == NEW || e->type == RENAMED || e->type == PLACED)
			hub_buf_printf(out, "  + %4u  %.*s\n", e->have + 1,
				       HUB_FMT(known ? b->header[e->have]
						     : hub_str_of(hub_tr("(not shown)"))));
	}
}

/* --- the proposed mapping file ---------------------------------------------------------------- */

/* Behind the `;` of the setting that begins at `at`, and its line end. */
static size_t setting_end(struct hub_str text, size_t at)
{
	int depth = 0;

	for (size_t i = at; i < text.len; i++) {
		const char c = text.ptr[i];
		if (c == '"') {
			for (i++; i < text.len && text.ptr[i] != '"'; i++)
				if (text.ptr[i] == '\\')
					i++;
		} else if (c == '#' || (c == '/' && i + 1 < text.len && text.ptr[i + 1] == '/')) {
			while (i + 1 < text.len && text.ptr[i + 1] != '\n')
				i++;
		} else if (c == '(' || c == '[' || c == '{') {
			depth++;
		} else if (c == ')' || c == ']' || c == '}') {
			depth--;
		} else if (c == ';' && depth == 0) {
			return i + 1;
		}
	}
	return text.len;
}

struct list {
	struct hub_buf *out;
	size_t line; /* where the line at hand begins */
	int any;
};

static void put_quoted(struct hub_buf *out, struct hub_str s)
{
	hub_buf_putc(out, '"');
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '"' || s.ptr[i] == '\\')
			hub_buf_putc(out, '\\');
		hub_buf_putc(out, s.ptr[i]);
	}
	hub_buf_putc(out, '"');
}

static void list_begin(struct list *l, struct hub_buf *out, const char *name)
{
	*l = (struct list){.out = out};
	hub_buf_printf(out, "%s = (", name);
}

static void list_next(struct list *l)
{
	if (l->any)
		hub_buf_putc(l->out, ',');
	if (!l->any || l->out->len - l->line > WRAP) {
		hub_buf_puts(l->out, "\n    ");
		l->line = l->out->len;
	} else {
		hub_buf_putc(l->out, ' ');
	}
	l->any = 1;
}

static void list_end(struct list *l)
{
	hub_buf_puts(l->out, " );");
}

static void put_header(const struct binder *b, struct hub_buf *out)
{
	struct list l;

	list_begin(&l, out, "header");
	for (uint32_t i = 0; i < b->edits; i++) {
		const struct edit *e = &b->edit[i];
		if (e->type == MOVED)
			continue;
		list_next(&l);
		put_quoted(out, e->type == NEW ? b->header[e->have] : b->m->col[e->want].name);
	}
	list_end(&l);
}

static void put_optional(const struct binder *b, struct hub_buf *out)
{
	struct list l = {.out = out};

	for (uint32_t i = 0; i < b->edits; i++) {
		const struct edit *e = &b->edit[i];
		if (e->type == NEW || e->type == MOVED ||
		    (e->type != MISSING && !b->m->col[e->want].optional))
			continue;
		if (!l.any) {
			hub_buf_puts(out, "\n  ");
			list_begin(&l, out, "optional");
		}
		list_next(&l);
		put_quoted(out, b->m->col[e->want].name);
	}
	if (l.any)
		list_end(&l);
}

static void put_aliases(const struct binder *b, struct hub_buf *out)
{
	struct list l = {.out = out};

	for (uint32_t i = 0; i < b->edits; i++) {
		const struct edit *e = &b->edit[i];
		const struct hub_mapcol *c =
		    e->type == NEW || e->type == MOVED ? NULL : &b->m->col[e->want];
		if (!c || (e->type != RENAMED && c->aliases == 0))
			continue;
		if (!l.any) {
			hub_buf_puts(out, "\n  ");
			list_begin(&l, out, "aliases");
		}
		list_next(&l);
		hub_buf_putc(out, '(');
		put_quoted(out, c->name);
		for (uint32_t k = 0; k < c->aliases; k++) {
			hub_buf_puts(out, ", ");
			put_quoted(out, c->alias[k]);
		}
		if (e->type == RENAMED) {
			hub_buf_puts(out, ", ");
			put_quoted(out, b->header[e->have]);
		}
		hub_buf_putc(out, ')');
	}
	if (l.any)
		list_end(&l);
}

/* The file with its header, optional and aliases anew. */
static void put_proposal(const struct binder *b, struct hub_buf *out)
{
	const struct hub_mapping *m = b->m;
	size_t at = 0;

	while (at < m->text.len) {
		if (at == m->header_at) {
			put_header(b, out);
			put_optional(b, out);
			put_aliases(b, out);
			at = setting_end(m->text, at);
		} else if (at == m->optional_at || at == m->aliases_at) {
			at = setting_end(m->text, at);
			while (hub_buf_last(out) == ' ' || hub_buf_last(out) == '\t')
				out->len--;
			if (at < m->text.len && m->text.ptr[at] == '\n')
				at++;
		} else {
			hub_buf_putc(out, m->text.ptr[at++]);
		}
	}
}

/* --- unified diff of two texts that differ in one place --------------------------------------- */

static size_t count_lines(struct hub_str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += s.ptr[i] == '\n';
	return n + (s.len && s.ptr[s.len - 1] != '\n');
}

static void put_lines(struct hub_buf *out, struct hub_str s, char sign)
{
	for (size_t at = 0; at < s.len;) {
		size_t end = at;
		while (end < s.len && s.ptr[end] != '\n')
			end++;
		hub_buf_putc(out, sign);
		hub_buf_add(out, s.ptr + at, end - at);
		hub_buf_putc(out, '\n');
		if (end == s.len)
			hub_buf_puts(out, "\\ No newline at end of file\n");
		at = end + 1;
	}
}

/* Moves back over n lines; at is the beginning of a line. */
static size_t lines_back(struct hub_str s, size_t at, unsigned n)
{
	while (n-- > 0 && at > 0)
		for (at--; at > 0 && s.ptr[at - 1] != '\n';)
			at--;
	return at;
}

static size_t lines_on(struct hub_str s, size_t at, unsigned n)
{
	while (n-- > 0 && at < s.len) {
		while (at < s.len && s.ptr[at] != '\n')
			at++;
		at += at < s.len;
	}
	return at;
}

static void put_diff(struct hub_str name, struct hub_str old, struct hub_str new,
		     struct hub_buf *out)
{
	size_t head = 0, tail = 0;

	while (head < old.len && head < new.len &&old.ptr[head] == new.ptr[head])
		head++;
	while (head > 0 && old.ptr[head - 1] != '\n')
		head--;
	while (tail < old.len - head &&
	       tail < new.len - head &&old.ptr[old.len - 1 - tail] == new.ptr[new.len - 1 - tail])
		tail++;
	while (tail > 0 && old.ptr[old.len - tail - 1] != '\n')
		tail--;
	const size_t from = lines_back(old, head, CONTEXT);
	const size_t old_end = lines_on(old, old.len - tail, CONTEXT);
	const size_t after = old_end - (old.len - tail);
	const size_t first = count_lines(hub_str_cut(old, 0, from)) + 1;
	const size_t new_end = new.len - tail + after;

	hub_buf_printf(out, "--- %.*s\n+++ %.*s\n", HUB_FMT(name), HUB_FMT(name));
	hub_buf_printf(out, "@@ -%zu,%zu +%zu,%zu @@\n", first,
		       count_lines(hub_str_cut(old, from, old_end)), first,
		       count_lines(hub_str_cut(new, from, new_end)));
	put_lines(out, hub_str_cut(old, from, head), ' ');
	put_lines(out, hub_str_cut(old, head, old.len - tail), '-');
	put_lines(out, hub_str_cut(new, head, new.len - tail), '+');
	put_lines(out, hub_str_cut(old, old.len - tail, old_end), ' ');
}

/* What has no name in common with the mapping may be a record: nothing of it is shown. */
static int report_unknown(const struct binder *b, struct hub_err *err)
{
	const int rc =
	    hub_fail(err, HUB_DRIFT, "layout-drift",
		     "none of the columns that mapping \"%.*s\" expects is in the header",
		     HUB_FMT(b->m->info.name));
	hub_hint(err,
		 "Nothing was read. If there are titles above the header, say so with `skip` in "
		 "the source, or let `tsunagi guess FILE` find it; if the first row is a record "
		 "already, ask for the file with its header.");
	return rc;
}

/* With more strange names than known ones it may be a record, or a form of labels and values. */
static int report_strange(const struct binder *b, const unsigned *count, struct hub_buf *patch,
			  struct hub_err *err)
{
	if (patch)
		put_difference(b, 0, patch);
	const int rc = hub_fail(err, HUB_DRIFT, "layout-drift",
				"the header has %u columns that mapping \"%.*s\" expects, and %u "
				"others, which may be no names of columns",
				count[SAME] + count[MOVED], HUB_FMT(b->m->info.name),
				count[NEW] + count[RENAMED]);
	hub_hint(err,
		 "Nothing was read. `tsunagi inspect FILE` shows the header; `tsunagi guess FILE` "
		 "finds it elsewhere, and writes a mapping of its own for another layout.");
	return rc;
}

static int report_drift(const struct binder *b, struct hub_buf *patch, struct hub_err *err)
{
	unsigned count[EDITS] = {0};
	struct hub_buf proposal;

	for (uint32_t i = 0; i < b->edits; i++)
		count[b->edit[i].type]++;
	if (count[SAME] + count[MOVED] == 0)
		return report_unknown(b, err);
	if (count[SAME] + count[MOVED] < count[NEW] + count[RENAMED])
		return report_strange(b, count, patch, err);
	if (patch) {
		put_difference(b, 1, patch);
		hub_buf_init(&proposal, PATCH_TEXT);
		put_proposal(b, &proposal);
		hub_buf_printf(
		    patch, "\n%s\n",
		    hub_tr("proposed change of the mapping (check that a column with another "
			   "name has the same meaning):"));
		if (hub_buf_ok(&proposal))
			put_diff(b->m->path, b->m->text, hub_buf_text(&proposal), patch);
		hub_buf_free(&proposal);
	}
	const int rc = hub_fail(
	    err, HUB_DRIFT, "layout-drift",
	    "the header is not the one that mapping \"%.*s\" expects: %u missing, "
	    "%u new, %u with another name, %u moved",
	    HUB_FMT(b->m->info.name), count[MISSING], count[NEW], count[RENAMED], count[MOVED]);
	hub_hint(err,
		 "Nothing was read. If the new layout is right, apply the proposed patch to the "
		 "mapping and check it with --dry-run.");
	return rc;
}

/* --- binding ---------------------------------------------------------------------------------- */

static struct hub_bound *new_bound(struct hub_arena *a, const struct hub_mapping *m,
				   const struct hub_str *header, uint32_t n)
{
	struct hub_bound *b = hub_alloc0(a, sizeof *b);
	const uint32_t places = m->cols > m->width ? m->cols : m->width;

	if (!b)
		return NULL;
	b->m = m;
	b->width = n;
	b->at = hub_alloc_array(a, (size_t)places + 1, sizeof *b->at);
	b->col_of = hub_alloc_array(a, (size_t)n + 1, sizeof *b->col_of);
	b->name = hub_alloc_array(a, (size_t)n + 1, sizeof *b->name);
	if (!b->at || !b->col_of || !b->name)
		return NULL;
	for (uint32_t i = 0; i < places; i++)
		b->at[i] = HUB_NO_COLUMN;
	for (uint32_t i = 0; i < n; i++) {
		b->col_of[i] = HUB_NO_COLUMN;
		b->name[i] = hub_arena_str(a, header[i]);
		if (!b->name[i].ptr)
			return NULL;
	}
	return b;
}

static void connect(struct hub_bound *b, uint32_t want, uint32_t have)
{
	const struct hub_mapping *m = b->m;

	b->at[want] = have;
	if (want >= m->cols)
		return;
	b->col_of[have] = want;
	b->name[have] = m->col[want].name; /* messages use the mapping's words */
	b->any_banned |= m->col[want].banned;
}

/* Columns known by their place: only their number can be checked. */
static int bind_places(struct hub_bound *b, uint32_t n, struct hub_err *err)
{
	const struct hub_mapping *m = b->m;
	const uint32_t want = m->cols ? m->cols : m->width;

	if (m->cols ? n != want : n < want) {
		const int rc = hub_fail(err, HUB_DRIFT, "layout-drift",
					"the input has %u columns, mapping \"%.*s\" expects %u", n,
					HUB_FMT(m->info.name), want);
		hub_hint(err, "Nothing was read. Compare a record with the list `columns` of the "
			      "mapping: `tsunagi inspect FILE` shows them.");
		return rc;
	}
	for (uint32_t i = 0; i < want; i++)
		connect(b, i, i);
	return HUB_OK;
}

static int bind_names(struct hub_bound *bound, struct binder *b, struct hub_buf *patch,
		      struct hub_err *err)
{
	char fold[NAME_BYTES];
	struct hub_str *folded = hub_alloc_array(b->arena, (size_t)b->n + 1, sizeof *folded);

	if (!folded)
		return hub_fail_mem(err);
	for (uint32_t i = 0; i < b->n; i++) {
		const size_t len = hub_schema_fold(b->header[i], 1, fold, sizeof fold);
		folded[i] = hub_arena_str(b->arena, (struct hub_str){fold, len});
		if (!folded[i].ptr)
			return hub_fail_mem(err);
	}
	b->folded = folded;
	if (align(b))
		return hub_fail_mem(err);
	for (uint32_t i = 0; i < b->edits; i++) {
		if (b->edit[i].type >= MISSING)
			return report_drift(b, patch, err);
		if (b->edit[i].type == SAME)
			connect(bound, b->edit[i].want, b->edit[i].have);
	}
	return HUB_OK;
}

int hub_mapping_bind(struct hub_arena *a, const struct hub_mapping *m, const struct hub_str *header,
		     uint32_t n, struct hub_bound **out, struct hub_buf *patch, struct hub_err *err)
{
	struct hub_bound *bound = new_bound(a, m, header, n);
	struct binder b = {.arena = a, .m = m, .header = header, .n = n};

	if (!bound)
		return hub_fail_mem(err);
	const int rc = m->by_place ? bind_places(bound, n, err) : bind_names(bound, &b, patch, err);
	if (rc)
		return rc;
	*out = bound;
	return HUB_OK;
}
