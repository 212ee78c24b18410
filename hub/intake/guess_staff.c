/* Inventories of work (業務棚卸表): a column of working time for each kind of staff. No schema can know what kinds
 * there are; what is a number in such a table and no sum, no count and no money is somebody's time. */
#include "intake/guess_in.h"

/* Times and nothing else: 120, 42.5, 10:30, 2時間, 45分. */
static int is_time(const struct guess_col *c)
{
	static const char *const other[] = {"計",   "件",   "回数", "人数", "（人）", "(人)",
					    "率",   "%",    "％",   "円",   "費",     "番号",
					    "年度", "日数", "頻度", "№",    "No",     "ＮＯ"};

	for (size_t i = 0; i < HUB_COUNT(other); i++)
		if (hub_str_find(c->name, hub_str_of(other[i]), 0) != (size_t)-1 &&
		    hub_str_find(c->name, HUB_STR("会計"), 0) == (size_t)-1)
			return 0;
	return c->tried > 0 && hub_guess_share(c, LOOK_INT) + hub_guess_share(c, LOOK_TIME) >= 50;
}

static struct hub_str part_of(struct hub_str name, uint32_t n)
{
	for (;; n--) {
		const size_t bar = hub_str_find(name, HUB_STR("_"), 0);
		if (n == 0 || bar == (size_t)-1)
			return hub_str_cut(name, 0, bar == (size_t)-1 ? name.len : bar);
		name = hub_str_from(name, bar + 1);
	}
}

static uint32_t parts_of(struct hub_str name)
{
	uint32_t n = 1;

	for (size_t i = 0; i < name.len; i++)
		n += name.ptr[i] == '_';
	return n;
}

/* How many rows of the header say the same above all of them: 年間業務量（時間）_正規職員_事務. */
static uint32_t common_parts(const struct hub_guess *g)
{
	const struct guess_col *first = NULL;
	uint32_t common = 0;

	for (uint32_t i = 0; i < g->cols; i++) {
		const struct guess_col *c = &g->col[i];
		if (!c->is_time)
			continue;
		uint32_t same = 0, parts = parts_of(c->name);
		while (first && same + 1 < parts && same + 1 < parts_of(first->name) &&
		       hub_str_eq(part_of(c->name, same), part_of(first->name, same)))
			same++;
		common = !first ? parts - 1 : same < common ? same : common;
		first = first ? first : c;
	}
	return common;
}

/* 正規職員 事務; without what stands in brackets: 保健師(h/月). */
static struct hub_str kind_of(struct hub_arena *a, struct hub_str name, uint32_t from)
{
	struct hub_buf b;

	hub_buf_init(&b, 1 << 12);
	for (uint32_t i = from; i < parts_of(name); i++) {
		struct hub_str s = part_of(name, i);
		const size_t open = hub_str_find(s, HUB_STR("("), 1),
			     wide = hub_str_find(s, HUB_STR("（"), 1);
		s = hub_str_trim(hub_str_cut(s, 0,
					     open < wide    ? open
					     : wide < s.len ? wide
							    : s.len));
		for (size_t k = 0; k < s.len; k++)
			if (s.ptr[k] != '\'' && s.ptr[k] != '\n')
				hub_buf_putc(&b, s.ptr[k]);
		if (s.len && i + 1 < parts_of(name))
			hub_buf_putc(&b, ' ');
	}
	const struct hub_str out = hub_buf_keep(&b, a);
	hub_buf_free(&b);
	return out;
}

void hub_guess_staff(struct hub_guess *g, const struct hub_entity *main)
{
	const struct hub_field *time = hub_schema_field(main, HUB_STR("minutes"));
	uint32_t n = 0;

	if (!hub_str_is(main->name, "workload") || !time ||
	    hub_guess_filler(g, "workload", "staff_kind"))
		return;
	for (uint32_t i = 0; i < g->cols; i++) {
		struct guess_col *c = &g->col[i];
		c->is_time =
		    !c->forbidden && !c->drop && (!c->field || c->field == time) && is_time(c);
		n += c->is_time;
	}
	const uint32_t common = common_parts(g);
	for (uint32_t i = 0; i < g->cols && n; i++) {
		struct guess_col *c = &g->col[i];
		if (!c->is_time)
			continue;
		c->staff = kind_of(g->arena, c->name, n > 1 ? common : 0);
		c->field = time;
		c->means = NULL;
		c->confidence = c->confidence < 60 ? 60 : c->confidence;
		c->reason = hub_tr("working time of this kind of staff");
	}
}
