/* JSON Schema (draft 2020-12) of one line of what sink-json writes: all cells are strings or null,
 * what the gate changed is named in _shown. */
#include "store/schema_out.h"

static void put_pattern(const struct hub_field *f, struct hub_buf *out)
{
	const char *pattern = hub_ftype_pattern(f->type);

	if (!pattern)
		return;
	hub_json_key(out, "pattern");
	hub_buf_puts(out, "\"^(");
	hub_buf_puts(out, pattern); /* has no backslash and no quote */
	/* the same as HUB_SHOWN_PATTERN, in the regular expressions of ECMA-262 */
	hub_buf_puts(out, "|[\\\\s\\\\S]*[^ -~][\\\\s\\\\S]*|\\\\*+|)$\"");
}

static void put_true(struct hub_buf *out, const char *name, int on)
{
	if (!on)
		return;
	hub_json_key(out, name);
	hub_buf_puts(out, "true");
}

static void put_aliases(const struct hub_field *f, struct hub_buf *out)
{
	if (!f->n_aliases)
		return;
	hub_json_key(out, "x-aliases");
	hub_buf_putc(out, '[');
	for (uint32_t i = 0; i < f->n_aliases; i++) {
		if (i)
			hub_buf_putc(out, ',');
		hub_json_str(out, f->aliases[i]);
	}
	hub_buf_putc(out, ']');
}

static void put_field(const struct hub_field *f, struct hub_buf *out)
{
	const char source[2] = {f->source, '\0'};

	hub_buf_puts(out, "\n        ");
	hub_json_key(out, f->name.ptr);
	hub_buf_puts(out, "{\"type\":[\"string\",\"null\"]");
	hub_json_field(out, "title", f->label);
	if (f->flags & HUB_FF_UNOFFICIAL)
		hub_json_field(out, "description", HUB_STR("項目案・公式様式未確認"));
	put_pattern(f, out);
	hub_json_field(out, "x-type", hub_str_of(hub_ftype_name(f->type)));
	hub_json_field(out, "x-class", hub_str_of(hub_fclass_name(f->pclass)));
	if (f->codes)
		hub_json_field(out, "x-codes", f->codes->name);
	if (f->to)
		hub_json_field(out, "x-to", f->to->name);
	if (f->form.len)
		hub_json_field(out, "x-form", f->form);
	hub_json_field(out, "x-source", hub_str_of(source));
	put_true(out, "x-required", f->flags & HUB_FF_REQUIRED);
	put_true(out, "x-national-report", f->flags & HUB_FF_NATIONAL);
	put_true(out, "x-reveals-address", f->flags & HUB_FF_REVEALS);
	put_true(out, "x-third-party", f->flags & HUB_FF_THIRD);
	put_true(out, "x-local", f->flags & HUB_FF_LOCAL);
	put_aliases(f, out);
	hub_buf_putc(out, '}');
}

static void put_entity(const struct hub_entity *e, struct hub_buf *out)
{
	hub_buf_puts(out, "\n    ");
	hub_json_key(out, e->name.ptr);
	hub_buf_puts(out, "{\"type\":\"object\"");
	hub_json_field(out, "title", e->label);
	if (e->note.len)
		hub_json_field(out, "description", e->note);
	hub_buf_puts(out,
		     ",\"required\":[\"entity\"],\"additionalProperties\":false,\"properties\":{"
		     "\n        \"entity\":{");
	hub_json_field(out, "const", e->name);
	hub_buf_puts(out, "},\n        \"key\":{\"type\":[\"string\",\"null\"]},"
			  "\n        \"_shown\":{\"$ref\":\"#/$defs/_shown\"}");
	for (uint32_t i = 0; i < e->count; i++)
		put_field(&e->fields[i], out);
	hub_buf_puts(out, "}}");
}

static void put_lists(const struct hub_schema *s, struct hub_buf *out)
{
	hub_json_key(out, "x-code-lists");
	hub_buf_putc(out, '{');
	for (uint32_t i = 0; i < s->n_lists; i++) {
		const struct hub_codes *list = &s->lists[i];

		hub_json_key(out, list->name.ptr);
		hub_buf_putc(out, '{');
		hub_json_field(out, "label", list->label);
		hub_json_key(out, "codes");
		hub_buf_putc(out, '{');
		for (uint32_t k = 0; k < list->count; k++)
			hub_json_field(out, list->items[k].code.ptr, list->items[k].label);
		hub_buf_puts(out, "}}");
	}
	hub_buf_putc(out, '}');
}

void hub_schema_json(const struct hub_schema *s, struct hub_buf *out)
{
	hub_buf_puts(out, "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\"");
	hub_json_field(out, "$id", HUB_STR(HUB_SCHEMA_URN));
	hub_json_field(out, "title", s->title);
	hub_json_field(out, "x-version", s->version);
	hub_json_field(out, "x-hash", hub_str_of(s->hash));
	if (s->note.len)
		hub_json_field(out, "description", s->note);
	hub_buf_puts(out, ",\n  \"oneOf\":[");
	for (uint32_t i = 0; i < s->n_entities; i++)
		hub_buf_printf(out, "%s{\"$ref\":\"#/$defs/%s\"}", i ? "," : "",
			       s->entities[i].name.ptr);
	hub_buf_puts(out, "],\n  \"$defs\":{\n    \"_shown\":{\"type\":\"object\","
			  "\"additionalProperties\":{\"enum\":[\"masked\",\"pseudonym\","
			  "\"generalised\",\"withheld\"]}}");
	for (uint32_t i = 0; i < s->n_entities; i++)
		put_entity(&s->entities[i], out);
	hub_buf_puts(out, "}");
	put_lists(s, out);
	hub_buf_puts(out, "}\n");
}
