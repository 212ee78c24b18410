/* The source of a run, at most so many records at a time: whatever a source delivers at once, what is handed on can be
 * shorter, and each piece has a position of its own. Used by one thread at a time. */
#ifndef HUB_INTAKE_READER_H
#define HUB_INTAKE_READER_H

#include "intake/findings.h"
#include "intake/pipeline.h"
#include "plugin/host.h"

struct hub_reader {
	struct hub_instance *source;
	struct hub_batch *held; /* what the source delivered */
	uint32_t at;            /* of its rows handed on */
	uint64_t skip; /* rows still to be left out: handed on before the run was interrupted */
	struct hub_buf from; /* the source's position before `held` */
	int live;            /* the source has no file */
};

/* pos: of a batch that was handed on; empty for the start. On failure there is nothing to close. */
int hub_reader_open(struct hub_reader *r, struct hub_arena *a, const struct hub_intake *in,
		    struct hub_str pos, struct hub_err *err);
/* The next records, most of them (0: as many as the source delivers at once). *out is reset, and may be another batch
 * afterwards; its pos is where to go on behind it. Results are those of hub_source_next. */
int hub_reader_next(struct hub_reader *r, uint32_t most, struct hub_batch **out,
		    struct hub_err *err);
/* How long chunks may be behind this one, which was classified (hub_chunk_classify), for a store that wants about
 * `turn` changed records in a chunk at most. */
uint32_t hub_reader_length(uint32_t most, uint32_t turn, const struct hub_chunk *c);
/* What the source counted (hidden rows, dates that a spreadsheet made of numbers) belongs on the count sheet like
 * every other finding. */
void hub_reader_note(const struct hub_reader *r, struct hub_arena *a, struct hub_findings *f);
/* One that was never opened is fine. */
void hub_reader_close(struct hub_reader *r);

#endif
