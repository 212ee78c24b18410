/* Code tables of the Japanese encodings; made by gen_tables.py, used by enc_*.c only. */
#ifndef HUB_TEXT_ENC_TABLE_H
#define HUB_TEXT_ENC_TABLE_H

#include <stddef.h>
#include <stdint.h>

enum {
	CP932_LEADS = 60,   /* 81-9F, E0-FC */
	CP932_TRAILS = 192, /* 40-FF; holes are 0 */
	CP932_FIRST_TRAIL = 0x40,
	JIS_ROWS = 94,
};

/* Code point by lead and trail; 0 = not assigned. */
extern const uint16_t hub_cp932_table[CP932_LEADS * CP932_TRAILS];
/* JIS X 0212 by row * 94 + cell, both from 0; rows 82, 83 hold IBM's characters as in eucJP-ms. */
extern const uint16_t hub_jis0212_table[JIS_ROWS * JIS_ROWS];
/* The way back: characters of the BMP in blocks of 64. Bit b of has[block] says that the character
 * is there; its code is codes[first[block] + number of lower bits]. */
extern const uint64_t hub_cp932_has[1024];
extern const uint16_t hub_cp932_first[1024];
extern const uint16_t hub_cp932_codes[];

/* Row of the table by the lead byte: 81-9F are 0-30, E0-FC 31-59. Any other byte gives CP932_LEADS or more. */
static inline unsigned cp932_lead_index(unsigned c)
{
	return (c ^ 0x20) - 0xa1;
}

/* JIS X 0208 row and cell (both from 0): the CP932 table holds the same characters, two rows to a
 * lead byte. */
static inline uint32_t jis0208_get(unsigned row, unsigned cell)
{
	const unsigned at = (row & 1) * 94 + cell;

	return hub_cp932_table[(row >> 1) * CP932_TRAILS + at + (at >= 63)];
}

/* Bits set. The compiler's builtin is a call into its library where the CPU is not known. */
static inline unsigned bits_set(uint64_t v)
{
	v -= v >> 1 & 0x5555555555555555u;
	v = (v & 0x3333333333333333u) + (v >> 2 & 0x3333333333333333u);
	v = (v + (v >> 4)) & 0x0f0f0f0f0f0f0f0fu;
	return (unsigned)(v * 0x0101010101010101u >> 56);
}

/* CP932 double-byte code of a character (not half-width kana, not private use); 0 = none. */
static inline unsigned cp932_code(uint32_t cp)
{
	if (cp > 0xffff)
		return 0;
	const uint64_t has = hub_cp932_has[cp >> 6];
	const uint64_t bit = (uint64_t)1 << (cp & 63);
	if (!(has & bit))
		return 0;
	return hub_cp932_codes[hub_cp932_first[cp >> 6] + bits_set(has & (bit - 1))];
}

#endif
