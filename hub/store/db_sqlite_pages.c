/* Records and pages in SQLite's file format, which is documented and does not change
 * (www.sqlite.org/fileformat2.html), and the insert that fills them. */
#include "store/db_sqlite_image.h"

/* --- records ---------------------------------------------------------------------------------- */

size_t hub_varint_len(uint64_t v)
{
	size_t n = 1;

	while (n < 9 && v >> (7 * n))
		n++;
	return n;
}

unsigned char *hub_varint_put(unsigned char *p, uint64_t v)
{
	size_t n = hub_varint_len(v);

	if (n == 1) {
		*p = (unsigned char)v;
		return p + 1;
	}
	if (n == 9) {
		p[8] = (unsigned char)v;
		v >>= 8;
		for (size_t i = 8; i-- > 0; v >>= 7)
			p[i] = (unsigned char)(v | 0x80);
		return p + 9;
	}
	for (size_t i = n; i-- > 0; v >>= 7)
		p[i] = (unsigned char)((v & 0x7f) | (i + 1 < n ? 0x80 : 0));
	return p + n;
}

struct image_cell hub_image_int(uint32_t at, int64_t v)
{
	/* serial types 1 to 6: 1, 2, 3, 4, 6, 8 bytes; 8 and 9 are the numbers 0 and 1 */
	static const uint8_t serial[] = {1, 1, 2, 3, 4, 5, 5, 6, 6}, len[] = {0, 1, 2, 3, 4, 6, 8};
	const uint64_t size = (uint64_t)(v < 0 ? ~v : v);
	const unsigned bits = size ? 64 - (unsigned)__builtin_clzll(size) : 0;
	const uint8_t s = serial[bits / 8 + 1 > 8 ? 8 : bits / 8 + 1];

	if (v == 0 || v == 1)
		return (struct image_cell){at, 8 + (uint32_t)v, NULL, 0, v};
	return (struct image_cell){at, s, NULL, len[s], v};
}

struct image_cell hub_image_bytes(uint32_t at, struct hub_str s, enum hub_dbtype type)
{
	/* what is longer than a page is refused by its length */
	const uint32_t n = s.len < IMAGE_PAGE ? (uint32_t)s.len : IMAGE_PAGE;

	return (struct image_cell){at, n * 2 + (type == HUB_DB_TEXT ? 13 : 12), s.ptr, s.len, 0};
}

size_t hub_record_size(const struct image_cell *c, uint32_t n, uint32_t cols, size_t *head)
{
	size_t heads = cols, body = 0;

	for (uint32_t i = 0; i < n; i++) {
		heads += (size_t)(c[i].serial >= 1 << 7) + (size_t)(c[i].serial >= 1 << 14);
		body += c[i].len;
	}
	/* the header's length counts itself */
	*head = heads + (heads < 127 ? 1 : 2);
	return *head + body;
}

static void put_number(unsigned char *p, const struct image_cell *c)
{
	const uint64_t v = __builtin_bswap64((uint64_t)c->num << (64 - 8 * c->len));

	memcpy(p, &v, c->len);
}

void hub_record_put(unsigned char *p, size_t head, const struct image_cell *c, uint32_t n)
{
	unsigned char *body = p + head, *type = hub_varint_put(p, head);

	memset(type, 0, (size_t)(body - type));
	for (uint32_t i = 0; i < n; i++) {
		unsigned char *at = type + c[i].at;

		if (c[i].serial < 128)
			*at = (unsigned char)c[i].serial;
		else /* moves the columns behind it by what it is longer than one byte */
			type += hub_varint_put(at, c[i].serial) - at - 1;
		if (c[i].ptr)
			memcpy(body, c[i].ptr, c[i].len);
		else if (c[i].len)
			put_number(body, &c[i]);
		body += c[i].len;
	}
}

/* --- pages ------------------------------------------------------------------------------------ */

static void put16(unsigned char *p, uint32_t v)
{
	p[0] = (unsigned char)(v >> 8);
	p[1] = (unsigned char)v;
}

static void put32(unsigned char *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p + 2, v);
}

void hub_image_fill(struct image_fill *f, unsigned char *page, uint32_t head)
{
	*f = (struct image_fill){page, head, 0, IMAGE_PAGE};
}

int hub_image_room(const struct image_fill *f, size_t n)
{
	return f->head + 2 * ((size_t)f->cells + 1) + n <= f->top;
}

unsigned char *hub_image_cell(struct image_fill *f, size_t n)
{
	f->top -= (uint32_t)n;
	put16(f->page + f->head + 2 * f->cells++, f->top);
	return f->page + f->top;
}

void hub_image_close(struct image_fill *f, uint32_t at, int kind, uint32_t right)
{
	unsigned char *p = f->page + at;

	p[0] = (unsigned char)kind;
	put16(p + 1, 0);
	put16(p + 3, f->cells);
	put16(p + 5, f->top);
	p[7] = 0;
	if (kind == PAGE_TABLE_INNER)
		put32(p + 8, right);
}

/* --- rows ------------------------------------------------------------------------------------- */

/* format, 1.6: the most that a leaf keeps of a record without overflow */
enum { MOST_IN_LEAF = IMAGE_PAGE - 35, INNER_HEAD = 12, FIRST_LEAF = IMAGE_ROOT + 1 };

struct filling {
	struct sqlite *s;
	struct sqlite_image *m;
	const struct image_plan *plan;
	const struct hub_db_rows *in;
	struct hub_err *err;
	struct image_fill inner, leaf;
	uint32_t leaves, from; /* from: first row of the image */
	int64_t last;          /* highest id in the leaf */
	int64_t id;            /* of the row in m->cell */
	uint32_t cells;
};

static int cell_text(struct image_cell *c, struct hub_str s, enum hub_dbtype type)
{
	if (!s.ptr)
		return HUB_DB_NULL;
	*c = hub_image_bytes(c->at, s, type);
	return (int)type;
}

static int cell_int(struct image_cell *c, int64_t v)
{
	*c = hub_image_int(c->at, v);
	return HUB_DB_INT;
}

static int cell_val(struct image_cell *c, const struct hub_dbval *v)
{
	if (v->type == HUB_DB_NULL)
		return HUB_DB_NULL;
	return v->type == HUB_DB_INT ? cell_int(c, v->i) : cell_text(c, v->s, v->type);
}

/* The same values as those of hub_rows (db_sqlite_rows.c). Returns the type; sets a cell that is not null. */
static int cell_of(const struct hub_dbcol *c, uint32_t r, struct image_cell *out)
{
	const int there = !c->cell || c->cell[r] == HUB_VALUE;
	int64_t n;

	switch (c->kind) {
	case HUB_COL_INT:
		return cell_int(out, c->num[r]);
	case HUB_COL_REF:
		return c->num[r] ? cell_int(out, c->num[r]) : HUB_DB_NULL;
	case HUB_COL_SAME_INT:
		return cell_int(out, c->num[0]);
	case HUB_COL_TEXT:
		return there ? cell_text(out, c->text[r], HUB_DB_TEXT) : HUB_DB_NULL;
	case HUB_COL_TEXT_INT:
		return there && c->text[r].ptr &&
			       !hub_parse_i64(c->text[r], INT64_MIN, INT64_MAX, &n)
			   ? cell_int(out, n)
			   : HUB_DB_NULL;
	case HUB_COL_BLOB:
		return cell_text(out, c->text[r], HUB_DB_BLOB);
	case HUB_COL_VAL:
		return cell_val(out, &c->val[r][c->at]);
	case HUB_COL_NONE:
		break;
	}
	return HUB_DB_NULL;
}

/* The values of row i, those that are not null. -1: one that its column does not take, which SQLite is to refuse
 * in its own words. */
static int row_cells(struct filling *f, uint32_t i)
{
	const struct image_plan *plan = f->plan;
	const struct hub_dbcol *col = hub_db_columns(f->in, i);
	const uint32_t r = f->in->pick ? f->in->pick[i] : i;
	struct image_cell *cell = f->m->cell, id;

	if (cell_of(&col[plan->id], r, &id) != HUB_DB_INT)
		return -1;
	f->id = id.num;
	f->cells = 0;
	for (uint32_t u = 0; u < plan->uses; u++) {
		const struct image_use *use = &plan->use[u];
		cell[f->cells].at = use->col;
		const int type = cell_of(&col[use->from], r, &cell[f->cells]);

		if (type == HUB_DB_NULL ? use->must : type != use->type)
			return -1;
		f->cells += type != HUB_DB_NULL;
	}
	return 0;
}

static void new_leaf(struct filling *f)
{
	hub_image_fill(&f->leaf, image_page(f->m, FIRST_LEAF + f->leaves++), IMAGE_LEAF_HEAD);
}

static void new_image(struct filling *f, uint32_t from)
{
	f->from = from;
	f->leaves = 0;
	new_leaf(f);
	hub_image_fill(&f->inner, image_page(f->m, IMAGE_ROOT), INNER_HEAD);
}

static void close_leaf(struct filling *f)
{
	const uint64_t key = (uint64_t)f->last;
	unsigned char *p = hub_image_cell(&f->inner, 4 + hub_varint_len(key));

	hub_image_close(&f->leaf, 0, PAGE_TABLE_LEAF, 0);
	put32(p, FIRST_LEAF + f->leaves - 1);
	hub_varint_put(p + 4, key);
}

/* One leaf is the root itself: an inner page without a cell would be taken for damage. */
static void close_image(struct filling *f)
{
	const uint32_t last = FIRST_LEAF + f->leaves - 1;

	hub_image_close(&f->leaf, 0, PAGE_TABLE_LEAF, 0);
	if (f->leaves > 1) {
		hub_image_close(&f->inner, 0, PAGE_TABLE_INNER, last);
		return;
	}
	unsigned char *root = image_page(f->m, IMAGE_ROOT);
	const size_t list = IMAGE_LEAF_HEAD + 2 * (size_t)f->leaf.cells;
	memcpy(root, f->leaf.page, list);
	memcpy(root + f->leaf.top, f->leaf.page + f->leaf.top, IMAGE_PAGE - f->leaf.top);
}

/* Rows up to `to` move into the store. */
static int move(struct filling *f, uint32_t to)
{
	struct hub_db *db = &f->s->db;
	struct hub_query *q = NULL;

	if (to == f->from)
		return HUB_OK;
	close_image(f);
	int rc = db->ops->prepare(db, f->plan->t->insert, &q, f->err);
	if (rc)
		return rc;
	rc = hub_db_next(q, f->err);
	const int64_t moved = db->ops->changes(db);
	hub_db_done(q);
	if (rc == HUB_END && moved != to - f->from)
		return hub_fail(f->err, HUB_FATAL, "internal", "%lld of %u rows were moved",
				(long long)moved, to - f->from);
	return rc == HUB_END ? HUB_OK : rc;
}

/* 1: in the image; 0: the image is full; -1: not a row for an image. */
static int put_row(struct filling *f, uint32_t i)
{
	const struct image_table *t = f->plan->t;
	size_t head;

	if (row_cells(f, i))
		return -1;
	const uint32_t last = f->cells ? f->m->cell[f->cells - 1].at + 1 : 1;
	const size_t bytes =
	    hub_record_size(f->m->cell, f->cells, last > t->least ? last : t->least, &head);
	if (bytes > MOST_IN_LEAF)
		return -1;
	const size_t all = hub_varint_len(bytes) + hub_varint_len((uint64_t)f->id) + bytes;
	if (!hub_image_room(&f->leaf, all)) {
		if (f->leaves == IMAGE_LEAVES)
			return 0;
		close_leaf(f);
		new_leaf(f);
	}
	unsigned char *p = hub_image_cell(&f->leaf, all);
	p = hub_varint_put(hub_varint_put(p, bytes), (uint64_t)f->id);
	hub_record_put(p, head, f->m->cell, f->cells);
	f->last = f->id;
	return 1;
}

int hub_sqlite_insert_pages(struct sqlite *s, const struct image_plan *plan,
			    const struct hub_db_rows *in, struct hub_err *err)
{
	struct filling f = {.s = s, .m = s->image, .plan = plan, .in = in, .err = err};
	int rc = HUB_OK;

	new_image(&f, 0);
	for (uint32_t i = 0; i < in->n && !rc; i++) {
		int done = put_row(&f, i);

		if (done == 1)
			continue;
		if ((rc = move(&f, i)))
			break;
		new_image(&f, i);
		if (!done)
			done = put_row(&f, i);
		if (done == 1)
			continue;
		rc = hub_sqlite_insert_rows(s, in, i, i + 1, err);
		new_image(&f, i + 1);
	}
	return rc ? rc : move(&f, in->n);
}
