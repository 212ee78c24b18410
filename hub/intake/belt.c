#include "intake/belt.h"

#include "intake/reader.h"

int hub_belt_make(struct hub_belt *b, unsigned workers, uint32_t most, struct hub_err *err)
{
	*b = (struct hub_belt){.lock = PTHREAD_MUTEX_INITIALIZER,
			       .moved = PTHREAD_COND_INITIALIZER,
			       .most = most,
			       .workers = workers,
			       .slots = workers + HUB_BELT_EXTRA};
	for (unsigned i = 0; i < b->slots; i++) {
		b->slot[i].batch = hub_batch_new(0);
		b->slot[i].arena = hub_arena_new(0);
		if (!b->slot[i].batch || !b->slot[i].arena)
			return hub_fail_mem(err);
	}
	return HUB_OK;
}

void hub_belt_free(struct hub_belt *b)
{
	for (unsigned i = 0; i < b->slots; i++) {
		hub_batch_free(b->slot[i].batch);
		hub_arena_free(b->slot[i].arena);
		b->slot[i] = (struct hub_slot){0};
	}
}

void hub_belt_fail(struct hub_belt *b, const struct hub_err *err)
{
	pthread_mutex_lock(&b->lock);
	if (!b->stop)
		b->err = *err;
	b->stop = 1;
	pthread_cond_broadcast(&b->moved);
	pthread_mutex_unlock(&b->lock);
}

struct hub_slot *hub_belt_slot(struct hub_belt *b, uint64_t seq)
{
	return &b->slot[seq % b->slots];
}

void hub_belt_move(struct hub_belt *b, struct hub_slot *s, enum hub_slot_state state)
{
	pthread_mutex_lock(&b->lock);
	s->state = state;
	pthread_cond_broadcast(&b->moved);
	pthread_mutex_unlock(&b->lock);
}

int hub_belt_wait_free(struct hub_belt *b, uint64_t seq, uint32_t *most)
{
	pthread_mutex_lock(&b->lock);
	while (!b->stop && hub_belt_slot(b, seq)->state != HUB_SLOT_FREE)
		pthread_cond_wait(&b->moved, &b->lock);
	const int go = !b->stop;
	*most = b->most;
	pthread_mutex_unlock(&b->lock);
	return go;
}

void hub_belt_end(struct hub_belt *b, uint64_t last)
{
	pthread_mutex_lock(&b->lock);
	b->last = last;
	pthread_cond_broadcast(&b->moved);
	pthread_mutex_unlock(&b->lock);
}

struct hub_slot *hub_belt_take(struct hub_belt *b)
{
	struct hub_slot *s = NULL;

	pthread_mutex_lock(&b->lock);
	for (;;) {
		if (b->stop || (b->last && b->next_map > b->last))
			break;
		if (hub_belt_slot(b, b->next_map)->state == HUB_SLOT_READ) {
			s = hub_belt_slot(b, b->next_map++);
			s->state = HUB_SLOT_BUSY;
			break;
		}
		pthread_cond_wait(&b->moved, &b->lock);
	}
	pthread_mutex_unlock(&b->lock);
	return s;
}

void hub_belt_length(struct hub_belt *b, uint32_t turn, const struct hub_chunk *c)
{
	pthread_mutex_lock(&b->lock);
	b->most = hub_reader_length(b->most, turn, c);
	pthread_mutex_unlock(&b->lock);
}

int hub_belt_wait_mapped(struct hub_belt *b, uint64_t seq)
{
	int rc;

	pthread_mutex_lock(&b->lock);
	for (;;) {
		if (b->stop) {
			rc = -1;
			break;
		}
		if (hub_belt_slot(b, seq)->state == HUB_SLOT_MAPPED &&
		    hub_belt_slot(b, seq)->chunk.seq == seq) {
			rc = 1;
			break;
		}
		if (b->last != 0 && seq > b->last) {
			rc = 0;
			break;
		}
		pthread_cond_wait(&b->moved, &b->lock);
	}
	pthread_mutex_unlock(&b->lock);
	return rc;
}

void hub_belt_stop(struct hub_belt *b)
{
	pthread_mutex_lock(&b->lock);
	b->stop = 1;
	pthread_cond_broadcast(&b->moved);
	pthread_mutex_unlock(&b->lock);
}
