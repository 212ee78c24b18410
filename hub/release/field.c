#include "release/field.h"

static int reveals(const struct hub_field *f)
{
	return (f->flags & HUB_FF_REVEALS) != 0;
}

static int is_about_people(const struct hub_field *f)
{
	return f->entity->subject != HUB_SUBJECT_NONE;
}

int hub_field_reveals(const struct hub_schema *s, struct hub_str field)
{
	const struct hub_field *f = hub_schema_path(s, field);
	int known = 0;

	if (f)
		return reveals(f);
	for (uint32_t i = 0; i < s->n_entities; i++) {
		f = hub_schema_field(&s->entities[i], field);
		if (!f || !is_about_people(f))
			continue;
		if (reveals(f))
			return 1;
		known = 1;
	}
	if (known)
		return 0;
	for (const struct hub_alias *a = hub_schema_alias(s, field); a; a = hub_alias_next(s, a)) {
		if (!is_about_people(a->field))
			continue;
		if (reveals(a->field))
			return 1;
		known = 1;
	}
	return !known;
}
