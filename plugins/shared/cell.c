#include "cell.h"

const char *cell_shown(const struct hub_col *col, uint32_t r)
{
	static const char *const word[] = {NULL, "masked", "pseudonym", "generalised", "withheld"};

	if (!col->shown)
		return NULL;
	/* what this sink does not know yet is not less strict than what it knows */
	return col->shown[r] < sizeof word / sizeof word[0] ? word[col->shown[r]] : "withheld";
}

int cell_has_text(const struct hub_col *col, uint32_t r)
{
	return col->cell[r] == HUB_VALUE && !(col->shown && col->shown[r] >= HUB_WITHHELD);
}

void cell_reject(struct hub_batch *b, uint32_t r, const char *code, const struct hub_col *col)
{
	b->verdict[r] = HUB_ROW_REJECT;
	b->code[r] = code;
	b->reason[r] = col->name;
}

int cell_is_ascii(struct hub_str t)
{
	for (size_t i = 0; i < t.len; i++)
		if ((unsigned char)t.ptr[i] >= 0x80)
			return 0;
	return 1;
}

int cell_check_row(struct hub_ctx *ctx, const struct hub_host *host, struct hub_batch *b,
		   uint32_t r, int (*holds)(struct hub_str), const char *code, struct hub_err *err)
{
	for (uint32_t c = 0; c < b->cols; c++) {
		const struct hub_col *col = &b->col[c];
		struct hub_str out;
		uint64_t lost = 0;

		if (!cell_has_text(col, r))
			continue;
		/* the hub's encoder counts the bytes that are no UTF-8 */
		const int rc = cell_is_ascii(col->text[r])
				   ? HUB_OK
				   : host->encode(ctx, b, (struct hub_str){"utf-8", 5},
						  col->text[r], &out, &lost, err);
		if (rc)
			return rc;
		if (lost || (holds && !holds(col->text[r]))) {
			cell_reject(b, r, lost ? "not-in-encoding" : code, col);
			return HUB_OK;
		}
	}
	return HUB_OK;
}
