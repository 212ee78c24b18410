/* 元号 | 年 | 月 | 日, where the era is a number: registers count 1 明治 ... 5 令和, welfare forms 1 大正 ... 4 令和.
 * Which of the two it is, the years tell: 3 and 45 can be 昭和 only. */
#include "intake/guess_in.h"

#include "base/err.h"

enum { ERAS = 5, MEIJI = 45, TAISHO = 15, SHOWA = 64, HEISEI = 31 };

/* The last year of each number; 0: no row has it. */
struct years {
	int64_t last[ERAS + 1];
	int other; /* a number that is no era */
};

static int64_t number_in(const struct hub_batch *b, uint32_t c, uint32_t r)
{
	char room[64];
	const enum hub_enc enc = b->encoding.len ? hub_enc_of(b->encoding) : HUB_ENC_UTF8;
	size_t n = 0;
	int64_t v;

	if (b->col[c].cell[r] != HUB_VALUE ||
	    hub_decode_bound(enc, b->col[c].text[r].len) > sizeof room)
		return 0;
	hub_decode(enc, b->col[c].text[r], room, &n, NULL);
	return hub_parse_i64(hub_str_trim((struct hub_str){room, n}), 1, 99, &v) ? 0 : v;
}

static int read_years(struct hub_guess *g, uint32_t era, struct years *y)
{
	HUB_AUTO(instance) struct hub_instance *source = NULL;
	HUB_AUTO(batch) struct hub_batch *b = hub_batch_new(0);
	struct hub_err *tried = hub_guess_try(g);

	if (!b || hub_guess_open(g, &source, tried))
		return -1;
	hub_instance_verbose(source, HUB_LOG_ERROR);
	for (; hub_source_next(source, b, tried) == HUB_OK; hub_batch_reset(b))
		for (uint32_t r = 0; r < b->rows && era + 1 < b->cols; r++) {
			const int64_t code = number_in(b, era, r), year = number_in(b, era + 1, r);
			if (b->verdict[r] != HUB_ROW_PENDING || !code || !year)
				continue;
			if (code > ERAS)
				y->other = 1;
			else if (year > y->last[code])
				y->last[code] = year;
		}
	return 0;
}

static int fits(const struct years *y, const int *longest, int eras)
{
	int any = 0;

	for (int i = 1; i <= ERAS; i++) {
		if (y->last[i] > (i <= eras ? longest[i - 1] : 0))
			return 0;
		any |= y->last[i] > 0;
	}
	return any && !y->other;
}

struct hub_str hub_guess_era(struct hub_guess *g, uint32_t era)
{
	const int now = hub_guess_this_year() - 2018;
	const int registry[] = {MEIJI, TAISHO, SHOWA, HEISEI, now};
	const int welfare[] = {TAISHO, SHOWA, HEISEI, now};
	struct years y = {0};
	const struct hub_str none = {"", 0};

	if (g->col[era].max_chars != 1 || hub_guess_share(&g->col[era], LOOK_INT) < 100 ||
	    read_years(g, era, &y))
		return none;
	const int of_registry = fits(&y, registry, ERAS), of_welfare = fits(&y, welfare, ERAS - 1);
	if (of_registry == of_welfare)
		return none;
	return hub_arena_printf(
	    g->arena, "(%.*s | width | replace(%s))", HUB_FMT(g->col[era].ref),
	    of_registry ? "'1', '明治', '2', '大正', '3', '昭和', '4', '平成', '5', '令和'"
			: "'1', '大正', '2', '昭和', '3', '平成', '4', '令和'");
}
