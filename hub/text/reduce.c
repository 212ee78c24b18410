#include "text/reduce.h"

#include "text/encoding.h"
#include "text/fold.h"
#include "text/name.h"

static int has_all(struct hub_str s)
{
	for (size_t at = 0; at < s.len;) {
		const int32_t cp = hub_utf8_next(s, &at);
		if (cp < 0 || !hub_enc_cp932_has((uint32_t)cp))
			return 0;
	}
	return s.len > 0;
}

static struct hub_str text_of(struct hub_arena *a, uint32_t cp)
{
	char utf8[4];

	return hub_arena_str(a, (struct hub_str){utf8, hub_utf8_put(cp, utf8)});
}

struct hub_str hub_reduce_char(struct hub_arena *a, uint32_t cp, enum hub_reduce *how)
{
	const uint32_t usual = hub_name_fold_char(cp);
	const int hidden = hub_hidden_of(cp);

	if (hidden == HUB_HIDDEN_VARIATION) {
		*how = HUB_REDUCE_BASE;
		return HUB_STR("");
	}
	if (hidden == HUB_HIDDEN_GAIJI) {
		*how = HUB_REDUCE_TABLE;
		return HUB_STR("〓");
	}
	const struct hub_str as_is = text_of(a, cp);
	if (!as_is.ptr || hub_enc_cp932_has(cp)) {
		*how = HUB_REDUCE_NONE;
		return as_is;
	}
	if (usual != cp && hub_enc_cp932_has(usual)) {
		*how = HUB_REDUCE_VARIANT;
		return text_of(a, usual);
	}
	const struct hub_str folded = hub_fold_width(a, as_is, 0, NULL);
	if (has_all(folded)) {
		*how = HUB_REDUCE_COMPATIBLE;
		return folded;
	}
	*how = HUB_REDUCE_UNKNOWN;
	return HUB_STR("〓");
}
