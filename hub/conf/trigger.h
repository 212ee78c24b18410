/* What starts a job when nobody does, and what bounds it; and the daemon's own settings. Plain data as
 * the file says it: what a schedule or a blackout means is serve's business.
 *
 *	serve: { state = "../data/state"; listen = "127.0.0.1:8425"; blackout = ["12-29/01-03"]; };
 *	jobs: { cases: { ...
 *	    schedule = "30 5 * * * business day";  catch_up = true;  blackout = ["22:00-05:00"];
 *	    watch:  { folder = "../data/in"; pattern = "*.csv"; settle = "10s"; marker = false; };
 *	    limits: { time = "2h"; memory = "4G"; };
 *	    retry:  { times = 10; first = "30s"; most = "30m"; };
 *	    expect: { by = "0 7 * * * business day"; records = 1000; };
 *	}; }; */
#ifndef HUB_CONF_TRIGGER_H
#define HUB_CONF_TRIGGER_H

#include "conf/access.h"

struct hub_watching {
	struct hub_str folder;                /* empty: the job watches none */
	struct hub_str done, rejected, taken; /* folders of their own below it when not said */
	struct hub_str pattern;               /* of file names, as the shell has them */
	int64_t settle; /* ms without a change after which a file is complete */
	int64_t marker; /* only a file with NAME.ok beside it is complete */
};

struct hub_limits {
	int64_t time, memory; /* ms; bytes of address space */
};

struct hub_retrying {
	int64_t times, first, most; /* first and longest wait in ms; it doubles */
};

/* What must have come when, or somebody is told. */
struct hub_expecting {
	struct hub_str by; /* empty: nothing; at these times, written like a schedule */
	int64_t records;   /* fewer are none */
};

struct hub_trigger {
	struct hub_str schedule;          /* empty: none */
	const config_setting_t *blackout; /* list of texts, or NULL */
	int64_t catch_up;
	struct hub_watching watch;
	struct hub_limits limits;
	struct hub_retrying retry;
	struct hub_expecting expect;
	const config_setting_t *watch_at, *limits_at, *retry_at, *expect_at;
};

struct hub_serving {
	struct hub_str state;    /* folder of what the daemon remembers */
	struct hub_str listen;   /* "127.0.0.1:8425"; empty: no HTTP */
	struct hub_str holidays; /* empty: the shipped list */
	const config_setting_t *blackout;
	const config_setting_t *views; /* list of profiles, or NULL */
	int64_t parallel;              /* runs at the same time */
	int64_t stalled;               /* ms that files may wait while nothing moves */
	int64_t handler;               /* ms that a module may take for one request */
	struct hub_tls_conf tls;
	struct hub_access_conf access;
	const config_setting_t *at, *tls_at, *access_at;
};

/* Fills watch, limits and retry from their groups, with defaults for what is not there. */
int hub_trigger_take(struct hub_trigger *t, struct hub_arena *a, struct hub_report *r);
/* group NULL: the defaults. */
int hub_serving_take(const config_setting_t *group, struct hub_arena *a, struct hub_serving *out,
		     struct hub_report *r);

#endif
