/* For sinks that write files: a file appears under its name only when it is complete and synced.
 * Until then it is NAME.part, mode 0600, locked; what was not published does not stay behind (after a
 * kill the next run to the same place takes it over).
 *
 * Several files appear together: outfile_finish() each, then outfile_publish() each. */
#ifndef PLUGINS_SHARED_OUTFILE_H
#define PLUGINS_SHARED_OUTFILE_H

#include <hub/plugin.h>
#include <stdio.h>

enum { OUTFILE_PATH = 4096 };

struct outfile {
	const struct hub_host *host;
	char part[OUTFILE_PATH], final[OUTFILE_PATH];
	FILE *file;  /* NULL: not open for writing */
	int waiting; /* part exists and is not published */
};

/* path: folder + name, joined by '/' unless name is empty. A device, pipe or folder is refused. */
int outfile_open(struct outfile *o, const struct hub_host *host, struct hub_str folder,
		 struct hub_str name, struct hub_err *err);
/* After every batch: what was written has left the program, or the error says why not. */
int outfile_flush(const struct outfile *o, struct hub_err *err);
/* Durable, still under the name .part. Fine when it is published already. */
int outfile_finish(struct outfile *o, struct hub_err *err);
int outfile_publish(struct outfile *o, struct hub_err *err); /* rename, fsync of the folder */
void outfile_abandon(struct outfile *o); /* nothing left but what is published */
/* errno of the last call as an error that names the file. */
int outfile_fail(const struct outfile *o, struct hub_err *err);
/* Is it open? A sink that is written to after its commit is a fault of the caller. */
int outfile_ready(const struct outfile *o, struct hub_err *err);

#endif
