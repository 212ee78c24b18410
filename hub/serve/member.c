#include "serve/member.h"

#include "base/clock.h"
#include "release/day.h"

#include <ctype.h>

/* --- tables ----------------------------------------------------------------------------------- */

static const char *fault_of(const struct hub_member *m, int query)
{
	if (!m->name[0] || strlen(m->name) > 60)
		return HUB_N("its name is empty or too long");
	for (const char *c = m->name; *c; c++)
		if (!islower((unsigned char)*c) && !isdigit((unsigned char)*c) && *c != '_')
			return HUB_N("its name is not of lower-case letters, digits and _");
	if (m->type < HUB_M_TEXT || m->type > HUB_M_JSON)
		return HUB_N("its type is not known");
	if (query && (m->type == HUB_M_OBJECT || m->type == HUB_M_JSON))
		return HUB_N("a query has no objects");
	if (m->type == HUB_M_WORD && (!m->words || !m->words[0]))
		return HUB_N("it has no words");
	if (m->type == HUB_M_OBJECT && !m->of)
		return HUB_N("it has no members");
	if (m->min > m->max && m->max)
		return HUB_N("its smallest value is larger than its largest");
	return NULL;
}

static int check(const struct hub_member *m, const char *where, int query, int depth,
		 struct hub_err *err)
{
	int rc = HUB_OK;

	for (size_t i = 0; m && m[i].name && !rc; i++) {
		const char *fault = fault_of(&m[i], query);
		if (i == HUB_MEMBERS_MOST)
			fault = HUB_N("there are too many members");
		if (depth == HUB_MEMBERS_DEEP)
			fault = HUB_N("objects are too deep inside each other");
		for (size_t k = 0; k < i; k++)
			if (strcmp(m[k].name, m[i].name) == 0)
				fault = HUB_N("its name is there twice");
		if (fault)
			return hub_fail(err, HUB_CONF, "bad-member", "%s, member \"%s\": %s", where,
					m[i].name, hub_tr(fault));
		if (m[i].type == HUB_M_OBJECT)
			rc = check(m[i].of, where, query, depth + 1, err);
	}
	return rc;
}

int hub_members_check(const struct hub_member *m, const char *where, int query, struct hub_err *err)
{
	return check(m, where, query, 0, err);
}

int hub_members_personal(const struct hub_member *m)
{
	for (size_t i = 0; m && m[i].name; i++)
		if ((m[i].flags & HUB_M_PERSONAL) ||
		    (m[i].type == HUB_M_OBJECT && hub_members_personal(m[i].of)))
			return 1;
	return 0;
}

static size_t at_most(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* A code point is 12 bytes when it is escaped; nobody escapes a whole file. */
static size_t room_of(const struct hub_member *m)
{
	enum { ESCAPED = 12, LONG_TEXT = 1 << 16, NUMBER = 64 };
	const size_t longest = (size_t)hub_member_longest(m);

	switch (m->type) {
	case HUB_M_TEXT:
		return longest <= LONG_TEXT ? longest * ESCAPED : longest * 4 + LONG_TEXT * ESCAPED;
	case HUB_M_OBJECT:
		return hub_members_room(m->of);
	case HUB_M_JSON:
		return longest * 2;
	default:
		return NUMBER * 4;
	}
}

size_t hub_members_room(const struct hub_member *m)
{
	size_t all = 1024;

	for (size_t i = 0; m && m[i].name && all < HUB_BODY_MOST; i++) {
		const size_t one = at_most(room_of(&m[i]), HUB_BODY_MOST) + 200;
		all += one * ((m[i].flags & HUB_M_LIST) ? hub_member_most(&m[i]) : 1);
	}
	return at_most(all, HUB_BODY_MOST);
}

/* --- values ----------------------------------------------------------------------------------- */

static int is_word(const struct hub_member *m, struct hub_str text)
{
	for (size_t i = 0; m->words[i]; i++)
		if (hub_str_is(text, m->words[i]))
			return 1;
	return 0;
}

/* Line ends and tabs are text, other control characters are not. */
static int has_control(struct hub_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		const unsigned char c = (unsigned char)s.ptr[i];
		if ((c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7f)
			return 1;
	}
	return 0;
}

const char *hub_member_misfit(const struct hub_member *m, struct hub_str text)
{
	int32_t day;

	switch (m->type) {
	case HUB_M_DATE:
		return text.len == 10 && hub_day_parse(text, &day) == 0
			   ? NULL
			   : HUB_N("wants a day such as 2026-04-01");
	case HUB_M_WORD:
		return is_word(m, text) ? NULL : HUB_N("is none of the words that are allowed");
	case HUB_M_JSON:
		return (int64_t)text.len <= hub_member_longest(m) ? NULL : HUB_N("is too long");
	default:
		break;
	}
	if (has_control(text))
		return HUB_N("has control characters in it");
	const int64_t n = (int64_t)hub_utf8_count(text);
	if (n > hub_member_longest(m))
		return HUB_N("is too long");
	return n < m->min ? HUB_N("is too short") : NULL;
}

static int digits(struct hub_str s, size_t at, size_t len, int64_t min, int64_t max, int64_t *out)
{
	if (at + len > s.len || !isdigit((unsigned char)s.ptr[at]))
		return -1;
	return hub_parse_i64(hub_str_cut(s, at, at + len), min, max, out);
}

/* Minutes east of Greenwich. */
static int zone_of(struct hub_str s, int64_t *minutes)
{
	int64_t h, m;

	*minutes = 0;
	if (s.len == 1 && (s.ptr[0] == 'Z' || s.ptr[0] == 'z'))
		return 0;
	if (s.len != 6 || (s.ptr[0] != '+' && s.ptr[0] != '-') || s.ptr[3] != ':' ||
	    digits(s, 1, 2, 0, 23, &h) || digits(s, 4, 2, 0, 59, &m))
		return -1;
	*minutes = (h * 60 + m) * (s.ptr[0] == '-' ? -1 : 1);
	return 0;
}

int hub_instant_parse(struct hub_str s, int64_t *ms)
{
	int64_t h, m, sec, zone, milli = 0, scale = 100;
	int32_t day;
	size_t at = 19;

	if (s.len < 20 || hub_day_parse(hub_str_cut(s, 0, 10), &day) ||
	    (s.ptr[10] != 'T' && s.ptr[10] != 't') || s.ptr[13] != ':' || s.ptr[16] != ':' ||
	    digits(s, 11, 2, 0, 23, &h) || digits(s, 14, 2, 0, 59, &m) ||
	    digits(s, 17, 2, 0, 60, &sec))
		return -1;
	if (s.ptr[at] == '.') {
		const size_t first = ++at;
		for (; at < s.len && isdigit((unsigned char)s.ptr[at]); at++, scale /= 10)
			milli += (s.ptr[at] - '0') * scale;
		if (at == first)
			return -1;
	}
	if (zone_of(hub_str_from(s, at), &zone))
		return -1;
	*ms = (((int64_t)day * 1440 + h * 60 + m - zone) * 60 + sec) * 1000 + milli;
	return 0;
}

void hub_instant_print(int64_t ms, char out[30])
{
	const int64_t s = ms / 1000 - (ms % 1000 < 0), milli = ms - s * 1000;
	char time[26];

	hub_time_jst(s, time);
	if (milli)
		snprintf(out, 30, "%.19s.%03d+09:00", time, (int)milli);
	else
		snprintf(out, 30, "%s", time);
}
