#include "intake/detect_rows.h"

#include "base/err.h"

enum { MAX_OTHER = 24 };

/* People of one source record. */
struct roster {
	struct hub_person *person;
	uint32_t n;
	struct hub_str stamp; /* ptr NULL: not asked for yet */
};

static int is_name(const struct hub_field *f)
{
	return f->type == HUB_F_NAME;
}

static struct hub_str value(const struct hub_rows *b, uint32_t col, uint32_t r)
{
	return b->col[col].cell[r] == HUB_VALUE ? b->col[col].text[r] : (struct hub_str){NULL, 0};
}

static int64_t column(const struct hub_rows *b, const char *name)
{
	for (uint32_t c = 0; c < b->cols; c++)
		if (hub_str_is(b->field[c]->name, name))
			return c;
	return -1;
}

/* Columns of a person block; -1: not mapped. */
struct person_cols {
	int64_t name, name_kana, address, phone, birth_date, part[5];
};

static struct person_cols find_columns(const struct hub_rows *b)
{
	static const char *const parts[] = {"addr_pref", "addr_city", "addr_town", "addr_block",
					    "addr_street"};
	struct person_cols p = {.name = column(b, "name"),
				.name_kana = column(b, "name_kana"),
				.address = column(b, "address"),
				.phone = column(b, "phone"),
				.birth_date = column(b, "birth_date")};

	for (size_t i = 0; i < HUB_COUNT(parts); i++)
		p.part[i] = column(b, parts[i]);
	return p;
}

static struct hub_str at_column(const struct hub_rows *b, int64_t col, uint32_t r)
{
	return col < 0 ? (struct hub_str){NULL, 0} : value(b, (uint32_t)col, r);
}

/* One line of address, joined from its parts when the record has no whole one. */
static struct hub_str address_of(struct hub_arena *a, const struct hub_rows *b,
				 const struct person_cols *of, uint32_t r)
{
	struct hub_str whole = at_column(b, of->address, r);

	if (whole.len)
		return whole;
	for (size_t i = 0; i < HUB_COUNT(of->part); i++) {
		const struct hub_str p = at_column(b, of->part[i], r);
		if (p.len)
			whole = whole.len
				    ? hub_arena_printf(a, "%.*s%.*s", HUB_FMT(whole), HUB_FMT(p))
				    : p;
	}
	return whole;
}

/* A further string of a person: a name, a reading, a telephone or an address. */
static int is_other(const struct hub_field *f)
{
	return is_name(f) || f->type == HUB_F_KANA || f->type == HUB_F_PHONE ||
	       f->type == HUB_F_ADDRESS || hub_str_is(f->name, "addr_street") ||
	       hub_str_is(f->name, "nicknames");
}

static int others_of(struct hub_arena *a, const struct hub_rows *b, uint32_t r,
		     struct hub_person *p)
{
	struct hub_str other[MAX_OTHER];
	uint32_t n = 0;

	for (uint32_t c = 0; c < b->cols && n < MAX_OTHER; c++) {
		const struct hub_str v = value(b, c, r);
		if (v.len && is_other(b->field[c]) && v.ptr != p->name.ptr &&
		    v.ptr != p->name_kana.ptr && v.ptr != p->address.ptr && v.ptr != p->phone.ptr)
			other[n++] = v;
	}
	struct hub_str *kept = n ? hub_alloc_array(a, n, sizeof *kept) : NULL;
	if (n && !kept)
		return -1;
	if (n)
		memcpy(kept, other, n * sizeof *kept);
	p->other = kept;
	p->others = n;
	return 0;
}

/* The first person of a record is the one it is about; others are people it mentions. */
static int person_of(struct hub_arena *a, const struct hub_rows *b, const struct person_cols *of,
		     uint32_t r, struct roster *to)
{
	struct hub_person *p = &to->person[to->n];

	*p = (struct hub_person){.name = at_column(b, of->name, r),
				 .name_kana = at_column(b, of->name_kana, r),
				 .address = address_of(a, b, of, r),
				 .phone = at_column(b, of->phone, r),
				 .birth_date = at_column(b, of->birth_date, r),
				 .relation =
				     to->n == 0 ? HUB_STR("本人") : (struct hub_str){NULL, 0},
				 .id = to->n == 0 ? HUB_STR("self") : HUB_STR("other")};
	to->n++;
	return others_of(a, b, r, p);
}

static void names_of(const struct hub_rows *b, uint32_t r, struct roster *to)
{
	const int staff = hub_str_is(b->entity->name, "staff");

	for (uint32_t c = 0; c < b->cols; c++) {
		const struct hub_str v = value(b, c, r);
		if (is_name(b->field[c]) && v.len)
			to->person[to->n++] = (struct hub_person){
			    .name = v,
			    .relation = staff ? HUB_STR("職員") : (struct hub_str){NULL, 0},
			    .id = staff ? HUB_STR("staff") : HUB_STR("other")};
	}
}

static uint32_t people_per_row(const struct hub_rows *b)
{
	uint32_t n = 0;

	if (hub_str_is(b->entity->name, "person"))
		return 1;
	for (uint32_t c = 0; c < b->cols; c++)
		n += (uint32_t)is_name(b->field[c]);
	return n;
}

static int make_rosters(struct hub_chunk *c, struct roster *of, struct hub_err *err)
{
	for (uint32_t k = 0; k < c->blocks; k++) {
		const uint32_t per = people_per_row(&c->rows[k]);
		for (uint32_t r = 0; r < c->rows[k].n; r++)
			of[c->rows[k].src[r]].n += per;
	}
	for (uint32_t i = 0; i < c->n; i++) {
		if (of[i].n &&
		    !(of[i].person = hub_alloc_array(c->arena, of[i].n, sizeof *of[i].person)))
			return hub_fail_mem(err);
		of[i].n = 0;
	}
	/* persons first, so that the one the record is about stands at the head */
	for (int persons = 1; persons >= 0; persons--) {
		for (uint32_t k = 0; k < c->blocks; k++) {
			const struct hub_rows *b = &c->rows[k];
			if (hub_str_is(b->entity->name, "person") != persons || !people_per_row(b))
				continue;
			const struct person_cols cols = find_columns(b);
			for (uint32_t r = 0; r < b->n; r++) {
				if (!persons)
					names_of(b, r, &of[b->src[r]]);
				else if (person_of(c->arena, b, &cols, r, &of[b->src[r]]))
					return hub_fail_mem(err);
			}
		}
	}
	return HUB_OK;
}

/* Where a document came from. */
struct place {
	struct hub_rows *rows;
	uint32_t col, r;
};

static uint32_t narratives_of(const struct hub_rows *b, enum hub_detect_which which)
{
	uint32_t n = 0;

	if (which == HUB_DETECT_SHARED && !(b->entity->identified && b->key.cell))
		return 0;
	for (uint32_t col = 0; col < b->cols; col++)
		n += b->field[col]->type == HUB_F_NARRATIVE;
	return n;
}

static uint32_t count_docs(const struct hub_chunk *c, enum hub_detect_which which)
{
	uint32_t n = 0;

	for (uint32_t k = 0; k < c->blocks; k++)
		n += narratives_of(&c->rows[k], which) * c->rows[k].n;
	return n;
}

static int prepare_block(struct hub_chunk *c, struct hub_rows *b, struct hub_err *err)
{
	b->spans = hub_alloc_array(c->arena, b->cols + 1, sizeof *b->spans);
	b->scan = hub_alloc_array(c->arena, b->n + 1, sizeof *b->scan);
	if (!b->spans || !b->scan)
		return hub_fail_mem(err);
	for (uint32_t col = 0; col < b->cols; col++) {
		if (b->field[col]->type != HUB_F_NARRATIVE)
			continue;
		b->spans[col].cell = hub_alloc_array(c->arena, b->n + 1, 1);
		b->spans[col].text =
		    hub_alloc_array(c->arena, b->n + 1, sizeof *b->spans[col].text);
		if (!b->spans[col].cell || !b->spans[col].text)
			return hub_fail_mem(err);
	}
	return HUB_OK;
}

static int stamp_roster(struct hub_arena *a, struct hub_str version, struct roster *ro)
{
	char *hex = ro->stamp.ptr ? NULL : hub_alloc(a, 33);

	if (ro->stamp.ptr)
		return 0;
	if (!hex)
		return -1;
	hub_roster_stamp(version, ro->person, ro->n, hex);
	ro->stamp = (struct hub_str){hex, 32};
	return 0;
}

/* A row without a text has nothing to scan and no stamp. */
static int collect(struct hub_chunk *c, struct roster *of, struct hub_str version,
		   enum hub_detect_which which, struct hub_doc *doc, struct place *place,
		   uint32_t *docs, struct hub_err *err)
{
	for (uint32_t k = 0; k < c->blocks; k++) {
		struct hub_rows *b = &c->rows[k];
		const int rc = narratives_of(b, which) ? prepare_block(c, b, err) : HUB_OK;
		if (rc)
			return rc;
		for (uint32_t col = 0; b->scan && col < b->cols; col++)
			for (uint32_t r = 0; b->spans[col].cell && r < b->n; r++) {
				struct roster *ro = &of[b->src[r]];
				if (b->col[col].cell[r] != HUB_VALUE)
					continue;
				if (stamp_roster(c->arena, version, ro))
					return hub_fail_mem(err);
				b->scan[r] = ro->stamp;
				doc[*docs] = (struct hub_doc){.text = b->col[col].text[r],
							      .roster = ro->person,
							      .persons = ro->n};
				place[(*docs)++] = (struct place){b, col, r};
			}
	}
	return HUB_OK;
}

/* The texts of one record side by side, so that its roster is built once for all of them. */
static int by_record(const struct hub_chunk *c, struct hub_arena *a, uint32_t docs,
		     struct hub_doc **doc, struct place **place)
{
	uint32_t *at = hub_alloc_array(a, (size_t)c->n + 1, sizeof *at);
	struct hub_doc *d = hub_alloc_array(a, (size_t)docs + 1, sizeof *d);
	struct place *p = hub_alloc_array(a, (size_t)docs + 1, sizeof *p);

	if (!at || !d || !p)
		return -1;
	memset(at, 0, ((size_t)c->n + 1) * sizeof *at);
	for (uint32_t i = 0; i < docs; i++)
		at[(*place)[i].rows->src[(*place)[i].r] + 1]++;
	for (uint32_t i = 0; i < c->n; i++)
		at[i + 1] += at[i];
	for (uint32_t i = 0; i < docs; i++) {
		const uint32_t to = at[(*place)[i].rows->src[(*place)[i].r]]++;
		d[to] = (*doc)[i];
		p[to] = (*place)[i];
	}
	*doc = d;
	*place = p;
	return 0;
}

int hub_detect_rows(struct hub_detect *d, struct hub_str version, struct hub_chunk *c,
		    enum hub_detect_which which, struct hub_err *err)
{
	const uint32_t most = count_docs(c, which);
	const struct hub_span *span;
	uint32_t docs = 0;
	size_t spans;
	int rc;

	if (most == 0)
		return HUB_OK;
	/* chunks wait for their turn: what only this pass needs is not in their memory */
	struct hub_arena *a = hub_detect_room(d);
	struct roster *of = a ? hub_alloc_array(a, c->n + 1, sizeof *of) : NULL;
	struct hub_doc *doc = a ? hub_alloc_array(a, most + 1, sizeof *doc) : NULL;
	struct place *place = a ? hub_alloc_array(a, most + 1, sizeof *place) : NULL;
	if (!of || !doc || !place)
		return hub_fail_mem(err);
	if ((rc = make_rosters(c, of, err)) ||
	    (rc = collect(c, of, version, which, doc, place, &docs, err)))
		return rc;
	if (by_record(c, a, docs, &doc, &place))
		return hub_fail_mem(err);
	if ((rc = hub_detect_run(d, a, doc, docs, &span, &spans, err)))
		return rc;

	HUB_AUTO(buf) struct hub_buf json;
	hub_buf_init(&json, 64 << 20);
	for (size_t i = 0, next; i < spans; i = next) {
		const uint32_t at = span[i].doc;
		for (next = i; next < spans && span[next].doc == at; next++)
			;
		hub_buf_reset(&json);
		hub_spans_json(&doc[at], &span[i], next - i, &json);
		struct hub_vec *v = &place[at].rows->spans[place[at].col];
		v->text[place[at].r] = hub_arena_str(c->arena, hub_buf_text(&json));
		if (!hub_buf_ok(&json) || !v->text[place[at].r].ptr)
			return hub_fail_mem(err);
		v->cell[place[at].r] = HUB_VALUE;
	}
	return HUB_OK;
}
