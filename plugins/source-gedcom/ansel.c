/* ANSEL to UTF-8. Diacritics stand before their letter there, and behind or inside it in Unicode.
 * Source: the table of GEDCOM 5.5.1, appendix D, and the MARC-8 code tables (loc.gov/marc/specifications). */
#include "lines.h"

#include <string.h>

/* 0xA1 .. 0xCF; 0: not there. */
static const uint16_t signs[] = {
    0x0141, 0x00D8, 0x0110, 0x00DE, 0x00C6, 0x0152, 0x02B9, 0x00B7, 0x266D, 0x00AE, 0x00B1, 0x01A0,
    0x01AF, 0x02BC, 0,      0x02BB, 0x0142, 0x00F8, 0x0111, 0x00FE, 0x00E6, 0x0153, 0x02BA, 0x0131,
    0x00A3, 0x00F0, 0,      0x01A1, 0x01B0, 0x25A1, 0x25A0, 0x00B0, 0x2113, 0x2117, 0x00A9, 0x266F,
    0x00BF, 0x00A1, 0,      0,      0,      0,      0,      0,      0x0065, 0x006F, 0x00DF};

/* 0xE0 .. 0xFE: the combining character, and the letters it makes one with. */
static const struct {
	uint16_t mark;
	const char *letters, *whole;
} marks[] = {
    {0x0309, "", ""},
    {0x0300, "AEIOUaeiouNn", "ÀÈÌÒÙàèìòùǸǹ"},
    {0x0301, "AEIOUYaeiouyCcLlNnRrSsZz", "ÁÉÍÓÚÝáéíóúýĆćĹĺŃńŔŕŚśŹź"},
    {0x0302, "AEIOUaeiouCcGgHhJjSsWwYy", "ÂÊÎÔÛâêîôûĈĉĜĝĤĥĴĵŜŝŴŵŶŷ"},
    {0x0303, "ANOanoIiUu", "ÃÑÕãñõĨĩŨũ"},
    {0x0304, "AEIOUaeiou", "ĀĒĪŌŪāēīōū"},
    {0x0306, "AaEeGgIiOoUu", "ĂăĔĕĞğĬĭŎŏŬŭ"},
    {0x0307, "CcEeGgIZz", "ĊċĖėĠġİŻż"},
    {0x0308, "AEIOUaeiouyY", "ÄËÏÖÜäëïöüÿŸ"},
    {0x030C, "CcDdEeNnRrSsTtZz", "ČčĎďĚěŇňŘřŠšŤťŽž"},
    {0x030A, "AaUu", "ÅåŮů"},
    {0xFE20, "", ""},
    {0xFE21, "", ""},
    {0x0315, "", ""},
    {0x030B, "OoUu", "ŐőŰű"},
    {0x0310, "", ""},
    {0x0327, "CcGgKkLlNnRrSsTt", "ÇçĢģĶķĻļŅņŖŗŞşŢţ"},
    {0x0328, "AaEeIiUu", "ĄąĘęĮįŲų"},
    {0x0323, "", ""},
    {0x0324, "", ""},
    {0x0325, "", ""},
    {0x0333, "", ""},
    {0x0332, "", ""},
    {0x0326, "", ""},
    {0x031C, "", ""},
    {0x032E, "", ""},
    {0xFE22, "", ""},
    {0xFE23, "", ""},
    {0, "", ""},
    {0, "", ""},
    {0x0313, "", ""},
};

static size_t put_utf8(char *to, uint32_t c)
{
	if (c < 0x80) {
		to[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		to[0] = (char)(0xC0 | c >> 6);
		to[1] = (char)(0x80 | (c & 0x3F));
		return 2;
	}
	to[0] = (char)(0xE0 | c >> 12);
	to[1] = (char)(0x80 | (c >> 6 & 0x3F));
	to[2] = (char)(0x80 | (c & 0x3F));
	return 3;
}

/* Letter and mark as one character of two bytes; NULL when there is none. */
static const char *compose(unsigned mark, char letter)
{
	const char *at = letter ? strchr(marks[mark].letters, letter) : NULL;

	return at ? marks[mark].whole + 2 * (at - marks[mark].letters) : NULL;
}

static int is_mark(unsigned char c)
{
	return c >= 0xE0 && c - 0xE0u < sizeof marks / sizeof marks[0] && marks[c - 0xE0].mark;
}

/* A letter with the marks before it; what the letter does not take in follows it. */
static size_t put_marked(const char *p, size_t n, char letter, char *to)
{
	const char *whole = compose((unsigned char)p[n - 1] - 0xE0u, letter);
	size_t len = 0;

	if (whole) {
		memcpy(to, whole, 2);
		len = 2;
		n--;
	} else if (letter)
		to[len++] = letter;
	while (n-- > 0)
		len += put_utf8(to + len, marks[(unsigned char)p[n] - 0xE0].mark);
	return len;
}

size_t ansel_decode(const char *p, size_t n, char *to, size_t *len)
{
	size_t i = 0, k;

	*len = 0;
	while (i < n) {
		const unsigned char c = (unsigned char)p[i];
		if (is_mark(c)) {
			for (k = i; k < n && is_mark((unsigned char)p[k]); k++)
				;
			const int plain =
			    k < n && (unsigned char)p[k] < 0x80 && p[k] != '\n' && p[k] != '\r';
			*len += put_marked(p + i, k - i, plain ? p[k] : '\0', to + *len);
			i = k + (plain ? 1 : 0);
			continue;
		}
		const uint32_t sign = c < 0x80 ? c
				      : c >= 0xA1 && c - 0xA1u < sizeof signs / sizeof signs[0]
					  ? signs[c - 0xA1]
					  : 0;
		if (c && !sign)
			return i;
		*len += put_utf8(to + *len, sign);
		i++;
	}
	return n;
}
