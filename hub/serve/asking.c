#include "serve/asking.h"

#include "base/io.h"

#include <limits.h>
#include <unistd.h>

/* Names of jobs are names of settings: letters, digits, - and _. */
static int path_of(const char *folder, struct hub_str job, char out[PATH_MAX])
{
	return (size_t)snprintf(out, PATH_MAX, "%s/asked/%.*s", folder, HUB_FMT(job)) < PATH_MAX;
}

int hub_asking_put(const char *folder, struct hub_str job, struct hub_err *err)
{
	char path[PATH_MAX], asked[PATH_MAX];
	int rc;

	if (!path_of(folder, job, path) || !path_of(folder, HUB_STR(""), asked))
		return hub_fail(err, HUB_USAGE, "name-too-long", "the name of the job is too long");
	if ((rc = hub_mkdirs(asked, err)))
		return rc;
	return hub_file_write(path, HUB_STR(""), err);
}

int hub_asking_take(const char *folder, struct hub_str job)
{
	char path[PATH_MAX];

	return path_of(folder, job, path) && unlink(path) == 0;
}
