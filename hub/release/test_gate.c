/* The gate against a table that a person can read (gate_cases.tsv), against a slow second reading of
 * design §6 over every small question and a million random ones, and against what must hold always. */
#include "test.h"

#include "base/io.h"
#include "release/gate.h"
#include "release/grounds.h"

#include <stdlib.h>
#include <unistd.h>

enum { MANY = 8 };

/* A question with the memory it points to. */
struct sample {
	struct hub_question q;
	struct hub_recipient recipient;
	struct hub_household_person household[MANY];
	struct hub_consent consents[MANY];
	struct hub_str members[MANY];
	struct hub_meeting meeting;
	struct hub_emergency emergency;
};

static struct hub_grounds shipped;
static struct hub_arena *arena;

static int set_up(void **state)
{
	(void)state;
	arena = hub_arena_new(0);
	return hub_grounds_load(arena, hub_report_new(arena), "schemas/grounds.cfg", &shipped,
				NULL);
}

static int tear_down(void **state)
{
	(void)state;
	hub_arena_free(arena);
	return 0;
}

/* --- the table ---------------------------------------------------------------------------------- */

static struct hub_period read_period(struct hub_str s, struct hub_period open)
{
	const size_t dots = hub_str_find(s, HUB_STR(".."), 0);
	struct hub_period p = open;

	if (s.len == 0)
		return p;
	assert_true(dots != (size_t)-1);
	if (dots > 0)
		assert_int_equal(hub_day_parse(hub_str_cut(s, 0, dots), &p.from), 0);
	if (dots + 2 < s.len)
		assert_int_equal(hub_day_parse(hub_str_from(s, dots + 2), &p.to), 0);
	return p;
}

/* Next word of a cell; empty when there is none. */
static struct hub_str word(struct hub_str *cell)
{
	struct hub_str w = {"", 0};

	hub_str_next(cell, ' ', &w);
	return w;
}

static void read_recipient(struct sample *s, struct hub_str cell)
{
	struct hub_str id = word(&cell);
	const char last = id.ptr[id.len - 1];

	if (last == '?' || last == '!')
		id.len--;
	s->recipient = (struct hub_recipient){.id = id,
					      .known = last != '?',
					      .barred = last == '!',
					      .contract = read_period(word(&cell), HUB_ALWAYS)};
	s->q.recipient = &s->recipient;
}

static void read_household(struct sample *s, struct hub_str cell)
{
	static const char *const words[] = {"unknown", "protected", "suspected", "clear"};
	struct hub_str one;

	while (hub_str_next(&cell, ' ', &one) && !hub_str_is(one, "-")) {
		struct hub_household_person *p = &s->household[s->q.n_household++];
		hub_str_next(&one, ':', &p->id);
		int state = 0;
		while (!hub_str_is(one, words[state]))
			assert_true(++state < 4);
		p->protection = (enum hub_protection)state;
	}
	s->q.household = s->household;
}

static void read_meeting(struct sample *s, struct hub_str cell)
{
	if (hub_str_is(cell, "-"))
		return;
	s->meeting = (struct hub_meeting){.id = HUB_STR("M1"), .kind = word(&cell)};
	struct hub_str members = word(&cell), one;
	while (hub_str_next(&members, ',', &one) && !hub_str_is(one, "-"))
		s->members[s->meeting.n_members++] = one;
	s->meeting.members = s->members;
	s->meeting.period = read_period(word(&cell), HUB_NEVER);
	if (s->meeting.period.from == HUB_DAY_LAST || s->meeting.period.to == HUB_DAY_FIRST)
		s->meeting.period = HUB_NEVER;
	s->meeting.case_id = word(&cell);
	s->q.meeting = &s->meeting;
}

/* "P1/A/sensitive/support given FROM..TO; ..." */
static void read_consents(struct sample *s, struct hub_str cell)
{
	static const char *const words[] = {"not_asked", "refused", "withdrawn", "given",
					    "expired"};
	struct hub_str one;

	while (hub_str_next(&cell, ';', &one) && !hub_str_is(one, "-")) {
		struct hub_consent *c = &s->consents[s->q.n_consents++];
		one = hub_str_trim(one);
		struct hub_str what = word(&one);
		const struct hub_str status = word(&one);
		hub_str_next(&what, '/', &c->person);
		hub_str_next(&what, '/', &c->recipient);
		hub_str_next(&what, '/', &c->category);
		hub_str_next(&what, '/', &c->purpose);
		int k = 0;
		while (!hub_str_is(status, words[k]))
			assert_true(++k < 5);
		c->status = (enum hub_consent_status)k;
		c->period = read_period(word(&one), HUB_ALWAYS);
	}
	s->q.consents = s->consents;
}

static void read_question(struct sample *s, struct hub_str cell)
{
	struct hub_str *const part[] = {&s->q.person, &s->q.category, &s->q.purpose};
	struct hub_str w;

	for (int i = 0; i < 3; i++) {
		w = word(&cell);
		*part[i] = hub_str_is(w, "-") ? HUB_STR("") : w;
	}
	assert_int_equal(hub_day_parse(word(&cell), &s->q.day), 0);
	for (w = word(&cell); w.len > 0; w = word(&cell)) {
		if (hub_str_is(w, "reveals"))
			s->q.reveals_address = 1;
		else if (hub_str_starts(w, HUB_STR("case=")))
			s->q.case_id = hub_str_from(w, 5);
		else
			fail_msg("unknown word \"%.*s\"", HUB_FMT(w));
	}
}

static void read_sample(struct sample *s, struct hub_str *line)
{
	struct hub_str cell;

	*s = (struct sample){0};
	s->q.grounds = shipped.row;
	s->q.n_grounds = shipped.n;
	void (*const read[])(struct sample *, struct hub_str) = {
	    read_recipient, read_household, read_meeting, read_consents, read_question};
	for (size_t i = 0; i < HUB_COUNT(read); i++) {
		assert_true(hub_str_next(line, '\t', &cell));
		read[i](s, cell);
	}
}

static const char *show(struct hub_answer a)
{
	return hub_arena_printf(arena, "%s %s%s", hub_decision_name(a.decision),
				hub_reason_name(a.reason), a.confirm ? " confirm" : "")
	    .ptr;
}

static void test_table(void **state)
{
	struct hub_str text, line, name;
	unsigned n = 0, bad = 0;

	(void)state;
	assert_int_equal(hub_file_read(arena, "hub/release/gate_cases.tsv", 1 << 20, &text, NULL),
			 0);
	while (hub_str_next(&text, '\n', &line)) {
		struct sample s;
		if (line.len == 0 || line.ptr[0] == '#')
			continue;
		assert_true(hub_str_next(&line, '\t', &name));
		read_sample(&s, &line);
		const char *got = show(hub_gate_decide(&s.q));
		n++;
		if (!hub_str_is(line, got)) {
			bad++;
			print_error("%.*s: got %s, want %.*s\n", HUB_FMT(name), got, HUB_FMT(line));
		}
	}
	assert_int_equal(bad, 0);
	assert_true(n > 250);
}

/* --- a second, slow reading of design §6 -------------------------------------------------------- */

/* All patterns of one level, written out: the value at the places of mask, "*" elsewhere. */
static int has_pattern(const struct hub_consent *c, const struct hub_question *q, unsigned mask)
{
	const struct hub_str value[3] = {q->recipient->id, q->category, q->purpose};
	const struct hub_str given[3] = {c->recipient, c->category, c->purpose};

	for (unsigned i = 0; i < 3; i++)
		if (!hub_str_eq(given[i], mask & 1u << i ? value[i] : HUB_STR("*")))
			return 0;
	return 1;
}

static int slow_in_force(const struct hub_consent *c, const struct hub_question *q)
{
	if (!hub_str_eq(c->person, q->person) || q->day < c->period.from)
		return 0;
	return c->status == HUB_CONSENT_WITHDRAWN || q->day <= c->period.to;
}

static struct hub_answer slow_consents(const struct hub_question *q)
{
	for (int level = 3; level >= 0; level--) {
		unsigned count[5] = {0};
		for (unsigned mask = 0; mask < 8; mask++)
			for (uint32_t i = 0; i < q->n_consents; i++)
				if (__builtin_popcount(mask) == level &&
				    slow_in_force(&q->consents[i], q) &&
				    has_pattern(&q->consents[i], q, mask))
					count[q->consents[i].status]++;
		if (count[HUB_CONSENT_WITHDRAWN])
			return (struct hub_answer){HUB_MASK, HUB_WHY_WITHDRAWN, 0};
		if (count[HUB_CONSENT_REFUSED])
			return (struct hub_answer){HUB_MASK, HUB_WHY_REFUSED, 0};
		if (count[HUB_CONSENT_NOT_ASKED])
			return (struct hub_answer){HUB_MASK, HUB_WHY_NOT_ASKED, 0};
		if (count[HUB_CONSENT_GIVEN])
			return (struct hub_answer){HUB_ALLOW, HUB_WHY_GIVEN, 0};
	}
	return (struct hub_answer){HUB_MASK, HUB_WHY_NO_CONSENT, 1};
}

static int slow_ground_acts(const struct hub_ground *g, const struct hub_question *q)
{
	if (!g->active || g->needs_consent || !hub_str_eq(g->purpose, q->purpose) ||
	    q->day < g->valid.from || q->day > g->valid.to)
		return 0;
	for (uint32_t k = 0; k < g->n_kinds; k++)
		if (hub_str_eq(g->kinds[k], q->meeting->kind))
			return 1;
	return 0;
}

static int slow_meeting(const struct hub_question *q)
{
	int invited = 0, grounds = 0;

	if (!q->meeting)
		return 0;
	for (uint32_t i = 0; i < q->meeting->n_members; i++)
		invited |= hub_str_eq(q->meeting->members[i], q->recipient->id);
	for (uint32_t g = 0; g < q->n_grounds; g++)
		grounds |= slow_ground_acts(&q->grounds[g], q);
	return invited && grounds && hub_str_eq(q->meeting->case_id, q->case_id) &&
	       q->day >= q->meeting->period.from && q->day <= q->meeting->period.to;
}

static struct hub_answer slow_gate(const struct hub_question *q)
{
	int here = 0, clear = 1;

	if (!q->recipient->known)
		return (struct hub_answer){HUB_WITHHOLD, HUB_WHY_RECIPIENT_UNKNOWN, 0};
	if (q->day < q->recipient->contract.from || q->day > q->recipient->contract.to)
		return (struct hub_answer){HUB_WITHHOLD, HUB_WHY_NO_CONTRACT, 0};
	if (q->recipient->barred)
		return (struct hub_answer){HUB_WITHHOLD, HUB_WHY_BARRED, 0};
	for (uint32_t i = 0; i < q->n_household; i++) {
		here |= hub_str_eq(q->household[i].id, q->person);
		clear &= q->household[i].protection == HUB_PROT_CLEAR;
	}
	if (!here)
		return (struct hub_answer){HUB_WITHHOLD, HUB_WHY_PERSON_UNKNOWN, 0};
	if (q->reveals_address && !clear)
		return (struct hub_answer){HUB_WITHHOLD, HUB_WHY_ADDRESS, 0};
	if (slow_meeting(q))
		return (struct hub_answer){HUB_ALLOW, HUB_WHY_GROUND, 0};
	if (q->n_emergencies && hub_str_eq(q->person, q->emergencies->person) &&
	    hub_str_eq(q->recipient->id, q->emergencies->recipient))
		return (struct hub_answer){HUB_ALLOW, HUB_WHY_EMERGENCY, 0};
	return slow_consents(q);
}

/* --- questions without number -------------------------------------------------------------------- */

static uint64_t dice_state = 20260401;

/* xorshift: the same questions in every run */
static unsigned dice(unsigned sides)
{
	dice_state ^= dice_state << 13;
	dice_state ^= dice_state >> 7;
	dice_state ^= dice_state << 17;
	return (unsigned)(dice_state >> 33) % sides;
}

static struct hub_str pick(const char *const *words, unsigned n)
{
	return hub_str_of(words[dice(n)]);
}

static const char *const people[] = {"P1", "P2", "P3"};
static const char *const agencies[] = {"A", "B", "*"};
static const char *const categories[] = {"sensitive", "contact", "*"};
static const char *const purposes[] = {"meeting", "support", "*"};
static const char *const kinds[] = {"支援会議", "重層的支援会議", "", "support_meeting"};
static const char *const cases[] = {"", "C1", "C2"};

static struct hub_period dice_period(void)
{
	return (struct hub_period){dice(3) ? (int32_t)dice(7) : HUB_DAY_FIRST,
				   dice(3) ? (int32_t)dice(7) : HUB_DAY_LAST};
}

static struct hub_consent dice_consent(void)
{
	return (struct hub_consent){.person = pick(people, 2),
				    .recipient = pick(agencies, 3),
				    .category = pick(categories, 3),
				    .purpose = pick(purposes, 3),
				    .status = (enum hub_consent_status)dice(5),
				    .period = dice_period()};
}

/* Days 0..6 only: the ground of the tests is in force on days 1..5. */
static void dice_sample(struct sample *s, const struct hub_ground *ground)
{
	*s = (struct sample){.recipient = {.id = pick(agencies, 2),
					   .known = dice(20) != 0,
					   .barred = dice(20) == 0,
					   .contract = dice(4) ? HUB_ALWAYS : dice_period()}};
	s->q = (struct hub_question){.recipient = &s->recipient,
				     .person = pick(people, dice(20) ? 1 : 3),
				     .category = pick(categories, 2),
				     .purpose = pick(purposes, 2),
				     .case_id = pick(cases, dice(3) ? 1 : 3),
				     .day = (int32_t)dice(7),
				     .reveals_address = dice(3) == 0,
				     .household = s->household,
				     .n_household = dice(4),
				     .consents = s->consents,
				     .n_consents = dice(6),
				     .grounds = ground,
				     .n_grounds = 1};
	for (uint32_t i = 0; i < s->q.n_household; i++)
		s->household[i] = (struct hub_household_person){
		    hub_str_of(people[i]), dice(3) ? HUB_PROT_CLEAR : (enum hub_protection)dice(4)};
	for (uint32_t i = 0; i < s->q.n_consents; i++)
		s->consents[i] = dice_consent();
	if (dice(2)) {
		s->members[0] = pick(agencies, 2);
		s->members[1] = pick(agencies, 2);
		s->meeting = (struct hub_meeting){.kind = pick(kinds, 4),
						  .members = s->members,
						  .n_members = dice(3),
						  .period = dice_period(),
						  .case_id = pick(cases, dice(3) ? 1 : 3)};
		s->q.meeting = &s->meeting;
	}
	s->emergency = (struct hub_emergency){pick(agencies, 3), pick(people, 3)};
	s->q.emergencies = &s->emergency;
	s->q.n_emergencies = dice(8) == 0;
}

/* The statutory row of the shipped table, made to begin and end within the days of the tests. */
static struct hub_ground small_ground(void)
{
	for (uint32_t i = 0; i < shipped.n; i++)
		if (hub_str_is(shipped.row[i].id, "shakai-fukushi-106-6")) {
			struct hub_ground g = shipped.row[i];
			g.valid = (struct hub_period){1, 5};
			return g;
		}
	fail_msg("no statutory meeting in schemas/grounds.cfg");
	return (struct hub_ground){0};
}

static void same_answer(const struct hub_question *q)
{
	const struct hub_answer got = hub_gate_decide(q), want = slow_gate(q);

	if (got.decision != want.decision || got.reason != want.reason ||
	    got.confirm != want.confirm)
		fail_msg("gate says %s, the slow reading %s", show(got), show(want));
}

static void test_random_against_slow(void **state)
{
	const struct hub_ground ground = small_ground();
	unsigned seen[HUB_WHYS] = {0};
	struct sample s;

	(void)state;
	for (int i = 0; i < 1000000; i++) {
		dice_sample(&s, &ground);
		same_answer(&s.q);
		seen[hub_gate_decide(&s.q).reason]++;
	}
	/* a generator that never reaches a branch proves nothing about it */
	for (int why = HUB_WHY_MALFORMED + 1; why <= HUB_WHY_NO_CONSENT; why++)
		assert_true(seen[why] > 1000);
}

/* Every pair of consents (2 x 27 patterns x 5 states each) with and without meeting. */
static void test_every_pair_of_consents(void **state)
{
	const struct hub_ground ground = small_ground();
	struct sample s;
	struct hub_consent all[135];
	unsigned n = 0;

	(void)state;
	for (unsigned pattern = 0; pattern < 27; pattern++)
		for (unsigned status = 0; status < 5; status++)
			all[n++] = (struct hub_consent){
			    .person = HUB_STR("P1"),
			    .recipient = hub_str_of(agencies[pattern % 3]),
			    .category = hub_str_of(categories[pattern / 3 % 3]),
			    .purpose = hub_str_of(purposes[pattern / 9]),
			    .status = (enum hub_consent_status)status,
			    .period = HUB_ALWAYS};
	dice_sample(&s, &ground);
	s.recipient = (struct hub_recipient){HUB_STR("A"), 1, 0, HUB_ALWAYS};
	s.q.person = s.household[0].id = HUB_STR("P1");
	s.household[0].protection = HUB_PROT_CLEAR;
	s.q.n_household = 1;
	s.q.n_consents = 2;
	s.q.meeting = NULL;
	for (unsigned i = 0; i < n; i++)
		for (unsigned k = 0; k < n; k++) {
			s.consents[0] = all[i];
			s.consents[1] = all[k];
			same_answer(&s.q);
		}
}

/* --- what must hold whatever the question -------------------------------------------------------- */

static void swap_consents(struct sample *s)
{
	for (uint32_t i = s->q.n_consents; i > 1; i--) {
		const unsigned k = dice(i);
		const struct hub_consent keep = s->consents[i - 1];
		s->consents[i - 1] = s->consents[k];
		s->consents[k] = keep;
	}
}

static void never_looser(const struct hub_question *q, enum hub_decision before, const char *what)
{
	if (hub_gate_decide(q).decision > before)
		fail_msg("%s loosened the decision to %s", what, show(hub_gate_decide(q)));
}

static void test_always(void **state)
{
	const struct hub_ground ground = small_ground();
	struct sample s;

	(void)state;
	for (int i = 0; i < 300000; i++) {
		dice_sample(&s, &ground);
		const struct hub_answer a = hub_gate_decide(&s.q);

		assert_true(!a.confirm || a.decision == HUB_MASK);
		swap_consents(&s);
		const struct hub_answer swapped = hub_gate_decide(&s.q);
		assert_memory_equal(&swapped, &a, sizeof a);

		/* one more withdrawal, or one more protected person, never opens anything */
		struct hub_consent *last = &s.consents[s.q.n_consents++];
		*last = dice_consent();
		last->status = HUB_CONSENT_WITHDRAWN;
		never_looser(&s.q, a.decision, "a withdrawal");
		s.q.n_consents--;
		if (s.q.n_household > 0) {
			struct hub_household_person *p = &s.household[dice(s.q.n_household)];
			const enum hub_protection kept = p->protection;
			p->protection = (enum hub_protection)dice(3);
			never_looser(&s.q, a.decision, "a protection");
			if (s.q.reveals_address)
				assert_int_equal(hub_gate_decide(&s.q).decision, HUB_WITHHOLD);
			p->protection = kept;
		}
		s.recipient.barred = 1;
		assert_int_equal(hub_gate_decide(&s.q).decision, HUB_WITHHOLD);
	}
}

/* Protected, suspected, unknown: the answer is the same to the last word. */
static void test_states_look_alike(void **state)
{
	const struct hub_ground ground = small_ground();
	struct sample s;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		dice_sample(&s, &ground);
		if (s.q.n_household == 0)
			continue;
		struct hub_answer a[3];
		for (int k = 0; k < 3; k++) {
			s.household[s.q.n_household - 1].protection = (enum hub_protection)k;
			a[k] = hub_gate_decide(&s.q);
		}
		assert_memory_equal(&a[0], &a[1], sizeof a[0]);
		assert_memory_equal(&a[0], &a[2], sizeof a[0]);
	}
}

static void test_zeroed_question(void **state)
{
	const struct hub_question nothing = {0};
	const struct hub_recipient nobody = {0};
	const struct hub_question q = {.recipient = &nobody, .person = HUB_STR("P1")};

	(void)state;
	assert_int_equal(hub_gate_decide(&nothing).decision, HUB_WITHHOLD);
	assert_int_equal(hub_gate_decide(&q).decision, HUB_WITHHOLD);
}

/* --- days and grounds ---------------------------------------------------------------------------- */

static void test_days(void **state)
{
	static const struct {
		const char *text;
		int32_t day; /* -1: no day */
	} rows[] = {
	    {"1970-01-01", 0},
	    {"1970-01-01T00:00:00+09:00", 0},
	    {"1970-01-01T14:59:59Z", 0},
	    {"1970-01-01T15:00:00Z", 1},
	    {"1970-01-01 23:59", 0},
	    {"1970-01-01T24:00:00", -1},
	    {"1970-01-01T23:59:59.999", 0},
	    {"1970-01-01T23:59:60+0900", 0},
	    {"1970-01-02T00:00:00+10", 0},
	    {"1970-01-01T12:00:00-12:00", 1},
	    {"1970-01-31T23:00:00-15:59", 31},
	    {"2000-02-29", 11016},
	    {"2001-02-29", -1},
	    {"2026-04-31", -1},
	    {"2026-13-01", -1},
	    {"2026-00-10", -1},
	    {"2026-4-1", -1},
	    {"2026/04/01", -1},
	    {"2026-04", -1},
	    {"2026", -1},
	    {"", -1},
	    {"2026-04-01x", -1},
	    {"2026-04-01T", -1},
	    {"2026-04-01T10", -1},
	    {"2026-04-01T10:00:00+25:00", -1},
	    {"2026-04-01T10:00:00.", -1},
	    {"2026-04-01T10:00ZZ", -1},
	    {"+026-04-01", -1},
	    {"２０２６-04-01", -1},
	};

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(rows); i++) {
		int32_t day = -1;
		const int rc = hub_day_parse(hub_str_of(rows[i].text), &day);
		if (rc != (rows[i].day == -1 ? -1 : 0) || day != rows[i].day)
			fail_msg("%s: rc %d, day %d", rows[i].text, rc, (int)day);
	}
}

static void test_shipped_grounds(void **state)
{
	unsigned acting = 0;

	(void)state;
	assert_true(shipped.n >= 6);
	for (uint32_t i = 0; i < shipped.n; i++)
		acting += shipped.row[i].active && !shipped.row[i].needs_consent &&
			  !shipped.row[i].emergency;
	assert_int_equal(acting, 1);
	for (uint32_t i = 0; i < shipped.n; i++) /* what nobody has verified is off */
		assert_true(!shipped.row[i].active || shipped.row[i].source == 'S');
}

static void test_grounds_errors(void **state)
{
	static const char text[] =
	    "grounds = (\n"
	    "\t{ id = \"a\"; law = \"L\"; source = \"X\"; aktive = true; },\n"
	    "\t{ id = \"b\"; law = \"L\"; source = \"S\"; active = true;\n"
	    "\t  needs_consent = false; },\n"
	    "\t{ id = \"c\"; source = \"K\"; meeting = [\"m\"]; valid_from = \"soon\"; },\n"
	    "\t{ id = \"e\"; law = \"L\"; source = \"K\"; meeting = [\"m\"]; valid_from = "
	    "\"soon\"; },\n"
	    "\t{ id = \"d\"; law = \"L\"; source = \"K\"; meeting = [\"m\"]; valid_to = "
	    "\"2020-01-01\";\n"
	    "\t  valid_from = \"2020-01-02\"; }\n"
	    ");\n";
	static const char *const want[] = {":2:",         "aktive",
					   ":3:",         "an active ground",
					   "law",         "first day of the period",
					   "ends before", "meeting \"m\" is already"};
	char path[] = "/tmp/test_grounds_XXXXXX";
	struct hub_report *report = hub_report_new(arena);
	struct hub_grounds g;
	struct hub_err err = {0};
	char *printed = NULL;
	size_t len = 0;

	(void)state;
	const int fd = mkstemp(path);
	assert_true(fd != -1);
	assert_int_equal(hub_write_all(fd, text, sizeof text - 1), 0);
	close(fd);
	assert_int_equal(hub_grounds_load(arena, report, path, &g, &err), HUB_CONF);
	unlink(path);
	assert_int_equal(g.n, 0);
	FILE *out = open_memstream(&printed, &len);
	hub_report_print(report, out);
	fclose(out);
	for (size_t i = 0; i < HUB_COUNT(want); i++)
		if (!strstr(printed, want[i]))
			fail_msg("not reported: %s\n%s", want[i], printed);
	free(printed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_table),
	    cmocka_unit_test(test_every_pair_of_consents),
	    cmocka_unit_test(test_random_against_slow),
	    cmocka_unit_test(test_always),
	    cmocka_unit_test(test_states_look_alike),
	    cmocka_unit_test(test_zeroed_question),
	    cmocka_unit_test(test_days),
	    cmocka_unit_test(test_shipped_grounds),
	    cmocka_unit_test(test_grounds_errors),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
