/* Reads schemas/common-case.cfg and a site's local file into struct hub_schema. Collects every error
 * of both files before giving up, so that a person repairs a file in one go. */
#include "store/schema_load.h"

#include "base/io.h"

#include <libgen.h>

static const char *const field_keys[] = {
    "label",       "label_en", "type", "codes", "to",       "class",           "aliases",
    "form",        "source",   "note", "was",   "required", "national_report", "reveals_address",
    "third_party", NULL};

static void read_flag(struct hub_load *l, const config_setting_t *at, const char *key,
		      struct hub_field *f, unsigned flag)
{
	const int on = hub_load_bool(l, at, key, (f->flags & flag) != 0);

	/* a site may widen what is protected, never narrow it */
	if (!on && (flag & (HUB_FF_REVEALS | HUB_FF_THIRD)) && (f->flags & flag))
		hub_load_complain(l, at, hub_tr("a local file cannot take \"%s\" away"), key);
	f->flags = on ? f->flags | flag : f->flags & ~flag;
}

/* What both a new field and a local change of a known one may say. */
static void read_field_common(struct hub_load *l, const config_setting_t *at, struct hub_field *f)
{
	const struct hub_str label = hub_load_text(l, at, "label");

	if (label.len)
		f->label = label;
	hub_load_aliases(l, at, &f->aliases, &f->n_aliases);
	read_flag(l, at, "required", f, HUB_FF_REQUIRED);
	read_flag(l, at, "national_report", f, HUB_FF_NATIONAL);
	read_flag(l, at, "reveals_address", f, HUB_FF_REVEALS);
	read_flag(l, at, "third_party", f, HUB_FF_THIRD);
}

static void check_type(struct hub_load *l, const config_setting_t *at, struct hub_field *f)
{
	const struct hub_str list = hub_load_text(l, at, "codes");
	const struct hub_str to = hub_load_text(l, at, "to");
	const int coded = f->type == HUB_F_CODE || f->type == HUB_F_CODES;

	f->codes = list.len ? hub_schema_codes(l->s, list) : NULL;
	f->to = to.len ? hub_schema_entity(l->s, to) : NULL;
	if (list.len && !f->codes)
		hub_load_complain(l, at, hub_tr("no code list is named \"%s\""), list.ptr);
	if (to.len && !f->to)
		hub_load_complain(l, at, hub_tr("no entity is named \"%s\""), to.ptr);
	if (coded != (list.len > 0))
		hub_load_complain(
		    l, at, hub_tr("codes = \"...\" belongs to type code or codes, and only there"));
	if ((f->type == HUB_F_REF) != (to.len > 0))
		hub_load_complain(l, at,
				  hub_tr("to = \"...\" belongs to type ref, and only there"));
	if (f->type == HUB_F_NARRATIVE && f->pclass != HUB_C_NARRATIVE &&
	    f->pclass != HUB_C_SENSITIVE)
		hub_load_complain(l, at, hub_tr("a narrative is of class narrative or sensitive"));
}

static void name_columns(struct hub_load *l, struct hub_field *f)
{
	f->column = f->name;
	f->spans = (struct hub_str){"", 0};
	if (f->type == HUB_F_REF)
		f->column = hub_arena_printf(l->a, "%s_id", f->name.ptr);
	if (f->type == HUB_F_NARRATIVE)
		f->spans = hub_arena_printf(l->a, "%s_spans", f->name.ptr);
	if (!f->column.ptr || !f->spans.ptr)
		l->no_memory = 1;
}

static void read_field(struct hub_load *l, const config_setting_t *at, struct hub_field *f,
		       const struct hub_entity *e, struct hub_str form, char source)
{
	hub_load_keys(l, at, field_keys);
	const struct hub_str type = hub_load_text(l, at, "type");
	const struct hub_str pclass = hub_load_text(l, at, "class");

	f->name = hub_load_keep(l, config_setting_name(at));
	f->entity = e;
	f->type = hub_ftype_of(type);
	f->pclass = hub_fclass_of(pclass);
	if (!f->type)
		hub_load_complain(l, at, hub_tr("field %s: unknown type \"%s\""), f->name.ptr,
				  type.ptr);
	if (!f->pclass)
		hub_load_complain(l, at, hub_tr("field %s: unknown class \"%s\""), f->name.ptr,
				  pclass.ptr);
	read_field_common(l, at, f);
	if (!f->label.len)
		hub_load_complain(l, at, hub_tr("\"%s\" is missing"), "label");
	f->label_en = hub_load_text(l, at, "label_en");
	f->note = hub_load_text(l, at, "note");
	f->was = hub_load_text(l, at, "was");
	f->form = hub_load_text(l, at, "form");
	if (!config_setting_get_member(at, "form"))
		f->form = form;
	f->source = hub_load_source(l, at, hub_load_text(l, at, "source"), source);
	if (f->source == 'K' || f->source == 'I')
		f->flags |= HUB_FF_UNOFFICIAL;
	if (l->local)
		f->flags |= HUB_FF_LOCAL;
	check_type(l, at, f);
	name_columns(l, f);
}

/* The shipped label stays a spelling when a site writes another one. */
static void keep_label(struct hub_load *l, struct hub_field *f, struct hub_str label)
{
	struct hub_str *all = hub_load_array(l, f->n_aliases + 1, sizeof *all);

	if (!all || hub_str_eq(f->label, label))
		return;
	if (f->n_aliases)
		memcpy(all, f->aliases, f->n_aliases * sizeof *all);
	all[f->n_aliases++] = label;
	f->aliases = all;
}

/* A local file may correct a known field's label and flags and add spellings; nothing else. */
static void amend_field(struct hub_load *l, const config_setting_t *at, struct hub_field *f)
{
	static const char *const keys[] = {
	    "label",           "aliases",     "required", "national_report",
	    "reveals_address", "third_party", NULL};

	const struct hub_str label = f->label;

	hub_load_keys(l, at, keys);
	read_field_common(l, at, f);
	keep_label(l, f, label);
}

static void read_fields(struct hub_load *l, const config_setting_t *group, struct hub_entity *e,
			struct hub_str form, char source)
{
	struct hub_field *fields = (struct hub_field *)e->fields;
	struct hub_map *find = (struct hub_map *)e->find;
	const config_setting_t *list = hub_load_group(l, group, "fields");

	for (unsigned i = 0; i < hub_load_count(list); i++) {
		const config_setting_t *at = config_setting_get_elem(list, i);
		uint64_t known;

		if (!hub_load_name(l, at) || !config_setting_is_group(at))
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

static const struct hub_field *ref_field(struct hub_load *l, const config_setting_t *at,
					 const struct hub_entity *e, struct hub_str name,
					 const char *to)
{
	const struct hub_field *f = hub_schema_field(e, name);

	if (f && f->type == HUB_F_REF && f->to && hub_str_is(f->to->name, to))
		return f;
	hub_load_complain(l, at, hub_tr("\"%s\" must name a field of type ref to %s"), name.ptr,
			  to);
	return NULL;
}

/* subject = "none" | "self" | "case" | "members" | a field that refers to a person. */
static void read_subject(struct hub_load *l, const config_setting_t *at, struct hub_entity *e)
{
	const struct hub_str subject = hub_load_text(l, at, "subject");
	const struct hub_str case_name = hub_load_text(l, at, "case");

	if (hub_str_is(case_name, "self") && !hub_str_is(e->name, "case"))
		hub_load_complain(l, at, hub_tr("case = \"self\" belongs to entity case"));
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
		hub_load_complain(l, at, hub_tr("subject = \"case\" needs case = \"...\""));
	for (uint32_t i = 0; e->subject == HUB_SUBJECT_NONE && i < e->count; i++)
		if (e->fields[i].pclass != HUB_C_OPERATIONAL)
			hub_load_complain(
			    l, at,
			    hub_tr("%s.%s holds personal data, but the entity has no subject"),
			    e->name.ptr, e->fields[i].name.ptr);
}

/* Columns the store adds to every entity table. */
static const char *const own_columns[] = {"id",   "record_id", "system_id", "key",
					  "scan", "state",     "local",     NULL};

static void check_columns(struct hub_load *l, const config_setting_t *at,
			  const struct hub_entity *e)
{
	struct hub_map *seen = hub_map_new(l->a);

	if (!seen) {
		l->no_memory = 1;
		return;
	}
	for (unsigned i = 0; own_columns[i]; i++)
		hub_load_claim(l, seen, hub_str_of(own_columns[i]), UINT64_MAX);
	for (uint32_t i = 0; i < e->count; i++) {
		const struct hub_field *f = &e->fields[i];

		if (f->name.len > 56 || !hub_load_claim(l, seen, f->column, i) ||
		    !hub_load_claim(l, seen, f->spans, i) ||
		    (f->was.len && hub_schema_field(e, f->was)))
			hub_load_complain(l, at,
					  hub_tr("field %s.%s: its column is too long or has the "
						 "name of another one"),
					  e->name.ptr, f->name.ptr);
	}
}

static void read_entity(struct hub_load *l, const config_setting_t *at, struct hub_entity *e)
{
	static const char *const keys[] = {"label", "label_en", "note",   "identified", "subject",
					   "case",  "form",     "source", "fields",     NULL};
	static const char *const local_keys[] = {"fields", NULL};

	hub_load_keys(l, at, l->local ? local_keys : keys);
	if (l->local) {
		read_fields(l, at, e, (struct hub_str){"", 0}, 'L');
		check_columns(l, at, e);
		return;
	}
	e->label = hub_load_text(l, at, "label");
	e->label_en = hub_load_text(l, at, "label_en");
	e->note = hub_load_text(l, at, "note");
	e->identified = hub_load_bool(l, at, "identified", 0);
	if (!e->label.len)
		hub_load_complain(l, at, hub_tr("\"%s\" is missing"), "label");
	const struct hub_str form = hub_load_text(l, at, "form");
	read_fields(l, at, e, form, hub_load_source(l, at, hub_load_text(l, at, "source"), 'I'));
	read_subject(l, at, e);
	check_columns(l, at, e);
}

static void read_entities(struct hub_load *l, const config_setting_t *root,
			  const config_setting_t *local)
{
	const config_setting_t *group = hub_load_group(l, root, "entities");
	const config_setting_t *more = local ? hub_load_group(l, local, "entities") : NULL;
	struct hub_map *find = (struct hub_map *)l->s->find;

	/* names first: a ref may point forward */
	for (unsigned i = 0; i < hub_load_count(group); i++) {
		const config_setting_t *at = config_setting_get_elem(group, i);
		struct hub_entity *e = &l->entities[i];
		const config_setting_t *fields = config_setting_get_member(at, "fields");
		const config_setting_t *extra = NULL;

		hub_load_name(l, at);
		e->name = hub_load_keep(l, config_setting_name(at));
		e->index = i;
		if (more)
			extra = config_setting_get_member(more, e->name.ptr);
		if (extra)
			extra = config_setting_get_member(extra, "fields");
		e->fields = hub_load_array(l, hub_load_count(fields) + hub_load_count(extra),
					   sizeof *e->fields);
		e->find = hub_map_new(l->a);
		if (!e->fields || !e->find || hub_map_put(find, e->name, i)) {
			l->no_memory = 1;
			return;
		}
	}
	l->s->n_entities = hub_load_count(group);
	for (unsigned i = 0; i < hub_load_count(group); i++)
		read_entity(l, config_setting_get_elem(group, i), &l->entities[i]);
}

static void amend_entities(struct hub_load *l, const config_setting_t *local)
{
	const config_setting_t *group = hub_load_group(l, local, "entities");

	for (unsigned i = 0; i < hub_load_count(group); i++) {
		const config_setting_t *at = config_setting_get_elem(group, i);
		uint64_t e;

		if (hub_map_get(l->s->find, hub_str_of(config_setting_name(at)), &e))
			read_entity(l, at, &l->entities[e]);
		else
			hub_load_complain(l, at, hub_tr("no entity is named \"%s\""),
					  config_setting_name(at));
	}
}

/* ---- headers */

static void add_alias(struct hub_load *l, struct hub_alias *all, uint32_t *n,
		      const struct hub_field *f, struct hub_str text)
{
	struct hub_map *find = (struct hub_map *)l->s->find_alias;
	char folded[512];
	const struct hub_str h = {folded, hub_schema_fold(text, 1, folded, sizeof folded)};
	uint64_t at;

	if (!h.len)
		return;
	const struct hub_banned *ban = hub_schema_banned(l->s, text);
	if (ban && ban->ban == HUB_BAN_FORBIDDEN) {
		hub_load_complain(l, NULL, hub_tr("%s.%s: \"%s\" is a forbidden item"),
				  f->entity->name.ptr, f->name.ptr, text.ptr);
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
			hub_load_complain(
			    l, NULL, hub_tr("header \"%s\" means both %s and %s of %s"), text.ptr,
			    all[at].field->name.ptr, f->name.ptr, f->entity->name.ptr);
			return;
		}
		if (!all[at].next)
			break;
	}
	all[at].next = ++*n;
}

static void index_headers(struct hub_load *l)
{
	size_t room = 0;
	uint32_t n = 0;

	for (uint32_t e = 0; e < l->s->n_entities; e++)
		for (uint32_t i = 0; i < l->entities[e].count; i++)
			room += 2 + l->entities[e].fields[i].n_aliases;
	struct hub_alias *all = hub_load_array(l, room, sizeof *all);
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

/* ---- the files */

static void auto_config(config_t *c)
{
	config_destroy(c);
}

/* Opens first: libconfig's scanner ends the process when it is given a folder. */
static int read_file(struct hub_load *l, config_t *cfg, const char *path, struct hub_err *err)
{
	int fd = -1;
	const int rc = hub_open_input(path, &fd, err);

	if (rc)
		return rc;
	HUB_AUTO(file) FILE *f = fdopen(fd, "r");
	char *folder = hub_arena_cstr(l->a, hub_str_of(path));
	if (!f || !folder)
		return hub_fail_mem(err);
	hub_load_file(l, path);
	config_set_include_dir(cfg, dirname(folder));
	if (config_read(cfg, f) == CONFIG_TRUE)
		return HUB_OK;
	const char *file = config_error_file(cfg);
	hub_fail(err, HUB_CONF, "schema-syntax", "the schema cannot be read: %s",
		 config_error_text(cfg));
	hub_where(err, "%s:%d", file ? file : path, config_error_line(cfg));
	return HUB_CONF;
}

static int prepare(struct hub_load *l, const config_setting_t *root, const config_setting_t *local)
{
	const config_setting_t *r[2] = {root, local};
	size_t lists = 0, banned = 0;

	for (unsigned i = 0; i < 2 && r[i]; i++) {
		lists += hub_load_count(config_setting_get_member(r[i], "codes"));
		banned += hub_load_count(config_setting_get_member(r[i], "forbidden"));
		banned += hub_load_count(config_setting_get_member(r[i], "dropped"));
	}
	const size_t entities = hub_load_count(config_setting_get_member(root, "entities"));
	l->s->lists = l->lists = hub_load_array(l, lists, sizeof *l->lists);
	l->s->entities = l->entities = hub_load_array(l, entities, sizeof *l->entities);
	l->s->banned = l->banned = hub_load_array(l, banned, sizeof *l->banned);
	l->s->find = hub_map_new(l->a);
	l->s->find_list = hub_map_new(l->a);
	l->s->find_alias = hub_map_new(l->a);
	return l->no_memory || !l->s->find || !l->s->find_list || !l->s->find_alias;
}

static void read_local(struct hub_load *l, const config_setting_t *root, const char *path)
{
	static const char *const keys[] = {"version",   "note",    "codes", "entities",
					   "forbidden", "dropped", NULL};

	l->local = 1;
	hub_load_file(l, path);
	hub_load_keys(l, root, keys);
	hub_load_banned(l, root, "forbidden", HUB_BAN_FORBIDDEN);
	hub_load_banned(l, root, "dropped", HUB_BAN_DROPPED);
	amend_entities(l, root);
}

int hub_schema_load(struct hub_arena *a, const char *path, const char *local,
		    const struct hub_schema **out, struct hub_buf *report, struct hub_err *err)
{
	static const char *const keys[] = {"version",  "title",     "note",    "codes",
					   "entities", "forbidden", "dropped", NULL};
	__attribute__((cleanup(auto_config))) config_t cfg, more;
	struct hub_load l = {.a = a, .report = report, .path = path};
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

	hub_load_file(&l, path);
	hub_load_keys(&l, root, keys);
	l.s->version = hub_load_text(&l, root, "version");
	l.s->title = hub_load_text(&l, root, "title");
	l.s->note = hub_load_text(&l, root, "note");
	if (!l.s->version.len)
		hub_load_complain(&l, root, hub_tr("\"%s\" is missing"), "version");
	hub_load_lists(&l, root);
	if (site) {
		l.local = 1;
		hub_load_file(&l, local);
		hub_load_lists(&l, site);
		l.local = 0;
		hub_load_file(&l, path);
	}
	hub_load_banned(&l, root, "forbidden", HUB_BAN_FORBIDDEN);
	hub_load_banned(&l, root, "dropped", HUB_BAN_DROPPED);
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
	if (l.no_memory || hub_schema_seal(l.s))
		return hub_fail_mem(err);
	*out = l.s;
	return HUB_OK;
}
