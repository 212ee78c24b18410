/* Legacy encodings to UTF-8 and back, exactly: nothing is ever replaced by '?' or dropped.
 * CP932 is Microsoft's (= the decoder of the WHATWG standard): gaiji F040-F9FC become U+E000-U+E757.
 * EUC-JP and ISO-2022-JP use the JIS mapping (wave dash U+301C, minus U+2212, ...), with NEC row 13
 * and the NEC selected IBM rows as in CP51932, and JIS X 0212.
 * Pure functions, any thread. Facts: https://encoding.spec.whatwg.org/ and Unicode's CP932.TXT. */
#ifndef HUB_TEXT_ENCODING_H
#define HUB_TEXT_ENCODING_H

#include "base/buf.h"

enum hub_enc {
	HUB_ENC_NONE = 0, /* unknown */
	HUB_ENC_UTF8,
	HUB_ENC_CP932,
	HUB_ENC_EUCJP,
	HUB_ENC_ISO2022JP,
	HUB_ENC_UTF16LE,
	HUB_ENC_UTF16BE,
};

/* By any usual name, case, '-', '_' and ' ' ignored: "Shift_JIS", "windows-31j", "utf-8-sig" ...
 * "utf-16" without an order is little endian. HUB_ENC_NONE when the name is unknown. */
enum hub_enc hub_enc_of(struct hub_str name);
/* "utf-8", "cp932", "euc-jp", "iso-2022-jp", "utf-16le", "utf-16be"; "" for NONE. Static. */
const char *hub_enc_name(enum hub_enc enc);
/* 1 when the ASCII byte c is never part of a longer character: a byte search for it is right.
 * In CP932 trail bytes start at 0x40, so '|' and '\\' are not safe, ',' ';' '"' TAB CR LF are. */
int hub_enc_byte_safe_for(enum hub_enc enc, unsigned char c);
/* The same for all of , ; " TAB CR LF. */
int hub_enc_byte_safe(enum hub_enc enc);

/* Which encoding a text is in. whole: the sample is the entire text, else it may end inside a
 * character. *bom gets the length of a byte order mark to skip. Pure ASCII (and an empty sample) is
 * UTF-8; what fits nothing is CP932, whose decoder then names the bad place. The more bytes the
 * better the answer: a sample without a Japanese character says nothing about the rest. */
enum hub_enc hub_enc_detect(struct hub_str sample, int whole, size_t *bom);

/* What the calls saw. Zero it before the first; counts add up over calls. */
struct hub_enc_stats {
	uint64_t gaiji;       /* private use: U+E000-F8FF, planes 15 and 16 */
	uint64_t extended;    /* decode CP932, EUC-JP, ISO-2022-JP: NEC row 13, NEC selected, IBM */
	uint64_t half_kana;   /* decode, not from UTF-8 or UTF-16: half-width katakana */
	uint64_t substituted; /* encode: written as the twin that the encoding has */
	uint64_t lost;        /* encode: characters the encoding does not have */
	uint8_t cut;          /* last decode stopped at an incomplete character at the very end */
	uint8_t shift;        /* ISO-2022-JP: character set in force after the last call */
};

/* Bytes that decoding n bytes may need; SIZE_MAX when that overflows. */
size_t hub_decode_bound(enum hub_enc enc, size_t n);
/* Decodes into out (hub_decode_bound bytes), sets *out_len. Returns how many bytes of in were
 * decoded: in.len when all is well, else the offset of the first character that cannot be decoded;
 * stats->cut says whether more bytes could complete it. stats may be NULL. A byte order mark is a
 * character like any other: skip it first. To decode a stream in pieces keep the same stats and
 * start the next piece at the returned offset. */
size_t hub_decode(enum hub_enc enc, struct hub_str in, char *out, size_t *out_len,
		  struct hub_enc_stats *stats);
/* Same, into an arena; *used gets the bytes decoded. .ptr is NULL when out of memory. */
struct hub_str hub_decode_arena(struct hub_arena *a, enum hub_enc enc, struct hub_str in,
				size_t *used, struct hub_enc_stats *stats);

/* Told about every character that is not written as it is. All calls come from inside hub_encode. */
struct hub_enc_report {
	void *arg;
	/* cp cannot be written (UINT32_MAX: the byte at `at` is no UTF-8). What the function adds to
	 * out stands in its place, in the target encoding; else nothing does. May be NULL. */
	void (*lost)(void *arg, uint32_t cp, size_t at, struct hub_buf *out);
	/* cp was written as code point `as`, its twin in the encoding. May be NULL. */
	void (*substituted)(void *arg, uint32_t cp, uint32_t as, size_t at);
};

/* Whether CP932 has a character, gaiji and twins (U+301C) included. */
int hub_enc_cp932_has(uint32_t cp);

/* Appends the text in the encoding to out (no byte order mark). Returns the number of characters
 * that could not be written, 0 when all is well. Ask hub_buf_ok(out) as always. Of several codes
 * of one character CP932 gets the one Windows writes. report and stats may be NULL. */
size_t hub_encode(enum hub_enc enc, struct hub_str utf8, struct hub_buf *out,
		  struct hub_enc_stats *stats, const struct hub_enc_report *report);

#endif
