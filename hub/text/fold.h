/* Folding of UTF-8 text for search and comparison, kana and width conversion, and what hides in a
 * text. Folded text is a key: it is never stored in place of what was written.
 * Pure functions, any thread. Results live in the arena; .ptr is NULL when it is full. Bytes that are
 * no UTF-8 are passed through. Facts: UAX #15 (NFKC), JIS X 0201, the registry's search rules. */
#ifndef HUB_TEXT_FOLD_H
#define HUB_TEXT_FOLD_H

#include "base/arena.h"
#include "base/str.h"

enum hub_fold_flag {
	HUB_FOLD_LF = 1, /* CR LF and CR become LF */
};

/* Exactly NFKC: full-width letters and digits to ASCII, half-width kana to full width (marks joined),
 * ㈱ to (株) ... A run of more than 126 combining marks is folded in pieces.
 * at, if not NULL, gets a table with an entry for each byte i of the result and one for its end:
 * (*at)[i] is where in `text` the characters begin that byte i came from, (*at)[len] == text.len.
 * A range that ends inside the expansion of one character (株 of ㈱) must be widened by the caller
 * to the next different entry. With a map, texts of 4 GiB and more are refused (.ptr NULL). */
struct hub_str hub_fold_width(struct hub_arena *a, struct hub_str text, unsigned flags,
			      const uint32_t **at);

enum hub_kana_flag {
	HUB_KANA_WIDE = 1, /* half-width kana and its punctuation to full width, marks joined */
	HUB_KANA_WIDE_ASCII = 2, /* ASCII but digits to full width; space to U+3000 */
	HUB_KANA_WIDE_DIGIT = 4,
	HUB_KANA_NARROW = 8, /* full-width katakana and its punctuation to half width */
	HUB_KANA_NARROW_ASCII = 16,
	HUB_KANA_NARROW_DIGIT = 32,
	HUB_KANA_TO_KATA = 64,  /* hiragana to katakana */
	HUB_KANA_TO_HIRA = 128, /* katakana to hiragana, where there is one */
	HUB_KANA_JOIN = 256,    /* kana + U+3099, U+309A, U+309B, U+309C to one character */
	HUB_KANA_LARGE = 512,   /* small kana to large */
};

/* Converts what the flags name and leaves the rest. A half-width voiced mark that joins nothing
 * becomes U+309B or U+309C, never a combining mark. */
struct hub_str hub_kana_convert(struct hub_arena *a, struct hub_str text, unsigned flags);
/* Full-width katakana: half-width joined, hiragana to katakana, the long vowel mark kept. */
struct hub_str hub_fold_kana(struct hub_arena *a, struct hub_str text);

/* Search key of a reading as the resident registry compares it: voiced marks ignored, ヂ=ジ, ヅ=ズ,
 * ヴ=ブ, ヲ=オ, ヰ=イ, ヱ=エ, small = large, long vowel marks and dashes dropped, ウ after a sound of
 * the オ column = オ, ヽ repeats, spaces and ・ dropped, letters in upper case. */
struct hub_str hub_key_kana(struct hub_arena *a, struct hub_str text);
/* Without variation selectors and invisible characters; U+00A0 becomes a space. */
struct hub_str hub_key_strip(struct hub_arena *a, struct hub_str text);
/* One spelling of a name that somebody types (login, agency): without width, case and blanks around it. */
struct hub_str hub_key_typed(struct hub_arena *a, struct hub_str text);

/* What hides in a text or will not travel. */
enum hub_hidden {
	HUB_HIDDEN_GAIJI = 0,  /* private use: a glyph of one site */
	HUB_HIDDEN_VARIATION,  /* ideographic and standardised variation selectors */
	HUB_HIDDEN_ZERO_WIDTH, /* zero width space and joiners, U+FEFF inside a text */
	HUB_HIDDEN_BIDI,       /* marks and overrides of direction: can make text look different */
	HUB_HIDDEN_SOFT_HYPHEN,
	HUB_HIDDEN_NBSP,
	HUB_HIDDEN_CONTROL,  /* C0 but TAB LF CR, DEL, C1 */
	HUB_HIDDEN_REPLACED, /* U+FFFD: an earlier program lost a character here */
	HUB_HIDDEN_KINDS,
};

/* Stable code: "gaiji", "variation-selector", ... Static. */
const char *hub_hidden_name(enum hub_hidden kind);
/* Kind of a character; -1: none of these. */
int hub_hidden_of(uint32_t cp);
/* Finds the next such character at or after *at: its kind, its code point, its offset in *where; *at
 * moves behind it. 0 when there is none. */
int hub_hidden_next(struct hub_str text, size_t *at, enum hub_hidden *kind, uint32_t *cp,
		    size_t *where);

#endif
