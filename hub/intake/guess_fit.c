/* The contents of a column as witness: do its cells speak for a field, or against it? */
#include "intake/guess_in.h"

int hub_guess_share(const struct guess_col *c, enum guess_look look)
{
	const uint64_t tried = look == LOOK_ADDRESS && c->tried > ADDRESSES ? ADDRESSES : c->tried;

	return tried ? (int)(100 * (uint64_t)c->look[look] / tried) : 0;
}

/* Too few cells contradict no word of a header. */
static int witness(const struct guess_col *c, int fit)
{
	return c->tried < GUESS_FEW && fit < 50 ? -1 : fit;
}

/* Does the list of codes of the field have any of the cells? */
static int knows_some(const struct guess_col *c, const struct hub_field *f)
{
	for (uint32_t i = 0; i < c->lists; i++)
		if (f->codes && c->list[i] == f->codes)
			return c->part_hits[i] > 0;
	return 0;
}

int hub_guess_fit(const struct guess_col *c, const struct hub_field *f)
{
	static const struct {
		enum hub_ftype type;
		enum guess_look look;
	} looks[] = {{HUB_F_DATE, LOOK_DATE},   {HUB_F_DATETIME, LOOK_DATE},
		     {HUB_F_TIME, LOOK_TIME},   {HUB_F_MONTH, LOOK_DATE},
		     {HUB_F_INT, LOOK_INT},     {HUB_F_YEN, LOOK_INT},
		     {HUB_F_PHONE, LOOK_PHONE}, {HUB_F_POSTAL, LOOK_POSTAL},
		     {HUB_F_KANA, LOOK_KANA},   {HUB_F_BOOL, LOOK_BOOL}};

	/* one or two cells of a few may be the broken ones */
	if (c->tried == 0)
		return -1;
	if (c->expr.len) /* 年, 月, 日: the cells of this one are a part */
		return f->type == HUB_F_DATE ? 100 : 0;
	if (hub_guess_share(c, LOOK_MARK) > 50 && f->type != HUB_F_BOOL && !knows_some(c, f))
		return 0; /* ○ under 健康 is no text about it, and under 終結 no state */
	if (hub_str_is(f->name, "duration_min") && c->look[LOOK_HOURS])
		return 100; /* 30分, 1時間15分, 0:20 */
	if (f->type == HUB_F_INT && c->units > GUESS_UNITS)
		return c->tried < GUESS_FEW ? -1 : 0;
	if (f->type == HUB_F_NAME &&
	    hub_guess_share(c, LOOK_ORG) > 60) /* 株式会社 is nobody's name */
		return witness(c, 0);
	if (f->type == HUB_F_NARRATIVE &&
	    hub_guess_share(c, LOOK_ADDRESS) > 80) /* 住所/本文: no text about anybody */
		return witness(c, 0);
	if (f->type == HUB_F_NARRATIVE && c->max_chars <= 4 &&
	    hub_guess_share(c, LOOK_INT) > 90) /* 15, 45: no minutes of a meeting */
		return witness(c, 0);
	for (size_t i = 0; i < HUB_COUNT(looks); i++)
		if (looks[i].type == f->type)
			return witness(c, hub_guess_share(c, looks[i].look) +
					      (f->type == HUB_F_DATE
						   ? hub_guess_share(c, LOOK_SERIAL) +
							 hub_guess_share(c, LOOK_NO_YEAR)
						   : 0));
	for (uint32_t i = 0; i < c->lists; i++)
		if (f->codes && c->list[i] == f->codes)
			return witness(c,
				       (int)(100 *
					     (uint64_t)(f->type == HUB_F_CODE ? c->list_hits[i]
									      : c->part_hits[i]) /
					     c->tried));
	return 100;
}
