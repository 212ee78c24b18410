/* Errors: filled once, at the place that knows most; callers pass them on; only the top prints.
 * Formats are English and are translated here (gettext), with the same arguments. */
#ifndef HUB_BASE_ERR_H
#define HUB_BASE_ERR_H

#include <hub/plugin.h>
#include <stdio.h>

/* hub_fail(err, HUB_CONF, "unknown-option", "unknown option \"%s\"", name): fills err, returns rc.
 * code: stable, lower case with hyphens. err may be NULL. */
#define hub_fail(err, rc, code, ...) \
	hub_fail_at((err), (rc), (code), __FILE__, __LINE__, __VA_ARGS__)
int hub_fail_at(struct hub_err *err, int rc, const char *code, const char *file, int line,
		const char *fmt, ...) __attribute__((format(printf, 6, 7)));
/* The operator's next step; translated like the message. */
void hub_hint(struct hub_err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Place of the fault: "residents.csv:14, column 3". Not translated. */
void hub_where(struct hub_err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Out of memory, for the many places that can say nothing more. */
#define hub_fail_mem(err) hub_fail((err), HUB_FATAL, "out-of-memory", "out of memory")
/* System call failed: what + text of errno. */
#define hub_fail_sys(err, rc, code, errnum, object) \
	hub_fail_sys_at((err), (rc), (code), (errnum), __FILE__, __LINE__, (object))
int hub_fail_sys_at(struct hub_err *err, int rc, const char *code, int errnum, const char *file,
		    int line, const char *object);

/* Exit code of the command line for an enum hub_rc (docs/operating.md lists them). */
int hub_exit_code(int rc);
/* "error[code]: what\n  where\nhint: ..." to the stream. */
void hub_err_print(FILE *out, const struct hub_err *err);

/* Translation: marks and looks up. hub_tr("...") is what xgettext collects. */
const char *hub_tr(const char *msgid) __attribute__((format_arg(1)));
/* Call once, before any thread: picks ja or en from TSUNAGI_LANG, LC_ALL, LC_MESSAGES, LANG. */
void hub_tr_init(const char *locale_dir);
/* 1 when messages are Japanese. */
int hub_tr_is_ja(void);
/* For a process that answers people of both languages: from here on hub_tr_thread() picks for its thread (a thread that
 * does not ask speaks Japanese). Call once, before any thread; returns what hub_tr_is_ja() was. */
int hub_tr_both(void);
void hub_tr_thread(int ja);

#endif
