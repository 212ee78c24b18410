/* Lines of a table that are no records: notes below it, totals, titles of its sections, its header again on
 * every page. They say nothing about the columns, and the mapping leaves them out. */
#include "intake/guess_in.h"

enum { FEW_COLUMNS = 5, SPARSE = 5 };

static int has(const struct hub_batch *b, uint32_t c, uint32_t r)
{
	return b->col[c].cell[r] == HUB_VALUE && hub_str_trim(b->col[c].text[r]).len > 0;
}

/* The name itself, or one line of a header of several: 対象者 and 氏名 of 対象者_氏名. */
static int is_of_name(struct hub_str text, struct hub_str name)
{
	text = hub_str_trim(text);
	name = hub_str_trim(name);
	return hub_str_eq(text, name) ||
	       (text.len < name.len &&
		((hub_str_starts(name, text) && name.ptr[text.len] == '_') ||
		 (hub_str_ends(name, text) && name.ptr[name.len - text.len - 1] == '_')));
}

enum guess_odd hub_guess_odd(const struct hub_guess *g, const struct hub_batch *b, uint32_t r)
{
	uint32_t filled = 0, names = 0;

	for (uint32_t c = 0; c < b->cols; c++) {
		if (!has(b, c, r))
			continue;
		filled++;
		names += is_of_name(b->col[c].text[r], b->col[c].name) ? 1u : 0u;
	}
	if (g->has_header && filled >= 2 && names == filled)
		return GUESS_HEADER_AGAIN;
	return b->cols >= FEW_COLUMNS && filled * SPARSE <= b->cols ? GUESS_SPARSE : GUESS_RECORD;
}

static int note_name(struct hub_guess *g, struct guess_col *c, struct hub_str text)
{
	for (uint32_t i = 0; i < c->again; i++)
		if (hub_str_eq(c->said[i], text))
			return 0;
	if (c->again < GUESS_SAID)
		c->said[c->again] = hub_arena_str(g->arena, text);
	c->again++;
	return c->said[0].ptr ? 0 : -1;
}

int hub_guess_odd_note(struct hub_guess *g, const struct hub_batch *b, uint32_t r,
		       enum guess_odd odd)
{
	const enum hub_enc enc = b->encoding.len ? hub_enc_of(b->encoding) : HUB_ENC_UTF8;
	size_t used;

	for (uint32_t c = 0; c < b->cols && c < g->cols; c++) {
		if (!has(b, c, r))
			continue;
		if (odd == GUESS_SPARSE) {
			g->col[c].odd_filled++;
			continue;
		}
		const struct hub_str text =
		    hub_decode_arena(g->arena, enc, b->col[c].text[r], &used, NULL);
		if (!text.ptr || note_name(g, &g->col[c], text))
			return -1;
	}
	return 0;
}

/* The column that tells records from the other lines: every record has it, no note does. A name is best. */
static const struct guess_col *telling_column(const struct hub_guess *g)
{
	const struct guess_col *best = NULL;
	int most = 0;

	for (uint32_t i = 0; i < g->cols; i++) {
		const struct guess_col *c = &g->col[i];
		if (c->filled != g->rows || c->odd_filled || c->again > GUESS_SAID ||
		    c->forbidden || c->dropped || c->drop)
			continue;
		const int merit = 1 + (c->field != NULL) +
				  2 * (c->field && (c->field->flags & HUB_FF_REQUIRED) != 0);
		if (merit > most) {
			most = merit;
			best = c;
		}
	}
	return best;
}

static void put_literal(struct hub_buf *b, struct hub_str s)
{
	hub_buf_putc(b, '\'');
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '\'')
			hub_buf_putc(b, '\'');
		hub_buf_putc(b, s.ptr[i]);
	}
	hub_buf_putc(b, '\'');
}

struct hub_str hub_guess_scope(const struct hub_guess *g)
{
	const struct guess_col *c = g->leave_odd ? telling_column(g) : NULL;
	struct hub_buf b;
	int any = 0;

	if (!c)
		return HUB_STR("");
	hub_buf_init(&b, 1 << 16);
	if (g->sparse) {
		hub_buf_printf(&b, "present(%.*s)", HUB_FMT(c->ref));
		any = 1;
	}
	for (uint32_t i = 0; i < c->again && i < GUESS_SAID; i++) {
		hub_buf_printf(&b, "%s%.*s != ", any++ ? " and " : "", HUB_FMT(c->ref));
		put_literal(&b, c->said[i]);
	}
	const struct hub_str out = hub_buf_keep(&b, g->arena);
	hub_buf_free(&b);
	return out;
}
