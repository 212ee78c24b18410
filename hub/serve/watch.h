/* A watched folder: which files are complete, and the way of one file through it.
 *
 *	folder/a.csv  ->  taken/a.csv  ->  done/a.csv      or  rejected/a.csv
 *	                                   done/a.csv.manifest.json, .report.txt, .messages.txt, .rejects.csv
 *
 * Every step is one rename, so that after a crash it shows where a file was. A file is complete when
 * NAME.ok lies beside it, or when nothing about it changed for conf->settle. Names that begin with a dot
 * or end in .ok, .part, .tmp, litter of desktops (~$NAME, Thumbs.db, desktop.ini), links and folders are none. A second a.csv becomes a~2.csv.
 * Order: by time of last change, then by name. One file at a time is in taken/, and one daemon at a time takes it there. */
#ifndef HUB_SERVE_WATCH_H
#define HUB_SERVE_WATCH_H

#include "base/arena.h"
#include "base/err.h"
#include "conf/trigger.h"

#define HUB_NO_LOOK INT64_MAX

struct hub_watch;

struct hub_watch_sight {
	size_t waiting; /* files that are there and not taken, complete or not */
	size_t ready;   /* complete ones */
	int64_t oldest; /* ms that one of them has been waiting, at most */
	int64_t
	    again; /* ticks at which one may become complete; HUB_NO_LOOK: none will by itself */
};

/* Where the products of a run on a taken file go until it is finished. */
struct hub_taken {
	const char *name, *path; /* name as it was dropped: any bytes */
	const char *report, *messages, *rejects;
};

/* Makes the folders. Strings of conf must outlive it. HUB_CONF: a folder is on another file system. */
int hub_watch_open(const struct hub_watching *conf, struct hub_watch **out, struct hub_err *err);
void hub_watch_close(struct hub_watch *w);
/* Descriptor that becomes readable when something happens in the folder; -1 when the kernel gives none
 * (looking from time to time does it as well). hub_watch_drain reads it empty. */
int hub_watch_fd(const struct hub_watch *w);
void hub_watch_drain(struct hub_watch *w);

/* Looks into the folder. ticks: hub_ticks_ms(). */
int hub_watch_look(struct hub_watch *w, int64_t ticks, struct hub_watch_sight *out,
		   struct hub_err *err);
/* How many files wait, for who only wants to know. Makes nothing. */
size_t hub_watch_count(const struct hub_watching *conf);
/* The file that is in taken/ already, else the first complete one of the last look, which is taken.
 * HUB_END: there is none. Strings live until the next call. */
int hub_watch_take(struct hub_watch *w, struct hub_taken *out, struct hub_err *err);
/* The taken file and what belongs to it goes to done/ or rejected/. manifest: JSON. */
int hub_watch_finish(struct hub_watch *w, int well, struct hub_str manifest, struct hub_err *err);

#endif
