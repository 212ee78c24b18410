/* Code lists, and the items that must not come in. */
#include "store/schema_load.h"

/* ("code", "label", "source", "alias", ...) */
static void read_code(struct hub_load *l, const config_setting_t *item, struct hub_code *c,
		      char dflt)
{
	const char *text[3] = {NULL};

	for (unsigned i = 0; i < 3 && config_setting_is_list(item) && i < hub_conf_count(item); i++)
		text[i] = config_setting_get_string_elem(item, (int)i);
	if (!text[0] || !*text[0] || !text[1] || !*text[1] || !text[2]) {
		hub_load_complain(
		    l, item,
		    hub_tr("a code is written (\"code\", \"label\", \"source\", \"alias\", ...)"));
		return;
	}
	c->code = hub_load_keep(l, text[0]);
	c->label = hub_load_keep(l, text[1]);
	c->source = hub_load_source(l, item, hub_str_of(text[2]), dflt);
	hub_load_words(l, item, 3, &c->aliases, &c->n_aliases);
}

/* "=..." counts as written only; lookups try the text as written first. */
static void index_code(struct hub_load *l, const config_setting_t *at, struct hub_map *m,
		       struct hub_str text, uint32_t i)
{
	char folded[512];
	struct hub_str f = {folded, 0};
	const int exact = text.len > 1 && text.ptr[0] == '=';

	if (exact)
		text = hub_str_from(text, 1);
	else
		f.len = hub_schema_fold(text, 0, folded, sizeof folded);
	if (!hub_load_claim(l, m, text, i) || !hub_load_claim(l, m, f, i))
		hub_load_complain(l, at, hub_tr("\"%s\" stands for two codes of one list"),
				  text.ptr);
}

struct list_conf {
	struct hub_str label, source, note;
	const config_setting_t *items;
};

#define TEXT(key)                                                     \
	{                                                             \
		HUB_OPTION(#key, TEXT, 0, NULL, .dflt = "",           \
			   .offset = offsetof(struct list_conf, key)) \
	}
static const struct hub_opt list_opts[] = {
    TEXT(label),
    TEXT(source),
    TEXT(note),
    {.name = "items",
     .type = HUB_KEY_LIST,
     .flags = HUB_OPT_REQUIRED,
     .offset = offsetof(struct list_conf, items)},
    {.name = NULL},
};
#undef TEXT

static void read_list(struct hub_load *l, const config_setting_t *group, struct hub_codes *list)
{
	struct list_conf conf = {0};

	hub_load_take(l, group, list_opts, "code list", &conf, NULL);
	const unsigned n = hub_conf_count(conf.items);
	if (!list->label.len)
		list->label = conf.label;
	if (!list->note.len)
		list->note = conf.note;
	list->source = hub_load_source(l, group, conf.source, list->source);
	if (!list->label.len)
		hub_load_complain(l, group, hub_tr("\"%s\" is missing"), "label");
	if (n == 0)
		return;
	struct hub_code *all = hub_load_array(l, list->count + n, sizeof *all);
	struct hub_map *find = list->find ? (struct hub_map *)list->find : hub_map_new(l->a);
	if (!all || !find) {
		l->no_memory = 1;
		return;
	}
	if (list->count)
		memcpy(all, list->items, list->count * sizeof *all);
	for (unsigned i = 0; i < n; i++) {
		const config_setting_t *item = hub_conf_child(conf.items, i);
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

void hub_load_lists(struct hub_load *l, const config_setting_t *group)
{
	struct hub_map *find = (struct hub_map *)l->s->find_list;

	for (unsigned i = 0; i < hub_conf_count(group); i++) {
		const config_setting_t *item = hub_conf_child(group, i);
		const struct hub_str name = hub_str_of(config_setting_name(item));
		uint64_t at = l->s->n_lists;

		if (!hub_load_named_group(l, item))
			continue;
		if (!hub_map_get(find, name, &at)) {
			if (hub_map_put(find, name, at))
				l->no_memory = 1;
			l->s->n_lists++;
			l->lists[at].name = hub_load_keep(l, name.ptr);
			l->lists[at].index = (uint32_t)at;
			l->lists[at].source = l->local ? 'L' : 'I';
		}
		read_list(l, item, &l->lists[at]);
	}
}

static void fold_banned(struct hub_load *l, struct hub_banned *b)
{
	struct hub_str *all = hub_load_array(l, b->n_aliases + 2, sizeof *all);
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

struct banned_conf {
	struct hub_str label, why, source;
	const config_setting_t *aliases;
};

#define TEXT(key)                                                       \
	{                                                               \
		HUB_OPTION(#key, TEXT, 0, NULL, .dflt = "",             \
			   .offset = offsetof(struct banned_conf, key)) \
	}
static const struct hub_opt banned_opts[] = {
    TEXT(label),
    TEXT(why),
    TEXT(source),
    {.name = "aliases", .type = HUB_KEY_LIST, .offset = offsetof(struct banned_conf, aliases)},
    {.name = NULL},
};
#undef TEXT

void hub_load_banned(struct hub_load *l, const config_setting_t *group, enum hub_ban ban)
{
	for (unsigned i = 0; i < hub_conf_count(group); i++) {
		const config_setting_t *at = hub_conf_child(group, i);
		struct hub_banned *b = &l->banned[l->s->n_banned];
		struct banned_conf conf = {0};

		if (!hub_load_named_group(l, at))
			continue;
		l->s->n_banned++;
		hub_load_take(l, at, banned_opts, "banned item", &conf, NULL);
		b->name = hub_load_keep(l, config_setting_name(at));
		b->label = conf.label;
		b->why = conf.why;
		b->source = hub_load_source(l, at, conf.source, 'I');
		b->ban = ban;
		hub_load_words(l, conf.aliases, 0, &b->aliases, &b->n_aliases);
		fold_banned(l, b);
	}
}
