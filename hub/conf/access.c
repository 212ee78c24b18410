#include "conf/access.h"

#define AT(type, field) .offset = offsetof(struct type, field)

static const struct hub_opt tls_keys[] = {
    {HUB_OPTION("cert", PATH, HUB_OPT_REQUIRED, NULL, AT(hub_tls_conf, cert))},
    {HUB_OPTION("key", PATH, HUB_OPT_REQUIRED, NULL, AT(hub_tls_conf, key))},
    {HUB_OPTION("client_ca", PATH, 0, NULL, AT(hub_tls_conf, client_ca))},
    {.name = NULL},
};

static const struct hub_opt access_keys[] = {
    {HUB_OPTION("roles", PATH, 0, NULL, AT(hub_access_conf, roles))},
    {HUB_OPTION("lock", MSEC, 0, NULL, AT(hub_access_conf, lock), .min = 10000, .max = 8 * 3600000,
		.dflt = "15m")},
    {HUB_OPTION("end", MSEC, 0, NULL, AT(hub_access_conf, end), .min = 60000, .max = 24 * 3600000,
		.dflt = "12h")},
    {HUB_OPTION("rate", INT, 0, NULL, AT(hub_access_conf, rate), .min = 0, .max = 1000000,
		.dflt = "1200")},
    {HUB_OPTION("address_rate", INT, 0, NULL, AT(hub_access_conf, address_rate), .min = 0,
		.max = 1000000, .dflt = "12000")},
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
