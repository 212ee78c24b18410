/* A table on its side: a person in each column, a field in each line. Read as a list it has no person, and as a form it
 * has one, made of all of them. */
#include "intake/guess_in.h"

#include "base/err.h"
#include "text/date.h"
#include "text/phone.h"

enum { LABELS = 3, KINDS = 2, PEOPLE = 2, LABEL_COLUMNS = 2 };

static int is_of_kind(const struct hub_field *f, struct hub_str s)
{
	struct hub_date date;
	struct hub_phone phone;

	switch (f->type) {
	case HUB_F_DATE:
		return hub_date_parse(s, NULL, &date) == HUB_DATE_OK;
	case HUB_F_PHONE:
		return hub_phone_parse(s, &phone) == HUB_PHONE_OK;
	case HUB_F_CODE:
		return hub_choice_find(f->codes, s) != NULL;
	case HUB_F_NAME:
		return hub_guess_is_full_name(s);
	default:
		return 0;
	}
}

/* 生年月日 | S30.1.2 | S41.3.4 | H2.5.6: what stands right of the label is of its kind, in two columns at least. */
static int says_of_all(const struct guess_line *l, uint32_t at, const struct hub_field *f)
{
	uint32_t n = 0;

	for (uint32_t i = at + 1; i < l->n; i++) {
		if (l->cell[i].len == 0)
			continue;
		if (!is_of_kind(f, l->cell[i]))
			return 0;
		n++;
	}
	return n >= PEOPLE;
}

static int is_label(const struct hub_guess *g, const struct guess_line *line, uint32_t at,
		    uint32_t label, int *kind)
{
	const struct hub_str name = line[at].cell[label];
	const struct hub_alias *a = hub_schema_alias(g->schema, name);

	for (uint32_t i = 0; a && i < at; i++) /* a list comes back to the same things */
		if (label < line[i].n && hub_str_eq(line[i].cell[label], name))
			return 0;
	*kind = 0;
	for (const struct hub_alias *k = a; k && !*kind; k = hub_alias_next(g->schema, k))
		*kind = says_of_all(&line[at], label, k->field);
	return a != NULL;
}

int hub_guess_refuse_across(const struct hub_guess *g, const struct guess_line *line, uint32_t n,
			    struct hub_err *err)
{
	for (uint32_t label = 0; label < LABEL_COLUMNS; label++) {
		uint32_t labels = 0, kinds = 0;
		for (uint32_t i = 0; i < n; i++) {
			int kind = 0;
			labels += label < line[i].n && is_label(g, line, i, label, &kind);
			kinds += kind != 0;
		}
		if (labels < LABELS || kinds < KINDS)
			continue;
		(void)hub_fail(
		    err, HUB_REJECT, "across",
		    "in %s the names of fields stand below one another, and people in columns",
		    g->path);
		hub_hint(
		    err,
		    "Turn the table in Excel: copy it, Paste Special with Transpose on a new "
		    "sheet, and save that: a line for each person, the names of fields above.");
		return HUB_REJECT;
	}
	return HUB_OK;
}
