/* Corpora as one JSON object a line: {"text","entities":[{"start","end","type"}]}, offsets in code points. */
#include "train.h"

#include <jansson.h>

static uint32_t may_of(const char *type, int irex)
{
	if (strcmp(type, "PERSON") == 0)
		return MAY_PERSON;
	if (strcmp(type, "LOCATION") == 0)
		return irex ? MAY_LOCATION | MAY_FACILITY : MAY_LOCATION;
	if (strcmp(type, "FACILITY") == 0)
		return MAY_FACILITY;
	if (strcmp(type, "ORGANIZATION") == 0)
		return irex ? MAY_ORG | MAY_FACILITY : MAY_ORG;
	return strcmp(type, "OPTIONAL") == 0 ? MAY_ANY : 0;
}

static size_t byte_of(struct hub_str text, json_int_t character)
{
	size_t at = 0;

	while (character-- > 0 && at < text.len)
		hub_utf8_next(text, &at);
	return at;
}

static int take_line(struct hub_str line, int irex, struct sample *s)
{
	json_t *root = json_loadb(line.ptr, line.len, 0, NULL);
	const json_t *text = json_object_get(root, "text"),
		     *list = json_object_get(root, "entities");
	int ok = json_is_string(text) && json_is_array(list);
	size_t done = 0;

	sample_reset(s);
	const struct hub_str all =
	    ok ? (struct hub_str){json_string_value(text), json_string_length(text)} : HUB_STR("");
	for (size_t i = 0; ok && i < json_array_size(list); i++) {
		const json_t *e = json_array_get(list, i);
		const char *type = json_string_value(json_object_get(e, "type"));
		const uint32_t may = type ? may_of(type, irex) : 0;
		const size_t from = byte_of(all, json_integer_value(json_object_get(e, "start"))),
			     to = byte_of(all, json_integer_value(json_object_get(e, "end")));
		if (!may || from < done || to <= from)
			continue;
		sample_add(s, hub_str_cut(all, done, from), 0);
		sample_add(s, hub_str_cut(all, from, to), may);
		done = to;
	}
	if (ok)
		sample_add(s, hub_str_from(all, done), 0);
	json_decref(root);
	return ok && hub_buf_ok(&s->text) ? 0 : -1;
}

int corpus_read(struct hub_arena *a, const char *path, int irex,
		int (*use)(void *self, const struct sample *), void *self, struct hub_err *err)
{
	struct sample s = {0};
	struct hub_str content, line;
	int rc = hub_file_read(a, path, 64 << 20, &content, err);

	hub_buf_init(&s.text, 1 << 20);
	while (!rc && hub_str_next(&content, '\n', &line)) {
		if (!line.len)
			continue;
		if (take_line(line, irex, &s))
			rc = hub_fail(err, HUB_REJECT, "bad-corpus",
				      "%s: a line is not of the form", path);
		else if (use(self, &s))
			rc = hub_fail_mem(err);
	}
	hub_buf_free(&s.text);
	return rc;
}
