/* Who may come in over HTTP, and how: TLS, proxies, times of sessions, rates. Part of the daemon's settings.
 *
 *	serve: { listen = "0.0.0.0:8443";
 *	    tls:    { cert = "server.pem"; key = "server.key"; client_ca = "devices.pem"; };
 *	    access: { lock = "15m"; end = "12h"; proxies = ["10.0.0.5"]; rate = 1200; };
 *	}; */
#ifndef HUB_CONF_ACCESS_H
#define HUB_CONF_ACCESS_H

#include "conf/conf.h"

struct hub_tls_conf {
	struct hub_str cert, key;   /* PEM files; empty: no TLS */
	struct hub_str client_ca;   /* PEM file: who signs certificates of devices; empty: nobody */
	const config_setting_t *at; /* NULL: the file has no tls */
};

struct hub_access_conf {
	struct hub_str roles;            /* file; empty: the shipped one */
	int64_t lock, end;               /* ms: quiet until a session locks; login to its end */
	int64_t rate, address_rate;      /* requests a minute of an account or token, an address */
	const config_setting_t *proxies; /* list of networks that speak TLS for us, or NULL */
	const config_setting_t *at;
};

/* group NULL: the defaults. HUB_OK, HUB_CONF, HUB_FATAL. */
int hub_tls_take(const config_setting_t *group, struct hub_arena *a, struct hub_tls_conf *out,
		 struct hub_report *r);
int hub_access_take(const config_setting_t *group, struct hub_arena *a, struct hub_access_conf *out,
		    struct hub_report *r);

#endif
