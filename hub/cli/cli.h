/* One file per command: hub/cli/cmd_<name>.c defines hub_cmd_<name>, listed in cli.c.
 * A command gets its own arguments, writes data to stdout and messages to stderr, returns enum
 * hub_rc with err filled; only main prints the error and turns it into an exit code. */
#ifndef HUB_CLI_CLI_H
#define HUB_CLI_CLI_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

struct hub_cli {
	struct hub_arena *arena; /* lives until the program ends */
	const char *home; /* folder that holds schemas/, mappings/, config/ (see hub_cli_path) */
	const char *plugin_dir;
	struct hub_err *err;
	int exit_code; /* a command that ended well may still ask for one (5: rejects) */
};

struct hub_cmd {
	const char *name;
	const char *summary; /* one line, English, translated on print */
	const char *usage;   /* arguments: "FILE... --mapping NAME --store URL" */
	const char *help;    /* options and examples, several lines */
	int (*run)(struct hub_cli *, int argc, char **argv); /* argv[0] is the command's name */
};

enum { HUB_WORDS_MAX = 32 };

/* Options of a command: a const table, ended by name == NULL. The value lands in *text or *flag. */
struct hub_arg {
	const char *name;  /* long name without "--" */
	const char *value; /* "FILE": takes a value; NULL: a switch */
	const char **text; /* value options; last one wins */
	int *
	    flag; /* switches: set to 1. With a value: text has HUB_WORDS_MAX places, *flag counts */
	const char *help;
};
/* Options that mean the same in every command that has them; to: const char **. */
#define HUB_ARG_STORE(to)                                                             \
	{                                                                             \
		"store", "URL", to, NULL,                                             \
		    HUB_N("sqlite:PATH or postgresql://... (default: TSUNAGI_STORE)") \
	}
#define HUB_ARG_SCHEMA(to)                                                           \
	{                                                                            \
		"schema", "FILE", to, NULL, HUB_N("the site's own fields and codes") \
	}
#define HUB_ARG_WORKERS(to)                                                              \
	{                                                                                \
		"workers", "N", to, NULL,                                                \
		    HUB_N("threads that do the work (default: one per core, at most 4)") \
	}
#define HUB_ARG_FORMAT(to)                                                     \
	{                                                                      \
		"format", "FORM", to, NULL, HUB_N("table, jsonl, csv or html") \
	}
#define HUB_ARG_REVEAL(to)                                                 \
	{                                                                  \
		"reveal", "REASON", to, NULL,                              \
		    HUB_N("show values; the reason goes to the audit log") \
	}
#define HUB_ARG_END                          \
	{                                    \
		NULL, NULL, NULL, NULL, NULL \
	}

/* Reads options anywhere on the line; what is left (operands) ends up in argv[0..*operands-1].
 * "--" ends options; "--name=value" works. Unknown ones fail with "did you mean". --help prints
 * cmd's help with the option table and returns HUB_END. */
int hub_cli_args(struct hub_cli *cli, const struct hub_cmd *cmd, const struct hub_arg *args,
		 int argc, char **argv, int *operands);
/* What an option may not be. allowed: "table, csv, jsonl, html". Returns HUB_USAGE. */
int hub_cli_bad_value(struct hub_cli *cli, const char *option, const char *text,
		      const char *allowed);
/* A whole number in min..max; text NULL: *out stays. HUB_USAGE. */
int hub_cli_number(struct hub_cli *cli, const char *option, const char *text, int64_t min,
		   int64_t max, int64_t *out);
/* A day, as people write one; text NULL: *day stays. HUB_USAGE. */
int hub_cli_day(struct hub_cli *cli, const char *option, const char *text, int32_t *day);
/* --set NAME=VALUE: an option of a plugin. HUB_USAGE. */
int hub_cli_set(struct hub_cli *cli, const char *text, const char *plugin, struct hub_str *name,
		struct hub_str *value);
/* The number of something (of a run, a release ...), which may not be missing. HUB_USAGE. */
int hub_cli_id(struct hub_cli *cli, const char *text, int64_t *out);
/* Writes what was built to a file, or to stdout when path is NULL. */
int hub_cli_put(struct hub_cli *cli, const char *path, const struct hub_buf *b);
/* The whole program: returns the exit code. */
int hub_cli_main(int argc, char **argv);
/* PATH of a shipped file: `name` as given when it exists, else home/<folder>/<name>. */
char *hub_cli_path(struct hub_cli *cli, const char *folder, const char *name);

/* hub/cli/cmd_<name>.c, one each; add a line here and one in commands[] of cli.c. */
extern const struct hub_cmd hub_cmd_import;
extern const struct hub_cmd hub_cmd_reload;
extern const struct hub_cmd hub_cmd_check;
extern const struct hub_cmd hub_cmd_run;
extern const struct hub_cmd hub_cmd_serve;
extern const struct hub_cmd hub_cmd_preview;
extern const struct hub_cmd hub_cmd_report;
extern const struct hub_cmd hub_cmd_undo;
extern const struct hub_cmd hub_cmd_link;
extern const struct hub_cmd hub_cmd_resident;
extern const struct hub_cmd hub_cmd_staff;
extern const struct hub_cmd hub_cmd_user;
extern const struct hub_cmd hub_cmd_workload;
extern const struct hub_cmd hub_cmd_explain;
extern const struct hub_cmd hub_cmd_doctor;
extern const struct hub_cmd hub_cmd_status;
extern const struct hub_cmd hub_cmd_runs;
extern const struct hub_cmd hub_cmd_normalize;
extern const struct hub_cmd hub_cmd_audit;
extern const struct hub_cmd hub_cmd_consent;
extern const struct hub_cmd hub_cmd_decide;
extern const struct hub_cmd hub_cmd_mask;
extern const struct hub_cmd hub_cmd_review;
extern const struct hub_cmd hub_cmd_export;
extern const struct hub_cmd hub_cmd_inspect;
extern const struct hub_cmd hub_cmd_schema;
extern const struct hub_cmd hub_cmd_functions;
extern const struct hub_cmd hub_cmd_guess;
extern const struct hub_cmd hub_cmd_plugin;
extern const struct hub_cmd hub_cmd_release;
extern const struct hub_cmd hub_cmd_meeting;
extern const struct hub_cmd hub_cmd_attach;
extern const struct hub_cmd hub_cmd_query;
extern const struct hub_cmd hub_cmd_stats;
extern const struct hub_cmd hub_cmd_version;

#endif
