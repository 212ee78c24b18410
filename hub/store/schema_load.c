/* Reads schemas/common-case.cfg and a site's local file into struct hub_schema. Collects every error
 * of both files before giving up, so that a person repairs a file in one go. */
#include "store/schema.h"

#include "base/err.h"
#include "base/hash.h"
#include "base/io.h"

#include <libconfig.h>
#include <libgen.h>

/* Fields are filled through these; the result is handed out as const. */
struct load {
	struct hub_arena *a;
	struct hub_buf *report;
	struct hub_schema *s;
	struct hub_entity *entities;
	struct hub_codes *lists;
	struct hub_banned *banned;
	const char *path; /* file being read, for settings that libconfig names no file for */
	size_t folder;    /* length of its folder in path, with the slash */
	int local;        /* 1 while the site's file is read */
	int errors, no_memory;
	char first[256], first_at[256];
};

static void complain(struct load *l, const config_setting_t *at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static void complain(struct load *l, const config_setting_t *at, const char *fmt, ...)
{
	const char *file = at ? config_setting_source_file(at) : NULL;
	char text[256], where[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	/* an included file is named as the @include names it */
	if (!at)
		snprintf(where, sizeof where, "%s", l->path);
	else if (file && !strchr(file, '/'))
		snprintf(where, sizeof where, "%.*s%s:%u", (int)l->folder, l->path, file,
			 config_setting_source_line(at));
	else
		snprintf(where, sizeof where, "%s:%u", file ? file : l->path,
			 config_setting_source_line(at));
	if (l->report)
		hub_buf_printf(l->report, "%s: %s: %s\n", where, hub_tr("error"), text);
	if (l->errors++ == 0) {
		memcpy(l->first, text, sizeof text);
		memcpy(l->first_at, where, sizeof where);
	}
}

static void set_file(struct load *l, const char *path)
{
	const char *slash = strrchr(path, '/');

	l->path = path;
	l->folder = slash ? (size_t)(slash - path) + 1 : 0;
}

static void *grab(struct load *l, size_t count, size_t size)
{
	void *p = hub_alloc_array(l->a, count ? count : 1, size);

	if (!p)
		l->no_memory = 1;
	return p;
}

static struct hub_str keep(struct load *l, const char *z)
{
	const struct hub_str s = hub_arena_str(l->a, hub_str_of(z));

	if (!s.ptr)
		l->no_memory = 1;
	return s;
}

/* Settings of a group that nobody reads are typing errors. */
static void check_keys(struct load *l, const config_setting_t *group, const char *const *keys)
{
	for (unsigned i = 0; i < (unsigned)config_setting_length(group); i++) {
		const config_setting_t *item = config_setting_get_elem(group, i);
		const struct hub_str name = hub_str_of(config_setting_name(item));
		const char *near = NULL;
		unsigned best = 3;
		int known = 0;

		for (unsigned k = 0; keys[k] && !known; k++) {
			const unsigned d = hub_str_distance(name, hub_str_of(keys[k]));

			known = d == 0;
			if (d < best) {
				best = d;
				near = keys[k];
			}
		}
		if (!known && near)
			complain(l, item, hub_tr("unknown setting \"%s\", did you mean \"%s\"?"),
				 name.ptr, near);
		else if (!known)
			complain(l, item, hub_tr("unknown setting \"%s\""), name.ptr);
	}
}

static struct hub_str read_text(struct load *l, const config_setting_t *group, const char *key)
{
	const config_setting_t *item = config_setting_get_member(group, key);

	if (!item)
		return (struct hub_str){"", 0};
	const char *z = config_setting_get_string(item);
	if (!z) {
		complain(l, item, hub_tr("\"%s\" must be a text in quotes"), key);
		return (struct hub_str){"", 0};
	}
	if (hub_utf8_valid(hub_str_of(z)) != strlen(z))
		complain(l, item, hub_tr("\"%s\" is not valid UTF-8"), key);
	return keep(l, z);
}

static int read_bool(struct load *l, const config_setting_t *group, const char *key, int dflt)
{
	const config_setting_t *item = config_setting_get_member(group, key);

	if (!item)
		return dflt;
	if (config_setting_type(item) != CONFIG_TYPE_BOOL)
		complain(l, item, hub_tr("\"%s\" must be true or false"), key);
	return config_setting_get_bool(item);
}

static char read_source(struct load *l, const config_setting_t *at, struct hub_str s, char dflt)
{
	if (s.len == 0)
		return dflt;
	if (s.len == 1 && strchr("SPVKIL", s.ptr[0]))
		return s.ptr[0];
	complain(l, at, hub_tr("source must be one of S, P, V, K, I, L"));
	return dflt;
}

/* A list of texts from place `from` on, appended to what is there (the local file adds spellings). */
static void read_words(struct load *l, const config_setting_t *list, unsigned from,
		       const struct hub_str **words, uint32_t *n_words)
{
	const unsigned n = list ? (unsigned)config_setting_length(list) : 0;

	if (n <= from)
		return;
	struct hub_str *all = grab(l, *n_words + n - from, sizeof *all);
	if (!all)
		return;
	uint32_t count = *n_words;
	if (count)
		memcpy(all, *words, count * sizeof *all);
	for (unsigned i = from; i < n; i++) {
		const config_setting_t *item = config_setting_get_elem(list, i);
		const char *z = config_setting_get_string(item);

		if (z && *z)
			all[count++] = keep(l, z);
		else
			complain(l, item, hub_tr("a text in quotes is expected here"));
	}
	*words = all;
	*n_words = count;
}

static void read_aliases(struct load *l, const config_setting_t *group,
			 const struct hub_str **words, uint32_t *n)
{
	const config_setting_t *list = config_setting_get_member(group, "aliases");

	if (list && !config_setting_is_list(list) && !config_setting_is_array(list))
		complain(l, list, hub_tr("\"%s\" must be a list in ( )"), "aliases");
	else
		read_words(l, list, 0, words, n);
}

static int good_name(struct load *l, const config_setting_t *at)
{
	const char *z = config_setting_name(at);

	int ok = z && *z >= 'a' && *z <= 'z';
	for (; ok && *z; z++)
		ok = (*z >= 'a' && *z <= 'z') || (*z >= '0' && *z <= '9') || *z == '_';
	if (!ok)
		complain(l, at,
			 hub_tr("a name is written in a-z, 0-9 and _, and starts with a letter"));
	return ok;
}

static unsigned children(const config_setting_t *group)
{
	return group ? (unsigned)config_setting_length(group) : 0;
}

static const config_setting_t *child_group(struct load *l, const config_setting_t *parent,
					   const char *key)
{
	const config_setting_t *g = config_setting_get_member(parent, key);

	if (g && !config_setting_is_group(g)) {
		complain(l, g, hub_tr("\"%s\" must be a group in { }"), key);
		return NULL;
	}
	return g;
}

/* ---- code lists */

/* ("code", "label", "source", "alias", ...) */
static void read_code(struct load *l, const config_setting_t *item, struct hub_code *c, char dflt)
{
	const char *text[3] = {NULL};

	for (unsigned i = 0; i < 3 && config_setting_is_list(item) && i < children(item); i++)
		text[i] = config_setting_get_string_elem(item, (int)i);
	if (!text[0] || !*text[0] || !text[1] || !*text[1] || !text[2]) {
		complain(
		    l, item,
		    hub_tr("a code is written (\"code\", \"label\", \"source\", \"alias\", ...)"));
		return;
	}
	c->code = keep(l, text[0]);
	c->label = keep(l, text[1]);
	c->source = read_source(l, item, hub_str_of(text[2]), dflt);
	read_words(l, item, 3, &c->aliases, &c->n_aliases);
}

/* 1 when the text is now known as item i, 0 when it already means another one. */
static int claim(struct load *l, struct hub_map *m, struct hub_str text, uint64_t i)
{
	uint64_t other;

	if (!text.len)
		return 1;
	if (hub_map_get(m, text, &other))
		return other == i;
	if (hub_map_put(m, text, i))
		l->no_memory = 1;
	return 1;
}

/* "=..." counts as written only; lookups try the text as written first. */
static void index_code(struct load *l, const config_setting_t *at, struct hub_map *m,
		       struct hub_str text, uint32_t i)
{
	char folded[512];
	struct hub_str f = {folded, 0};
	const int exact = text.len > 1 && text.ptr[0] == '=';

	if (exact)
		text = hub_str_from(text, 1);
	else
		f.len = hub_schema_fold(text, 0, folded, sizeof folded);
	if (!claim(l, m, text, i) || !claim(l, m, f, i))
		complain(l, at, hub_tr("\"%s\" stands for two codes of one list"), text.ptr);
}

static void read_list(struct load *l, const config_setting_t *group, struct hub_codes *list)
{
	static const char *const keys[] = {"label", "source", "note", "items", NULL};
	const config_setting_t *items = config_setting_get_member(group, "items");
	const unsigned n = children(items);

	check_keys(l, group, keys);
	if (!list->label.len)
		list->label = read_text(l, group, "label");
	if (!list->note.len)
		list->note = read_text(l, group, "note");
	list->source = read_source(l, group, read_text(l, group, "source"), list->source);
	if (!list->label.len)
		complain(l, group, hub_tr("\"%s\" is missing"), "label");
	if (!items || !config_setting_is_list(items) || n == 0) {
		complain(l, items ? items : group, hub_tr("\"%s\" must be a list in ( )"), "items");
		return;
	}
	struct hub_code *all = grab(l, list->count + n, sizeof *all);
	struct hub_map *find = list->find ? (struct hub_map *)list->find : hub_map_new(l->a);
	if (!all || !find) {
		l->no_memory = 1;
		return;
	}
	if (list->count)
		memcpy(all, list->items, list->count * sizeof *all);
	for (unsigned i = 0; i < n; i++) {
		const config_setting_t *item = config_setting_get_elem(items, i);
		struct hub_code *c = &all[list->count];

		read_code(l, item, c, l->local ? 'L' : list->source);
		if (!c->code.len)
			continue;
		index_code(l, item, find, c->code, list->count);
		index_code(l, item, find, c->label, list->count);
		for (uint32_t k = 0; k < c->n_aliases; k++)
			index_code(l, item, find, c->aliases[k], list->count);
		list->count++;
	}
	list->items = all;
	list->find = find;
}

static void read_lists(struct load *l, const config_setting_t *root)
{
	const config_setting_t *group = child_group(l, root, "codes");
	struct hub_map *find = (struct hub_map *)l->s->find_list;

	for (unsigned i = 0; i < children(group); i++) {
		const config_setting_t *item = config_setting_get_elem(group, i);
		const struct hub_str name = hub_str_of(config_setting_name(item));
		uint64_t at = l->s->n_lists;

		if (!good_name(l, item) || !config_setting_is_group(item))
			continue;
		if (!hub_map_get(find, name, &at)) {
			if (hub_map_put(find, name, at))
				l->no_memory = 1;
			l->s->n_lists++;
			l->lists[at].name = keep(l, name.ptr);
			l->lists[at].index = (uint32_t)at;
			l->lists[at].source = l->local ? 'L' : 'I';
		}
		read_list(l, item, &l->lists[at]);
	}
}

/* ---- fields and entities */

static const char *const field_keys[] = {
    "label",       "label_en", "type", "codes", "to",       "class",           "aliases",
    "form",        "source",   "note", "was",   "required", "national_report", "reveals_address",
    "third_party", NULL};

static void read_flag(struct load *l, const config_setting_t *at, const char *key,
		      struct hub_field *f, unsigned flag)
{
	const int on = read_bool(l, at, key, (f->flags & flag) != 0);

	/* a site may widen what is protected, never narrow it */
	if (!on && (flag & (HUB_FF_REVEALS | HUB_FF_THIRD)) && (f->flags & flag))
		complain(l, at, hub_tr("a local file cannot take \"%s\" away"), key);
	f->flags = on ? f->flags | flag : f->flags & ~flag;
}

/* What both a new field and a local change of a known one may say. */
static void read_field_common(struct load *l, const config_setting_t *at, struct hub_field *f)
{
	const struct hub_str label = read_text(l, at, "label");

	if (label.len)
		f->label = label;
	read_aliases(l, at, &f->aliases, &f->n_aliases);
	read_flag(l, at, "required", f, HUB_FF_REQUIRED);
	read_flag(l, at, "national_report", f, HUB_FF_NATIONAL);
	read_flag(l, at, "reveals_address", f, HUB_FF_REVEALS);
	read_flag(l, at, "third_party", f, HUB_FF_THIRD);
}

static void check_type(struct load *l, const config_setting_t *at, struct hub_field *f)
{
	const struct hub_str list = read_text(l, at, "codes");
	const struct hub_str to = read_text(l, at, "to");
	const int coded = f->type == HUB_F_CODE || f->type == HUB_F_CODES;

	f->codes = list.len ? hub_schema_codes(l->s, list) : NULL;
	f->to = to.len ? hub_schema_entity(l->s, to) : NULL;
	if (list.len && !f->codes)
		complain(l, at, hub_tr("no code list is named \"%s\""), list.ptr);
	if (to.len && !f->to)
		complain(l, at, hub_tr("no entity is named \"%s\""), to.ptr);
	if (coded != (list.len > 0))
		complain(l, at,
			 hub_tr("codes = \"...\" belongs to type code or codes, and only there"));
	if ((f->type == HUB_F_REF) != (to.len > 0))
		complain(l, at, hub_tr("to = \"...\" belongs to type ref, and only there"));
	if (f->type == HUB_F_NARRATIVE && f->pclass != HUB_C_NARRATIVE &&
	    f->pclass != HUB_C_SENSITIVE)
		complain(l, at, hub_tr("a narrative is of class narrative or sensitive"));
}

static void read_field(struct load *l, const config_setting_t *at, struct hub_field *f,
		       const struct hub_entity *e, struct hub_str form, char source)
{
	check_keys(l, at, field_keys);
	const struct hub_str type = read_text(l, at, "type");
	const struct hub_str pclass = read_text(l, at, "class");

	f->name = keep(l, config_setting_name(at));
	f->entity = e;
	f->type = hub_ftype_of(type);
	f->pclass = hub_fclass_of(pclass);
	if (!f->type)
		complain(l, at, hub_tr("field %s: unknown type \"%s\""), f->name.ptr, type.ptr);
	if (!f->pclass)
		complain(l, at, hub_tr("field %s: unknown class \"%s\""), f->name.ptr, pclass.ptr);
	read_field_common(l, at, f);
	if (!f->label.len)
		complain(l, at, hub_tr("\"%s\" is missing"), "label");
	f->label_en = read_text(l, at, "label_en");
	f->note = read_text(l, at, "note");
	f->was = read_text(l, at, "was");
	f->form = read_text(l, at, "form");
	if (!f->form.len)
		f->form = form;
	f->source = read_source(l, at, read_text(l, at, "source"), source);
	if (f->source == 'K' || f->source == 'I')
		f->flags |= HUB_FF_UNOFFICIAL;
	if (l->local)
		f->flags |= HUB_FF_LOCAL;
	check_type(l, at, f);
}

/* A local file may correct a known field's label and flags and add spellings; nothing else. */
static void amend_field(struct load *l, const config_setting_t *at, struct hub_field *f)
{
	static const char *const keys[] = {
	    "label",           "aliases",     "required", "national_report",
	    "reveals_address", "third_party", NULL};

	check_keys(l, at, keys);
	read_field_common(l, at, f);
}

static void read_fields(struct load *l, const config_setting_t *group, struct hub_entity *e,
			struct hub_str form, char source)
{
	struct hub_field *fields = (struct hub_field *)e->fields;
	struct hub_map *find = (struct hub_map *)e->find;
	const config_setting_t *list = child_group(l, group, "fields");

	for (unsigned i = 0; i < children(list); i++) {
		const config_setting_t *at = config_setting_get_elem(list, i);
		uint64_t known;

		if (!good_name(l, at) || !config_setting_is_group(at))
			continue;
		if (hub_map_get(find, hub_str_of(config_setting_name(at)), &known)) {
			amend_field(l, at, &fields[known]);
			continue;
		}
		struct hub_field *f = &fields[e->count];
		f->index = e->count;
		read_field(l, at, f, e, form, source);
		if (hub_map_put(find, f->name, e->count))
			l->no_memory = 1;
		e->count++;
		e->narratives += f->type == HUB_F_NARRATIVE;
	}
}

static const struct hub_field *ref_field(struct load *l, const config_setting_t *at,
					 const struct hub_entity *e, struct hub_str name,
					 const char *to)
{
	const struct hub_field *f = hub_schema_field(e, name);

	if (f && f->type == HUB_F_REF && f->to && hub_str_is(f->to->name, to))
		return f;
	complain(l, at, hub_tr("\"%s\" must name a field of type ref to %s"), name.ptr, to);
	return NULL;
}

/* subject = "none" | "self" | "case" | "members" | a field that refers to a person. */
static void read_subject(struct load *l, const config_setting_t *at, struct hub_entity *e)
{
	const struct hub_str subject = read_text(l, at, "subject");
	const struct hub_str case_name = read_text(l, at, "case");

	if (hub_str_is(case_name, "self") && !hub_str_is(e->name, "case"))
		complain(l, at, hub_tr("case = \"self\" belongs to entity case"));
	else if (case_name.len && !hub_str_is(case_name, "self"))
		e->case_ref = ref_field(l, at, e, case_name, "case");

	if (hub_str_is(subject, "none"))
		e->subject = HUB_SUBJECT_NONE;
	else if (hub_str_is(subject, "self"))
		e->subject = HUB_SUBJECT_SELF;
	else if (hub_str_is(subject, "members"))
		e->subject = HUB_SUBJECT_MEMBERS;
	else if (hub_str_is(subject, "case"))
		e->subject = HUB_SUBJECT_CASE;
	else {
		e->subject = HUB_SUBJECT_REF;
		e->subject_ref = ref_field(l, at, e, subject, "person");
	}
	if (e->subject == HUB_SUBJECT_CASE && !case_name.len)
		complain(l, at, hub_tr("subject = \"case\" needs case = \"...\""));
	for (uint32_t i = 0; e->subject == HUB_SUBJECT_NONE && i < e->count; i++)
		if (e->fields[i].pclass != HUB_C_OPERATIONAL &&
		    e->fields[i].type != HUB_F_NARRATIVE)
			complain(l, at,
				 hub_tr("%s.%s holds personal data, but the entity has no subject"),
				 e->name.ptr, e->fields[i].name.ptr);
}

/* Columns the store adds to every entity table. */
static const char *const own_columns[] = {"id",   "record_id", "system_id", "key",
					  "scan", "state",     "local",     NULL};

static void check_columns(struct load *l, const config_setting_t *at, const struct hub_entity *e)
{
	struct hub_map *seen = hub_map_new(l->a);
	char name[160];

	if (!seen) {
		l->no_memory = 1;
		return;
	}
	for (unsigned i = 0; own_columns[i]; i++)
		claim(l, seen, hub_str_of(own_columns[i]), UINT64_MAX);
	for (uint32_t i = 0; i < e->count; i++) {
		const struct hub_field *f = &e->fields[i];

		snprintf(name, sizeof name, "%s%s", f->name.ptr, f->type == HUB_F_REF ? "_id" : "");
		int ok = f->name.len < 60 && claim(l, seen, hub_str_of(name), i);
		snprintf(name, sizeof name, "%s_spans", f->name.ptr);
		if (f->type == HUB_F_NARRATIVE)
			ok = ok && claim(l, seen, hub_str_of(name), i);
		ok = ok && !(f->was.len && hub_schema_field(e, f->was));
		if (!ok)
			complain(l, at,
				 hub_tr("field %s.%s: its column has the name of another one"),
				 e->name.ptr, f->name.ptr);
	}
}

static void read_entity(struct load *l, const config_setting_t *at, struct hub_entity *e)
{
	static const char *const keys[] = {"label", "label_en", "note",   "identified", "subject",
					   "case",  "form",     "source", "fields",     NULL};
	static const char *const local_keys[] = {"fields", NULL};

	check_keys(l, at, l->local ? local_keys : keys);
	if (l->local) {
		read_fields(l, at, e, (struct hub_str){"", 0}, 'L');
		check_columns(l, at, e);
		return;
	}
	e->label = read_text(l, at, "label");
	e->label_en = read_text(l, at, "label_en");
	e->note = read_text(l, at, "note");
	e->identified = read_bool(l, at, "identified", 0);
	if (!e->label.len)
		complain(l, at, hub_tr("\"%s\" is missing"), "label");
	const struct hub_str form = read_text(l, at, "form");
	read_fields(l, at, e, form, read_source(l, at, read_text(l, at, "source"), 'I'));
	read_subject(l, at, e);
	check_columns(l, at, e);
}

static void read_entities(struct load *l, const config_setting_t *root,
			  const config_setting_t *local)
{
	const config_setting_t *group = child_group(l, root, "entities");
	const config_setting_t *more = local ? child_group(l, local, "entities") : NULL;
	struct hub_map *find = (struct hub_map *)l->s->find;

	/* names first: a ref may point forward */
	for (unsigned i = 0; i < children(group); i++) {
		const config_setting_t *at = config_setting_get_elem(group, i);
		struct hub_entity *e = &l->entities[i];
		const config_setting_t *fields = config_setting_get_member(at, "fields");
		const config_setting_t *extra = NULL;

		good_name(l, at);
		e->name = keep(l, config_setting_name(at));
		e->index = i;
		if (more)
			extra = config_setting_get_member(more, e->name.ptr);
		if (extra)
			extra = config_setting_get_member(extra, "fields");
		e->fields = grab(l, children(fields) + children(extra), sizeof *e->fields);
		e->find = hub_map_new(l->a);
		if (!e->fields || !e->find || hub_map_put(find, e->name, i)) {
			l->no_memory = 1;
			return;
		}
	}
	l->s->n_entities = children(group);
	for (unsigned i = 0; i < children(group); i++)
		read_entity(l, config_setting_get_elem(group, i), &l->entities[i]);
}

static void amend_entities(struct load *l, const config_setting_t *local)
{
	const config_setting_t *group = child_group(l, local, "entities");

	for (unsigned i = 0; i < children(group); i++) {
		const config_setting_t *at = config_setting_get_elem(group, i);
		uint64_t e;

		if (hub_map_get(l->s->find, hub_str_of(config_setting_name(at)), &e))
			read_entity(l, at, &l->entities[e]);
		else
			complain(l, at, hub_tr("no entity is named \"%s\""),
				 config_setting_name(at));
	}
}

static void fold_banned(struct load *l, struct hub_banned *b)
{
	struct hub_str *all = grab(l, b->n_aliases + 2, sizeof *all);
	char folded[512];

	b->folded = all;
	for (uint32_t i = 0; all && i < b->n_aliases + 2; i++) {
		const struct hub_str word = i == 0   ? b->name
					    : i == 1 ? b->label
						     : b->aliases[i - 2];
		const struct hub_str f = {folded, hub_schema_fold(word, 1, folded, sizeof folded)};

		if (!f.len)
			continue;
		all[b->n_folded] = hub_arena_str(l->a, f);
		if (!all[b->n_folded++].ptr)
			l->no_memory = 1;
	}
}

static void read_banned(struct load *l, const config_setting_t *root, const char *key,
			enum hub_ban ban)
{
	static const char *const keys[] = {"label", "aliases", "why", "source", NULL};
	const config_setting_t *group = child_group(l, root, key);

	for (unsigned i = 0; i < children(group); i++) {
		const config_setting_t *at = config_setting_get_elem(group, i);
		struct hub_banned *b = &l->banned[l->s->n_banned++];

		if (!good_name(l, at) || !config_setting_is_group(at))
			continue;
		check_keys(l, at, keys);
		b->name = keep(l, config_setting_name(at));
		b->label = read_text(l, at, "label");
		b->why = read_text(l, at, "why");
		b->source = read_source(l, at, read_text(l, at, "source"), 'I');
		b->ban = ban;
		read_aliases(l, at, &b->aliases, &b->n_aliases);
		fold_banned(l, b);
	}
}

/* ---- headers */

static void add_alias(struct load *l, struct hub_alias *all, uint32_t *n, const struct hub_field *f,
		      struct hub_str text)
{
	struct hub_map *find = (struct hub_map *)l->s->find_alias;
	char folded[512];
	const struct hub_str h = {folded, hub_schema_fold(text, 1, folded, sizeof folded)};
	uint64_t at;

	if (!h.len)
		return;
	const struct hub_banned *ban = hub_schema_banned(l->s, text);
	if (ban && ban->ban == HUB_BAN_FORBIDDEN) {
		complain(l, NULL, hub_tr("%s.%s: \"%s\" is a forbidden item"), f->entity->name.ptr,
			 f->name.ptr, text.ptr);
		return;
	}
	all[*n] = (struct hub_alias){.field = f};
	if (!hub_map_get(find, h, &at)) {
		if (hub_map_put(find, h, *n))
			l->no_memory = 1;
		++*n;
		return;
	}
	for (;; at = all[at].next - 1) {
		if (all[at].field == f)
			return; /* two spellings that fold alike */
		if (all[at].field->entity == f->entity) {
			complain(l, NULL, hub_tr("header \"%s\" means both %s and %s of %s"),
				 text.ptr, all[at].field->name.ptr, f->name.ptr,
				 f->entity->name.ptr);
			return;
		}
		if (!all[at].next)
			break;
	}
	all[at].next = ++*n;
}

static void index_headers(struct load *l)
{
	size_t room = 0;
	uint32_t n = 0;

	for (uint32_t e = 0; e < l->s->n_entities; e++)
		for (uint32_t i = 0; i < l->entities[e].count; i++)
			room += 2 + l->entities[e].fields[i].n_aliases;
	struct hub_alias *all = grab(l, room, sizeof *all);
	if (!all)
		return;
	for (uint32_t e = 0; e < l->s->n_entities; e++)
		for (uint32_t i = 0; i < l->entities[e].count; i++) {
			const struct hub_field *f = &l->entities[e].fields[i];

			add_alias(l, all, &n, f, f->name);
			add_alias(l, all, &n, f, f->label);
			for (uint32_t k = 0; k < f->n_aliases; k++)
				add_alias(l, all, &n, f, f->aliases[k]);
		}
	l->s->aliases = all;
}

/* ---- canonical form */

static void put_words(struct hub_buf *b, const struct hub_str *words, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		hub_buf_printf(b, "\x1f%.*s", HUB_FMT(words[i]));
	hub_buf_putc(b, '\n');
}

/* Everything that can change a result, in the order of the file, one thing a line. */
static int hash_schema(struct hub_schema *s)
{
	HUB_AUTO(buf) struct hub_buf b;
	uint8_t sha[HUB_SHA256];

	hub_buf_init(&b, 16u << 20);
	hub_buf_printf(&b, "schema 1 %s\n", s->version.ptr);
	for (uint32_t i = 0; i < s->n_lists; i++) {
		hub_buf_printf(&b, "list %s\n", s->lists[i].name.ptr);
		for (uint32_t k = 0; k < s->lists[i].count; k++) {
			const struct hub_code *c = &s->lists[i].items[k];

			hub_buf_printf(&b, "code %s\x1f%s", c->code.ptr, c->label.ptr);
			put_words(&b, c->aliases, c->n_aliases);
		}
	}
	for (uint32_t i = 0; i < s->n_entities; i++) {
		const struct hub_entity *e = &s->entities[i];

		hub_buf_printf(&b, "entity %s %d %d %s %s\n", e->name.ptr, e->identified,
			       (int)e->subject, e->subject_ref ? e->subject_ref->name.ptr : "-",
			       e->case_ref ? e->case_ref->name.ptr : "-");
		for (uint32_t k = 0; k < e->count; k++) {
			const struct hub_field *f = &e->fields[k];

			hub_buf_printf(&b, "field %s %s %s %u %s %s %s", f->name.ptr,
				       hub_ftype_name(f->type), hub_fclass_name(f->pclass),
				       f->flags, f->codes ? f->codes->name.ptr : "-",
				       f->to ? f->to->name.ptr : "-", f->label.ptr);
			put_words(&b, f->aliases, f->n_aliases);
		}
	}
	for (uint32_t i = 0; i < s->n_banned; i++) {
		hub_buf_printf(&b, "ban %d %s", (int)s->banned[i].ban, s->banned[i].label.ptr);
		put_words(&b, s->banned[i].aliases, s->banned[i].n_aliases);
	}
	if (!hub_buf_ok(&b) || hub_sha256(hub_buf_text(&b), sha))
		return -1;
	hub_hex(sha, sizeof sha, s->hash);
	return 0;
}

/* ---- the files */

static void auto_config(config_t *c)
{
	config_destroy(c);
}

/* Opens first: libconfig's scanner ends the process when it is given a folder. */
static int read_file(struct load *l, config_t *cfg, const char *path, struct hub_err *err)
{
	int fd = -1;
	const int rc = hub_open_input(path, &fd, err);

	if (rc)
		return rc;
	HUB_AUTO(file) FILE *f = fdopen(fd, "r");
	char *folder = hub_arena_cstr(l->a, hub_str_of(path));
	if (!f || !folder)
		return hub_fail_mem(err);
	set_file(l, path);
	config_set_include_dir(cfg, dirname(folder));
	if (config_read(cfg, f) == CONFIG_TRUE)
		return HUB_OK;
	const char *file = config_error_file(cfg);
	hub_fail(err, HUB_CONF, "schema-syntax", "the schema cannot be read: %s",
		 config_error_text(cfg));
	hub_where(err, "%s:%d", file ? file : path, config_error_line(cfg));
	if (l->report)
		hub_buf_printf(l->report, "%s: %s: %s\n", err->where, hub_tr("error"), err->what);
	return HUB_CONF;
}

static int prepare(struct load *l, const config_setting_t *root, const config_setting_t *local)
{
	const config_setting_t *r[2] = {root, local};
	size_t lists = 0, banned = 0;

	for (unsigned i = 0; i < 2 && r[i]; i++) {
		lists += children(config_setting_get_member(r[i], "codes"));
		banned += children(config_setting_get_member(r[i], "forbidden"));
		banned += children(config_setting_get_member(r[i], "dropped"));
	}
	const size_t entities = children(config_setting_get_member(root, "entities"));
	l->s->lists = l->lists = grab(l, lists, sizeof *l->lists);
	l->s->entities = l->entities = grab(l, entities, sizeof *l->entities);
	l->s->banned = l->banned = grab(l, banned, sizeof *l->banned);
	l->s->find = hub_map_new(l->a);
	l->s->find_list = hub_map_new(l->a);
	l->s->find_alias = hub_map_new(l->a);
	return l->no_memory || !l->s->find || !l->s->find_list || !l->s->find_alias;
}

static void read_local(struct load *l, const config_setting_t *root, const char *path)
{
	static const char *const keys[] = {"version",   "note",    "codes", "entities",
					   "forbidden", "dropped", NULL};

	l->local = 1;
	set_file(l, path);
	check_keys(l, root, keys);
	read_banned(l, root, "forbidden", HUB_BAN_FORBIDDEN);
	read_banned(l, root, "dropped", HUB_BAN_DROPPED);
	amend_entities(l, root);
}

int hub_schema_load(struct hub_arena *a, const char *path, const char *local,
		    const struct hub_schema **out, struct hub_buf *report, struct hub_err *err)
{
	static const char *const keys[] = {"version",  "title",     "note",    "codes",
					   "entities", "forbidden", "dropped", NULL};
	__attribute__((cleanup(auto_config))) config_t cfg, more;
	struct load l = {.a = a, .report = report, .path = path};
	int rc;

	config_init(&cfg);
	config_init(&more);
	l.s = hub_alloc0(a, sizeof *l.s);
	if (!l.s)
		return hub_fail_mem(err);
	if ((rc = read_file(&l, &cfg, path, err)))
		return rc;
	if (local && (rc = read_file(&l, &more, local, err)))
		return rc;
	const config_setting_t *root = config_root_setting(&cfg);
	const config_setting_t *site = local ? config_root_setting(&more) : NULL;
	if (prepare(&l, root, site))
		return hub_fail_mem(err);

	set_file(&l, path);
	check_keys(&l, root, keys);
	l.s->version = read_text(&l, root, "version");
	l.s->title = read_text(&l, root, "title");
	l.s->note = read_text(&l, root, "note");
	if (!l.s->version.len)
		complain(&l, root, hub_tr("\"%s\" is missing"), "version");
	read_lists(&l, root);
	if (site) {
		l.local = 1;
		set_file(&l, local);
		read_lists(&l, site);
		l.local = 0;
		set_file(&l, path);
	}
	read_banned(&l, root, "forbidden", HUB_BAN_FORBIDDEN);
	read_banned(&l, root, "dropped", HUB_BAN_DROPPED);
	read_entities(&l, root, site);
	if (site)
		read_local(&l, site, local);
	index_headers(&l);
	if (l.errors) {
		hub_fail(err, HUB_CONF, "schema-invalid", "the schema has %d errors, the first: %s",
			 l.errors, l.first);
		hub_where(err, "%s", l.first_at);
		return HUB_CONF;
	}
	if (l.no_memory || hash_schema(l.s))
		return hub_fail_mem(err);
	*out = l.s;
	return HUB_OK;
}
