#include "release/stats_give.h"

#include "base/clock.h"
#include "base/err.h"
#include "release/approval.h"
#include "release/audit.h"
#include "release/recipient.h"
#include "release/stats_given.h"
#include "store/db.h"

/* --- the gate --------------------------------------------------------------------------------------------------- */

/* The first rule of the decision, for a recipient of counts: known, in contract, not barred. */
static int admit_recipient(struct hub_arena *a, struct hub_db *db, const struct hub_stats_ask *ask,
			   struct hub_err *err)
{
	const struct hub_profile *p = ask->profile;
	const struct hub_recipient base = {.id = p->recipient, .known = 1, .contract = p->contract};
	struct hub_recipient_facts facts;
	int rc = hub_recipient_known(a, db, &base, &facts, err);

	if (rc)
		return rc;
	if (!facts.gate.barred && hub_period_has(facts.gate.contract, ask->today))
		return HUB_OK;
	rc = hub_fail(err, HUB_REFUSED, "recipient-refused",
		      "recipient %.*s is barred or out of its contract", HUB_FMT(p->recipient));
	hub_hint(err, "Look at contract_from and contract_to of the profile and at "
		      "`tsunagi release --help`.");
	return rc;
}

static int admit(struct hub_arena *a, struct hub_db *db, const struct hub_stats_ask *ask,
		 struct hub_err *err)
{
	int rc = hub_release_may_run(db, err);

	if (rc || !ask->profile)
		return rc;
	if (ask->profile->stats.sets.n == 0) {
		rc = hub_fail(err, HUB_REFUSED, "no-statistics", "profile %.*s gives no statistics",
			      HUB_FMT(ask->profile->name));
		hub_hint(err,
			 "Add statistics: { definitions = [...]; } to it and have it approved.");
		return rc;
	}
	if ((rc = hub_approval_check(db, ask->profile, err)))
		return rc;
	return admit_recipient(a, db, ask, err);
}

/* --- counting ------------------------------------------------------------------------------------------------------ */

static int periods_of(struct hub_arena *a, const struct hub_stats_ask *ask,
		      struct hub_stat_period **out, uint32_t *n, struct hub_err *err)
{
	const int64_t years = ask->last_year - ask->first_year + 1;
	struct hub_stat_period *p = hub_alloc_array(a, 13 * (HUB_STATS_YEARS_MAX + 1), sizeof *p);
	char from[11], to[11];

	if (!p)
		return hub_fail_mem(err);
	*out = p;
	if (ask->range.from != HUB_DAY_LAST) {
		hub_day_text(ask->range.from, from);
		hub_day_text(ask->range.to, to);
		*n = 1;
		*p = (struct hub_stat_period){.kind = HUB_STAT_RANGE,
					      .days = ask->range,
					      .label = hub_arena_printf(a, "%s/%s", from, to)};
		return p->label.ptr ? HUB_OK : hub_fail_mem(err);
	}
	if (years < 1 || years > HUB_STATS_YEARS_MAX)
		return hub_fail(err, HUB_USAGE, "too-many-years", "at most %d years at a time",
				(int)HUB_STATS_YEARS_MAX);
	*n = 0;
	for (int64_t y = ask->first_year; y <= ask->last_year; y++, *n += 13)
		if (hub_stats_year(a, y, p + *n))
			return hub_fail_mem(err);
	return HUB_OK;
}

static int log_it(struct hub_db *db, const struct hub_stats_ask *ask, const struct hub_stats *s,
		  int exact, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf b;
	int64_t by_state[4] = {0}, near = 0;

	for (size_t i = 0; i < (size_t)s->cells * s->periods; i++) {
		by_state[s->state[i]]++;
		near += s->near && s->near[i];
	}
	hub_audit_begin(&b);
	if (ask->profile) {
		hub_json_field(&b, "profile", ask->profile->name);
		hub_json_field(&b, "version", hub_str_of(ask->profile->hash));
		hub_json_field(&b, "recipient", ask->profile->recipient);
	}
	hub_json_field(&b, "figures", exact ? HUB_STR("exact") : HUB_STR("guarded"));
	hub_json_int(&b, "cells", (int64_t)s->cells * s->periods);
	hub_json_int(&b, "hidden", by_state[HUB_STAT_HIDDEN]);
	hub_json_int(&b, "hidden_by_difference", near);
	hub_json_int(&b, "rounded", by_state[HUB_STAT_ROUNDED]);
	return hub_audit_end(db, ask->actor, "statistics", ask->object, &b, err);
}

int64_t hub_stats_small(struct hub_stat_sets sets)
{
	int64_t small = HUB_STAT_SMALL_LEAST;

	for (uint32_t i = 0; i < sets.n; i++)
		small = sets.set[i].small > small ? sets.set[i].small : small;
	return small;
}

/* Cells of the first `sets` sets. */
static uint32_t cells_of(const struct hub_stats *s, const struct hub_stat_set *set, uint32_t sets)
{
	uint32_t n = 0;

	while (n < s->cells && s->cell[n].set < set + sets)
		n++;
	return n;
}

/* For a recipient: beside all that it was given before. */
static int guarded_again(struct hub_store *store, const struct hub_stats_ask *ask,
			 struct hub_stats *out, struct hub_err *err)
{
	const struct hub_profile *p = ask->profile;
	struct hub_db *db = hub_store_db(store);
	const int mine = !db->in_txn;
	struct hub_stats_prior *prior;
	struct hub_stat_sets all;
	int rc = hub_stats_given_sets(out->arena, store, p->recipient, p->stats.sets, &all, err);

	if (rc || (rc = hub_stats_guard_check(all, err)) ||
	    (rc = hub_stats_count(out, store, all, err)))
		return rc;
	const uint32_t own = cells_of(out, all.set, p->stats.sets.n);
	/* two outputs at the same time would not know of each other */
	if (mine && (rc = hub_db_begin(db, err)))
		return rc;
	if (!(rc = hub_stats_given_read(db, p->recipient, out, &prior, err)) &&
	    !(rc = hub_stats_guard_again(out, p->stats.small, ask->today, prior, own, err)))
		rc = hub_stats_given_note(db, p->recipient, out, own, p->stats.sets, err);
	out->cells = own;
	return mine ? hub_db_end(db, rc, err) : rc;
}

int hub_stats_give(struct hub_arena *a, struct hub_store *store, const struct hub_stats_ask *ask,
		   struct hub_stats *out, struct hub_err *err)
{
	const struct hub_profile *p = ask->profile;
	const struct hub_stat_sets sets = p ? p->stats.sets : ask->sets;
	const int exact = p && p->stats.exact;
	struct hub_stat_period *period = NULL;
	uint32_t n = 0;
	int rc = admit(a, hub_store_db(store), ask, err);

	if (rc || (rc = periods_of(a, ask, &period, &n, err)))
		return rc;
	if (!exact && ask->range.from != HUB_DAY_LAST) {
		rc = hub_fail(
		    err, HUB_REFUSED, "months-only",
		    "figures with small counts hidden are given for whole months and years");
		hub_hint(err, "Ask for months or a year; other periods are for a profile with "
			      "statistics: { exact = true; }.");
		return rc;
	}
	if (!exact && (rc = hub_stats_guard_check(sets, err)))
		return rc;
	*out = (struct hub_stats){.arena = a, .period = period, .periods = n};
	if (!exact && p)
		rc = guarded_again(store, ask, out, err);
	else if (!(rc = hub_stats_count(out, store, sets, err)) && !exact)
		rc = hub_stats_guard(out, hub_stats_small(sets), ask->today, err);
	if (rc)
		return rc;
	return ask->logged ? HUB_OK : log_it(hub_store_db(store), ask, out, exact, err);
}

/* --- rows ------------------------------------------------------------------------------------------------------------ */

const char *const hub_stats_column_name[HUB_STATS_COLUMNS] = {
    "definition", "measure", "label", "unit", "breakdown", "breakdown_label", "code",
    "category",   "period",  "from",  "to",   "count",     "state",           "note"};
const char *const hub_stats_column_label[HUB_STATS_COLUMNS] = {
    "定義", "項目", "項目名",   "単位",     "内訳", "内訳名", "区分コード",
    "区分", "期間", "期間開始", "期間終了", "件数", "状態",   "備考"};

static const char *const state_names[] = {"exact", "hidden", "rounded", "open"};

int64_t hub_stats_shown(const struct hub_stats *s, int64_t small, uint32_t cell, uint32_t period)
{
	const size_t at = hub_stats_at(s, cell, period);

	return s->state[at] == HUB_STAT_ROUNDED ? (s->count[at] + small / 2) / small * small
						: s->count[at];
}

int hub_stats_row(struct hub_arena *a, const struct hub_stats *s, int64_t small, uint32_t cell,
		  uint32_t period, struct hub_str out[HUB_STATS_COLUMNS])
{
	const struct hub_stat_cell *c = &s->cell[cell];
	const struct hub_stat_period *p = &s->period[period];
	const enum hub_stat_state state = s->state[hub_stats_at(s, cell, period)];
	const struct hub_str none = HUB_STR("");
	char from[11], to[11];

	hub_day_text(p->days.from, from);
	hub_day_text(p->days.to, to);
	out[HUB_STATS_SET] = c->set->name;
	out[HUB_STATS_MEASURE] = c->measure->name;
	out[HUB_STATS_LABEL] = c->measure->label;
	out[HUB_STATS_UNIT] = c->measure->unit;
	out[HUB_STATS_BY] = c->by ? c->by->name : none;
	out[HUB_STATS_BY_LABEL] = c->by ? c->by->label : none;
	out[HUB_STATS_CODE] = c->by ? c->cat->code : none;
	out[HUB_STATS_CATEGORY] = c->by ? c->cat->label : none;
	out[HUB_STATS_PERIOD] = p->label;
	out[HUB_STATS_FROM] = hub_arena_str(a, hub_str_of(from));
	out[HUB_STATS_TO] = hub_arena_str(a, hub_str_of(to));
	out[HUB_STATS_COUNT] =
	    state == HUB_STAT_HIDDEN || state == HUB_STAT_OPEN
		? none
		: hub_arena_printf(a, "%lld", (long long)hub_stats_shown(s, small, cell, period));
	out[HUB_STATS_STATE] = hub_str_of(state_names[state]);
	out[HUB_STATS_NOTE] = s->near && s->near[hub_stats_at(s, cell, period)]
				  ? HUB_STR("先に渡した件数との差が少数のため非表示")
			      : c->measure->source == 'K' || c->measure->source == 'I'
				  ? c->set->note
				  : none;
	return out[HUB_STATS_FROM].ptr && out[HUB_STATS_TO].ptr && out[HUB_STATS_COUNT].ptr ? 0
											    : -1;
}
