#include "base/err.h"

#include "base/buf.h"

#include <libintl.h>
#include <locale.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Cuts at a code point, never inside one. */
static void put(char *to, size_t size, const char *fmt, va_list ap)
{
	const int n = vsnprintf(to, size, fmt, ap);

	if (n < 0 || (size_t)n < size)
		return;
	size_t end = size - 1;
	while (end > 0 && ((unsigned char)to[end] & 0xc0) == 0x80)
		end--;
	if (end > 0 && (unsigned char)to[end] >= 0xc0 && end < size - 1)
		to[end] = '\0';
	else {
		/* to[size-1] is the NUL: find the start of the last sequence and see if it is whole */
		size_t s = size - 2;
		while (s > 0 && ((unsigned char)to[s] & 0xc0) == 0x80)
			s--;
		const unsigned char c = (unsigned char)to[s];
		const size_t want = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
		if (s + want > size - 1)
			to[s] = '\0';
	}
}

int hub_fail_at(struct hub_err *err, int rc, const char *code, const char *file, int line,
		const char *fmt, ...)
{
	if (!err)
		return rc;
	*err = (struct hub_err){.rc = rc, .line = (uint32_t)line, .file = file};
	snprintf(err->code, sizeof err->code, "%s", code);

	va_list ap;
	va_start(ap, fmt);
	put(err->what, sizeof err->what, hub_tr(fmt), ap);
	va_end(ap);
	return rc;
}

void hub_hint(struct hub_err *err, const char *fmt, ...)
{
	if (!err)
		return;
	va_list ap;
	va_start(ap, fmt);
	put(err->hint, sizeof err->hint, hub_tr(fmt), ap);
	va_end(ap);
}

void hub_where(struct hub_err *err, const char *fmt, ...)
{
	if (!err)
		return;
	va_list ap;
	va_start(ap, fmt);
	put(err->where, sizeof err->where, fmt, ap);
	va_end(ap);
}

int hub_fail_sys_at(struct hub_err *err, int rc, const char *code, int errnum, const char *file,
		    int line, const char *object)
{
	char text[128];

	/* GNU strerror_r: thread-safe, may return a static string */
	return hub_fail_at(err, rc, code, file, line, "%s: %s", object,
			   strerror_r(errnum, text, sizeof text));
}

int hub_exit_code(int rc)
{
	static const struct {
		int rc, code;
	} map[] = {
	    {HUB_RETRY, 7},  {HUB_REJECT, 4},     {HUB_FATAL, 1},       {HUB_USAGE, 2},
	    {HUB_CONF, 3},   {HUB_REFUSED, 6},    {HUB_INTERRUPTED, 8}, {HUB_LOCKED, 9},
	    {HUB_DRIFT, 10}, {HUB_INTEGRITY, 11},
	};

	if (rc >= 0)
		return 0;
	for (size_t i = 0; i < sizeof map / sizeof map[0]; i++)
		if (map[i].rc == rc)
			return map[i].code;
	return 1;
}

/* Names of files stand in it, which may be anything. */
static void print_plain(FILE *out, const char *z)
{
	HUB_AUTO(buf) struct hub_buf b;

	hub_buf_init(&b, 1 << 16);
	hub_buf_plain(&b, hub_str_of(z));
	if (hub_buf_ok(&b))
		fprintf(out, "%.*s\n", HUB_FMT(hub_buf_text(&b)));
	else /* memory may be what is missing */
		fprintf(out, "%s\n", z);
}

void hub_err_print(FILE *out, const struct hub_err *err)
{
	fprintf(out, "%s[%s]: ", hub_tr("error"), err->code[0] ? err->code : "internal");
	print_plain(out, err->what);
	if (err->where[0]) {
		fprintf(out, "  %s: ", hub_tr("where"));
		print_plain(out, err->where);
	}
	if (err->hint[0]) {
		fprintf(out, "  %s: ", hub_tr("what to do"));
		print_plain(out, err->hint);
	}
}

/* English is what stands in the code: a thread that wants it asks no catalogue. */
static _Thread_local int english;

const char *hub_tr(const char *msgid)
{
	return msgid[0] && !english ? gettext(msgid) : msgid;
}

static int wants_ja(void)
{
	static const char *const names[] = {"TSUNAGI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const char *v = getenv(names[i]);
		if (v && v[0])
			return strncmp(v, "ja", 2) == 0;
	}
	return 0;
}

void hub_tr_init(const char *locale_dir)
{
	/* LC_NUMERIC stays "C": numbers in files do not follow the operator's locale. A machine without
	 * the ja_JP locale still speaks Japanese: gettext only needs LANGUAGE and a locale that is not C. */
	setenv("LANGUAGE", wants_ja() ? "ja" : "en", 1);
	if (!setlocale(LC_CTYPE, "C.UTF-8") || !setlocale(LC_MESSAGES, "C.UTF-8"))
		setlocale(LC_MESSAGES, "");
	bindtextdomain("tsunagi", locale_dir);
	bind_textdomain_codeset("tsunagi", "UTF-8");
	textdomain("tsunagi");
}

int hub_tr_is_ja(void)
{
	const char *v = getenv("LANGUAGE");

	return !english && v && strncmp(v, "ja", 2) == 0;
}

int hub_tr_both(void)
{
	const int ja = hub_tr_is_ja();

	setenv("LANGUAGE", "ja", 1);
	textdomain("tsunagi"); /* makes gettext look at LANGUAGE again */
	hub_tr_thread(ja);
	return ja;
}

void hub_tr_thread(int ja)
{
	english = !ja;
}
