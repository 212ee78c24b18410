#include "conf/access.h"

#define AT(type, field) .offset = offsetof(struct type, field)

static const struct hub_opt tls_keys[] = {
    {.name = "cert", .type = HUB_O_PATH, AT(hub_tls_conf, cert), .flags = HUB_OPT_REQUIRED},
    {.name = "key", .type = HUB_O_PATH, AT(hub_tls_conf, key), .flags = HUB_OPT_REQUIRED},
    {.name = "client_ca", .type = HUB_O_PATH, AT(hub_tls_conf, client_ca)},
    {.name = NULL},
};

static const struct hub_opt access_keys[] = {
    {.name = "roles", .type = HUB_O_PATH, AT(hub_access_conf, roles)},
    {.name = "lock",
     .type = HUB_O_MSEC,
     AT(hub_access_conf, lock),
     .min = 10000,
     .max = 8 * 3600000,
     .dflt = "15m"},
    {.name = "end",
     .type = HUB_O_MSEC,
     AT(hub_access_conf, end),
     .min = 60000,
     .max = 24 * 3600000,
     .dflt = "12h"},
    {.name = "rate",
     .type = HUB_O_INT,
     AT(hub_access_conf, rate),
     .min = 0,
     .max = 1000000,
     .dflt = "1200"},
    {.name = "address_rate",
     .type = HUB_O_INT,
     AT(hub_access_conf, address_rate),
     .min = 0,
     .max = 1000000,
     .dflt = "12000"},
    {.name = "proxies", .type = HUB_KEY_LIST, AT(hub_access_conf, proxies)},
    {.name = NULL},
};

int hub_tls_take(const config_setting_t *group, struct hub_arena *a, struct hub_tls_conf *out,
		 struct hub_report *r)
{
	static const struct hub_keys keys = {.opts = tls_keys, .owner = "tls"};
	const int rc = group ? hub_conf_take(group, &keys, a, out, NULL, r) : HUB_OK;

	out->at = group;
	return rc;
}

int hub_access_take(const config_setting_t *group, struct hub_arena *a, struct hub_access_conf *out,
		    struct hub_report *r)
{
	static const struct hub_keys keys = {.opts = access_keys, .owner = "access"};
	const int rc = hub_conf_take(group, &keys, a, out, NULL, r);

	out->at = group;
	return rc;
}
