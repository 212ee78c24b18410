/* Events for the front ends of those who are signed in: GET /v1/events, Server-Sent Events. One ring of messages
 * for everybody, each stream stands somewhere in it: memory does not grow with slow readers. A reader that
 * is left behind, or comes back after the ring has turned or the process is new, gets the event "resync": it asks
 * for everything once. Numbers only, no personal values: whoever gets one reads what it is about with its own eyes. */
#ifndef HUB_SERVE_PUSH_H
#define HUB_SERVE_PUSH_H

#include "serve/call.h"

struct hub_push_conf {
	unsigned streams; /* at most, all together; 0: 800 */
	/* Is that session (0: then that token) still one? On the thread of hub_push_beat. NULL: always. */
	int (*alive)(void *arg, int64_t session, int64_t token);
	void *arg;
};

/* Lives in the arena. */
int hub_push_new(struct hub_arena *a, const struct hub_push_conf *conf, struct hub_push **out,
		 struct hub_err *err);
/* From any thread. A message that is too long, or memory that is out, makes everybody ask anew. */
void hub_push_send(struct hub_push *p, const int64_t *account, uint32_t n, struct hub_str event,
		   struct hub_str data);
/* Ends the streams of a session that ends now; 0: those of no session. */
void hub_push_end_session(struct hub_push *p, int64_t session);
/* Every few seconds: comments that show that the line is alive, streams of ended sessions closed. */
void hub_push_beat(struct hub_push *p, int64_t ticks);
/* Ends all streams, takes no more: before the server stops. */
void hub_push_stop(struct hub_push *p);
unsigned hub_push_streams(struct hub_push *p);
/* After the server has stopped. */
void hub_push_free(struct hub_push *p);

/* GET /v1/events; arg is the struct hub_push. */
extern const struct hub_api_table hub_push_table;

#endif
