/* Rows with a key of their own, which several records may describe (person, household, agency ...).
 * Every row of the chunk that describes one is a vote; votes are counted in the order of the source. */
#include "store/slot.h"

static int same_hash(const struct hub_hash *a, const struct hub_hash *b)
{
	return a->hi == b->hi && a->lo == b->lo;
}

static int value_differs(const struct hub_slot *s, uint32_t pcol, const struct hub_dbval *v)
{
	/* hashes of a dry run stand for columns that this chunk has not touched itself */
	if (s->hashed && s->hashed[pcol])
		return hub_slot_hash(v) != s->hashed[pcol];
	return !hub_dbval_same(&s->val[pcol], v);
}

static struct hub_hash content_of(const struct hub_block *b, uint32_t r)
{
	struct hub_hash h = {b->rows->block, 1};

	for (uint32_t i = 0; i < b->targets; i++) {
		enum hub_cell state;
		struct hub_dbval v = hub_block_value(b, &b->target[i], r, &state);
		h = hub_dbval_hash(&v, h);
		h.lo ^= (uint64_t)state << 56;
	}
	return h;
}

/* What is to be noted of a cell: that it could not be read, or that there was no such column. */
static enum hub_cell noted(enum hub_cell state)
{
	return state == HUB_INVALID || state == HUB_ABSENT ? state : HUB_NULL;
}

static int has_cell(const struct hub_target *t)
{
	return t->from == HUB_FROM_TEXT || t->from == HUB_FROM_INT || t->from == HUB_FROM_REF;
}

/* Whether a vote says something else than what stands. */
static int differs(const struct hub_slot *s, const struct hub_block *b, uint32_t r)
{
	for (uint32_t i = 0; i < b->targets; i++) {
		const struct hub_target *t = &b->target[i];
		enum hub_cell state;
		const struct hub_dbval v = hub_block_value(b, t, r, &state);

		if (state == HUB_ABSENT)
			continue;
		if (value_differs(s, t->pcol, &v))
			return 1;
		if (has_cell(t) && noted(state) != s->cell[b->rows->field[t->col]->index])
			return 1;
	}
	return 0;
}

static int keep_before(struct hub_work *k, struct hub_slot *s)
{
	if (!s->in_store || s->was)
		return HUB_OK;
	s->was = hub_alloc_array(k->a, s->t->cols, sizeof *s->was);
	if (!s->was)
		return hub_fail_mem(k->err);
	memcpy(s->was, s->val, s->t->cols * sizeof *s->was);
	return HUB_OK;
}

static int apply(struct hub_work *k, struct hub_slot *s, const struct hub_block *b, uint32_t r)
{
	const int first = !s->in_store && !s->dirty;
	int rc = keep_before(k, s);

	if (rc)
		return rc;
	for (uint32_t i = 0; i < b->targets; i++) {
		const struct hub_target *t = &b->target[i];
		enum hub_cell state;
		const struct hub_dbval v = hub_block_value(b, t, r, &state);

		if (state == HUB_ABSENT && !first)
			continue;
		s->val[t->pcol] = v;
		if (s->hashed)
			s->hashed[t->pcol] = 0;
		if (has_cell(t))
			s->cell[b->rows->field[t->col]->index] = (uint8_t)noted(state);
	}
	s->record = b->record[r];
	s->val[0] = (struct hub_dbval){HUB_DB_INT, s->record, {NULL, 0}};
	if (s->hashed)
		s->hashed[0] = 0;
	s->dirty = 1;
	s->hot |= s->in_store;
	return HUB_OK;
}

/* LATEST: whether this vote beats the one that stands. The same value: the later one in the source. */
static int is_later(const struct hub_slot *s, const struct hub_block *b, uint32_t r)
{
	const struct hub_vec *v = &b->rows->latest;

	if (!v->cell || v->cell[r] != HUB_VALUE)
		return !s->latest.ptr;
	return !s->latest.ptr || hub_str_cmp(v->text[r], s->latest) >= 0;
}

static void set_latest(struct hub_slot *s, const struct hub_block *b, uint32_t r)
{
	const struct hub_vec *v = &b->rows->latest;

	if (b->rows->shared != HUB_SHARED_LATEST)
		return;
	s->has_latest = 1;
	s->latest = v->cell && v->cell[r] == HUB_VALUE ? v->text[r] : (struct hub_str){NULL, 0};
}

enum verdict { VOTE_SAME, VOTE_REPEATED, VOTE_APPLY, VOTE_CONFLICT };

/* What a vote means, without doing it. *content is set for rows of the store: those may be spoken of again
 * and again. */
static int judge(struct hub_work *k, struct hub_slot *s, const struct hub_block *b, uint32_t r,
		 struct hub_hash *content, enum verdict *verdict)
{
	int rc, equal = 0;

	if (s->in_store) {
		*content = content_of(b, r);
		equal = s->block == b->rows->block && same_hash(&s->content, content) && s->record;
	}
	if (!equal) {
		if ((rc = hub_slot_load(k, s)))
			return rc;
		equal = s->record && !differs(s, b, r);
	}
	if (!s->decided) {
		*verdict = equal ? VOTE_SAME : VOTE_APPLY;
		return HUB_OK;
	}
	*verdict = VOTE_REPEATED;
	switch (b->rows->shared) {
	case HUB_OWNED:
		if (!equal)
			*verdict = s->by == b->record[r] ? VOTE_APPLY : VOTE_CONFLICT;
		break;
	case HUB_SHARED_LAST:
		if (!equal)
			*verdict = VOTE_APPLY;
		break;
	case HUB_SHARED_FIRST:
		break;
	case HUB_SHARED_LATEST:
		if ((rc = hub_slot_latest(k, s)))
			return rc;
		if (is_later(s, b, r)) {
			set_latest(s, b, r);
			s->used = 1;
			*verdict = equal ? VOTE_REPEATED : VOTE_APPLY;
		}
		break;
	}
	return HUB_OK;
}

static int vote(struct hub_work *k, struct hub_slot *s, const struct hub_block *b, uint32_t r)
{
	struct hub_entity_count *n = &k->count[b->rows->entity->index];
	struct hub_hash content = {0, 0};
	const int fresh = !s->record;
	enum verdict verdict;

	int rc = judge(k, s, b, r, &content, &verdict);
	if (rc)
		return rc;
	n->produced++;
	/* it was the latest, and is not any more: who is? */
	if (s->decided && b->rows->shared == HUB_SHARED_LATEST && s->record == b->record[r] &&
	    !is_later(s, b, r) && (rc = hub_unsettled_add(k, s->id)))
		return rc;
	if (!s->decided && b->rows->shared == HUB_SHARED_LATEST) {
		set_latest(s, b, r);
		s->used = 1;
	}
	if (verdict == VOTE_APPLY) {
		if ((rc = hub_slot_load(k, s)) || (rc = apply(k, s, b, r)))
			return rc;
		n->inserted += (uint64_t)fresh;
		n->updated += (uint64_t)!fresh;
	}
	n->same += verdict == VOTE_SAME;
	n->repeated += verdict == VOTE_REPEATED;
	if (verdict != VOTE_REPEATED) {
		s->content = content;
		s->block = s->in_store ? b->rows->block : HUB_NO_BLOCK;
	}
	if (!s->decided || verdict == VOTE_APPLY)
		s->by = b->record[r];
	s->decided = 1;
	return HUB_OK;
}

/* An owned row that another record of this run described otherwise: the record is rejected. */
static int conflicts(struct hub_work *k, uint32_t i, const struct hub_slot **with)
{
	for (uint32_t n = 0; n < k->c->blocks; n++) {
		const struct hub_block *b = &k->block[n];

		if (!b->slot || b->rows->shared != HUB_OWNED)
			continue;
		for (uint32_t r = b->at; r < b->rows->n && b->rows->src[r] == i; r++) {
			struct hub_hash h;
			enum verdict verdict = VOTE_SAME;
			const int rc =
			    b->slot[r] ? judge(k, b->slot[r], b, r, &h, &verdict) : HUB_OK;

			if (rc)
				return rc;
			*with = b->slot[r];
			if (verdict == VOTE_CONFLICT)
				return 1;
		}
	}
	return 0;
}

static int reject(struct hub_work *k, uint32_t i, const struct hub_slot *s)
{
	int64_t row = 0, line = 0;

	for (uint32_t j = 0; j < i; j++)
		if (s->by && k->id[j] == s->by) {
			row = k->row[j];
			line = k->line[j];
		}
	if (!row && s->record)
		hub_run_place(k->s, k->w, s->record, &row, &line);
	k->fate[i] = HUB_FATE_REJECTED;
	k->code[i] = "key-repeated";
	k->reason[i] = hub_arena_printf(
	    k->a, hub_tr("same key of \"%.*s\" as row %lld (line %lld), with other content"),
	    HUB_FMT(s->t->entity->label), (long long)row, (long long)line);
	if (!k->reason[i].ptr)
		return hub_fail_mem(k->err);
	k->how[i] = HUB_HOW_NONE;
	/* The chunk is written again without it, so that it leaves no trace; at once when the next record of
	 * its key, taken for a repeat, is none now. */
	if (!k->redo_from)
		k->redo_from = k->c->n;
	for (uint32_t j = i + 1; j < k->redo_from; j++)
		if (k->twin[j] == i + 1)
			k->redo_from = j;
	return HUB_OK;
}

/* Stubs are made only for references of rows that are written. */
static void use_refs(struct hub_work *k, uint32_t i)
{
	for (uint32_t n = 0; n < k->c->blocks; n++) {
		struct hub_block *b = &k->block[n];
		for (uint32_t c = 0; c < b->rows->cols; c++) {
			if (!b->to[c])
				continue;
			for (uint32_t r = b->at; r < b->rows->n && b->rows->src[r] == i; r++)
				if (b->to[c][r])
					b->to[c][r]->used = 1;
		}
	}
}

static int vote_record(struct hub_work *k, uint32_t i)
{
	const struct hub_slot *with = NULL;

	const int clash = conflicts(k, i, &with);
	if (clash < 0)
		return clash;
	if (clash)
		return reject(k, i, with);
	use_refs(k, i);
	for (uint32_t n = 0; n < k->c->blocks; n++) {
		const struct hub_block *b = &k->block[n];
		for (uint32_t r = b->at; b->slot && r < b->rows->n && b->rows->src[r] == i; r++) {
			const int rc = b->slot[r] ? vote(k, b->slot[r], b, r) : HUB_OK;
			if (rc)
				return rc;
		}
	}
	return HUB_OK;
}

/* A record that is the same stands by what it said: its shared rows are decided, and when one of them
 * was changed by a record before it, it must be heard again. */
static void same_record(struct hub_work *k, uint32_t i)
{
	struct hub_str refs = k->c->refs[i];
	int64_t last = HUB_SHARED_BASE, id;
	unsigned kind;

	while (hub_ids_next(&refs, &last, &id, &kind) > 0) {
		struct hub_slot *s = hub_slot_with_id(k, id);
		if ((s && s->hot) || hub_bits_get(&k->w->hot, id - HUB_SHARED_BASE) ||
		    hub_unsettled_has(k, id)) {
			k->fate[i] = HUB_FATE_OPEN;
			k->again = 1;
		} else if (s) {
			s->decided = 1;
			s->by = k->id[i];
		}
	}
}

int hub_shared_vote(struct hub_work *k)
{
	int rc = HUB_OK;

	for (uint32_t n = 0; n < k->c->blocks; n++)
		k->block[n].at = 0;
	for (uint32_t i = 0; !rc && i < k->c->n; i++) {
		if (k->redo_from && i >= k->redo_from)
			break;
		for (uint32_t n = 0; n < k->c->blocks; n++) {
			struct hub_block *b = &k->block[n];
			while (b->at < b->rows->n && b->rows->src[b->at] < i)
				b->at++;
		}
		if (k->fate[i] == HUB_FATE_SAME && k->how[i] == HUB_HOW_NONE && k->c->refs &&
		    k->c->refs[i].ptr)
			same_record(k, i);
		else if (k->how[i] != HUB_HOW_NONE)
			rc = vote_record(k, i);
		if (!rc && k->how[i] == HUB_HOW_CHANGED)
			rc = hub_unsettled_left(k, i);
	}
	return rc;
}
