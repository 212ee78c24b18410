#include "intake/pipeline.h"

#include "base/clock.h"
#include "base/cores.h"
#include "intake/belt.h"
#include "intake/detect_rows.h"
#include "intake/input.h"
#include "intake/lookup.h"
#include "intake/people.h"
#include "intake/reader.h"
#include "intake/zeros.h"
#include "plugin/batch.h"

enum { PROGRESS_MS = 100, MAX_FINDINGS = 4 << 20 };

struct worker;

/* One import. What the threads share beside the belt is made before they begin. */
struct line {
	const struct hub_intake *in;
	struct hub_run *run;
	struct hub_bound *bound;
	struct hub_lookup *lookup; /* NULL: everything comes in */
	struct hub_reader reader;
	uint32_t turn;      /* changed records that a chunk may about have; 0: no matter */
	struct worker *own; /* the writer's: for records that have to be mapped anew */
	struct hub_findings *findings; /* of the whole run; the writer's */
	struct hub_str kept;           /* them as JSON, as the store has them */
	struct hub_buf json[2];        /* one for those, one for the next */
	struct hub_layout layout;      /* of the input; the reader finds its encoding */
	struct hub_belt belt;          /* chunks between the threads */
	uint64_t next_read;            /* seq the reader fills next */
};

struct worker {
	struct line *line;
	pthread_t thread;
	struct hub_arena *arena; /* lives as long as the worker */
	struct hub_store *store; /* its own read-only connection */
	struct hub_detect *detect;
	int started;
};

/* --- reader ----------------------------------------------------------------------------------- */

/* chunk_id = H(source, offset, bytes): the same place of the same content is the same chunk. */
static void identify(struct hub_chunk *c, struct hub_str content)
{
	const uint64_t place[2] = {c->byte, c->bytes};
	struct hub_hash h = hub_hash128(content, (struct hub_hash){0, 0});

	h = hub_hash128((struct hub_str){(const char *)place, sizeof place}, h);
	memcpy(c->id, &h, sizeof c->id);
}

static int describe(struct line *l, struct hub_slot *s, uint64_t seq, struct hub_err *err)
{
	struct hub_batch *b = s->batch;
	struct hub_chunk *c = &s->chunk;

	*c = (struct hub_chunk){
	    .arena = s->arena, .seq = seq, .n = b->rows, .prov = b->prov, .pos = b->pos};
	if (b->rows > 0) {
		const struct hub_prov *last = &b->prov[b->rows - 1];
		c->byte = b->prov[0].byte;
		c->bytes = last->byte + last->len - c->byte;
	}
	identify(c, l->in->spec.content);
	hub_input_place(l->in, b);
	s->seen = hub_findings_new(s->arena);
	return s->seen ? HUB_OK : hub_fail_mem(err);
}

/* The first batch was read before the threads began (its header had to be bound). */
static void *read_all(void *arg)
{
	struct line *l = arg;
	struct hub_err err = {0};
	uint32_t most;

	for (uint64_t seq = l->next_read; hub_belt_wait_free(&l->belt, seq, &most);) {
		struct hub_slot *s = hub_belt_slot(&l->belt, seq);
		hub_arena_reset(s->arena);
		const int rc = hub_reader_next(&l->reader, most, &s->batch, &err);
		if (rc < 0) {
			hub_belt_fail(&l->belt, &err);
			break;
		}
		if (rc == HUB_END) {
			hub_belt_end(&l->belt, seq - 1);
			break;
		}
		if (s->batch->rows == 0)
			continue;
		hub_input_seen(s->batch, &l->layout);
		if (describe(l, s, seq, &err)) {
			hub_belt_fail(&l->belt, &err);
			break;
		}
		l->next_read = ++seq;
		hub_belt_move(&l->belt, s, HUB_SLOT_READ);
	}
	return NULL;
}

/* --- workers ---------------------------------------------------------------------------------- */

/* Values and spans of the records that are still open. */
static int map_open(struct worker *w, struct hub_slot *s, struct hub_err *err)
{
	const struct line *l = w->line;

	if (!(s->findings = hub_findings_by_record(s->arena, s->chunk.prov)))
		return hub_fail_mem(err);
	const int rc = hub_map_rows(w->line->bound, s->batch, &s->chunk, s->findings, err);
	if (!rc && hub_people_match(&s->chunk))
		return hub_fail_mem(err);
	return rc ? rc
		  : hub_detect_rows(
			w->detect, l->in->spec.mapping, &s->chunk,
			l->in->spec.dry && l->run->fresh ? HUB_DETECT_SHARED : HUB_DETECT_ALL, err);
}

static int map_slot(struct worker *w, struct hub_slot *s, struct hub_err *err)
{
	int rc;

	if ((rc = hub_map_keys(w->line->bound, s->batch, &s->chunk, s->seen, err)))
		return rc;
	if (w->line->lookup &&
	    (rc = hub_lookup_filter(w->line->lookup, w->line->bound, &s->chunk, err)))
		return rc;
	if ((rc = hub_chunk_classify(w->store, w->line->run, &s->chunk, err)))
		return rc;
	if (w->line->turn)
		hub_belt_length(&w->line->belt, w->line->turn, &s->chunk);
	return map_open(w, s, err);
}

static int open_worker(struct worker *w, struct line *l, struct hub_err *err)
{
	const unsigned flags = l->in->spec.dry ? HUB_OPEN_DRY : HUB_OPEN_READONLY;
	int rc;

	w->line = l;
	if (!(w->arena = hub_arena_new(0)))
		return hub_fail_mem(err);
	if ((rc = hub_store_open(w->arena, l->in->store_url, flags, l->in->schema, &w->store, err)))
		return rc;
	return hub_detect_open_as(l->in->plugins, NULL,
				  hub_str_of(hub_mapping_info(l->in->mapping)->hash),
				  l->in->version, &w->detect, err);
}

static void *map_all(void *arg)
{
	struct worker *w = arg;
	struct hub_err err = {0};

	for (struct hub_slot *s; (s = hub_belt_take(&w->line->belt));) {
		if (map_slot(w, s, &err)) {
			hub_belt_fail(&w->line->belt, &err);
			break;
		}
		hub_belt_move(&w->line->belt, s, HUB_SLOT_MAPPED);
	}
	return NULL;
}

/* --- writer ----------------------------------------------------------------------------------- */

static void tell(const struct hub_intake *in, struct hub_intake_result *res,
		 const struct hub_chunk *c, int64_t t0, int64_t *told)
{
	const int64_t now = hub_ticks_ms();

	res->last.rows = res->counts.read;
	res->last.rejected = res->counts.fate[HUB_FATE_REJECTED];
	/* a packed source knows its place about, not exactly */
	res->last.bytes = c->byte + c->bytes;
	if (res->last.total_bytes && res->last.bytes > res->last.total_bytes)
		res->last.bytes = res->last.total_bytes;
	res->last.ms = now - t0;
	if (in->progress && now - *told >= PROGRESS_MS) {
		*told = now;
		in->progress(in->progress_arg, &res->last);
	}
}

/* The writer's own mapper and detectors: seldom needed, and a few MB. */
static int map_again(struct line *l, struct hub_slot *s, struct hub_err *err)
{
	const int rc = l->own->line ? HUB_OK : open_worker(l->own, l, err);

	return rc ? rc : map_open(l->own, s, err);
}

/* The findings as they are now; kept stays where it is. */
static int findings_json(struct line *l, struct hub_str *out, struct hub_err *err)
{
	struct hub_buf *json = &l->json[l->kept.ptr == l->json[0].ptr];

	hub_buf_reset(json);
	hub_findings_json(l->findings, json);
	*out = hub_buf_text(json);
	return hub_buf_ok(json) ? HUB_OK : hub_fail_mem(err);
}

struct asked {
	struct line *line;
	const struct hub_slot *slot;
	struct hub_str json;
};

/* See struct hub_chunk. */
static int chunk_findings(void *arg, const uint8_t *heard, struct hub_counts *counts,
			  struct hub_str *json, struct hub_err *err)
{
	struct asked *a = arg;
	struct hub_findings *all = a->line->findings;

	hub_findings_forget(all); /* what a transaction that failed had told */
	if (hub_findings_merge(all, a->slot->seen, NULL) ||
	    hub_findings_merge(all, a->slot->findings, heard))
		return hub_fail_mem(err);
	counts->gaiji = hub_findings_total(all, "gaiji");
	counts->banned_columns = hub_findings_total(all, "banned-column");
	counts->banned_numbers = hub_findings_total(all, "mynumber-removed");
	const int rc = findings_json(a->line, &a->json, err);
	*json = a->json;
	return rc;
}

/* IDLE: some records that were unchanged have a say about a shared row after all, and are mapped now. */
static int write_slot(struct line *l, struct hub_store *store, struct hub_slot *s,
		      struct hub_intake_result *res, struct hub_err *err)
{
	struct asked asked = {.line = l, .slot = s};
	int rc;

	s->chunk.findings = chunk_findings;
	s->chunk.findings_arg = &asked;
	while ((rc = hub_chunk_write(store, &res->run, &s->chunk, &res->counts, err)) == HUB_IDLE)
		if ((rc = map_again(l, s, err)))
			return rc;
	if (rc)
		return rc;
	hub_findings_keep(l->findings);
	l->kept = asked.json;
	return res->rejects && hub_tally_chunk(res->rejects, &s->chunk) ? hub_fail_mem(err)
									: HUB_OK;
}

static int write_all(struct line *l, struct hub_store *store, struct hub_intake_result *res,
		     uint64_t seq, struct hub_err *err)
{
	const struct hub_intake *in = l->in;
	const int64_t t0 = hub_ticks_ms();
	int64_t told = t0;
	int rc;

	for (int more; (more = hub_belt_wait_mapped(&l->belt, seq)); seq++) {
		if (more < 0) {
			*err = l->belt.err;
			return err->rc;
		}
		struct hub_slot *s = hub_belt_slot(&l->belt, seq);
		if ((rc = write_slot(l, store, s, res, err)))
			return rc;
		tell(in, res, &s->chunk, t0, &told);
		hub_belt_move(&l->belt, s, HUB_SLOT_FREE);
		if (in->reject_limit && res->counts.fate[HUB_FATE_REJECTED] > in->reject_limit) {
			res->over_limit = 1;
			return hub_fail(err, HUB_REJECT, "too-many-rejects",
					"more than %llu records were rejected",
					(unsigned long long)in->reject_limit);
		}
		if (in->stop && *in->stop)
			return hub_fail(err, HUB_INTERRUPTED, "interrupted",
					"the run was stopped after %llu records",
					(unsigned long long)res->counts.read);
	}
	return HUB_OK;
}

/* --- the run ---------------------------------------------------------------------------------- */

/* Reads the first batch and binds the mapping to its header, so that drift is found before a run
 * exists. The batch is kept as the first chunk unless the run resumes further on. */
static int bind_header(struct hub_arena *a, struct line *l, struct hub_intake_result *res,
		       int *empty, struct hub_err *err)
{
	struct hub_slot *first = hub_belt_slot(&l->belt, 1);
	struct hub_str *name;
	int rc = hub_reader_next(&l->reader, l->belt.most, &first->batch, err);
	const struct hub_batch *b = first->batch;

	if (rc < 0)
		return rc;
	*empty = rc == HUB_END;
	if ((rc = hub_input_names(a, b, &name, err)))
		return rc;
	hub_input_layout(l->in, b, name, &l->layout);
	if (*empty && b->cols == 0)
		return HUB_OK; /* a header alone: nothing to map */
	rc = hub_mapping_bind(a, l->in->mapping, name, b->cols, &l->bound, res->drift, err);
	return rc == HUB_DRIFT ? hub_input_drift(b, res->drift, err) : rc;
}

static int start_worker(struct worker *w, struct line *l, struct hub_err *err)
{
	const int rc = open_worker(w, l, err);

	if (rc)
		return rc;
	if (pthread_create(&w->thread, NULL, map_all, w))
		return hub_fail(err, HUB_FATAL, "thread", "a thread could not be started");
	w->started = 1;
	return HUB_OK;
}

static void close_worker(struct worker *w)
{
	hub_detect_close(w->detect);
	if (w->store)
		hub_store_close(w->store);
	hub_arena_free(w->arena);
}

static int run_threads(struct line *l, struct hub_store *store, struct worker *w, unsigned workers,
		       struct hub_intake_result *res, struct hub_err *err)
{
	const uint64_t first = l->belt.next_map;
	pthread_t reader;
	int rc = HUB_OK;

	for (unsigned i = 0; i < workers && !rc; i++)
		rc = start_worker(&w[i], l, err);
	const int reading = !rc && pthread_create(&reader, NULL, read_all, l) == 0;
	if (!rc && !reading)
		rc = hub_fail(err, HUB_FATAL, "thread", "a thread could not be started");
	if (!rc)
		rc = write_all(l, store, res, first, err);
	hub_belt_stop(&l->belt);
	if (reading)
		pthread_join(reader, NULL);
	for (unsigned i = 0; i < workers; i++)
		if (w[i].started)
			pthread_join(w[i].thread, NULL);
	return rc;
}

/* Ends the run in the store in the state that fits what happened. */
static int finish(struct hub_store *store, struct hub_intake_result *res, int rc,
		  struct hub_str findings, struct hub_err *err)
{
	struct hub_err end = {0};
	const enum hub_run_state state = rc == HUB_OK      ? HUB_RUN_DONE
					 : res->over_limit ? HUB_RUN_STOPPED
							   : HUB_RUN_INTERRUPTED;
	const int rc_end = hub_run_end(store, &res->run, state, &res->counts, findings, &end);

	if (!rc && rc_end)
		*err = end;
	return rc ? rc : rc_end;
}

/* There is one writer: more workers than a few only wait for it, and each chunk on its way costs about
 * 6 MB. */
static unsigned worker_count(const struct hub_intake *in)
{
	const unsigned n = in->workers ? in->workers : hub_cores_usual();

	return n > HUB_BELT_WORKERS ? HUB_BELT_WORKERS : n;
}

/* Where the line begins: with the batch that was read for its header, or further on for a resume. */
static int begin_line(struct hub_arena *a, struct line *l, struct hub_intake_result *res, int empty,
		      struct hub_err *err)
{
	struct hub_slot *first = hub_belt_slot(&l->belt, 1);

	l->run = &res->run;
	l->belt.next_map = res->run.next_seq;
	l->next_read = res->run.next_seq;
	if (empty) {
		l->belt.last = l->belt.next_map - 1;
		return HUB_OK;
	}
	if (res->run.pos.len == 0) {
		first->state = HUB_SLOT_READ;
		l->next_read = 2;
		return describe(l, first, 1, err);
	}
	hub_reader_close(&l->reader);
	return hub_reader_open(&l->reader, a, l->in, res->run.pos, err);
}

static int run_line(struct hub_arena *a, struct hub_store *store, struct line *l,
		    struct hub_intake_result *res, int empty, struct hub_err *err)
{
	struct worker w[HUB_BELT_WORKERS] = {0}, own = {0};
	const unsigned workers = l->belt.workers;

	l->own = &own;
	l->findings = hub_findings_new(a);
	l->kept = res->run.findings;
	int rc = l->findings ? hub_findings_read(l->findings, a, res->run.findings, err)
			     : hub_fail_mem(err);
	if (!rc && !l->in->spec.dry)
		rc = hub_layout_save(store, res->run.id, &l->layout, err);
	if (!rc && l->in->spec.dry && !(res->rejects = hub_tally_new(a)))
		rc = hub_fail_mem(err);
	if (!rc && res->rejects && res->run.resumed)
		rc = hub_tally_load(res->rejects, store, res->run.id, err);
	const enum hub_enc seen = l->layout.encoding;
	if (!rc)
		rc = begin_line(a, l, res, empty, err);
	if (!rc && !empty)
		rc = run_threads(l, store, w, workers, res, err);
	for (unsigned i = 0; i < workers; i++)
		close_worker(&w[i]);
	close_worker(&own);
	hub_belt_free(&l->belt); /* the end of a run sorts persons: room for that */
	if (!rc && !l->in->spec.dry && l->layout.encoding != seen)
		rc = hub_layout_save(store, res->run.id, &l->layout, err);
	if (!rc) { /* a run that goes on later asks its reader then */
		hub_reader_note(&l->reader, a, l->findings);
		struct hub_str all;
		if (!(rc = findings_json(l, &all, err)))
			l->kept = all;
	}
	res->findings = hub_arena_str(a, l->kept);
	return finish(store, res, rc, l->kept, err);
}

/* A registry: whom the store knows, and a first pass over the file for their households. */
static int look_up(struct hub_arena *a, struct hub_store *store, struct line *l,
		   struct hub_run_spec *spec, struct hub_err *err)
{
	HUB_AUTO(instance) struct hub_instance *source = NULL;
	char hash[2 * HUB_SHA256 + 1];
	int rc;

	if (!spec->lookup)
		return HUB_OK;
	if ((rc = hub_lookup_load(a, store, l->bound, &l->lookup, hash, err)) ||
	    (rc = hub_input_case_set(a, hash, spec, err)))
		return rc;
	if ((rc = hub_input_open(a, l->in, (struct hub_str){NULL, 0}, &source, err)))
		return rc;
	return hub_lookup_pass(l->lookup, l->bound, source, err);
}

int hub_intake_run(struct hub_arena *a, struct hub_store *store, const struct hub_intake *asked,
		   struct hub_intake_result *res, struct hub_err *err)
{
	struct hub_intake in = *asked;
	struct line l = {.in = &in};
	int rc, empty = 0;

	for (size_t i = 0; i < HUB_COUNT(l.json); i++)
		hub_buf_init(&l.json[i], MAX_FINDINGS);
	if (!(res->counts.entity =
		  hub_alloc_array(a, in.schema->n_entities, sizeof *res->counts.entity)))
		return hub_fail_mem(err);
	if ((rc = hub_input_specify(a, &in, err)))
		return rc;
	res->last.total_bytes = in.spec.bytes;
	if (!in.spec.dry && (rc = hub_feed_turn(store, in.spec.feed, &l.turn, err)))
		return rc;
	rc = hub_belt_make(&l.belt, worker_count(&in), l.turn, err);
	if (!rc)
		rc = hub_reader_open(&l.reader, a, &in, (struct hub_str){NULL, 0}, err);
	if (!rc)
		rc = bind_header(a, &l, res, &empty, err);
	if (!rc && !empty)
		rc = look_up(a, store, &l, &in.spec, err);
	if (!rc)
		rc = hub_run_begin(store, &in.spec, &res->run, &res->counts, err);
	/* what a person has looked at is as it is; a restriction finds whom it means without its zeros */
	if (!rc && l.bound && !in.part && !in.spec.restricts)
		rc = hub_zeros_load(a, store, res->run.system, l.bound, err);
	res->spec = in.spec;
	res->seen = in.seen;
	if (!rc && !res->run.unchanged)
		rc = run_line(a, store, &l, res, empty, err);
	for (size_t i = 0; i < HUB_COUNT(l.json); i++)
		hub_buf_free(&l.json[i]);
	hub_reader_close(&l.reader);
	hub_belt_free(&l.belt);
	return rc;
}
