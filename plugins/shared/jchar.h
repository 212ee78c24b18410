/* The class of a character, by its number: for the reader of texts and for the table that it reads with
 * (gen_jwords.c). */
#ifndef SHARED_JCHAR_H
#define SHARED_JCHAR_H

#include "jtext.h"

static inline int jchar_is_hidden(uint32_t c)
{
	return (c >= 0x200b && c <= 0x200f) || (c >= 0xfe00 && c <= 0xfe0f) || c == 0xfeff ||
	       c == 0xad || c == 0x2060 || (c >= 0xe0100 && c <= 0xe01ef) ||
	       (c >= 0x202a && c <= 0x202e);
}

static inline enum jt_class jchar_class(uint32_t c)
{
	if (c < 0x80) {
		if (c >= '0' && c <= '9')
			return JT_DIGIT;
		if ((c | 32) >= 'a' && (c | 32) <= 'z')
			return JT_LATIN;
		return c == ' ' || c == '\t' ? JT_SPACE : JT_OTHER;
	}
	if (jchar_is_hidden(c))
		return JT_HIDDEN;
	if (c >= 0x3041 && c <= 0x309f)
		return JT_HIRA;
	if (c >= 0x4e00 && c <= 0x9fff)
		return JT_KANJI;
	if (c >= 0x30a1 && c <= 0x30ff)
		return c == 0x30fb ? JT_OTHER : JT_KATA;
	if (c == 0x3005 || c == 0x3006 || (c >= 0x3400 && c < 0x4e00) ||
	    (c >= 0xe000 && c <= 0xfaff) || (c >= 0x20000 && c < 0x40000))
		return JT_KANJI; /* also characters of the private use area: names written in gaiji */
	if (c == 0x3000 || c == 0xa0)
		return JT_SPACE;
	if ((c >= 0xc0 && c < 0x250 && c != 0xd7 && c != 0xf7) || (c >= 0x1e00 && c < 0x1f00))
		return JT_LATIN;
	return JT_OTHER;
}

#endif
