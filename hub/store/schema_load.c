/* Reads schemas/common-case.cfg and a site's local file into struct hub_schema. Collects every error
 * of both files before giving up, so that a person repairs a file in one go. */
#include "store/schema_load.h"

/* ---- fields */

struct field_conf {
	int64_t type, pclass; /* index of the word */
	struct hub_str codes, to, label_en, form, source, note, was, label;
	const config_setting_t *aliases;
	int64_t required, national, reveals, third;
};

#define AT(field) .offset = offsetof(struct field_conf, field)
#define TEXT(key, field)                                                \
	{                                                               \
		HUB_OPTION((key), TEXT, 0, NULL, .dflt = "", AT(field)) \
	}
#define FLAG(key, field)                                    \
	{                                                   \
		HUB_OPTION((key), BOOL, 0, NULL, AT(field)) \
	}
/* From place AMENDABLE on: what a local file may say of a known field, its label and flags. */
enum { FORM = 5, AMENDABLE = 9, LABEL = 9, REQUIRED = 11, FIELD_OPTS = 15 };
static const struct hub_opt field_opts[FIELD_OPTS + 1] = {
    {HUB_OPTION("type", ENUM, HUB_OPT_REQUIRED, NULL, .words = hub_ftype_words + 1, AT(type))},
    {HUB_OPTION("class", ENUM, HUB_OPT_REQUIRED, NULL, .words = hub_fclass_words + 1, AT(pclass))},
    TEXT("codes", codes),
    TEXT("to", to),
    TEXT("label_en", label_en),
    [FORM] = TEXT("form", form),
    TEXT("source", source),
    TEXT("note", note),
    TEXT("was", was),
    [LABEL] = TEXT("label", label),
    {.name = "aliases", .type = HUB_KEY_LIST, AT(aliases)},
    [REQUIRED] = FLAG("required", required),
    FLAG("national_report", national),
    FLAG("reveals_address", reveals),
    FLAG("third_party", third),
    {.name = NULL},
};
#undef AT
#undef TEXT
#undef FLAG

/* given: of all of field_opts. */
static void set_flags(struct hub_load *l, const config_setting_t *at, struct hub_field *f,
		      const struct field_conf *conf, const uint8_t *given)
{
	static const unsigned flags[] = {HUB_FF_REQUIRED, HUB_FF_NATIONAL, HUB_FF_REVEALS,
					 HUB_FF_THIRD};
	const int64_t on[] = {conf->required, conf->national, conf->reveals, conf->third};

	for (unsigned i = 0; i < HUB_COUNT(flags); i++) {
		if (!given[REQUIRED + i])
			continue;
		/* a site may widen what is protected, never narrow it */
		if (!on[i] && (flags[i] & (HUB_FF_REVEALS | HUB_FF_THIRD)) && (f->flags & flags[i]))
			hub_load_complain(l, at, hub_tr("a local file cannot take \"%s\" away"),
					  field_opts[REQUIRED + i].name);
		f->flags = on[i] ? f->flags | flags[i] : f->flags & ~flags[i];
	}
}

static void check_type(struct hub_load *l, const config_setting_t *at, struct hub_field *f,
		       const struct field_conf *conf)
{
	const struct hub_str list = conf->codes, to = conf->to;
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
	struct field_conf conf = {.type = -1, .pclass = -1};
	uint8_t given[FIELD_OPTS] = {0};

	hub_load_take(l, at, field_opts, "field", &conf, given);
	f->name = hub_load_keep(l, config_setting_name(at));
	f->entity = e;
	f->type = (enum hub_ftype)(conf.type + 1);
	f->pclass = (enum hub_fclass)(conf.pclass + 1);
	f->label = conf.label;
	if (!f->label.len)
		hub_load_complain(l, at, hub_tr("\"%s\" is missing"), "label");
	f->label_en = conf.label_en;
	f->note = conf.note;
	f->was = conf.was;
	f->form = given[FORM] ? conf.form : form;
	f->source = hub_load_source(l, at, conf.source, source);
	if (f->source == 'K' || f->source == 'I')
		f->flags |= HUB_FF_UNOFFICIAL;
	if (l->local)
		f->flags |= HUB_FF_LOCAL;
	hub_load_words(l, conf.aliases, 0, &f->aliases, &f->n_aliases);
	set_flags(l, at, f, &conf, given);
	if (f->type)
		check_type(l, at, f, &conf);
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
	const struct hub_str label = f->label;
	struct field_conf conf = {0};
	uint8_t given[FIELD_OPTS] = {0};

	hub_load_take(l, at, field_opts + AMENDABLE, "known field", &conf, given + AMENDABLE);
	if (conf.label.len)
		f->label = conf.label;
	hub_load_words(l, conf.aliases, 0, &f->aliases, &f->n_aliases);
	set_flags(l, at, f, &conf, given);
	keep_label(l, f, label);
}

static void read_fields(struct hub_load *l, const config_setting_t *list, struct hub_entity *e,
			struct hub_str form, char source)
{
	struct hub_field *fields = (struct hub_field *)e->fields;
	struct hub_map *find = (struct hub_map *)e->find;

	for (unsigned i = 0; i < hub_conf_count(list); i++) {
		const config_setting_t *at = hub_conf_child(list, i);
		uint64_t known;

		if (!hub_load_named_group(l, at))
			continue;
		if (hub_map_get(find, hub_str_of(config_setting_name(at)), &known)) {
			l->at[e->index][known] = at;
			amend_field(l, at, &fields[known]);
			continue;
		}
		l->at[e->index][e->count] = at;
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
static void read_subject(struct hub_load *l, const config_setting_t *at, struct hub_entity *e,
			 struct hub_str subject, struct hub_str case_name)
{
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

static void check_columns(struct hub_load *l, const struct hub_entity *e)
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
			hub_load_complain(l, l->at[e->index][i],
					  hub_tr("field %s.%s: its column is too long or has the "
						 "name of another one"),
					  e->name.ptr, f->name.ptr);
	}
}

struct entity_conf {
	const config_setting_t *fields;
	struct hub_str label, label_en, note, subject, case_name, form, source;
	int64_t identified;
};

#define AT(field) .offset = offsetof(struct entity_conf, field)
#define TEXT(key, field)                                                \
	{                                                               \
		HUB_OPTION((key), TEXT, 0, NULL, .dflt = "", AT(field)) \
	}
static const struct hub_opt entity_opts[] = {
    TEXT("label", label),
    TEXT("label_en", label_en),
    TEXT("note", note),
    TEXT("subject", subject),
    TEXT("case", case_name),
    TEXT("form", form),
    TEXT("source", source),
    {HUB_OPTION("identified", BOOL, 0, NULL, AT(identified))},
    {.name = "fields", .type = HUB_KEY_GROUP, .flags = HUB_OPT_REQUIRED, AT(fields)},
    {.name = NULL},
};
/* All that a local file may say: it adds fields and amends them. */
static const struct hub_opt local_entity_opts[] = {
    {.name = "fields", .type = HUB_KEY_GROUP, AT(fields)},
    {.name = NULL},
};
#undef AT
#undef TEXT

static void read_entity(struct hub_load *l, const config_setting_t *at, struct hub_entity *e)
{
	struct entity_conf conf = {0};

	hub_load_take(l, at, entity_opts, "entity", &conf, NULL);
	e->label = conf.label;
	e->label_en = conf.label_en;
	e->note = conf.note;
	e->identified = conf.identified != 0;
	if (!e->label.len)
		hub_load_complain(l, at, hub_tr("\"%s\" is missing"), "label");
	read_fields(l, conf.fields, e, conf.form, hub_load_source(l, at, conf.source, 'I'));
	read_subject(l, at, e, conf.subject, conf.case_name);
	check_columns(l, e);
}

static unsigned fields_of(const config_setting_t *entity)
{
	return entity ? hub_conf_count(config_setting_get_member(entity, "fields")) : 0;
}

/* Names first: a ref may point forward. Room for the fields of both files. */
static void name_entities(struct hub_load *l, const config_setting_t *group,
			  const config_setting_t *more)
{
	struct hub_map *find = (struct hub_map *)l->s->find;

	for (unsigned i = 0; i < hub_conf_count(group); i++) {
		const config_setting_t *at = hub_conf_child(group, i);
		struct hub_entity *e = &l->entities[l->s->n_entities];
		const config_setting_t *extra = NULL;

		if (!hub_load_named_group(l, at))
			continue;
		e->name = hub_load_keep(l, config_setting_name(at));
		e->index = l->s->n_entities;
		if (more && e->name.ptr)
			extra = config_setting_get_member(more, e->name.ptr);
		const size_t room = fields_of(at) + fields_of(extra);
		e->fields = hub_load_array(l, room, sizeof *e->fields);
		l->at[e->index] = hub_load_array(l, room, sizeof *l->at[0]);
		e->find = hub_map_new(l->a);
		if (!e->find || hub_map_put(find, e->name, e->index))
			l->no_memory = 1;
		if (l->no_memory)
			return;
		l->s->n_entities++;
	}
}

static void read_entities(struct hub_load *l, const config_setting_t *group,
			  const config_setting_t *more)
{
	uint64_t e;

	name_entities(l, group, more);
	for (unsigned i = 0; !l->no_memory && i < hub_conf_count(group); i++) {
		const config_setting_t *at = hub_conf_child(group, i);

		if (hub_map_get(l->s->find, hub_str_of(config_setting_name(at)), &e))
			read_entity(l, at, &l->entities[e]);
	}
}

static void amend_entities(struct hub_load *l, const config_setting_t *group)
{
	for (unsigned i = 0; !l->no_memory && i < hub_conf_count(group); i++) {
		const config_setting_t *at = hub_conf_child(group, i);
		struct entity_conf conf = {0};
		uint64_t e;

		if (!hub_load_named_group(l, at))
			continue;
		if (!hub_map_get(l->s->find, hub_str_of(config_setting_name(at)), &e)) {
			hub_load_complain(l, at, hub_tr("no entity is named \"%s\""),
					  config_setting_name(at));
			continue;
		}
		hub_load_take(l, at, local_entity_opts, "known entity", &conf, NULL);
		read_fields(l, conf.fields, &l->entities[e], (struct hub_str){"", 0}, 'L');
		check_columns(l, &l->entities[e]);
	}
}

/* ---- headers */

static void add_alias(struct hub_load *l, struct hub_alias *all, uint32_t *n,
		      const struct hub_field *f, struct hub_str text)
{
	struct hub_map *find = (struct hub_map *)l->s->find_alias;
	char folded[512];
	const struct hub_str h = {folded, hub_schema_fold(text, 1, folded, sizeof folded)};
	const config_setting_t *place = l->at[f->entity->index][f->index];
	uint64_t at;

	if (!h.len)
		return;
	const struct hub_banned *ban = hub_schema_banned(l->s, text);
	if (ban && ban->ban == HUB_BAN_FORBIDDEN) {
		hub_load_complain(l, place, hub_tr("%s.%s: \"%s\" is a forbidden item"),
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
			    l, place, hub_tr("header \"%s\" means both %s and %s of %s"), text.ptr,
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

struct top_conf {
	struct hub_str title, version, note;
	const config_setting_t *codes, *entities, *forbidden, *dropped;
};

#define AT(field) .offset = offsetof(struct top_conf, field)
#define GROUP(key, field)                                       \
	{                                                       \
		.name = (key), .type = HUB_KEY_GROUP, AT(field) \
	}
/* The local file has no title: all from place 1 on. */
static const struct hub_opt top_opts[] = {
    {HUB_OPTION("title", TEXT, 0, NULL, .dflt = "", AT(title))},
    {HUB_OPTION("version", TEXT, 0, NULL, .dflt = "", AT(version))},
    {HUB_OPTION("note", TEXT, 0, NULL, .dflt = "", AT(note))},
    GROUP("codes", codes),
    GROUP("entities", entities),
    GROUP("forbidden", forbidden),
    GROUP("dropped", dropped),
    {.name = NULL},
};
#undef AT
#undef GROUP

static int prepare(struct hub_load *l, const struct top_conf *top, const struct top_conf *local)
{
	const size_t lists = hub_conf_count(top->codes) + hub_conf_count(local->codes);
	const size_t entities = hub_conf_count(top->entities);
	const size_t banned = hub_conf_count(top->forbidden) + hub_conf_count(top->dropped) +
			      hub_conf_count(local->forbidden) + hub_conf_count(local->dropped);

	l->s->lists = l->lists = hub_load_array(l, lists, sizeof *l->lists);
	l->s->entities = l->entities = hub_load_array(l, entities, sizeof *l->entities);
	l->at = hub_load_array(l, entities, sizeof *l->at);
	l->s->banned = l->banned = hub_load_array(l, banned, sizeof *l->banned);
	l->s->find = hub_map_new(l->a);
	l->s->find_list = hub_map_new(l->a);
	l->s->find_alias = hub_map_new(l->a);
	return l->no_memory || !l->s->find || !l->s->find_list || !l->s->find_alias;
}

/* Both files, site NULL for none. All problems are in the report afterwards. */
static int read_both(struct hub_load *l, const config_setting_t *root, const config_setting_t *site)
{
	struct top_conf top = {0}, local = {0};

	hub_load_take(l, root, top_opts, "the schema", &top, NULL);
	l->local = 1;
	if (site)
		hub_load_take(l, site, top_opts + 1, "the local schema", &local, NULL);
	l->local = 0;
	if (l->no_memory || prepare(l, &top, &local))
		return HUB_FATAL;
	l->s->version = top.version;
	if (!top.version.len)
		hub_load_complain(l, root, hub_tr("\"%s\" is missing"), "version");
	l->s->title = top.title;
	l->s->note = top.note;

	hub_load_lists(l, top.codes);
	l->local = 1;
	hub_load_lists(l, local.codes);
	l->local = 0;
	hub_load_banned(l, top.forbidden, HUB_BAN_FORBIDDEN);
	hub_load_banned(l, top.dropped, HUB_BAN_DROPPED);
	read_entities(l, top.entities, local.entities);
	l->local = 1;
	hub_load_banned(l, local.forbidden, HUB_BAN_FORBIDDEN);
	hub_load_banned(l, local.dropped, HUB_BAN_DROPPED);
	amend_entities(l, local.entities);
	if (!l->no_memory)
		index_headers(l);
	return l->no_memory ? HUB_FATAL : HUB_OK;
}

/* ICU reads its tables at the first text that is not ASCII, and remembers if it could not: from then on no header
 * and no code would be found, and nothing would say why. */
static int can_fold(void)
{
	char out[8];

	return hub_schema_fold(HUB_STR("Ａ"), 0, out, sizeof out) == 1;
}

int hub_schema_load(struct hub_arena *a, const char *path, const char *local,
		    const struct hub_schema **out, struct hub_report *report, struct hub_err *err)
{
	HUB_AUTO(conf) struct hub_conf *main_file = NULL;
	HUB_AUTO(conf) struct hub_conf *site = NULL;
	struct hub_load l = {.a = a, .report = report ? report : hub_report_new(a)};
	int rc = HUB_OK;

	l.s = hub_alloc0(a, sizeof *l.s);
	if (!l.s || !l.report || !can_fold())
		return hub_fail_mem(err);
	const size_t before = hub_report_count(l.report);
	rc = hub_conf_read(a, l.report, path, &main_file, err);
	if (!rc && local)
		rc = hub_conf_read(a, l.report, local, &site, err);
	if (!rc)
		rc = read_both(&l, hub_conf_root(main_file), site ? hub_conf_root(site) : NULL);
	if (rc == HUB_FATAL)
		return hub_fail_mem(err);
	if (hub_report_count(l.report) > before) {
		hub_report_result(l.report, err);
		if (!report && err)
			*err = *hub_report_at(l.report, 0);
		return HUB_CONF;
	}
	if (hub_schema_seal(l.s))
		return hub_fail_mem(err);
	*out = l.s;
	return HUB_OK;
}
