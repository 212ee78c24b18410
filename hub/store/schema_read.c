/* Settings of a schema file: texts, lists, names, and the errors in them. */
#include "store/schema_load.h"

#include <stdio.h>

void hub_load_complain(struct hub_load *l, const config_setting_t *at, const char *fmt, ...)
{
	struct hub_err e;
	va_list ap;

	va_start(ap, fmt);
	const struct hub_str text = hub_arena_vprintf(l->a, fmt, ap);
	va_end(ap);
	if (!text.ptr) {
		l->no_memory = 1;
		return;
	}
	hub_fail(&e, HUB_CONF, "schema-invalid", "%s", text.ptr);
	hub_report_add(l->report, hub_conf_place(at), &e);
}

void hub_load_take(struct hub_load *l, const config_setting_t *group, const struct hub_opt *opts,
		   const char *owner, void *to, uint8_t *given)
{
	const struct hub_keys keys = {.opts = opts, .owner = owner};

	if (hub_conf_take(group, &keys, l->a, to, given, l->report) == HUB_FATAL)
		l->no_memory = 1;
}

void *hub_load_array(struct hub_load *l, size_t count, size_t size)
{
	void *p = hub_alloc_array(l->a, count ? count : 1, size);

	if (!p)
		l->no_memory = 1;
	return p;
}

struct hub_str hub_load_keep(struct hub_load *l, const char *z)
{
	const struct hub_str s = hub_arena_str(l->a, hub_str_of(z));

	if (!s.ptr)
		l->no_memory = 1;
	return s;
}

char hub_load_source(struct hub_load *l, const config_setting_t *at, struct hub_str s, char dflt)
{
	if (s.len == 0)
		return dflt;
	if (s.len == 1 && strchr("SPVKIL", s.ptr[0]))
		return s.ptr[0];
	hub_load_complain(l, at, hub_tr("source must be one of S, P, V, K, I, L"));
	return dflt;
}

void hub_load_words(struct hub_load *l, const config_setting_t *list, unsigned from,
		    const struct hub_str **words, uint32_t *n_words)
{
	const unsigned n = hub_conf_count(list);

	if (n <= from)
		return;
	struct hub_str *all = hub_load_array(l, *n_words + n - from, sizeof *all);
	if (!all)
		return;
	uint32_t count = *n_words;
	if (count)
		memcpy(all, *words, count * sizeof *all);
	for (unsigned i = from; i < n; i++) {
		const config_setting_t *item = hub_conf_child(list, i);
		const struct hub_str word = hub_conf_text(item);

		if (word.len)
			all[count++] = hub_load_keep(l, word.ptr);
		else
			hub_load_complain(l, item, hub_tr("a text in quotes is expected here"));
	}
	*words = all;
	*n_words = count;
}

int hub_load_named_group(struct hub_load *l, const config_setting_t *at)
{
	const char *z = config_setting_name(at);

	int ok = z && *z >= 'a' && *z <= 'z';
	for (; ok && *z; z++)
		ok = (*z >= 'a' && *z <= 'z') || (*z >= '0' && *z <= '9') || *z == '_';
	if (!ok)
		hub_load_complain(
		    l, at, hub_tr("a name is written in a-z, 0-9 and _, and starts with a letter"));
	else if (!config_setting_is_group(at))
		hub_load_complain(l, at, hub_tr("\"%s\" must be a group in { }"),
				  config_setting_name(at));
	return ok && config_setting_is_group(at);
}

int hub_load_claim(struct hub_load *l, struct hub_map *m, struct hub_str text, uint64_t i)
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
