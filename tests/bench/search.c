/* Words in notes: the index of grams beside a plain LIKE and, in SQLite, its own trigram index, in one run and one store.
 * Times are the best of ROUNDS: CPU time of this process, and of the server's that answers it (on this machine). Fails when
 * a word is found in other notes than LIKE finds it in, or when the index is not RATIO times faster for a word of two
 * characters and more that at most one note in FEW has. usage: search STORE [NOTES]   STORE: a new one, sqlite:PATH or postgresql:... */
#include "base/buf.h"
#include "base/io.h"
#include "release/wordlist.h"
#include "store/db.h"
#include "store/store.h"
#include "text/gram.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 9, RATIO = 20, FEW = 12, NOTES = 100000, PER_TXN = 5000 };

struct bench {
	struct hub_arena *arena;
	struct hub_store *store;
	struct hub_db *db;
	struct hub_err err;
	uint64_t seed;
	int64_t notes;
	int server;      /* it is PostgreSQL */
	int64_t backend; /* its process for us */
};

static uint32_t roll(struct bench *b, uint32_t n)
{
	b->seed ^= b->seed << 13;
	b->seed ^= b->seed >> 7;
	b->seed ^= b->seed << 17;
	return (uint32_t)(b->seed >> 33) % n;
}

/* One word of these in so many notes. Half of all notes have most pairs of デイサービス, in サービス. */
static const struct {
	const char *word;
	uint32_t one_in;
} rare[] = {
    {"虐待", 200},      {"フリースクール", 500}, {"介護", 20},         {"母", 10},
    {"成年後見", 2000}, {"ヘルパー", 20},        {"デイサービス", 20},
};

static const char *const usual[] = {
    "自宅を訪問した。",         "本人は落ち着いている。",     "電話で近況を確認した。",
    "次回は来週の予定。",       "家族と面談を行い、",         "主治医に連絡した。",
    "食事は取れている。",       "サービスの利用を提案した。", "関係機関と情報を共有した。",
    "収入が減って困っている。", "外出の機会が減った。",       "書類の記入を手伝った。",
    "担当者会議の日程を調整。", "通院に同行した。",           "隣の住民から相談があった。",
    "様子を見ることにした。"};

static struct hub_str make_note(struct bench *b, struct hub_buf *out)
{
	const uint32_t n = 6 + roll(b, 8);

	hub_buf_reset(out);
	for (uint32_t i = 0; i < n; i++) {
		for (size_t k = 0; k < HUB_COUNT(rare); k++)
			if (roll(b, rare[k].one_in * n) == 0)
				hub_buf_puts(out, rare[k].word);
		hub_buf_puts(out, usual[roll(b, HUB_COUNT(usual))]);
	}
	return hub_buf_text(out);
}

static int put_note(struct bench *b, struct hub_arena *page, int64_t id, struct hub_str text)
{
	struct hub_text_doc d = {
	    .entity = HUB_STR("activity"), .field = HUB_STR("body"), .row = id};
	int rc = hub_db_run(b->db, &b->err, "INSERT INTO note VALUES (?, ?)", "it", id, text);

	if (!rc && !b->server)
		rc = hub_db_run(b->db, &b->err, "INSERT INTO tri (rowid, text) VALUES (?, ?)", "it",
				id, text);
	return rc ? rc : hub_wordlist_put(b->db, &d, hub_gram_fold(page, text, NULL), &b->err);
}

static int fill(struct bench *b)
{
	HUB_AUTO(arena) struct hub_arena *page = hub_arena_new(0);
	HUB_AUTO(buf) struct hub_buf text;
	int rc = hub_wordlist_make(b->db, &b->err);

	hub_buf_init(&text, 1 << 20);
	if (!rc)
		rc = b->db->ops->exec(
		    b->db,
		    b->server ? "CREATE TABLE note (id BIGINT PRIMARY KEY, text TEXT)"
			      : "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT);"
				"CREATE VIRTUAL TABLE tri USING fts5(text, tokenize='trigram')",
		    &b->err);
	for (int64_t id = 1; !rc && id <= b->notes; id++) {
		if (id % PER_TXN == 1)
			rc = b->db->ops->begin(b->db, 1, &b->err);
		if (!rc)
			rc = put_note(b, page, id, make_note(b, &text));
		if (id % PER_TXN == 0 || id == b->notes)
			rc = hub_db_end(b->db, rc, &b->err);
		if (!rc && !b->db->in_txn)
			rc = hub_wordlist_pack(b->db, &b->err);
		hub_arena_reset(page);
	}
	return rc;
}

/* schedstat: nanoseconds on a processor, and more. */
static double server_ms(const struct bench *b)
{
	char path[64], text[128];
	struct hub_str rest, first;
	int64_t ns = 0;

	snprintf(path, sizeof path, "/proc/%lld/schedstat", (long long)b->backend);
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	const ssize_t n = fd == -1 ? -1 : hub_read(fd, text, sizeof text);
	if (fd != -1)
		close(fd);
	rest = (struct hub_str){text, n > 0 ? (size_t)n : 0};
	if (hub_str_next(&rest, ' ', &first))
		hub_parse_i64(first, 0, INT64_MAX, &ns);
	return (double)ns / 1e6;
}

static double now_ms(const struct bench *b)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6 + (b->server ? server_ms(b) : 0);
}

/* Ids by a statement with one pattern; sum tells sets apart. */
static int by_sql(struct bench *b, const char *sql, struct hub_str word, size_t *n, int64_t *sum)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(b->db, &q, &b->err, sql, "t", word);

	*n = 0;
	*sum = 0;
	while (!rc && (rc = hub_db_next(q, &b->err)) == HUB_OK) {
		const int64_t id = hub_db_int(q, 0);
		*sum += id * (id ^ 0x5bd1e995);
		(*n)++;
	}
	return rc == HUB_END ? HUB_OK : rc;
}

static int by_grams(struct bench *b, struct hub_str word, size_t *n, int64_t *sum)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	struct hub_docs found = {0};
	const int rc = hub_wordlist_find(b->db, a, hub_gram_fold(a, word, NULL), &found, &b->err);

	*n = 0;
	*sum = 0;
	for (int64_t id = 1; !rc && id <= b->notes; id++)
		if (hub_docs_has(&found, id)) {
			*sum += id * (id ^ 0x5bd1e995);
			(*n)++;
		}
	return rc;
}

enum way { GRAMS, LIKE, TRIGRAM, WAYS };

static int ask(struct bench *b, enum way way, struct hub_str word, size_t *n, int64_t *sum)
{
	const struct hub_str like = hub_arena_printf(b->arena, "%%%.*s%%", HUB_FMT(word));

	if (way == GRAMS)
		return by_grams(b, word, n, sum);
	return by_sql(b,
		      way == LIKE ? "SELECT id FROM note WHERE text LIKE ?"
				  : "SELECT rowid FROM tri WHERE text LIKE ?",
		      like, n, sum);
}

/* *bad: other notes, or not fast enough. */
static int measure(struct bench *b, size_t which, int *bad)
{
	const char *text = rare[which].word;
	const struct hub_str word = hub_str_of(text);
	double best[WAYS] = {1e9, 1e9, 1e9};
	size_t n[WAYS];
	int64_t sum[WAYS];

	for (int round = 0; round < ROUNDS; round++)
		for (int w = 0; w < (b->server ? TRIGRAM : WAYS); w++) {
			const double t0 = now_ms(b);
			const int rc = ask(b, (enum way)w, word, &n[w], &sum[w]);
			const double t = now_ms(b) - t0;
			if (rc)
				return rc;
			best[w] = t < best[w] ? t : best[w];
		}
	const double ratio = best[LIKE] / best[GRAMS];
	const int same = n[GRAMS] == n[LIKE] && sum[GRAMS] == sum[LIKE];
	printf("%-22s %7zu notes  grams %8.2f ms  LIKE %8.2f ms (%5.0fx)", text, n[GRAMS],
	       best[GRAMS], best[LIKE], ratio);
	if (!b->server)
		printf("  trigram %8.2f ms (%zu)", best[TRIGRAM], n[TRIGRAM]);
	printf("%s\n", same ? "" : "  OTHER NOTES THAN LIKE");
	*bad |= !same ||
		(ratio < RATIO && hub_utf8_count(word) > 1 && n[LIKE] * FEW <= (size_t)b->notes);
	return HUB_OK;
}

/* What the lists beside the index take. */
static int print_lists(struct bench *b)
{
	int64_t bytes = 0;
	const int rc = b->server ? hub_db_one(b->db, &bytes, &b->err,
					      "SELECT pg_total_relation_size('text_spot')", "")
				 : HUB_OK;

	if (!rc && b->server)
		printf("lists: %lld bytes a note\n", (long long)(bytes / b->notes));
	return rc;
}

int main(int argc, char **argv)
{
	struct bench b = {.arena = hub_arena_new(0), .seed = 88172645463325252u, .notes = NOTES};
	const struct hub_schema *schema;
	int bad = 0;

	if (argc < 2 || (argc > 2 && hub_parse_i64(hub_str_of(argv[2]), 1, 10000000, &b.notes))) {
		fprintf(stderr, "usage: search STORE [NOTES]\n");
		return 2;
	}
	b.server = !hub_str_starts(hub_str_of(argv[1]), HUB_STR("sqlite:"));
	int rc = hub_schema_load(b.arena, "schemas/common-case.cfg", NULL, &schema, NULL, &b.err);
	if (!rc)
		rc = hub_store_open(b.arena, argv[1], HUB_OPEN_CREATE, schema, &b.store, &b.err);
	if (!rc) {
		b.db = hub_store_db(b.store);
		if (b.server)
			rc = hub_db_one(b.db, &b.backend, &b.err, "SELECT pg_backend_pid()", "");
		rc = rc ? rc : fill(&b);
		rc = rc ? rc : print_lists(&b);
	}
	for (size_t i = 0; i < HUB_COUNT(rare) && !rc; i++)
		rc = measure(&b, i, &bad);
	if (rc)
		hub_err_print(stderr, &b.err);
	if (b.store)
		hub_store_close(b.store);
	hub_arena_free(b.arena);
	return rc || bad;
}
