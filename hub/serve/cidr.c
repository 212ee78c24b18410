#include "serve/cidr.h"

#include <arpa/inet.h>
#include <stdio.h>

/* v4: it was written as IPv4, so that a prefix counts from there. */
static int parse_address(struct hub_str s, uint8_t out[16], int *v4)
{
	static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
	char text[64];

	if (!s.len || s.len >= sizeof text)
		return -1;
	snprintf(text, sizeof text, "%.*s", HUB_FMT(s));
	memcpy(out, mapped, sizeof mapped);
	*v4 = inet_pton(AF_INET, text, out + 12) == 1;
	return *v4 || inet_pton(AF_INET6, text, out) == 1 ? 0 : -1;
}

/* Do the first bits agree? */
static int agree(const uint8_t *a, const uint8_t *b, unsigned bits)
{
	const unsigned whole = bits / 8, rest = bits % 8;

	if (memcmp(a, b, whole) != 0)
		return 0;
	return !rest || (a[whole] ^ b[whole]) >> (8 - rest) == 0;
}

int hub_cidr_parse(struct hub_str text, struct hub_cidr *out)
{
	const size_t slash = hub_str_find(text, HUB_STR("/"), 0);
	const int has_bits = slash != (size_t)-1;
	uint8_t zero[16];
	int64_t bits;
	int v4;

	if (parse_address(has_bits ? hub_str_cut(text, 0, slash) : text, out->bytes, &v4))
		return -1;
	bits = v4 ? 32 : 128;
	if (has_bits && hub_parse_i64(hub_str_from(text, slash + 1), 0, bits, &bits))
		return -1;
	out->bits = (unsigned)bits + (v4 ? 96 : 0);
	/* 10.1.2.3/16 is somebody's mistake: which network was meant? */
	memcpy(zero, out->bytes, sizeof zero);
	for (unsigned i = out->bits; i < 128; i++)
		zero[i / 8] = (uint8_t)(zero[i / 8] & ~(0x80u >> i % 8));
	return memcmp(zero, out->bytes, sizeof zero) == 0 ? 0 : -1;
}

int hub_cidr_has(const struct hub_cidr *net, struct hub_str address)
{
	uint8_t bytes[16];
	int v4;

	return parse_address(address, bytes, &v4) == 0 && agree(net->bytes, bytes, net->bits);
}

/* The next entry of a list; 0: no more. */
static int next_entry(struct hub_str *rest, struct hub_str *entry)
{
	size_t from = 0, to;

	while (from < rest->len && (rest->ptr[from] == ' ' || rest->ptr[from] == ','))
		from++;
	for (to = from; to < rest->len && rest->ptr[to] != ' ' && rest->ptr[to] != ','; to++)
		;
	if (from == to)
		return 0;
	*entry = hub_str_cut(*rest, from, to);
	*rest = hub_str_from(*rest, to);
	return 1;
}

int hub_cidr_list_has(struct hub_str list, struct hub_str address)
{
	struct hub_str entry;
	struct hub_cidr net;
	int any = 0;

	while (next_entry(&list, &entry)) {
		any = 1;
		if (hub_cidr_parse(entry, &net) == 0 && hub_cidr_has(&net, address))
			return 1;
	}
	return !any;
}

int hub_cidr_list_check(struct hub_str list)
{
	struct hub_str entry;
	struct hub_cidr net;

	while (next_entry(&list, &entry))
		if (hub_cidr_parse(entry, &net))
			return -1;
	return 0;
}
