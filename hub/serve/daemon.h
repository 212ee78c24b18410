/* tsunagi serve: one thread that waits for events and starts children. It reads no input, opens no store
 * and loads no plugin itself. */
#ifndef HUB_SERVE_DAEMON_H
#define HUB_SERVE_DAEMON_H

#include "base/err.h"

struct hub_daemon_conf {
	const char *program; /* path of this program, for its children */
	const char *config;  /* absolute path */
	const char *home;    /* folder that holds schemas/ */
	const char *plugins; /* folders of plugins, for the web process */
	const char *without; /* areas of modules that it leaves out: "chat,search"; NULL: none */
};

/* Runs until SIGTERM or SIGINT; SIGHUP reads the configuration anew. Signals of the process are its own
 * from here on. Call without other threads. */
int hub_daemon_run(const struct hub_daemon_conf *conf, struct hub_err *err);

/* Which descriptor the web process finds its listening socket on. */
enum { HUB_DAEMON_LISTEN_FD = 4 };

#endif
