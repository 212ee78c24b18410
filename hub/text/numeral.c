#include "text/numeral.h"

#include "base/str.h"

enum {
	EVERYWHERE = HUB_IN_NUMBER | HUB_IN_DATE | HUB_IN_ADDRESS,
	NOT_PLACES = HUB_IN_NUMBER | HUB_IN_DATE,
	TYPED = HUB_IN_DATE | HUB_IN_ADDRESS, /* a circle for 〇 */
};

/* By character, for it is asked for each character of each town. */
static const struct {
	uint16_t c;
	uint16_t value;
	int where;
} numerals[] = {
    {0x25cb, 0, TYPED},         {0x25ef, 0, HUB_IN_DATE},   {0x3007, 0, EVERYWHERE},
    {0x4e00, 1, EVERYWHERE},    {0x4e03, 7, EVERYWHERE},    {0x4e09, 3, EVERYWHERE},
    {0x4e5d, 9, EVERYWHERE},    {0x4e8c, 2, EVERYWHERE},    {0x4e94, 5, EVERYWHERE},
    {0x4f0d, 5, HUB_IN_NUMBER}, {0x516b, 8, EVERYWHERE},    {0x516d, 6, EVERYWHERE},
    {0x5341, 10, EVERYWHERE},   {0x5343, 1000, EVERYWHERE}, {0x5345, 30, NOT_PLACES},
    {0x53c2, 3, EVERYWHERE},    {0x53c3, 3, NOT_PLACES},    {0x56db, 4, EVERYWHERE},
    {0x58f1, 1, EVERYWHERE},    {0x58f9, 1, NOT_PLACES},    {0x5eff, 20, NOT_PLACES},
    {0x5f10, 2, EVERYWHERE},    {0x62fe, 10, EVERYWHERE},   {0x634c, 8, HUB_IN_NUMBER},
    {0x6f06, 7, HUB_IN_NUMBER}, {0x7396, 9, HUB_IN_NUMBER}, {0x767e, 100, EVERYWHERE},
    {0x8086, 4, HUB_IN_NUMBER}, {0x8cb3, 2, NOT_PLACES},    {0x9621, 1000, HUB_IN_NUMBER},
    {0x9678, 6, HUB_IN_NUMBER}, {0x96f6, 0, NOT_PLACES},
};

int hub_numeral(int32_t c, enum hub_numeral_in where)
{
	size_t low = 0, high = HUB_COUNT(numerals);

	while (low < high) {
		const size_t mid = (low + high) / 2;
		if (numerals[mid].c == c)
			return numerals[mid].where & (int)where ? numerals[mid].value : -1;
		if (numerals[mid].c < c)
			low = mid + 1;
		else
			high = mid;
	}
	return -1;
}
