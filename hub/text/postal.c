#include "text/postal.h"

#include "text/chars.h"

/* Digits of text into out (NUL-ended); spaces and hyphens are passed over. -1: something else. */
static int digits_only(struct hub_str s, char *out, size_t room)
{
	size_t at = 0, n = 0;

	while (at < s.len) {
		const int32_t c = hub_char_plain(hub_utf8_next(s, &at));
		if (c == ' ' || c == '-')
			continue;
		if (c < '0' || c > '9' || n + 1 >= room)
			return -1;
		out[n++] = (char)c;
	}
	out[n] = '\0';
	return (int)n;
}

int hub_postal_parse(struct hub_str text, struct hub_postal *out)
{
	static const char *const marks[] = {"〒", "〶", "郵便番号", ":", "："};
	char d[16];
	int all_zero = 1;

	*out = (struct hub_postal){.zero_restored = 0};
	text = hub_str_trim(text);
	for (size_t i = 0; i < HUB_COUNT(marks); i++)
		if (hub_str_starts(text, hub_str_of(marks[i])))
			text = hub_str_trim(hub_str_from(text, strlen(marks[i])));

	const int n = digits_only(text, d, sizeof d);
	for (int i = 0; i < n; i++)
		all_zero &= d[i] == '0';
	if (n >= 0 && all_zero)
		return 1;
	out->reason = n < 0              ? "not-a-postal-code"
		      : n == 3 || n == 5 ? "old-postal-code"
					 : "wrong-length";
	if (n != 7 && n != 6)
		return -1;
	if (n == 6) {
		memmove(d + 1, d, 7);
		d[0] = '0';
		out->zero_restored = 1;
	}
	out->reason = NULL;
	memcpy(out->code, d, 3);
	out->code[3] = '-';
	memcpy(out->code + 4, d + 3, 5);
	return 0;
}

int hub_mynumber_ok(struct hub_str text)
{
	char d[16];
	unsigned sum = 0;

	if (digits_only(hub_str_trim(text), d, sizeof d) != 12)
		return 0;
	/* n counts from the lowest digit, the check digit left out */
	for (unsigned n = 1; n <= 11; n++)
		sum += (unsigned)(d[11 - n] - '0') * (n <= 6 ? n + 1 : n - 5);
	const unsigned rest = sum % 11;
	return (unsigned)(d[11] - '0') == (rest <= 1 ? 0 : 11 - rest);
}

int hub_corporate_ok(struct hub_str text)
{
	char d[16];
	unsigned sum = 0;

	if (digits_only(hub_str_trim(text), d, sizeof d) != 13)
		return 0;
	for (unsigned n = 1; n <= 12; n++)
		sum += (unsigned)(d[13 - n] - '0') * (n % 2 ? 1 : 2);
	return (unsigned)(d[0] - '0') == 9 - sum % 9;
}
