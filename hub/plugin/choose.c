#include "plugin/choose.h"

#include "base/io.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

/* Looking into a pipe would take its bytes away from the reader. */
static int read_head(const char *path, char *head, size_t *n, struct hub_err *err)
{
	struct stat st;
	int fd;

	*n = 0;
	if (strcmp(path, "-") == 0)
		return HUB_OK;
	const int rc = hub_open_input(path, &fd, err);
	if (rc)
		return rc;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		const ssize_t got = hub_read(fd, head, HUB_CLAIM_HEAD);
		if (got == -1) {
			const int rc_read =
			    hub_fail_sys(err, HUB_RETRY, "cannot-read", errno, path);
			close(fd);
			return rc_read;
		}
		*n = (size_t)got;
	}
	close(fd);
	return HUB_OK;
}

int hub_source_choose(const struct hub_plugins *p, const char *path, const struct hub_plugin **out,
		      struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	char *head = a ? hub_alloc(a, HUB_CLAIM_HEAD) : NULL;
	const char *slash = strrchr(path, '/');
	const struct hub_plugin *best = NULL;
	uint32_t most = 0;
	size_t n;
	int rc;

	if (!head)
		return hub_fail_mem(err);
	if ((rc = read_head(path, head, &n, err)) ||
	    (rc = hub_plugins_open(p, HUB_SOURCE, NULL, err)))
		return rc;
	for (size_t i = 0; i < hub_plugins_count(p); i++) {
		const struct hub_plugin *one = hub_plugins_at(p, i);
		if (one->kind != HUB_SOURCE || !one->claim)
			continue;
		const uint32_t sure =
		    one->claim(hub_str_of(slash ? slash + 1 : path), (struct hub_str){head, n});
		if (sure > most) {
			most = sure;
			best = one;
		}
	}
	if (!best) {
		rc = hub_fail(err, HUB_CONF, "no-source", "no source plugin can read %s", path);
		hub_hint(err, "`tsunagi plugin list` shows the sources there are.");
		return rc;
	}
	*out = best;
	return HUB_OK;
}

int hub_source_named(const struct hub_plugins *p, struct hub_str name, const char *path,
		     const struct hub_plugin **out, struct hub_err *err)
{
	return hub_str_is(name, "auto") ? hub_source_choose(p, path, out, err)
					: hub_plugins_find(p, HUB_SOURCE, name, out, err);
}
