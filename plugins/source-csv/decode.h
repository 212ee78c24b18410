/* From bytes to text the splitter can cut: which encoding, and decoding first where separators
 * cannot be told byte by byte (UTF-16, ISO-2022-JP, a delimiter that may be a trail byte). */
#ifndef SOURCE_CSV_DECODE_H
#define SOURCE_CSV_DECODE_H

#include "infile.h"

struct decoder {
	struct input *in;
	struct hub_str wish;  /* option: a name, or "auto" */
	struct hub_str name;  /* empty: ASCII so far, not decided */
	int plain_separators; /* all separators are ASCII below 0x40: never part of a character
				* in a byte-safe encoding */
	int first_done;       /* beginning of the file seen: byte order mark, foreign formats */
	/* decoded window: place of a line start in text and in the window */
	const char *raw;
	size_t raw_len, raw_at, text_at;
	int decoded;
};

struct decoded {
	const char *base;
	size_t len;
	size_t skip; /* bytes of the window before the text: a byte order mark */
};

/* Text of a window; d->name is the encoding that cells will be in unless d->decoded. */
int decode_window(struct decoder *d, struct hub_batch *b, const struct window *w,
		  struct decoded *out, struct hub_err *err);
/* Place in the window of a place in the text that is the start of a physical line; places must be
 * asked in ascending order. */
size_t decode_place(struct decoder *d, const struct decoded *t, size_t at);
/* Encoding of the text's cells. */
struct hub_str decode_name(const struct decoder *d);

#endif
