/* Code lists, and the items that must not come in. */
#include "store/schema_load.h"

/* ("code", "label", "source", "alias", ...) */
static void read_code(struct hub_load *l, const config_setting_t *item, struct hub_code *c,
		      char dflt)
{
	const char *text[3] = {NULL};

	for (unsigned i = 0; i < 3 && config_setting_is_list(item) && i < hub_load_count(item); i++)
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

static void read_list(struct hub_load *l, const config_setting_t *group, struct hub_codes *list)
{
	static const char *const keys[] = {"label", "source", "note", "items", NULL};
	const config_setting_t *items = config_setting_get_member(group, "items");
	const unsigned n = hub_load_count(items);

	hub_load_keys(l, group, keys);
	if (!list->label.len)
		list->label = hub_load_text(l, group, "label");
	if (!list->note.len)
		list->note = hub_load_text(l, group, "note");
	list->source = hub_load_source(l, group, hub_load_text(l, group, "source"), list->source);
	if (!list->label.len)
		hub_load_complain(l, group, hub_tr("\"%s\" is missing"), "label");
	if (!items || !config_setting_is_list(items) || n == 0) {
		hub_load_complain(l, items ? items : group, hub_tr("\"%s\" must be a list in ( )"),
				  "items");
		return;
	}
	struct hub_code *all = hub_load_array(l, list->count + n, sizeof *all);
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

void hub_load_lists(struct hub_load *l, const config_setting_t *root)
{
	const config_setting_t *group = hub_load_group(l, root, "codes");
	struct hub_map *find = (struct hub_map *)l->s->find_list;

	for (unsigned i = 0; i < hub_load_count(group); i++) {
		const config_setting_t *item = config_setting_get_elem(group, i);
		const struct hub_str name = hub_str_of(config_setting_name(item));
		uint64_t at = l->s->n_lists;

		if (!hub_load_name(l, item) || !config_setting_is_group(item))
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

void hub_load_banned(struct hub_load *l, const config_setting_t *root, const char *key,
		     enum hub_ban ban)
{
	static const char *const keys[] = {"label", "aliases", "why", "source", NULL};
	const config_setting_t *group = hub_load_group(l, root, key);

	for (unsigned i = 0; i < hub_load_count(group); i++) {
		const config_setting_t *at = config_setting_get_elem(group, i);
		struct hub_banned *b = &l->banned[l->s->n_banned++];

		if (!hub_load_name(l, at) || !config_setting_is_group(at))
			continue;
		hub_load_keys(l, at, keys);
		b->name = hub_load_keep(l, config_setting_name(at));
		b->label = hub_load_text(l, at, "label");
		b->why = hub_load_text(l, at, "why");
		b->source = hub_load_source(l, at, hub_load_text(l, at, "source"), 'I');
		b->ban = ban;
		hub_load_aliases(l, at, &b->aliases, &b->n_aliases);
		fold_banned(l, b);
	}
}
