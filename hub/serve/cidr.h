/* Networks: "10.1.0.0/16", "2001:db8::/32", a single address. An IPv4 address that comes as IPv6
 * (::ffff:10.1.2.3) is taken for what it is. */
#ifndef HUB_SERVE_CIDR_H
#define HUB_SERVE_CIDR_H

#include "base/str.h"

struct hub_cidr {
	uint8_t bytes[16]; /* IPv4: as ::ffff:a.b.c.d */
	unsigned bits;     /* 0..128 */
};

/* 0, or -1: no network, or bits set behind the prefix. */
int hub_cidr_parse(struct hub_str text, struct hub_cidr *out);
/* address: without port, as struct hub_http_request has it. */
int hub_cidr_has(const struct hub_cidr *net, struct hub_str address);
/* Is it in one of a list "10.1.0.0/16 192.0.2.7", parted by blanks or commas? An empty list has every address,
 * one that cannot be read none. */
int hub_cidr_list_has(struct hub_str list, struct hub_str address);
/* 0, or -1: an entry of the list cannot be read. */
int hub_cidr_list_check(struct hub_str list);

#endif
