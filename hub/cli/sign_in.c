#include "cli/sign_in.h"

#include "base/io.h"
#include "cli/work.h"
#include "serve/login.h"
#include "serve/password.h"

#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

enum { LINE_BYTES = 1024 };

const char hub_sign_in_by_names[] =
    HUB_N("note: approved under login names of the machine, not by two accounts");

/* --- prompts ---------------------------------------------------------------------------------- */

/* One line without its end. Longer ones are refused. */
static int read_line(struct hub_cli *cli, struct hub_str *out)
{
	char text[LINE_BYTES];
	size_t n = 0;

	for (;;) {
		const ssize_t got = hub_read(STDIN_FILENO, text + n, 1);
		if (got == -1)
			return hub_fail(cli->err, HUB_USAGE, "password-missing",
					"the password cannot be read");
		if (got == 0 || text[n] == '\n')
			break;
		if (++n == sizeof text)
			return hub_fail(cli->err, HUB_USAGE, "password-long",
					"the password has more than %d bytes", HUB_PASSWORD_MOST);
	}
	if (n && text[n - 1] == '\r')
		n--;
	*out = hub_arena_str(cli->arena, (struct hub_str){text, n});
	return out->ptr ? HUB_OK : hub_fail_mem(cli->err);
}

int hub_prompt_secret(struct hub_cli *cli, const char *prompt, struct hub_str *out)
{
	struct termios before, silent;

	if (!isatty(STDIN_FILENO))
		return read_line(cli, out);
	fputs(prompt, stderr);
	fflush(stderr);
	if (tcgetattr(STDIN_FILENO, &before))
		return hub_fail(cli->err, HUB_USAGE, "password-missing",
				"the password cannot be read");
	silent = before;
	silent.c_lflag &= (tcflag_t)~ECHO;
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
	const int rc = read_line(cli, out);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
	fputc('\n', stderr);
	return rc;
}

/* --- signing in ------------------------------------------------------------------------------- */

static int by_password(struct hub_cli *cli, struct hub_db *db, const struct hub_access *access,
		       const struct hub_sign_in *in, const char *permission, struct hub_actor *who)
{
	struct hub_login_ask ask = {.login = hub_str_of(in->account)};
	int rc = hub_prompt_secret(cli, hub_tr("password: "), &ask.password);

	if (rc)
		return rc;
	rc = hub_login_prove(access, cli->arena, db, &ask, permission, who, cli->err);
	if (!rc || strcmp(cli->err->code, "code-needed") != 0)
		return rc;
	if ((rc = hub_prompt_secret(cli, hub_tr("one-time code: "), &ask.code)))
		return rc;
	return hub_login_prove(access, cli->arena, db, &ask, permission, who, cli->err);
}

static int by_token(struct hub_cli *cli, struct hub_db *db, const struct hub_access *access,
		    const struct hub_sign_in *in, const char *permission, struct hub_actor *who)
{
	struct hub_str text;
	struct stat st;
	int rc = hub_file_read(cli->arena, in->token, LINE_BYTES, &text, cli->err);

	if (rc)
		return rc;
	if (stat(in->token, &st) || st.st_uid != geteuid() || st.st_mode & 077) {
		rc = hub_fail(cli->err, HUB_REFUSED, "token-exposed",
			      "%s can be read by others than you", in->token);
		hub_hint(cli->err, "It must be yours, with mode 0600.");
		return rc;
	}
	return hub_login_token(access, cli->arena, db, hub_str_trim(text), permission, who,
			       cli->err);
}

int hub_sign_in(struct hub_cli *cli, struct hub_db *db, const struct hub_sign_in *in,
		const char *permission, struct hub_actor *who)
{
	struct hub_access access = {.keys = in->keys};
	const struct hub_str named = hub_work_actor(cli);
	int rc;

	if (!in->account && !in->token) {
		*who = hub_actor_named(named);
		return HUB_OK;
	}
	if ((rc = hub_work_roles(cli, in->roles, &access.roles)) ||
	    (in->roles && (rc = hub_roles_tell(cli->arena, db, in->roles,
					       in->account ? hub_str_of(in->account) : named,
					       permission, cli->err))))
		return rc;
	return in->account ? by_password(cli, db, &access, in, permission, who)
			   : by_token(cli, db, &access, in, permission, who);
}
