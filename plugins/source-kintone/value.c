#include "value.h"
#include "plain.h"

#include <string.h>

static struct hub_str text_of(const json_t *j)
{
	return (struct hub_str){json_string_value(j), json_string_length(j)};
}

/* A person, an organisation: the code is what stays, the name is what people know; a file has a name alone. */
static struct hub_str name_of(const json_t *item, enum value_people by)
{
	const json_t *code = json_object_get(item, "code"), *name = json_object_get(item, "name");

	if (json_is_string(item))
		return text_of(item);
	const int by_name = !code || (by == PEOPLE_BY_NAME && json_string_length(name));
	return text_of(by_name ? name : code);
}

static int put_lines(struct sheet *s, uint32_t col, const json_t *list, enum value_people by,
		     struct hub_err *err)
{
	int rc = HUB_OK;

	for (size_t i = 0; i < json_array_size(list) && !rc; i++) {
		const struct hub_str one = name_of(json_array_get(list, i), by);
		if (one.len && memchr(one.ptr, '\n', one.len))
			sheet_bad(s, "line-end-in-value", col);
		if (i)
			rc = sheet_put(s, col, (struct hub_str){"\n", 1}, err);
		if (!rc && one.ptr)
			rc = sheet_put(s, col, one, err);
	}
	return rc;
}

/* [{"id":"12","日付":"2024-10-01",...}, ...]: types left out. */
static json_t *plain_table(const json_t *rows)
{
	json_t *out = json_array();

	for (size_t i = 0; out && i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);
		json_t *one = json_object(), *v;
		const char *code;
		json_object_set(one, "id", json_object_get(row, "id"));
		json_object_foreach(json_object_get(row, "value"), code, v)
		    json_object_set(one, code, json_object_get(v, "value"));
		json_array_append_new(out, one);
	}
	return out;
}

struct cell {
	struct sheet *sheet;
	uint32_t col;
	struct hub_err *err;
	int rc;
};

static int put_piece(const char *p, size_t n, void *self)
{
	struct cell *c = self;

	c->rc = sheet_put(c->sheet, c->col, (struct hub_str){p, n}, c->err);
	return c->rc ? -1 : 0;
}

static int put_table(struct sheet *s, uint32_t col, const json_t *rows, struct hub_err *err)
{
	json_t *plain = plain_table(rows);
	struct cell c = {.sheet = s, .col = col, .err = err};

	if (json_dump_callback(plain, put_piece, &c, JSON_COMPACT) && !c.rc)
		c.rc = NO_MEMORY(s->host, err);
	json_decref(plain);
	return c.rc;
}

int value_put(struct sheet *s, uint32_t col, const json_t *field, enum value_people by,
	      struct hub_err *err)
{
	const json_t *v = json_object_get(field, "value");
	const char *type = json_string_value(json_object_get(field, "type"));

	if (json_is_object(v)) { /* CREATOR, MODIFIER */
		const struct hub_str name = name_of(v, by);
		return name.len ? sheet_put(s, col, name, err) : (sheet_null(s, col), HUB_OK);
	}
	if (json_array_size(v) && type && strcmp(type, "SUBTABLE") == 0)
		return put_table(s, col, v, err);
	if (json_array_size(v))
		return put_lines(s, col, v, by, err);
	if (json_is_string(v) && json_string_length(v))
		return sheet_put(s, col, text_of(v), err);
	sheet_null(s, col);
	return HUB_OK;
}
