/* One character at a time: what the number-like readers (phone, postal, numbers, addresses) see as
 * the same. Internal to hub/text; whole texts are folded by text/fold.h. */
#ifndef HUB_TEXT_CHARS_H
#define HUB_TEXT_CHARS_H

#include "base/str.h"

/* Every dash people type for a hyphen: ‐ ‑ ‒ – — ― − ー ｰ － ─ ━ ﹣ */
static inline int hub_char_is_dash(int32_t c)
{
	return c == '-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0x30fc ||
	       c == 0xff70 || c == 0xff0d || c == 0x2500 || c == 0x2501 || c == 0xfe63 ||
	       c == 0xfe58;
}

static inline int hub_char_is_space(int32_t c)
{
	return c == ' ' || c == '\t' || c == 0x3000 || c == 0xa0 || (c >= 0x2000 && c <= 0x200b);
}

/* Full width to ASCII, dashes to '-', spaces to ' '; anything else as it is. */
static inline int32_t hub_char_plain(int32_t c)
{
	if (c < 0x80)
		return c == '\t' ? ' ' : c;
	if (hub_char_is_dash(c))
		return '-';
	if (c >= 0xff01 && c <= 0xff5e)
		return c - 0xfee0;
	return hub_char_is_space(c) ? ' ' : c;
}

#endif
