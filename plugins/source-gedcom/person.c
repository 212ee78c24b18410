/* What the lines of a person, and of a couple, say: names, readings, days, notes. */
#include "gedcom.h"

#include "gdate.h"
#include "plain.h"

#include <string.h>

/* --- cells ---------------------------------------------------------------------------------------- */

int ged_put(struct gedcom *g, enum column c, struct hub_str v, struct hub_err *err)
{
	return v.len ? sheet_more(&g->sheet, c, v, err) : HUB_OK;
}

int ged_put_number(struct gedcom *g, enum column c, struct hub_str xref, struct hub_err *err)
{
	return xref.len > 2 ? ged_put(g, c, (struct hub_str){xref.ptr + 1, xref.len - 2}, err)
			    : HUB_OK;
}

/* A value with its escapes taken out; only a leading @@ is one in version 7. */
int ged_put_value(struct gedcom *g, enum column c, struct hub_str v, struct hub_err *err)
{
	int rc = HUB_OK;

	for (size_t i = 0; i + 1 < v.len && !rc;) {
		const int twice = v.ptr[i] == '@' && v.ptr[i + 1] == '@';
		if (!twice && !g->lines.seven) {
			i++;
			continue;
		}
		if (twice) {
			rc = ged_put(g, c, (struct hub_str){v.ptr, i + 1}, err);
			v = (struct hub_str){v.ptr + i + 2, v.len - i - 2};
			i = 0;
		}
		if (g->lines.seven)
			break;
	}
	return rc ? rc : ged_put(g, c, v, err);
}

int ged_put_date(struct gedcom *g, enum column c, struct hub_str v, struct hub_err *err)
{
	char text[GDATE_TEXT];

	if (sheet_is_set(&g->sheet, c))
		return HUB_OK; /* the first one is the preferred one */
	return gdate_text(v, text) ? ged_put(g, c, v, err) : ged_put(g, c, str_of(text), err);
}

static int has_kanji(struct hub_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] >= 0xE3)
			return 1;
	return 0;
}

/* Nothing but kana, long vowel marks and what parts names: U+3040..30FF, U+FF65..FF9F. */
static int is_kana(struct hub_str s)
{
	size_t kana = 0;

	for (size_t i = 0; i < s.len; i++) {
		const unsigned char *p = (const unsigned char *)s.ptr + i;
		if (*p == ' ' || *p == '/')
			continue;
		const uint32_t c =
		    i + 2 < s.len ? (p[0] & 0xFu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu) : 0;
		if ((p[0] & 0xF0) != 0xE0 ||
		    !(c == 0x3000 || (c >= 0x3040 && c <= 0x30FF) || (c >= 0xFF65 && c <= 0xFF9F)))
			return 0;
		kana++;
		i += 2;
	}
	return kana > 0;
}

static struct hub_str trimmed(struct hub_str s)
{
	while (s.len && s.ptr[0] == ' ')
		s = (struct hub_str){s.ptr + 1, s.len - 1};
	while (s.len && s.ptr[s.len - 1] == ' ')
		s.len--;
	return s;
}

struct name {
	struct hub_str before, family, after;
};

/* "Given /Family/ suffix". */
static struct name split_name(struct hub_str v)
{
	const char *a = memchr(v.ptr, '/', v.len);
	const char *b = a ? memchr(a + 1, '/', v.len - (size_t)(a + 1 - v.ptr)) : NULL;

	if (!b)
		return (struct name){.before = trimmed(v)};
	return (struct name){trimmed((struct hub_str){v.ptr, (size_t)(a - v.ptr)}),
			     trimmed((struct hub_str){a + 1, (size_t)(b - a - 1)}),
			     trimmed((struct hub_str){b + 1, v.len - (size_t)(b + 1 - v.ptr)})};
}

/* As people of that script write it: 山田　太郎, John Doe. */
static int put_name(struct gedcom *g, enum column c, struct hub_str v, struct hub_err *err)
{
	const struct name n = split_name(v);
	const int east = has_kanji(n.family) || is_kana(n.family);
	const struct hub_str parts[3] = {east ? n.family : n.before, east ? n.before : n.family,
					 n.after};
	const struct hub_str blank = str_of(east ? "　" : " ");
	int rc = HUB_OK, some = 0;

	for (int i = 0; i < 3 && !rc; i++) {
		if (parts[i].len && some)
			rc = ged_put(g, c, blank, err);
		some |= parts[i].len > 0;
		rc = rc ? rc : ged_put(g, c, parts[i], err);
	}
	return rc;
}

/* --- people ---------------------------------------------------------------------------------------- */

static int read_name(struct gedcom *g, struct hub_str v, struct hub_err *err)
{
	const struct name n = split_name(v);
	int rc;

	if (g->names++ > 0) {
		rc = sheet_is_set(&g->sheet, OTHER_NAMES)
			 ? ged_put(g, OTHER_NAMES, str_of("、"), err)
			 : HUB_OK;
		return rc ? rc : put_name(g, OTHER_NAMES, v, err);
	}
	if ((rc = put_name(g, NAME, v, err)) || (rc = ged_put(g, FAMILY, n.family, err)))
		return rc;
	return n.family.len ? ged_put(g, GIVEN, n.before, err) : HUB_OK;
}

static int put_note(struct gedcom *g, const struct line *line, struct hub_err *err)
{
	int rc = HUB_OK;

	if (lines_points(line)) {
		g->last = COLUMNS;
		return HUB_OK;
	}
	if (sheet_is_set(&g->sheet, NOTE))
		rc = ged_put(g, NOTE, str_of("\n"), err);
	return rc ? rc : ged_put_value(g, NOTE, line->value, err);
}

/* Lines below NAME, BIRT, DEAT. */
static int read_detail(struct gedcom *g, const struct line *line, struct hub_err *err)
{
	if (str_is(g->tag[1], "BIRT") && str_is(line->tag, "DATE"))
		return ged_put_date(g, BIRTH, line->value, err);
	if (str_is(g->tag[1], "DEAT") && str_is(line->tag, "DATE"))
		return ged_put_date(g, DEATH, line->value, err);
	/* FONE (5.5.1), TRAN (7), and what programs made up for furigana */
	if (str_is(g->tag[1], "NAME") && g->names == 1 && is_kana(line->value) &&
	    !sheet_is_set(&g->sheet, KANA) && !str_is(line->tag, "GIVN") &&
	    !str_is(line->tag, "SURN") && !str_is(line->tag, "NICK"))
		return put_name(g, KANA, line->value, err);
	return HUB_OK;
}

int ged_read_person(struct gedcom *g, const struct line *line, struct hub_err *err)
{
	if (line->level == 2)
		return read_detail(g, line, err);
	if (line->level != 1)
		return HUB_OK;
	if (str_is(line->tag, "NAME"))
		return read_name(g, line->value, err);
	if (str_is(line->tag, "SEX"))
		return ged_put(g, SEX, line->value, err);
	if (str_is(line->tag, "DEAT") && !sheet_is_set(&g->sheet, DEAD))
		return ged_put(g, DEAD, str_of("1"), err);
	if (!str_is(line->tag, "NOTE"))
		return HUB_OK;
	g->last = NOTE;
	return put_note(g, line, err);
}

/* --- couples --------------------------------------------------------------------------------------- */

void ged_read_couple(struct gedcom *g, const struct line *line)
{
	static const struct {
		const char *tag, *state;
		int ends;
	} events[] = {{"MARR", "婚姻", 0},
		      {"DIV", "離婚", 1},
		      {"ANUL", "婚姻無効", 1},
		      {"ENGA", "婚約", 0},
		      {"SEPA", "別居", 0}};

	for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
		if (!str_is(g->tag[1], events[i].tag))
			continue;
		if (line->level == 1 && (strcmp(events[i].state, "婚約") != 0 || !g->bond.state)) {
			g->bond.state = events[i].state;
			if (!events[i].ends && i == 0) /* a second marriage of the same two */
				g->bond = (struct bond){.state = events[i].state};
		}
		if (line->level == 2 && str_is(line->tag, "DATE") && i < 3)
			*(events[i].ends ? &g->bond.to : &g->bond.from) = line->value;
	}
}
