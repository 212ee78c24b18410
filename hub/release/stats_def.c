/* Reads a definition of statistics and resolves every name in it against the schema. */
#include "release/stats.h"

#include "base/err.h"
#include "base/hash.h"
#include "base/io.h"
#include "release/conf_read.h"

enum { SLOTS_MAX = 64, UNKNOWN = 1, FILE_LIMIT = 4 << 20 };

static const struct hub_stat_category nobody_said = {{"-", 1}, {"不明・未記入", 18}, 0, 0};

struct raw_set {
	struct hub_str title, note;
	int64_t small;
	const config_setting_t *breakdowns, *measures;
};

#define IN_SET(field) .offset = offsetof(struct raw_set, field)
static const struct hub_opt set_opts[] = {
    {.name = "title", .type = HUB_O_TEXT, IN_SET(title), .flags = HUB_OPT_REQUIRED},
    {.name = "note", .type = HUB_O_TEXT, IN_SET(note)},
    {.name = "small",
     .type = HUB_O_INT,
     IN_SET(small),
     .dflt = "5",
     .min = HUB_STAT_SMALL_LEAST,
     .max = HUB_STAT_SMALL_MOST},
    {.name = "breakdowns", .type = HUB_KEY_GROUP, IN_SET(breakdowns)},
    {.name = "measures", .type = HUB_KEY_GROUP, IN_SET(measures), .flags = HUB_OPT_REQUIRED},
    {.name = NULL}};

struct raw_by {
	struct hub_str label;
	const config_setting_t *field, *bands;
};

#define IN_BY(name) .offset = offsetof(struct raw_by, name)
static const struct hub_opt by_opts[] = {
    {.name = "label", .type = HUB_O_TEXT, IN_BY(label), .flags = HUB_OPT_REQUIRED},
    {.name = "field", .type = HUB_KEY_ANY, IN_BY(field), .flags = HUB_OPT_REQUIRED},
    {.name = "bands", .type = HUB_KEY_LIST, IN_BY(bands)},
    {.name = NULL}};

static const char *const sources[] = {"S", "P", "V", "K", "I", "L", NULL};

struct raw_measure {
	struct hub_str label, unit, of, on, each;
	int64_t source;
	const config_setting_t *from, *until, *where, *unless, *distinct, *by;
};

#define IN_M(field) .offset = offsetof(struct raw_measure, field)
static const struct hub_opt measure_opts[] = {
    {.name = "label", .type = HUB_O_TEXT, IN_M(label), .flags = HUB_OPT_REQUIRED},
    {.name = "unit", .type = HUB_O_TEXT, IN_M(unit), .flags = HUB_OPT_REQUIRED},
    {.name = "source", .type = HUB_O_ENUM, IN_M(source), .words = sources, .dflt = "L"},
    {.name = "of", .type = HUB_O_TEXT, IN_M(of), .flags = HUB_OPT_REQUIRED},
    {.name = "on", .type = HUB_O_TEXT, IN_M(on)},
    {.name = "from", .type = HUB_KEY_ANY, IN_M(from)},
    {.name = "until", .type = HUB_KEY_ANY, IN_M(until)},
    {.name = "where", .type = HUB_KEY_GROUP, IN_M(where)},
    {.name = "unless", .type = HUB_KEY_GROUP, IN_M(unless)},
    {.name = "distinct", .type = HUB_KEY_ANY, IN_M(distinct)},
    {.name = "each", .type = HUB_O_TEXT, IN_M(each)},
    {.name = "by", .type = HUB_KEY_LIST, IN_M(by)},
    {.name = NULL}};

struct load {
	struct hub_arena *a;
	struct hub_report *r;
	const struct hub_schema *schema;
	const config_setting_t *breakdowns;
	struct hub_stat_set *set;
	int rc;
};

/* The measure being read. */
struct measure {
	struct load *l;
	struct hub_stat *m;
	struct hub_stat_slot slot[SLOTS_MAX];
	uint32_t slots;
};

/* Goes on after a problem, but not without memory: 1. */
static int note(struct load *l, int rc)
{
	if (l->rc == HUB_OK || rc == HUB_FATAL)
		l->rc = rc;
	return l->rc == HUB_FATAL;
}

static void complain(struct load *l, struct hub_place place, const struct hub_err *e)
{
	hub_report_add(l->r, place, e);
	note(l, HUB_CONF);
}

static int take(struct load *l, const config_setting_t *group, const struct hub_opt *opts,
		const char *owner, void *to)
{
	const struct hub_keys keys = {.opts = opts, .owner = owner};
	const int rc = hub_conf_take(group, &keys, l->a, to, NULL, l->r);

	note(l, rc);
	return rc;
}

/* --- columns ---------------------------------------------------------------------------------------- */

/* Can a row of the measure's entity find a row of e? */
static int reaches(const struct hub_entity *from, const struct hub_entity *e)
{
	if (e == from)
		return 1;
	if (hub_str_is(e->name, "person"))
		return from->subject != HUB_SUBJECT_NONE && from->subject != HUB_SUBJECT_MEMBERS;
	const int has_case = from->case_ref || hub_str_is(from->name, "case");
	return has_case && (e->case_ref || hub_str_is(e->name, "case"));
}

/* "field" of the counted entity, or "entity.field". NULL: said so. */
static const struct hub_field *find_field(struct measure *x, struct hub_place at,
					  struct hub_str name, const struct hub_entity **entity)
{
	struct load *l = x->l;
	const size_t dot = hub_str_find(name, HUB_STR("."), 0);
	const struct hub_entity *own = x->m->entity, *e = own;
	struct hub_str field = name;
	struct hub_err err;

	if (dot != (size_t)-1) {
		e = hub_schema_entity(l->schema, hub_str_cut(name, 0, dot));
		field = hub_str_from(name, dot + 1);
	}
	const struct hub_field *f = e ? hub_schema_field(e, field) : NULL;
	if (f && reaches(own, e)) {
		*entity = e;
		return f;
	}
	if (!e)
		hub_fail(&err, HUB_CONF, "unknown-entity", "there is no entity \"%.*s\"",
			 HUB_FMT(hub_str_cut(name, 0, dot)));
	else if (!f)
		hub_fail(&err, HUB_CONF, "unknown-field", "%.*s has no field \"%.*s\"",
			 HUB_FMT(e->name), HUB_FMT(field));
	else
		hub_fail(&err, HUB_CONF, "unreachable-field",
			 "from a row of %.*s there is no way to %.*s", HUB_FMT(own->name),
			 HUB_FMT(e->name));
	hub_hint(&err,
		 "Name a field of the counted entity, or person.FIELD, or ENTITY.FIELD of the "
		 "same case; `tsunagi schema --as md` lists them.");
	complain(l, at, &err);
	return NULL;
}

/* -1: said so. */
static int add_slot(struct measure *x, struct hub_place at, struct hub_str name)
{
	struct hub_stat_slot s;

	s.field = find_field(x, at, name, &s.entity);
	if (!s.field)
		return -1;
	if (x->slots == SLOTS_MAX) {
		struct hub_err err;
		hub_fail(&err, HUB_CONF, "too-many-fields", "a measure may use %d fields",
			 (int)SLOTS_MAX);
		complain(x->l, at, &err);
		return -1;
	}
	x->slot[x->slots] = s;
	return (int)x->slots++;
}

/* A text or a list of texts: as many new slots, one behind the other. */
static uint32_t add_slots(struct measure *x, const config_setting_t *s, uint32_t *first)
{
	const unsigned n = hub_conf_text(s).ptr ? 1 : hub_conf_count(s);

	*first = x->slots;
	for (unsigned i = 0; i < n; i++) {
		const config_setting_t *item = hub_conf_text(s).ptr ? s : hub_conf_child(s, i);
		add_slot(x, hub_conf_value_place(item), hub_conf_text(item));
	}
	return x->slots - *first;
}

static int is_day(const struct hub_field *f)
{
	return f->type == HUB_F_DATE || f->type == HUB_F_DATETIME || f->type == HUB_F_MONTH;
}

static void want_days(struct measure *x, const config_setting_t *at, uint32_t first, uint32_t n)
{
	for (uint32_t i = first; i < first + n; i++) {
		const struct hub_field *f = x->slot[i].field;
		struct hub_err e;
		if (is_day(f))
			continue;
		hub_fail(&e, HUB_CONF, "no-date-field", "%.*s.%.*s is no date",
			 HUB_FMT(f->entity->name), HUB_FMT(f->name));
		hub_hint(&e, "Name the field that holds the day on which it counts.");
		complain(x->l, hub_conf_place(at), &e);
	}
}

/* --- breakdowns -------------------------------------------------------------------------------------- */

static void take_bands(struct load *l, const config_setting_t *bands, struct hub_stat_category *cat,
		       uint32_t *n)
{
	for (unsigned i = 0; i < hub_conf_count(bands); i++) {
		const config_setting_t *b = hub_conf_child(bands, i);
		const struct hub_str label = hub_conf_text(hub_conf_child(b, 0));
		const config_setting_t *from = hub_conf_child(b, 1), *to = hub_conf_child(b, 2);
		struct hub_err e;

		if (label.len && hub_conf_count(b) == 3 &&
		    config_setting_type(from) == CONFIG_TYPE_INT &&
		    config_setting_type(to) == CONFIG_TYPE_INT &&
		    config_setting_get_int(from) <= config_setting_get_int(to)) {
			const struct hub_str copy = hub_arena_str(l->a, label);
			cat[(*n)++] = (struct hub_stat_category){
			    copy, copy, config_setting_get_int(from), config_setting_get_int(to)};
			continue;
		}
		hub_fail(&e, HUB_CONF, "bad-band", "a band is (\"label\", from, to)");
		hub_hint(&e, "For example (\"20代\", 20, 29).");
		complain(l, hub_conf_value_place(b), &e);
	}
}

static const struct hub_codes *codes_of(const struct load *l, const struct hub_field *f)
{
	return f->type == HUB_F_BOOL ? hub_schema_codes(l->schema, HUB_STR("bool")) : f->codes;
}

/* Categories of a code list in its order. A bool that was answered 不明 is stored as no answer. */
static int take_codes(struct load *l, const struct hub_field *f, const struct hub_codes *codes,
		      struct hub_stat_by *by)
{
	struct hub_stat_category *cat = hub_alloc_array(l->a, codes->count + UNKNOWN, sizeof *cat);

	if (!cat)
		return HUB_FATAL;
	by->several = f->type == HUB_F_CODES;
	for (uint32_t i = 0; i < codes->count; i++)
		if (f->type != HUB_F_BOOL || !hub_str_is(codes->items[i].code, "unknown"))
			cat[by->n++] = (struct hub_stat_category){codes->items[i].code,
								  codes->items[i].label, 0, 0};
	by->cat = cat;
	return HUB_OK;
}

static void take_categories(struct measure *x, const config_setting_t *at, const struct raw_by *raw,
			    struct hub_stat_by *by)
{
	struct load *l = x->l;
	const struct hub_field *f = x->slot[by->slot].field;
	const struct hub_codes *codes = codes_of(l, f);
	struct hub_stat_category *cat;
	struct hub_err e;

	if (raw->bands) {
		const unsigned n = hub_conf_count(raw->bands);
		by->bands = 1;
		if (!(cat = hub_alloc_array(l->a, n + UNKNOWN, sizeof *cat))) {
			note(l, HUB_FATAL);
			return;
		}
		by->cat = cat;
		take_bands(l, raw->bands, cat, &by->n);
	} else if (codes) {
		if (note(l, take_codes(l, f, codes, by)))
			return;
	} else {
		hub_fail(&e, HUB_CONF, "no-categories",
			 "%.*s.%.*s has no code list to break down by", HUB_FMT(f->entity->name),
			 HUB_FMT(f->name));
		hub_hint(&e,
			 "Use a field with codes, or give bands = ((\"label\", from, to), ...).");
		complain(l, hub_conf_place(at), &e);
		return;
	}
	cat = (struct hub_stat_category *)(uintptr_t)by->cat;
	cat[by->n++] = nobody_said;
}

static void take_by(struct measure *x, const config_setting_t *item, struct hub_stat_by *by)
{
	struct load *l = x->l;
	const struct hub_str name = hub_conf_text(item);
	const config_setting_t *s = NULL;
	struct raw_by raw = {0};
	struct hub_err e;

	for (unsigned i = 0; i < hub_conf_count(l->breakdowns); i++)
		if (hub_str_is(name, config_setting_name(hub_conf_child(l->breakdowns, i))))
			s = hub_conf_child(l->breakdowns, i);
	if (!s) {
		hub_fail(&e, HUB_CONF, "unknown-breakdown", "there is no breakdown \"%.*s\"",
			 HUB_FMT(name));
		hub_hint(&e,
			 "Write it under breakdowns: { NAME: { label = ...; field = ...; }; }.");
		complain(l, hub_conf_value_place(item), &e);
		return;
	}
	if (take(l, s, by_opts, "breakdown", &raw) || !raw.field)
		return;
	by->name = hub_arena_str(l->a, name);
	by->label = raw.label;
	by->slots = add_slots(x, raw.field, &by->slot);
	if (by->slots)
		take_categories(x, s, &raw, by);
}

/* --- conditions --------------------------------------------------------------------------------------- */

/* Values of a field with codes are codes or their labels. */
static int take_value(struct load *l, const struct hub_field *f, const config_setting_t *item,
		      struct hub_str *out)
{
	const struct hub_str text = hub_conf_text(item);
	const struct hub_codes *codes = codes_of(l, f);
	struct hub_err e;

	*out = text;
	if (text.len && (!codes || hub_str_is(text, "*")))
		return 0;
	const struct hub_code *c = text.len ? hub_code_find(codes, text) : NULL;
	if (c) {
		*out = c->code;
		return 0;
	}
	hub_fail(&e, HUB_CONF, "unknown-code", "%.*s.%.*s has no code \"%.*s\"",
		 HUB_FMT(f->entity->name), HUB_FMT(f->name), HUB_FMT(text));
	hub_hint(&e, "Write one of its codes or labels, or \"*\" for any; "
		     "`tsunagi schema --as md` lists them.");
	complain(l, hub_conf_value_place(item), &e);
	return -1;
}

static void take_conds(struct measure *x, const config_setting_t *group, int unless,
		       struct hub_stat_cond *cond, uint32_t *n)
{
	struct load *l = x->l;

	for (unsigned i = 0; i < hub_conf_count(group); i++) {
		const config_setting_t *s = hub_conf_child(group, i);
		const int one = hub_conf_text(s).ptr != NULL;
		const unsigned values = one ? 1 : hub_conf_count(s);
		/* a dot cannot stand in a name of libconfig: case__field means case.field */
		const char *key = config_setting_name(s), *two = strstr(key, "__");
		const struct hub_str name =
		    two ? hub_arena_printf(l->a, "%.*s.%s", (int)(two - key), key, two + 2)
			: hub_str_of(key);
		const int slot = add_slot(x, hub_conf_place(s), name);
		struct hub_str *list = hub_alloc_array(l->a, values + 1, sizeof *list);

		if (!list) {
			note(l, HUB_FATAL);
			return;
		}
		if (slot < 0)
			continue;
		cond[*n] = (struct hub_stat_cond){(uint32_t)slot, list, 0, unless};
		for (unsigned k = 0; k < values; k++)
			if (!take_value(l, x->slot[slot].field, one ? s : hub_conf_child(s, k),
					&list[cond[*n].n]))
				list[cond[*n].n] = hub_arena_str(l->a, list[cond[*n].n]),
				cond[*n].n++;
		(*n)++;
	}
}

/* --- measures ------------------------------------------------------------------------------------------ */

static void take_day(struct measure *x, const config_setting_t *at, const struct raw_measure *raw)
{
	struct hub_stat *m = x->m;
	struct hub_err e;
	uint32_t first;

	if ((raw->on.len > 0) + (raw->from != NULL) != 1) {
		hub_fail(&e, HUB_CONF, "option-missing",
			 "a measure says on = \"field\", or from = \"field\" and until");
		hub_hint(&e, "on: counted in the period of that day. from, until: what is there at "
			     "the end of a period.");
		complain(x->l, hub_conf_place(at), &e);
		return;
	}
	if (raw->on.len)
		want_days(x, at, 0, (uint32_t)(add_slot(x, hub_conf_place(at), raw->on) >= 0));
	else
		want_days(x, at, 0, add_slots(x, raw->from, &first));
	m->stock = raw->from != NULL;
	if (m->stock && raw->until) {
		m->untils = add_slots(x, raw->until, &m->until);
		want_days(x, at, m->until, m->untils);
	}
}

static void take_units(struct measure *x, const config_setting_t *at, const struct raw_measure *raw)
{
	struct hub_stat *m = x->m;
	struct hub_err e;

	if (raw->distinct)
		m->distincts = add_slots(x, raw->distinct, &m->distinct);
	/* a unit that has its day in it is in one month only */
	m->additive = !m->stock && m->distincts == 0;
	for (uint32_t i = 0; i < m->distincts; i++)
		m->additive |= !m->stock && x->slot[m->distinct + i].field == x->slot[0].field;
	if (!raw->each.len)
		return;
	const int slot = add_slot(x, hub_conf_place(at), raw->each);
	if (slot < 0)
		return;
	m->each = 1;
	m->each_slot = (uint32_t)slot;
	if (x->slot[slot].field->type == HUB_F_CODES && !m->distincts)
		return;
	hub_fail(&e, HUB_CONF, "bad-each",
		 "each wants a field with several codes, and no distinct beside it");
	complain(x->l, hub_conf_place(at), &e);
}

static int take_bys(struct measure *x, const config_setting_t *list)
{
	const unsigned n = hub_conf_count(list);
	struct hub_stat_by *by = hub_alloc_array(x->l->a, n + 1, sizeof *by);

	if (!by)
		return HUB_FATAL;
	for (unsigned i = 0; i < n; i++) {
		take_by(x, hub_conf_child(list, i), &by[x->m->n_by]);
		if (by[x->m->n_by].n == 0)
			continue;
		/* marks that are counted one by one add up in their own breakdown */
		if (x->m->each &&
		    x->slot[by[x->m->n_by].slot].field == x->slot[x->m->each_slot].field)
			by[x->m->n_by].several = 0;
		x->m->n_by++;
	}
	x->m->by = by;
	return HUB_OK;
}

static void take_measure(struct load *l, const config_setting_t *s, struct hub_stat *m)
{
	struct measure x = {.l = l, .m = m};
	struct raw_measure raw = {0};
	struct hub_err e;

	if (take(l, s, measure_opts, "measure", &raw) || !raw.of.len)
		return;
	*m = (struct hub_stat){.name = hub_arena_str(l->a, hub_str_of(config_setting_name(s))),
			       .label = raw.label,
			       .unit = raw.unit,
			       .source = sources[raw.source][0],
			       .entity = hub_schema_entity(l->schema, raw.of)};
	if (!m->entity) {
		hub_fail(&e, HUB_CONF, "unknown-entity", "there is no entity \"%.*s\"",
			 HUB_FMT(raw.of));
		hub_hint(&e, "`tsunagi schema --as md` lists the entities.");
		complain(l, hub_conf_place(s), &e);
		return;
	}
	take_day(&x, s, &raw);
	if (x.slots == 0)
		return;
	take_units(&x, s, &raw);
	struct hub_stat_cond *cond = hub_alloc_array(
	    l->a, hub_conf_count(raw.where) + hub_conf_count(raw.unless) + 1, sizeof *cond);
	struct hub_stat_slot *slot = hub_alloc_array(l->a, SLOTS_MAX, sizeof *slot);
	if (!cond || !slot || take_bys(&x, raw.by)) {
		note(l, HUB_FATAL);
		return;
	}
	take_conds(&x, raw.where, 0, cond, &m->conds);
	take_conds(&x, raw.unless, 1, cond, &m->conds);
	memcpy(slot, x.slot, x.slots * sizeof *slot);
	m->cond = cond;
	m->slot = slot;
	m->slots = x.slots;
}

static void take_set(struct load *l, const config_setting_t *root)
{
	struct raw_set raw = {0};

	if (take(l, root, set_opts, "the statistics", &raw) == HUB_FATAL || !raw.measures)
		return;
	const unsigned n = hub_conf_count(raw.measures);
	struct hub_stat *m = hub_alloc_array(l->a, n + 1, sizeof *m);
	if (!m) {
		note(l, HUB_FATAL);
		return;
	}
	l->breakdowns = raw.breakdowns;
	l->set->title = raw.title;
	l->set->note = raw.note;
	l->set->small = raw.small;
	for (unsigned i = 0; i < n && l->rc != HUB_FATAL; i++)
		take_measure(l, hub_conf_child(raw.measures, i), &m[i]);
	l->set->measure = m;
	l->set->n = n;
}

static int take_all(struct load *l, struct hub_str content, const struct hub_conf *c,
		    struct hub_err *err)
{
	uint8_t sha[HUB_SHA256];

	l->set->content = content;
	if (hub_sha256(content, sha))
		return hub_fail_mem(err);
	hub_hex(sha, sizeof sha, l->set->hash);
	take_set(l, hub_conf_root(c));
	if (l->rc == HUB_FATAL || !l->set->name.ptr)
		return hub_fail_mem(err);
	return hub_report_result(l->r, err);
}

int hub_stats_load(struct hub_arena *a, struct hub_report *r, const char *path,
		   const struct hub_schema *schema, struct hub_stat_set *out, struct hub_err *err)
{
	struct load l = {.a = a, .r = r, .schema = schema, .set = out};
	HUB_AUTO(conf) struct hub_conf *c = NULL;
	struct hub_str content;

	*out = (struct hub_stat_set){.name = hub_conf_name(a, path)};
	const int rc = hub_conf_read(a, r, path, &c, err);
	if (rc)
		return rc;
	const int read = hub_file_read(a, path, FILE_LIMIT, &content, err);
	return read ? read : take_all(&l, content, c, err);
}

int hub_stats_load_text(struct hub_arena *a, struct hub_report *r, struct hub_str name,
			struct hub_str content, const struct hub_schema *schema,
			struct hub_stat_set *out, struct hub_err *err)
{
	struct load l = {.a = a, .r = r, .schema = schema, .set = out};
	HUB_AUTO(conf) struct hub_conf *c = NULL;
	const char *path = hub_arena_cstr(a, name);

	*out = (struct hub_stat_set){.name = name};
	const int rc = path ? hub_conf_read_text(a, r, path, content, &c, err) : hub_fail_mem(err);
	return rc ? rc : take_all(&l, content, c, err);
}
