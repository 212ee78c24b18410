/* The blocks of a mapping file: person: { ... }; consent: ( { ... }, { ... } ); and how their rows
 * refer to each other. */
#include "intake/map.h"

static const char *const block_words[] = {"block", "when", "each", "key", "shared", NULL};
static const char *const policies[] = {"reject", "null", NULL};

static void add_problem(struct hub_mapc *c, const config_setting_t *s, const struct hub_err *err)
{
	hub_report_add(c->report, hub_conf_place(s), err);
}

static struct hub_str name_of(const config_setting_t *s)
{
	return hub_str_of(config_setting_name(s));
}

static int is_block_word(struct hub_str name)
{
	for (int i = 0; block_words[i]; i++)
		if (hub_str_is(name, block_words[i]))
			return 1;
	return 0;
}

static void unknown_field(struct hub_mapc *c, const config_setting_t *s,
			  const struct hub_entity *entity)
{
	struct hub_near near = {.name = name_of(s)};
	struct hub_err err = {0};

	for (int i = 0; block_words[i]; i++)
		hub_near_add(&near, hub_str_of(block_words[i]));
	for (uint32_t i = 0; i < entity->count; i++)
		hub_near_add(&near, entity->fields[i].name);
	(void)hub_fail(&err, HUB_CONF, "unknown-field", "entity \"%.*s\" has no field \"%s\"",
		       HUB_FMT(entity->name), config_setting_name(s));
	if (near.best.len)
		hub_near_hint(&near, &err);
	else
		hub_hint(&err, "`tsunagi schema --as md` lists the fields.");
	add_problem(c, s, &err);
}

/* --- fields ----------------------------------------------------------------------------------- */

/* { value = "..."; invalid = "null"; required = true; }: the setting of the value. */
static const config_setting_t *take_group(struct hub_mapc *c, const config_setting_t *s,
					  struct hub_mapfield *f)
{
	struct {
		const config_setting_t *value, *invalid;
		int64_t required;
	} t = {0};
	const struct hub_opt opts[] = {
	    {.name = "value",
	     .type = HUB_KEY_ANY,
	     .flags = HUB_OPT_REQUIRED,
	     .offset = (size_t)((char *)&t.value - (char *)&t)},
	    {.name = "invalid",
	     .type = HUB_KEY_ANY,
	     .offset = (size_t)((char *)&t.invalid - (char *)&t)},
	    {HUB_OPTION("required", BOOL, 0, NULL, .dflt = "false",
			.offset = (size_t)((char *)&t.required - (char *)&t))},
	    {.name = NULL},
	};
	const struct hub_keys keys = {.opts = opts, .owner = hub_tr("a field")};

	if (hub_conf_take(s, &keys, c->arena, &t, NULL, c->report))
		return NULL;
	f->required = (uint8_t)t.required;
	if (t.invalid)
		f->policy = (uint8_t)hub_mapc_word(c, t.invalid, policies);
	return t.value;
}

static void load_field(struct hub_mapc *c, const config_setting_t *s, struct hub_mapblock *b)
{
	const struct hub_field *field = hub_schema_field(b->entity, name_of(s));
	struct hub_mapfield *f = &b->field[b->n];

	if (!field) {
		unknown_field(c, s, b->entity);
		return;
	}
	*f = (struct hub_mapfield){.field = field,
				   .op = HUB_NO_OP,
				   .own_block = HUB_NO_BLOCK,
				   .policy = (uint8_t)c->policy,
				   .at = s};
	const config_setting_t *value = config_setting_is_group(s) ? take_group(c, s, f) : s;
	if (!value)
		return;
	b->n++;
	f->at = value;
	f->text = hub_conf_text(value);
	if (field->type == HUB_F_REF && f->text.len && f->text.ptr[0] == '@') {
		f->text = hub_mapc_text(c, value);
		return; /* resolved when all blocks are known */
	}
	f->op = hub_map_compile(c, value, field, HUB_V_NULL);
	f->text = c->expr;
	if (f->op == HUB_NO_OP)
		return;
	f->fixed = c->m->op[f->op].fixed;
	f->op = hub_map_spread(c, f->op);
}

static void load_shared(struct hub_mapc *c, const config_setting_t *s, struct hub_mapblock *b)
{
	static const struct {
		const char *word;
		enum hub_shared shared;
	} words[] = {{"owned", HUB_OWNED}, {"last", HUB_SHARED_LAST}, {"first", HUB_SHARED_FIRST}};
	const struct hub_str t = hub_mapc_text(c, s), head = HUB_STR("latest(");
	struct hub_err err = {0};

	for (size_t i = 0; i < HUB_COUNT(words); i++) {
		if (hub_str_is(t, words[i].word)) {
			b->shared = words[i].shared;
			return;
		}
	}
	if (!hub_str_starts(t, head) || t.ptr[t.len - 1] != ')') {
		(void)hub_fail(
		    &err, HUB_CONF, "bad-setting",
		    "shared must be \"owned\", \"last\", \"first\" or \"latest(field)\"");
		hub_report_add(c->report, hub_conf_value_place(s), &err);
		return;
	}
	const struct hub_str name = hub_str_cut(t, head.len, t.len - 1);
	b->shared = HUB_SHARED_LATEST;
	for (uint32_t i = 0; i < b->n; i++)
		if (hub_str_eq(b->field[i].field->name, name))
			b->latest = i;
	if (b->latest != HUB_NO_COLUMN)
		return;
	(void)hub_fail(&err, HUB_CONF, "unknown-field", "the block maps no field \"%.*s\"",
		       HUB_FMT(name));
	hub_report_add(c->report, hub_conf_value_place(s), &err);
}

/* --- blocks ----------------------------------------------------------------------------------- */

static uint32_t compile_member(struct hub_mapc *c, const config_setting_t *group, const char *name,
			       enum hub_value kind)
{
	const config_setting_t *s = config_setting_get_member(group, name);

	return s ? hub_map_compile(c, s, NULL, kind) : HUB_NO_OP;
}

static void load_key(struct hub_mapc *c, const config_setting_t *group, struct hub_mapblock *b)
{
	const config_setting_t *key = config_setting_get_member(group, "key");
	struct hub_err err = {0};

	if (!key)
		return;
	if (!b->entity->identified) {
		(void)hub_fail(&err, HUB_CONF, "bad-setting",
			       "rows of \"%.*s\" have no key of their own",
			       HUB_FMT(b->entity->name));
		hub_hint(&err, "They hang on their source record, whose key is mapping.key.");
		add_problem(c, key, &err);
		return;
	}
	b->key = hub_map_spread(c, hub_map_compile(c, key, NULL, HUB_V_NULL));
	b->shared = HUB_SHARED_LAST;
}

static int load_block(struct hub_mapc *c, const config_setting_t *g,
		      const struct hub_entity *entity)
{
	struct hub_mapping *m = c->m;
	struct hub_mapblock *b = &m->block[m->info.blocks];
	struct hub_err err = {0};

	if (!config_setting_is_group(g)) {
		(void)hub_fail(&err, HUB_CONF, "wrong-type",
			       "a block is { ... }, several are ( {...}, {...} )");
		hub_report_add(c->report, hub_conf_value_place(g), &err);
		return HUB_OK;
	}
	*b = (struct hub_mapblock){.entity = entity,
				   .at = g,
				   .when = HUB_NO_OP,
				   .each = HUB_NO_OP,
				   .key = HUB_NO_OP,
				   .latest = HUB_NO_COLUMN};
	/* room for the references that add_own_references() finds */
	b->field =
	    hub_alloc_array(c->arena, hub_conf_count(g) + entity->count + 1, sizeof *b->field);
	if (!b->field)
		return HUB_FATAL;
	const config_setting_t *name = config_setting_get_member(g, "block"),
			       *shared = config_setting_get_member(g, "shared");
	b->name = name ? hub_mapc_text(c, name) : HUB_STR("");
	b->when = compile_member(c, g, "when", HUB_V_BOOL);
	b->each = compile_member(c, g, "each", HUB_V_LIST);
	if (config_setting_get_member(g, "each"))
		c->domain = b->domain = 1 + m->info.blocks;
	load_key(c, g, b);
	for (unsigned i = 0; i < hub_conf_count(g); i++)
		if (!is_block_word(name_of(hub_conf_child(g, i))))
			load_field(c, hub_conf_child(g, i), b);
	if (shared)
		load_shared(c, shared, b);
	c->domain = 0;
	m->info.blocks++;
	return HUB_OK;
}

/* --- references between blocks ---------------------------------------------------------------- */

static uint32_t find_block(const struct hub_mapping *m, struct hub_str name,
			   const struct hub_entity *to)
{
	for (uint32_t i = 0; i < m->info.blocks; i++)
		if (m->block[i].name.len && hub_str_eq(m->block[i].name, name))
			return m->block[i].entity == to ? i : HUB_NO_BLOCK;
	for (uint32_t i = 0; i < m->info.blocks; i++)
		if (m->block[i].entity == to && hub_str_eq(to->name, name))
			return i;
	return HUB_NO_BLOCK;
}

/* "@name": the row that another block makes of the same record. */
static void resolve_reference(struct hub_mapc *c, const struct hub_mapblock *b,
			      struct hub_mapfield *f)
{
	const struct hub_entity *to = f->field->to;
	const struct hub_str name = hub_str_from(f->text, 1);
	struct hub_near near = {.name = name};
	struct hub_err err = {0};

	f->own_block = find_block(c->m, name, to);
	f->fixed = 1;
	if (f->own_block != HUB_NO_BLOCK)
		return;
	for (uint32_t i = 0; i < c->m->info.blocks; i++)
		if (c->m->block[i].entity == to)
			hub_near_add(&near, c->m->block[i].name);
	(void)hub_fail(&err, HUB_CONF, "unknown-block",
		       "no block \"%.*s\" makes a %.*s for %.*s.%.*s", HUB_FMT(name),
		       HUB_FMT(to->name), HUB_FMT(b->entity->name), HUB_FMT(f->field->name));
	hub_near_hint(&near, &err);
	hub_report_add(c->report, hub_conf_value_place(f->at), &err);
}

static int is_mapped(const struct hub_mapblock *b, const struct hub_field *field)
{
	for (uint32_t i = 0; i < b->n; i++)
		if (b->field[i].field == field)
			return 1;
	return 0;
}

/* Rows of one record belong together: a reference that the mapping does not mention points to the
 * record's own row if it is named like the entity it points to. person.household does, household.head
 * does not: who is the head must be said. */
static void add_own_references(struct hub_mapping *m, uint32_t at)
{
	struct hub_mapblock *b = &m->block[at];

	for (uint32_t i = 0; i < b->entity->count; i++) {
		const struct hub_field *field = &b->entity->fields[i];
		uint32_t target = HUB_NO_BLOCK;
		if (field->type != HUB_F_REF || field->to == b->entity || is_mapped(b, field))
			continue;
		if (!hub_str_eq(field->name, field->to->name))
			continue;
		for (uint32_t k = m->info.blocks; k-- > 0;)
			if (k != at && m->block[k].entity == field->to)
				target = k;
		if (target == HUB_NO_BLOCK)
			continue;
		b->field[b->n++] = (struct hub_mapfield){.field = field,
							 .op = HUB_NO_OP,
							 .own_block = target,
							 .fixed = 1,
							 .text = HUB_STR("")};
	}
}

/* Whether something of it can come from the record. Where nothing can, its condition has to say which records it is for. */
static void look_for_content(struct hub_mapc *c, struct hub_mapblock *b)
{
	struct hub_err err = {0};

	b->bare = b->key == HUB_NO_OP;
	for (uint32_t i = 0; i < b->n; i++)
		if (!b->field[i].fixed && b->field[i].field->type != HUB_F_REF)
			b->bare = 0;
	if (!b->bare || b->when != HUB_NO_OP)
		return;
	(void)hub_fail(&err, HUB_CONF, "bare-block",
		       "block %.*s has constants and references alone, and would make no row",
		       HUB_FMT(b->entity->name));
	hub_hint(&err, "Say for which records it makes one: when = \"present(COLUMN)\".");
	add_problem(c, b->at, &err);
}

static void resolve_references(struct hub_mapc *c)
{
	for (uint32_t i = 0; i < c->m->info.blocks; i++) {
		struct hub_mapblock *b = &c->m->block[i];
		for (uint32_t k = 0; k < b->n; k++) {
			struct hub_mapfield *f = &b->field[k];
			if (f->field->type == HUB_F_REF && f->op == HUB_NO_OP && f->text.len &&
			    f->text.ptr[0] == '@')
				resolve_reference(c, b, f);
			f->at = NULL;
		}
		look_for_content(c, b);
		b->at = NULL;
		add_own_references(c->m, i);
	}
}

/* --- the file --------------------------------------------------------------------------------- */

static size_t count_blocks(const config_setting_t *root)
{
	size_t n = 0;

	for (unsigned i = 0; i < hub_conf_count(root); i++) {
		const config_setting_t *s = hub_conf_child(root, i);
		n += config_setting_is_list(s) ? hub_conf_count(s) : 1;
	}
	return n;
}

static void unknown_entity(struct hub_mapc *c, const config_setting_t *s)
{
	struct hub_near near = {.name = name_of(s)};
	struct hub_err err = {0};

	hub_near_add(&near, HUB_STR("mapping"));
	for (uint32_t k = 0; k < c->m->schema->n_entities; k++)
		hub_near_add(&near, c->m->schema->entities[k].name);
	(void)hub_fail(&err, HUB_CONF, "unknown-entity",
		       "the common case format has no entity \"%s\"", config_setting_name(s));
	hub_near_hint(&near, &err);
	add_problem(c, s, &err);
}

static int makes(const struct hub_mapping *m, const char *entity)
{
	for (uint32_t i = 0; i < m->info.blocks; i++)
		if (hub_str_is(m->block[i].entity->name, entity))
			return 1;
	return 0;
}

int hub_map_blocks(struct hub_mapc *c, const config_setting_t *root)
{
	struct hub_err err = {0};

	c->m->block = hub_alloc_array(c->arena, count_blocks(root) + 1, sizeof *c->m->block);
	if (!c->m->block)
		return HUB_FATAL;
	for (unsigned i = 0; i < hub_conf_count(root); i++) {
		const config_setting_t *s = hub_conf_child(root, i);
		if (hub_str_is(name_of(s), "mapping"))
			continue;
		const struct hub_entity *e = hub_schema_entity(c->m->schema, name_of(s));
		if (!e) {
			unknown_entity(c, s);
			continue;
		}
		const int many = config_setting_is_list(s);
		for (unsigned k = 0; k < (many ? hub_conf_count(s) : 1); k++)
			if (load_block(c, many ? hub_conf_child(s, k) : s, e))
				return HUB_FATAL;
	}
	resolve_references(c);
	c->m->info.restricts = makes(c->m, "protection") && !makes(c->m, "case");
	if (c->m->info.blocks == 0 && hub_report_count(c->report) == 0) {
		(void)hub_fail(&err, HUB_CONF, "option-missing", "the mapping makes no rows");
		hub_hint(&err, "Add a block like person: { key = \"...\"; name = \"...\"; };");
		add_problem(c, config_setting_get_member(root, "mapping"), &err);
	}
	return HUB_OK;
}
