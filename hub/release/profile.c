#include "release/profile.h"

#include "base/err.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/str.h"
#include "release/conf_read.h"
#include "text/fold.h"

enum { CANON_LIMIT = 1 << 20 };

static const char *const shows[] = {"withheld",    "masked", "pseudonym",
				    "generalised", "as_is",  NULL};
static const char *const masks[] = {"role", "dots", NULL};
static const char *const unattended[] = {"withhold", "mask", NULL};
static const char *const deletions[] = {"none", "list", NULL};
static const char *const unmapped[] = {"withheld", "as_is", NULL};
static const char *const dates[] = {"iso", "wareki", NULL};

const char *hub_show_name(enum hub_show show)
{
	return shows[show];
}

/* As the file says it. */
struct raw {
	struct hub_str title, purpose;
	int64_t masked, unattended, dates, deletions, unmapped;
	const config_setting_t *recipient, *show, *entities, *statistics;
};

#define IN_RAW(field) .offset = offsetof(struct raw, field)
static const struct hub_opt top_opts[] = {
    {.name = "title", .type = HUB_O_TEXT, IN_RAW(title), .flags = HUB_OPT_REQUIRED},
    {.name = "purpose", .type = HUB_O_TEXT, IN_RAW(purpose), .flags = HUB_OPT_REQUIRED},
    {.name = "recipient", .type = HUB_KEY_GROUP, IN_RAW(recipient), .flags = HUB_OPT_REQUIRED},
    {.name = "show", .type = HUB_KEY_GROUP, IN_RAW(show), .flags = HUB_OPT_REQUIRED},
    {.name = "entities", .type = HUB_KEY_GROUP, IN_RAW(entities), .flags = HUB_OPT_REQUIRED},
    {.name = "unmapped",
     .type = HUB_O_ENUM,
     IN_RAW(unmapped),
     .words = unmapped,
     .dflt = "withheld"},
    {.name = "statistics", .type = HUB_KEY_GROUP, IN_RAW(statistics)},
    {.name = "masked", .type = HUB_O_ENUM, IN_RAW(masked), .words = masks, .dflt = "role"},
    {.name = "unattended",
     .type = HUB_O_ENUM,
     IN_RAW(unattended),
     .words = unattended,
     .dflt = "withhold"},
    {.name = "deletions",
     .type = HUB_O_ENUM,
     IN_RAW(deletions),
     .words = deletions,
     .dflt = "none"},
    {.name = "dates", .type = HUB_O_ENUM, IN_RAW(dates), .words = dates, .dflt = "iso"},
    {.name = NULL}};

struct raw_recipient {
	struct hub_str id, name, kind, from, to;
};

#define IN_TO(field) .type = HUB_O_TEXT, .offset = offsetof(struct raw_recipient, field)
static const struct hub_opt recipient_opts[] = {
    {.name = "id", IN_TO(id), .flags = HUB_OPT_REQUIRED},
    {.name = "name", IN_TO(name), .flags = HUB_OPT_REQUIRED},
    {.name = "kind", IN_TO(kind)},
    {.name = "contract_from", IN_TO(from)},
    {.name = "contract_to", IN_TO(to)},
    {.name = NULL}};

/* Every class must be said: what is forgotten is not shown by accident. */
struct raw_show {
	int64_t by_class[HUB_CLASSES];
};

#define CLASS(word, c)                                                                            \
	{                                                                                         \
		HUB_OPTION((word), ENUM, HUB_OPT_REQUIRED, NULL, .words = shows,                  \
			   .offset = offsetof(struct raw_show, by_class) + (c) * sizeof(int64_t)) \
	}
static const struct hub_opt show_opts[] = {CLASS("identifier", HUB_C_IDENTIFIER),
					   CLASS("contact", HUB_C_CONTACT),
					   CLASS("quasi", HUB_C_QUASI),
					   CLASS("sensitive", HUB_C_SENSITIVE),
					   CLASS("narrative", HUB_C_NARRATIVE),
					   CLASS("operational", HUB_C_OPERATIONAL),
					   {.name = NULL}};

struct raw_entity {
	const config_setting_t *fields, *except, *show;
};

#define IN_ENTITY(field) .offset = offsetof(struct raw_entity, field)
static const struct hub_opt entity_opts[] = {
    {.name = "fields", .type = HUB_KEY_LIST, IN_ENTITY(fields), .flags = HUB_OPT_REQUIRED},
    {.name = "except", .type = HUB_KEY_LIST, IN_ENTITY(except)},
    {.name = "show", .type = HUB_KEY_GROUP, IN_ENTITY(show)},
    {.name = NULL}};

/* What no recipient may ever get: that somebody is protected is itself the secret. */
static const char *const never[] = {"protection", NULL};

struct load {
	struct hub_arena *a;
	struct hub_report *r;
	const struct hub_schema *schema;
	struct hub_profile *p;
	int rc; /* the worst so far */
};

/* All problems are to be found: goes on after one, but not without memory. 1: stop. */
static int note(struct load *l, int rc)
{
	if (l->rc == HUB_OK || rc == HUB_FATAL)
		l->rc = rc;
	return rc == HUB_FATAL;
}

static int take(struct load *l, const config_setting_t *group, const struct hub_opt *opts,
		const char *owner, void *to)
{
	const struct hub_keys keys = {.opts = opts, .owner = owner};

	note(l, hub_conf_take(group, &keys, l->a, to, NULL, l->r));
	return l->rc;
}

static void complain(struct load *l, const config_setting_t *at, const struct hub_err *e)
{
	hub_report_add(l->r, hub_conf_place(at), e);
	note(l, HUB_CONF);
}

static int has_unseen(struct hub_str s)
{
	enum hub_hidden kind;
	size_t at = 0, where;
	uint32_t cp;

	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] < 0x20)
			return 1;
	while (hub_hidden_next(s, &at, &kind, &cp, &where))
		if (kind != HUB_HIDDEN_GAIJI && kind != HUB_HIDDEN_VARIATION)
			return 1;
	return 0;
}

/* The canonical form has one setting a line, and who approves it sees all that is in it. */
static void check_line(struct load *l, const config_setting_t *at, struct hub_str s)
{
	struct hub_err e;

	if (!has_unseen(s))
		return;
	hub_fail(&e, HUB_CONF, "control-character",
		 "a text of a profile has no line ends, nor characters that nobody sees");
	complain(l, at, &e);
}

/* "WEL " looks like WEL and is another recipient: no bar on WEL is one on it. Names in brackets are the hub's own keys. */
static void check_id(struct load *l, const config_setting_t *at, struct hub_str id)
{
	struct hub_err e;

	check_line(l, at, id);
	if (id.len == hub_str_trim(id).len && !hub_str_starts(id, HUB_STR("(")))
		return;
	hub_fail(&e, HUB_CONF, "recipient-id",
		 "the id of a recipient has a blank at its end, or stands in brackets");
	complain(l, at, &e);
}

static void take_recipient(struct load *l, const config_setting_t *group)
{
	struct raw_recipient to = {0};
	struct hub_err e;

	if (take(l, group, recipient_opts, "recipient", &to) == HUB_FATAL)
		return;
	if (hub_str_is(to.id, "*")) {
		hub_fail(&e, HUB_CONF, "recipient-any", "a profile has one recipient, not all");
		complain(l, group, &e);
	}
	check_id(l, group, to.id);
	check_line(l, group, to.name);
	check_line(l, group, to.kind);
	l->p->recipient = to.id;
	l->p->recipient_name = to.name;
	l->p->recipient_kind = to.kind;
	note(l, hub_read_period(group, to.from, to.to, &l->p->contract, l->r));
}

static void take_show(struct load *l, const config_setting_t *group)
{
	struct raw_show s = {0};

	if (take(l, group, show_opts, "show", &s) == HUB_FATAL)
		return;
	for (int i = 0; i < HUB_CLASSES; i++)
		l->p->view.by_class[i] = (enum hub_show)s.by_class[i];
}

/* --- entities and fields --------------------------------------------------------------------------- */

/* One byte per field of the entity: whether a list of names holds it ("*": all). */
static void mark_fields(struct load *l, const struct hub_entity *e, const config_setting_t *list,
			uint8_t *marks)
{
	for (unsigned i = 0; i < hub_conf_count(list); i++) {
		const config_setting_t *item = hub_conf_child(list, i);
		const struct hub_str name = hub_conf_text(item);
		struct hub_err err;

		if (hub_str_is(name, "*")) {
			memset(marks, 1, e->count);
			continue;
		}
		const struct hub_field *f = name.len ? hub_schema_field(e, name) : NULL;
		if (f) {
			marks[f->index] = 1;
			continue;
		}
		hub_fail(&err, HUB_CONF, "unknown-field", "%.*s has no field \"%.*s\"",
			 HUB_FMT(e->name), HUB_FMT(name));
		hub_hint(&err, "`tsunagi schema --as md` lists the fields; \"*\" means all.");
		hub_report_add(l->r, hub_conf_value_place(item), &err);
		note(l, HUB_CONF);
	}
}

static int show_of(const config_setting_t *s)
{
	const struct hub_str word = hub_conf_text(s);

	for (int i = 0; shows[i]; i++)
		if (hub_str_is(word, shows[i]))
			return i;
	return -1;
}

/* show: { body = "masked"; }: of single fields, instead of their class. */
static void take_overrides(struct load *l, const struct hub_entity *e, const config_setting_t *show,
			   int8_t *by_field)
{
	for (unsigned i = 0; i < hub_conf_count(show); i++) {
		const config_setting_t *item = hub_conf_child(show, i);
		const struct hub_str name = hub_str_of(config_setting_name(item));
		const struct hub_field *f = hub_schema_field(e, name);
		const int how = show_of(item);
		struct hub_err err;

		if (f && how >= 0) {
			by_field[f->index] = (int8_t)how;
			continue;
		}
		if (!f)
			hub_fail(&err, HUB_CONF, "unknown-field", "%.*s has no field \"%.*s\"",
				 HUB_FMT(e->name), HUB_FMT(name));
		else
			hub_fail(&err, HUB_CONF, "bad-choice", "\"%.*s\" is no way to show a field",
				 HUB_FMT(name));
		hub_hint(&err, "withheld, masked, pseudonym, generalised or as_is.");
		complain(l, item, &err);
	}
}

static void take_fields(struct load *l, const struct hub_entity *e, const struct raw_entity *raw,
			struct hub_profile_entity *out)
{
	uint8_t *in = hub_alloc0(l->a, e->count + 1), *not_in = hub_alloc0(l->a, e->count + 1);
	int8_t *how = hub_alloc(l->a, e->count + 1);
	struct hub_view_field *fields = hub_alloc_array(l->a, e->count + 1, sizeof *fields);

	if (!in || !not_in || !how || !fields) {
		note(l, HUB_FATAL);
		return;
	}
	memset(how, -1, e->count + 1);
	mark_fields(l, e, raw->fields, in);
	mark_fields(l, e, raw->except, not_in);
	take_overrides(l, e, raw->show, how);
	*out = (struct hub_profile_entity){.entity = e, .fields = fields};
	for (uint32_t i = 0; i < e->count; i++) {
		const struct hub_field *f = &e->fields[i];
		const enum hub_show s =
		    how[i] >= 0 ? (enum hub_show)how[i] : l->p->view.by_class[f->pclass];
		if (in[i] && !not_in[i] && s != HUB_SHOW_WITHHELD)
			fields[out->n++] = (struct hub_view_field){f, s};
	}
}

static int may_leave(const struct hub_entity *e)
{
	for (const char *const *n = never; *n; n++)
		if (hub_str_is(e->name, *n))
			return 0;
	return 1;
}

static const struct hub_entity *find_entity(struct load *l, const config_setting_t *item)
{
	const struct hub_str name = hub_str_of(config_setting_name(item));
	const struct hub_entity *e = hub_schema_entity(l->schema, name);
	struct hub_err err;

	if (e && may_leave(e) && config_setting_is_group(item))
		return e;
	if (!e)
		hub_fail(&err, HUB_CONF, "unknown-entity", "there is no entity \"%.*s\"",
			 HUB_FMT(name));
	else if (!may_leave(e))
		hub_fail(&err, HUB_CONF, "never-released", "%.*s is never released", HUB_FMT(name));
	else
		hub_fail(&err, HUB_CONF, "wrong-type", "%.*s must be a group: { fields = [...]; }",
			 HUB_FMT(name));
	hub_hint(&err, "`tsunagi schema --as md` lists the entities.");
	complain(l, item, &err);
	return NULL;
}

static void take_entities(struct load *l, const config_setting_t *group)
{
	struct hub_profile_entity *all = hub_alloc_array(l->a, l->schema->n_entities, sizeof *all);

	if (!all) {
		note(l, HUB_FATAL);
		return;
	}
	for (unsigned i = 0; i < hub_conf_count(group) && l->rc != HUB_FATAL; i++) {
		const config_setting_t *item = hub_conf_child(group, i);
		const struct hub_entity *e = find_entity(l, item);
		struct raw_entity raw = {0};

		if (e && take(l, item, entity_opts, "entity", &raw) != HUB_FATAL)
			take_fields(l, e, &raw, &all[e->index]);
	}
	/* in the order of the schema, without what has no field left */
	for (uint32_t i = 0; i < l->schema->n_entities; i++)
		if (all[i].n > 0)
			all[l->p->n++] = all[i];
	l->p->entities = all;
}

/* --- canonical form ---------------------------------------------------------------------------------- */

static void write_canon(const struct hub_profile *p, struct hub_buf *b)
{
	hub_buf_printf(b, "recipient %.*s\n", HUB_FMT(p->recipient));
	hub_buf_printf(b, "name %.*s\n", HUB_FMT(p->recipient_name));
	hub_buf_printf(b, "kind %.*s\n", HUB_FMT(p->recipient_kind));
	hub_buf_puts(b, "contract ");
	hub_period_write(b, p->contract);
	hub_buf_putc(b, '\n');
	hub_buf_printf(b, "purpose %.*s\n", HUB_FMT(p->purpose));
	hub_buf_printf(b, "masked %s\n", masks[p->view.masked == HUB_SHOW_MASKED]);
	hub_buf_printf(b, "unattended %s\n", unattended[!p->withhold_unattended]);
	hub_buf_printf(b, "dates %s\n", dates[p->dates]);
	if (p->takes_deletions) /* without it the version is that of a profile from before */
		hub_buf_puts(b, "deletions list\n");
	for (int i = 1; i < HUB_CLASSES; i++)
		hub_buf_printf(b, "class.%s %s\n", hub_fclass_name((enum hub_fclass)i),
			       shows[p->view.by_class[i]]);
	for (uint32_t i = 0; i < p->n; i++)
		for (uint32_t k = 0; k < p->entities[i].n; k++)
			hub_buf_printf(b, "%.*s.%.*s %s\n", HUB_FMT(p->entities[i].entity->name),
				       HUB_FMT(p->entities[i].fields[k].field->name),
				       shows[p->entities[i].fields[k].show]);
	if (p->unmapped)
		hub_buf_puts(b, "unmapped as_is\n");
	hub_profile_stats_canon(&p->stats, b);
}

static int seal(struct hub_arena *a, struct hub_profile *p)
{
	HUB_AUTO(buf) struct hub_buf b;
	uint8_t sha[HUB_SHA256];

	hub_buf_init(&b, CANON_LIMIT);
	write_canon(p, &b);
	p->canon = hub_buf_keep(&b, a);
	if (!p->canon.ptr || hub_sha256(p->canon, sha))
		return HUB_FATAL;
	hub_hex(sha, sizeof sha, p->hash);
	return HUB_OK;
}

/* --- loading ------------------------------------------------------------------------------------------ */

static void take_file(struct load *l, const struct hub_conf *c, struct hub_err *err)
{
	const config_setting_t *root = hub_conf_root(c);
	struct raw raw = {0};

	if (take(l, root, top_opts, "the profile", &raw) == HUB_FATAL)
		return;
	check_line(l, root, raw.purpose);
	l->p->title = raw.title;
	l->p->purpose = raw.purpose;
	l->p->withhold_unattended = raw.unattended == 0;
	l->p->unmapped = raw.unmapped != 0;
	l->p->dates = (enum hub_dates)raw.dates;
	l->p->takes_deletions = raw.deletions != 0;
	l->p->view.masked = raw.masked == 0 ? HUB_SHOW_PSEUDONYM : HUB_SHOW_MASKED;
	if (raw.recipient)
		take_recipient(l, raw.recipient);
	if (raw.show)
		take_show(l, raw.show);
	if (raw.entities && l->rc != HUB_FATAL)
		take_entities(l, raw.entities);
	if (raw.statistics && l->rc != HUB_FATAL)
		note(l, hub_profile_take_stats(l->a, l->r, raw.statistics, l->schema, &l->p->stats,
					       err));
}

int hub_profile_load(struct hub_arena *a, struct hub_report *r, const char *path,
		     const struct hub_schema *schema, struct hub_profile *out, struct hub_err *err)
{
	struct load l = {.a = a, .r = r, .schema = schema, .p = out};
	HUB_AUTO(conf) struct hub_conf *c = NULL;

	*out = (struct hub_profile){.name = hub_conf_name(a, path), .contract = HUB_ALWAYS};
	int rc = hub_conf_read(a, r, path, &c, err);
	if (rc)
		return rc;
	take_file(&l, c, err);
	if (l.rc == HUB_FATAL || !out->name.ptr)
		return hub_fail_mem(err);
	if ((rc = hub_report_result(r, err)))
		return rc;
	return seal(a, out) ? hub_fail_mem(err) : HUB_OK;
}

const struct hub_view_field *hub_profile_field(const struct hub_profile *p,
					       const struct hub_field *f)
{
	for (uint32_t i = 0; i < p->n; i++)
		for (uint32_t k = 0; p->entities[i].entity == f->entity && k < p->entities[i].n;
		     k++)
			if (p->entities[i].fields[k].field == f)
				return &p->entities[i].fields[k];
	return NULL;
}
