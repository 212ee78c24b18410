/* The host of the contract test: every service counted, so that each can fail once; every message
 * read, so that a personal value in one is found; memory from malloc, block by block, so that the
 * sanitizers see a byte too far. */
#ifndef TESTS_CONTRACT_HOST_H
#define TESTS_CONTRACT_HOST_H

#include "rule.h"

#include "base/arena.h"
#include "base/hash.h"
#include "base/str.h"
#include "plugin/batch.h"

/* What the test data holds and no message may show. */
#define SECRET_NAME  "\xe6\xbc\x8f\xe6\xb4\xa9\xe8\x8a\xb1\xe5\xad\x90" /* 漏洩花子 */
#define SECRET_PHONE "09012345678"

struct block;

struct hub_ctx {
	struct block *until_close, *until_return;
	unsigned long calls, fail_at; /* service call number fail_at fails; 0: none */
	int64_t left_ms;
	int leaked;                 /* a message held personal data */
	const struct hub_doc *docs; /* of the running detect() */
	uint32_t ndocs;
	uint64_t spans, bad_spans;
	struct hub_hash digest; /* of what the plugin handed out */
};

/* The hub's table with these services in place of its own. */
struct hub_host contract_host(void);

void contract_ctx_init(struct hub_ctx *ctx);
void contract_ctx_free(struct hub_ctx *ctx);
void contract_ctx_returned(struct hub_ctx *ctx); /* detect() came back: its memory is gone */
void contract_digest(struct hub_ctx *ctx, struct hub_str s);
/* 1 when the text holds one of the secrets. */
int contract_leaks(struct hub_str s);

#endif
