/* For sinks that write files: a file appears under its name only when it is complete and synced.
 * Until then it is NAME.part, mode 0600; what was not committed does not stay behind. */
#ifndef PLUGINS_SHARED_OUTFILE_H
#define PLUGINS_SHARED_OUTFILE_H

#include <hub/plugin.h>
#include <stdio.h>

enum { OUTFILE_PATH = 4096 };

struct outfile {
	const struct hub_host *host;
	char part[OUTFILE_PATH], final[OUTFILE_PATH];
	FILE *file; /* NULL: not open */
};

/* path: folder + name, joined by '/' unless name is empty. */
int outfile_open(struct outfile *o, const struct hub_host *host, struct hub_str folder,
		 struct hub_str name, struct hub_err *err);
int outfile_commit(struct outfile *o,
		   struct hub_err *err); /* flush, fsync, rename, fsync of the folder */
void outfile_abandon(struct outfile *o);
/* errno of the last call as an error that names the file. */
int outfile_fail(const struct outfile *o, struct hub_err *err);

#endif
