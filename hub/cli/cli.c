#include "cli/cli.h"

#include "base/io.h"
#include "conf/near.h"
#include "text/date.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

/* Every command, in the order in which a newcomer needs them. */
/* One line each, so that two branches can each add one. */
/* clang-format off */
static const struct hub_cmd *const commands[] = {
	&hub_cmd_guess,
	&hub_cmd_preview,
	&hub_cmd_import,
	&hub_cmd_reload,
	&hub_cmd_check,
	&hub_cmd_run,
	&hub_cmd_serve,
	&hub_cmd_status,
	&hub_cmd_runs,
	&hub_cmd_report,
	&hub_cmd_undo,
	&hub_cmd_link,
	&hub_cmd_resident,
	&hub_cmd_staff,
	&hub_cmd_user,
	&hub_cmd_workload,
	&hub_cmd_explain,
	&hub_cmd_doctor,
	&hub_cmd_consent,
	&hub_cmd_export,
	&hub_cmd_release,
	&hub_cmd_meeting,
	&hub_cmd_attach,
	&hub_cmd_query,
	&hub_cmd_stats,
	&hub_cmd_audit,
	&hub_cmd_mask,
	&hub_cmd_review,
	&hub_cmd_decide,
	&hub_cmd_inspect,
	&hub_cmd_normalize,
	&hub_cmd_schema,
	&hub_cmd_functions,
	&hub_cmd_plugin,
	&hub_cmd_version,
};
/* clang-format on */

static const struct hub_cmd *find_command(const char *name)
{
	for (size_t i = 0; i < HUB_COUNT(commands); i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

static void print_overview(FILE *out)
{
	fprintf(out, "%s\n\n%s\n",
		hub_tr("tsunagi - integration hub for municipal welfare consultation"),
		hub_tr("usage: tsunagi COMMAND [OPTIONS]"));
	for (size_t i = 0; i < HUB_COUNT(commands); i++)
		fprintf(out, "  %-10s %s\n", commands[i]->name, hub_tr(commands[i]->summary));
	fprintf(out, "\n%s\n", hub_tr("tsunagi COMMAND --help shows options and examples."));
}

static int unknown_command(struct hub_cli *cli, const char *name)
{
	struct hub_near near = {.name = hub_str_of(name)};

	for (size_t i = 0; i < HUB_COUNT(commands); i++)
		hub_near_add(&near, hub_str_of(commands[i]->name));
	const int rc =
	    hub_fail(cli->err, HUB_USAGE, "unknown-command", "unknown command \"%s\"", name);
	if (near.best.len)
		hub_hint(cli->err, "Did you mean \"%.*s\"? `tsunagi help` lists all commands.",
			 HUB_FMT(near.best));
	else
		hub_hint(cli->err, "`tsunagi help` lists all commands.");
	return rc;
}

static void print_help(const struct hub_cmd *cmd, const struct hub_arg *args)
{
	printf("%s\n\n%s: tsunagi %s %s\n", hub_tr(cmd->summary), hub_tr("usage"), cmd->name,
	       cmd->usage);
	if (args && args->name)
		printf("\n%s:\n", hub_tr("options"));
	for (; args && args->name; args++) {
		char left[64];
		snprintf(left, sizeof left, "--%s%s%s", args->name, args->value ? " " : "",
			 args->value ? args->value : "");
		printf("  %-24s %s\n", left, hub_tr(args->help));
	}
	if (cmd->help)
		printf("\n%s", hub_tr(cmd->help));
}

static int unknown_option(struct hub_cli *cli, const struct hub_cmd *cmd,
			  const struct hub_arg *args, struct hub_str name)
{
	struct hub_near near = {.name = name};

	for (; args && args->name; args++)
		hub_near_add(&near, hub_str_of(args->name));
	const int rc = hub_fail(cli->err, HUB_USAGE, "unknown-option",
				"unknown option \"--%.*s\" for %s", HUB_FMT(name), cmd->name);
	if (near.best.len)
		hub_hint(cli->err, "Did you mean --%.*s? `tsunagi %s --help` lists all options.",
			 HUB_FMT(near.best), cmd->name);
	else
		hub_hint(cli->err, "`tsunagi %s --help` lists all options.", cmd->name);
	return rc;
}

static int put_value(struct hub_cli *cli, const struct hub_arg *a, const char *value)
{
	if (!a->flag) {
		*a->text = value;
		return HUB_OK;
	}
	if (*a->flag == HUB_WORDS_MAX)
		return hub_fail(cli->err, HUB_USAGE, "option-value",
				"option --%s is given too often", a->name);
	a->text[(*a->flag)++] = value;
	return HUB_OK;
}

/* One "--name[=value]"; *i moves over a value in the next argument. */
static int take_option(struct hub_cli *cli, const struct hub_cmd *cmd, const struct hub_arg *args,
		       int argc, char **argv, int *i)
{
	const char *text = argv[*i] + 2;
	const char *eq = strchr(text, '=');
	const struct hub_str name = {text, eq ? (size_t)(eq - text) : strlen(text)};
	const struct hub_arg *a = args;

	while (a && a->name && !hub_str_is(name, a->name))
		a++;
	if (!a || !a->name)
		return unknown_option(cli, cmd, args, name);
	if (!a->value) {
		if (eq)
			return hub_fail(cli->err, HUB_USAGE, "option-value",
					"option --%s takes no value", a->name);
		*a->flag = 1;
		return HUB_OK;
	}
	if (eq)
		return put_value(cli, a, eq + 1);
	if (*i + 1 >= argc) {
		const int rc = hub_fail(cli->err, HUB_USAGE, "option-value",
					"option --%s needs a value", a->name);
		hub_hint(cli->err, "Write --%s %s.", a->name, a->value);
		return rc;
	}
	return put_value(cli, a, argv[++*i]);
}

int hub_cli_args(struct hub_cli *cli, const struct hub_cmd *cmd, const struct hub_arg *args,
		 int argc, char **argv, int *operands)
{
	int n = 0, rc;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--help") == 0) {
			print_help(cmd, args);
			return HUB_END;
		}
		if (strcmp(argv[i], "--") == 0) {
			while (++i < argc)
				argv[n++] = argv[i];
			break;
		}
		if (strncmp(argv[i], "--", 2) != 0) {
			argv[n++] = argv[i];
			continue;
		}
		if ((rc = take_option(cli, cmd, args, argc, argv, &i)))
			return rc;
	}
	*operands = n;
	return HUB_OK;
}

int hub_cli_bad_value(struct hub_cli *cli, const char *option, const char *text,
		      const char *allowed)
{
	const int rc = hub_fail(cli->err, HUB_USAGE, "option-value",
				"option --%s: \"%s\" is not a value it takes", option, text);
	hub_hint(cli->err, "Allowed: %s.", allowed);
	return rc;
}

int hub_cli_number(struct hub_cli *cli, const char *option, const char *text, int64_t min,
		   int64_t max, int64_t *out)
{
	char range[64];

	if (!text || hub_parse_i64(hub_str_of(text), min, max, out) == 0)
		return HUB_OK;
	if (max == INT64_MAX)
		snprintf(range, sizeof range, hub_tr("%lld or more"), (long long)min);
	else
		snprintf(range, sizeof range, "%lld-%lld", (long long)min, (long long)max);
	return hub_cli_bad_value(cli, option, text, range);
}

int hub_cli_day(struct hub_cli *cli, const char *option, const char *text, int32_t *day)
{
	struct hub_date d;

	if (!text)
		return HUB_OK;
	if (hub_date_parse(hub_str_of(text), NULL, &d) != HUB_DATE_OK || d.from != d.to)
		return hub_cli_bad_value(cli, option, text, "YYYY-MM-DD");
	*day = d.from;
	return HUB_OK;
}

int hub_cli_set(struct hub_cli *cli, const char *text, const char *plugin, struct hub_str *name,
		struct hub_str *value)
{
	const struct hub_str whole = hub_str_of(text);
	const size_t eq = hub_str_find(whole, HUB_STR("="), 0);

	if (eq == (size_t)-1) {
		const int rc =
		    hub_fail(cli->err, HUB_USAGE, "option-value", "--set needs NAME=VALUE");
		hub_hint(cli->err, "`tsunagi plugin info %s` lists the names.", plugin);
		return rc;
	}
	*name = hub_str_cut(whole, 0, eq);
	*value = hub_str_from(whole, eq + 1);
	return HUB_OK;
}

int hub_cli_id(struct hub_cli *cli, const char *text, int64_t *out)
{
	if (text && hub_parse_i64(hub_str_of(text), 1, INT64_MAX, out) == 0)
		return HUB_OK;
	return hub_fail(cli->err, HUB_USAGE, "option-value", "a number is missing here");
}

int hub_cli_put(struct hub_cli *cli, const char *path, const struct hub_buf *b)
{
	if (!hub_buf_ok(b))
		return hub_fail_mem(cli->err);
	if (path)
		return hub_file_write(path, hub_buf_text(b), cli->err);
	fwrite(b->ptr, 1, b->len, stdout);
	return HUB_OK;
}

char *hub_cli_path(struct hub_cli *cli, const char *folder, const char *name)
{
	if (access(name, R_OK) == 0)
		return hub_arena_cstr(cli->arena, hub_str_of(name));
	const struct hub_str p = hub_arena_printf(cli->arena, "%s/%s/%s", cli->home, folder, name);

	return p.ptr ? hub_arena_cstr(cli->arena, p) : NULL;
}

/* First of the candidates that exists, relative to the folder of the running program. */
static const char *beside(struct hub_arena *a, const char *exe_dir, const char *const *candidates)
{
	for (; *candidates; candidates++) {
		const struct hub_str p = hub_arena_printf(a, "%s/%s", exe_dir, *candidates);
		char plain[PATH_MAX]; /* without the dots: people are shown it */
		const char *path = NULL;
		if (p.ptr && realpath(p.ptr, plain) && access(plain, R_OK) == 0)
			path = hub_arena_cstr(a, hub_str_of(plain));
		if (path)
			return path;
	}
	return ".";
}

static void find_home(struct hub_cli *cli)
{
	/* build/bin/tsunagi in the source tree, PREFIX/bin/tsunagi when installed */
	static const char *const homes[] = {"../../schemas/..", "../share/tsunagi", NULL};
	static const char *const plugins[] = {"../plugins", "../lib/tsunagi/plugins", NULL};
	static const char *const locales[] = {"../locale", "../share/locale", NULL};
	char exe[PATH_MAX];
	const ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
	char *slash = NULL;

	if (n > 0) {
		exe[n] = '\0';
		slash = strrchr(exe, '/');
	}
	if (slash)
		*slash = '\0';
	const char *dir = slash ? exe : ".";
	const char *home = getenv("TSUNAGI_HOME"), *plugin_dir = getenv("TSUNAGI_PLUGINS");

	cli->home = home ? home : beside(cli->arena, dir, homes);
	cli->plugin_dir = plugin_dir ? plugin_dir : beside(cli->arena, dir, plugins);
	hub_tr_init(beside(cli->arena, dir, locales));
}

static int run_command(struct hub_cli *cli, int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "help";

	if (strcmp(name, "--version") == 0)
		name = "version";
	if (strcmp(name, "help") == 0 || strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
		if (argc > 2) {
			const struct hub_cmd *cmd = find_command(argv[2]);
			char *ask[] = {argv[2], (char[]){"--help"}, NULL};
			return cmd ? cmd->run(cli, 2, ask) : unknown_command(cli, argv[2]);
		}
		print_overview(stdout);
		return argc > 1 ? HUB_OK : HUB_USAGE;
	}
	const struct hub_cmd *cmd = find_command(name);
	if (!cmd)
		return unknown_command(cli, name);
	const int rc = cmd->run(cli, argc - 1, argv + 1);
	if (rc == HUB_USAGE && !cli->err->hint[0])
		hub_hint(cli->err, "`tsunagi %s --help` shows how.", cmd->name);
	return rc;
}

int hub_cli_main(int argc, char **argv)
{
	struct hub_err err = {0};
	HUB_AUTO(arena) struct hub_arena *arena = hub_arena_new(0);
	struct hub_cli cli = {.arena = arena, .err = &err};

	if (!arena) {
		fputs("error[out-of-memory]: out of memory\n", stderr);
		return 1;
	}
	find_home(&cli);
	int rc = run_command(&cli, argc, argv);
	/* a full disk behind stdout must not look like success */
	if (rc >= 0 && (fflush(stdout) || ferror(stdout)))
		rc = hub_fail(&err, HUB_RETRY, "cannot-write",
			      "standard output could not be written");
	if (rc < 0 && err.code[0])
		hub_err_print(stderr, &err);
	return rc < 0 ? hub_exit_code(rc) : cli.exit_code;
}
