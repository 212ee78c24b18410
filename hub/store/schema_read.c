/* Settings of a schema file: texts, flags, lists, and the errors in them with their place. */
#include "store/schema_load.h"

void hub_load_complain(struct hub_load *l, const config_setting_t *at, const char *fmt, ...)
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

void hub_load_file(struct hub_load *l, const char *path)
{
	const char *slash = strrchr(path, '/');

	l->path = path;
	l->folder = slash ? (size_t)(slash - path) + 1 : 0;
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

/* Settings of a group that nobody reads are typing errors. */
void hub_load_keys(struct hub_load *l, const config_setting_t *group, const char *const *keys)
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
			hub_load_complain(l, item,
					  hub_tr("unknown setting \"%s\", did you mean \"%s\"?"),
					  name.ptr, near);
		else if (!known)
			hub_load_complain(l, item, hub_tr("unknown setting \"%s\""), name.ptr);
	}
}

struct hub_str hub_load_text(struct hub_load *l, const config_setting_t *group, const char *key)
{
	const config_setting_t *item = config_setting_get_member(group, key);

	if (!item)
		return (struct hub_str){"", 0};
	const char *z = config_setting_get_string(item);
	if (!z) {
		hub_load_complain(l, item, hub_tr("\"%s\" must be a text in quotes"), key);
		return (struct hub_str){"", 0};
	}
	if (hub_utf8_valid(hub_str_of(z)) != strlen(z))
		hub_load_complain(l, item, hub_tr("\"%s\" is not valid UTF-8"), key);
	return hub_load_keep(l, z);
}

int hub_load_bool(struct hub_load *l, const config_setting_t *group, const char *key, int dflt)
{
	const config_setting_t *item = config_setting_get_member(group, key);

	if (!item)
		return dflt;
	if (config_setting_type(item) != CONFIG_TYPE_BOOL)
		hub_load_complain(l, item, hub_tr("\"%s\" must be true or false"), key);
	return config_setting_get_bool(item);
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

/* A list of texts from place `from` on, appended to what is there (the local file adds spellings). */
void hub_load_words(struct hub_load *l, const config_setting_t *list, unsigned from,
		    const struct hub_str **words, uint32_t *n_words)
{
	const unsigned n = list ? (unsigned)config_setting_length(list) : 0;

	if (n <= from)
		return;
	struct hub_str *all = hub_load_array(l, *n_words + n - from, sizeof *all);
	if (!all)
		return;
	uint32_t count = *n_words;
	if (count)
		memcpy(all, *words, count * sizeof *all);
	for (unsigned i = from; i < n; i++) {
		const config_setting_t *item = config_setting_get_elem(list, i);
		const char *z = config_setting_get_string(item);

		if (z && *z)
			all[count++] = hub_load_keep(l, z);
		else
			hub_load_complain(l, item, hub_tr("a text in quotes is expected here"));
	}
	*words = all;
	*n_words = count;
}

void hub_load_aliases(struct hub_load *l, const config_setting_t *group,
		      const struct hub_str **words, uint32_t *n)
{
	const config_setting_t *list = config_setting_get_member(group, "aliases");

	if (list && !config_setting_is_list(list) && !config_setting_is_array(list))
		hub_load_complain(l, list, hub_tr("\"%s\" must be a list in ( )"), "aliases");
	else
		hub_load_words(l, list, 0, words, n);
}

int hub_load_name(struct hub_load *l, const config_setting_t *at)
{
	const char *z = config_setting_name(at);

	int ok = z && *z >= 'a' && *z <= 'z';
	for (; ok && *z; z++)
		ok = (*z >= 'a' && *z <= 'z') || (*z >= '0' && *z <= '9') || *z == '_';
	if (!ok)
		hub_load_complain(
		    l, at, hub_tr("a name is written in a-z, 0-9 and _, and starts with a letter"));
	return ok;
}

const config_setting_t *hub_load_group(struct hub_load *l, const config_setting_t *parent,
				       const char *key)
{
	const config_setting_t *g = config_setting_get_member(parent, key);

	if (g && !config_setting_is_group(g)) {
		hub_load_complain(l, g, hub_tr("\"%s\" must be a group in { }"), key);
		return NULL;
	}
	return g;
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
