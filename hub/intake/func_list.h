/* The implementations behind the table of func.c. Internal to func*.c. */
#ifndef HUB_INTAKE_FUNC_LIST_H
#define HUB_INTAKE_FUNC_LIST_H

#include "intake/func.h"

enum hub_cell hub_fn_address(struct hub_fcall *c, struct hub_str in, struct hub_str *out);
enum hub_cell hub_fn_after(struct hub_fcall *c, struct hub_str in, struct hub_str *out);
enum hub_cell hub_fn_before(struct hub_fcall *c, struct hub_str in, struct hub_str *out);
enum hub_cell hub_fn_bool(struct hub_fcall *c, struct hub_str in, struct hub_str *out);
enum hub_cell hub_fn_code(struct hub_fcall *c, struct hub_str in, struct hub_str *out);
enum hub_cell hub_fn_codes(struct hub_fcall *c, struct hub_str in, struct hub_str *out);
enum hub_cell hub_fn_date(struct hub_fcall *c, struct hub_str in, struct hub_str *out);
enum hub_cell hub_fn_datetime(struct hub_fcall *c, struct hub_str in, struct hub_str *out);
enum hub_cell hub_fn_day(struct hub_fcall *c, struct hub_str in, struct hub_str *out);
enum hub_cell hub_fn_digits(struct hub_fcall *c, struct hub_str in, struct hub_str *out);
enum hub_cell hub_fn_first(struct hub_fcall *c, struct hub_str in, struct hub_str *out);
enum hub_cell hub_fn_fiscal_year(struct hub_fcall *c, struct hub_str in, struct hub_str *out);
enum hub_cell hub_fn_hiragana(struct hub_fcall *c, struct hub_str in, struct hub_str *out);
enum hub_cell hub_fn_int(struct hub_fcall *c, struct hub_str in, struct hub_str *out);
enum hub_cell hub_fn_join(struct hub_fcall *c, struct hub_str in, struct hub_str *out);
enum hub_cell hub_fn_json(struct hub_fcall *c, struct hub_str in, struct hub_str *out);
enum hub_cell hub_fn_kana(struct hub_fcall *c, struct hub_str in, struct hub_str *out);
enum hub_cell hub_fn_last(struct hub_fcall *c, struct hub_str in, struct hub_str *out);
enum hub_cell hub_fn_lookup(struct hub_fcall *c, struct hub_str in, struct hub_str *out);
enum hub_cell hub_fn_lower(struct hub_fcall *c, struct hub_str in, struct hub_str *out);
enum hub_cell hub_fn_minutes(struct hub_fcall *c, struct hub_str in, struct hub_str *out);
enum hub_cell hub_fn_month(struct hub_fcall *c, struct hub_str in, struct hub_str *out);
enum hub_cell hub_fn_name(struct hub_fcall *c, struct hub_str in, struct hub_str *out);
enum hub_cell hub_fn_nth(struct hub_fcall *c, struct hub_str in, struct hub_str *out);
enum hub_cell hub_fn_null_if(struct hub_fcall *c, struct hub_str in, struct hub_str *out);
enum hub_cell hub_fn_oneline(struct hub_fcall *c, struct hub_str in, struct hub_str *out);
enum hub_cell hub_fn_pad(struct hub_fcall *c, struct hub_str in, struct hub_str *out);
enum hub_cell hub_fn_phone(struct hub_fcall *c, struct hub_str in, struct hub_str *out);
enum hub_cell hub_fn_postal(struct hub_fcall *c, struct hub_str in, struct hub_str *out);
enum hub_cell hub_fn_prefix(struct hub_fcall *c, struct hub_str in, struct hub_str *out);
enum hub_cell hub_fn_replace(struct hub_fcall *c, struct hub_str in, struct hub_str *out);
enum hub_cell hub_fn_split(struct hub_fcall *c, struct hub_str in, struct hub_str *out);
enum hub_cell hub_fn_substr(struct hub_fcall *c, struct hub_str in, struct hub_str *out);
enum hub_cell hub_fn_suffix(struct hub_fcall *c, struct hub_str in, struct hub_str *out);
enum hub_cell hub_fn_time(struct hub_fcall *c, struct hub_str in, struct hub_str *out);
enum hub_cell hub_fn_trim(struct hub_fcall *c, struct hub_str in, struct hub_str *out);
enum hub_cell hub_fn_untag(struct hub_fcall *c, struct hub_str in, struct hub_str *out);
enum hub_cell hub_fn_upper(struct hub_fcall *c, struct hub_str in, struct hub_str *out);
enum hub_cell hub_fn_width(struct hub_fcall *c, struct hub_str in, struct hub_str *out);
enum hub_cell hub_fn_yen(struct hub_fcall *c, struct hub_str in, struct hub_str *out);

void hub_fn_age_on(struct hub_fx *x);
void hub_fn_and(struct hub_fx *x);
void hub_fn_at(struct hub_fx *x);
void hub_fn_concat(struct hub_fx *x);
void hub_fn_equal(struct hub_fx *x);
void hub_fn_file(struct hub_fx *x);
void hub_fn_first_present(struct hub_fx *x);
void hub_fn_greater(struct hub_fx *x);
void hub_fn_greater_equal(struct hub_fx *x);
void hub_fn_hash(struct hub_fx *x);
void hub_fn_if(struct hub_fx *x);
void hub_fn_in(struct hub_fx *x);
void hub_fn_less(struct hub_fx *x);
void hub_fn_less_equal(struct hub_fx *x);
void hub_fn_list(struct hub_fx *x);
void hub_fn_match(struct hub_fx *x);
void hub_fn_matches(struct hub_fx *x);
void hub_fn_not(struct hub_fx *x);
void hub_fn_or(struct hub_fx *x);
void hub_fn_part(struct hub_fx *x);
void hub_fn_plus(struct hub_fx *x);
void hub_fn_present(struct hub_fx *x);
void hub_fn_row(struct hub_fx *x);
void hub_fn_unequal(struct hub_fx *x);

int hub_prepare_bool(struct hub_arena *a, const struct hub_schema *schema, struct hub_op *op,
		     struct hub_err *err);
int hub_prepare_date(struct hub_arena *a, const struct hub_schema *schema, struct hub_op *op,
		     struct hub_err *err);
int hub_prepare_int(struct hub_arena *a, const struct hub_schema *schema, struct hub_op *op,
		    struct hub_err *err);
int hub_prepare_pad(struct hub_arena *a, const struct hub_schema *schema, struct hub_op *op,
		    struct hub_err *err);
int hub_prepare_regex(struct hub_arena *a, const struct hub_schema *schema, struct hub_op *op,
		      struct hub_err *err);
int hub_prepare_replace(struct hub_arena *a, const struct hub_schema *schema, struct hub_op *op,
			struct hub_err *err);
int hub_prepare_substr(struct hub_arena *a, const struct hub_schema *schema, struct hub_op *op,
		       struct hub_err *err);
int hub_prepare_yen(struct hub_arena *a, const struct hub_schema *schema, struct hub_op *op,
		    struct hub_err *err);

#endif
