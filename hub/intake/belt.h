/* Chunks on their way through an import, between the thread that reads, those that map and the one that writes: a ring
 * of slots, and the only place that takes its lock. What a slot holds belongs to the thread whose turn its state says. */
#ifndef HUB_INTAKE_BELT_H
#define HUB_INTAKE_BELT_H

#include "intake/findings.h"
#include "plugin/batch.h"
#include "store/store.h"

#include <pthread.h>

enum { HUB_BELT_WORKERS = 8, HUB_BELT_EXTRA = 1 };

enum hub_slot_state {
	HUB_SLOT_FREE = 0, /* the reader's */
	HUB_SLOT_READ,
	HUB_SLOT_BUSY,   /* a worker's */
	HUB_SLOT_MAPPED, /* the writer's */
};

struct hub_slot {
	enum hub_slot_state state;
	struct hub_batch *batch;
	struct hub_arena *arena;       /* of the chunk: mapped values, spans, findings */
	struct hub_findings *seen;     /* in every record, by the first step */
	struct hub_findings *findings; /* in those that were mapped, by record */
	struct hub_chunk chunk;
};

struct hub_belt {
	pthread_mutex_t lock;
	pthread_cond_t moved; /* some slot changed its state, or stop was set */
	unsigned workers, slots;
	/* guarded by lock, but while there is one thread only */
	struct hub_slot slot[HUB_BELT_WORKERS + HUB_BELT_EXTRA];
	uint64_t next_map; /* lowest seq no worker has taken */
	uint64_t last;     /* seq of the last chunk; 0: not known yet */
	uint32_t most;     /* records in the chunk that is read next; 0: as they come */
	int stop;
	struct hub_err err; /* the first failure of any thread */
};

/* On failure, too, free it. most: of the first chunk. */
int hub_belt_make(struct hub_belt *b, unsigned workers, uint32_t most, struct hub_err *err);
void hub_belt_free(struct hub_belt *b);

/* The slot of a chunk: look into it when its state makes it yours. */
struct hub_slot *hub_belt_slot(struct hub_belt *b, uint64_t seq);
/* Hands a slot on. */
void hub_belt_move(struct hub_belt *b, struct hub_slot *s, enum hub_slot_state state);
/* Ends all waiting: at the end, or with the failure, of which the first is kept. */
void hub_belt_stop(struct hub_belt *b);
void hub_belt_fail(struct hub_belt *b, const struct hub_err *err);

/* The reader's: waits until the slot of seq is free; *most: how long its chunk may be. 0 when the belt stops. */
int hub_belt_wait_free(struct hub_belt *b, uint64_t seq, uint32_t *most);
/* No chunk comes behind that one. */
void hub_belt_end(struct hub_belt *b, uint64_t last);
/* A worker's: the next chunk to map, in order; NULL when there is none left or the belt stops. */
struct hub_slot *hub_belt_take(struct hub_belt *b);
/* How long the next chunks are, by what changed in this one; turn: changed records that a chunk may about have. */
void hub_belt_length(struct hub_belt *b, uint32_t turn, const struct hub_chunk *c);
/* The writer's. 1: the chunk of seq is mapped; 0: there is none any more; -1: the belt stopped. */
int hub_belt_wait_mapped(struct hub_belt *b, uint64_t seq);

#endif
