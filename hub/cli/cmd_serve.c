/* tsunagi serve: the daemon, and the web process that it starts. */
#include "cli/cli.h"
#include "serve/web.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

/* Our own path, by which a newer program that took our place is found as well. */
static int own_path(char out[PATH_MAX], struct hub_err *err)
{
	const ssize_t n = readlink("/proc/self/exe", out, PATH_MAX - 1);

	if (n <= 0)
		return hub_fail(err, HUB_FATAL, "no-program",
				"the program's own file is not known");
	out[n] = '\0';
	return HUB_OK;
}

static int run_serve(struct hub_cli *cli, int argc, char **argv)
{
	const char *without = NULL;
	int web = 0, n, rc;
	const struct hub_arg args[] = {
	    {"web", NULL, NULL, &web, HUB_N("for the daemon: serve HTTP on descriptor 4")},
	    {"without", "AREAS", &without, NULL,
	     HUB_N("with --web: modules that are left out, separated by commas")},
	    HUB_ARG_END,
	};
	char program[PATH_MAX], config[PATH_MAX];

	if ((rc = hub_cli_args(cli, &hub_cmd_serve, args, argc, argv, &n)))
		return rc;
	if (n != 1)
		return hub_fail(cli->err, HUB_USAGE, "file-missing",
				"which configuration is not said");
	if (!realpath(argv[0], config)) {
		hub_fail_sys(cli->err, HUB_CONF, "cannot-open", errno, argv[0]);
		hub_hint(cli->err,
			 "Check the path and that the user of the hub may read the file.");
		return HUB_CONF;
	}
	if ((rc = own_path(program, cli->err)))
		return rc;
	const struct hub_daemon_conf conf = {.program = program,
					     .config = config,
					     .home = cli->home,
					     .plugins = cli->plugin_dir,
					     .without = without};
	return web ? hub_web_run(&conf, cli->err) : hub_daemon_run(&conf, cli->err);
}

const struct hub_cmd hub_cmd_serve = {
    .name = "serve",
    .summary = HUB_N("run jobs by schedule and when files arrive, until it is stopped"),
    .usage = "CONFIG",
    .help =
	HUB_N("example:\n  tsunagi serve config/nightly.cfg\n"
	      "SIGTERM stops within 5 seconds and leaves runs resumable; SIGHUP reads the "
	      "configuration anew.\n"
	      "`tsunagi check CONFIG` shows when its jobs run, `tsunagi status CONFIG` what they "
	      "do.\n"),
    .run = run_serve,
};
