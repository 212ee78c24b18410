/* Names in katakana and Latin letters, put together anew from those of the corpora. */
#include "train.h"

/* 0 katakana, 1 Latin, 2 what joins parts of a name, -1 else */
static int script_of(int32_t c)
{
	if (c >= 0x30a1 && c <= 0x30fc && c != 0x30fb)
		return 0;
	if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= 0xc0 && c <= 0x24f))
		return 1;
	return c == 0x30fb || c == ' ' || c == '.' || c == '=' || c == 0xff1d || c == 0x30a0 ? 2
											     : -1;
}

/* Cuts the next run of one script off *rest. */
static int next_run(struct hub_str *rest, struct hub_str *run)
{
	size_t at = 0, end = 0;
	int script = -1;

	while (at < rest->len) {
		const int s = script_of(hub_utf8_next(*rest, &at));
		if (end && s != script)
			break;
		script = s;
		end = at;
	}
	*run = hub_str_cut(*rest, 0, end);
	*rest = hub_str_from(*rest, end);
	return script;
}

static int is_foreign(struct hub_str name)
{
	struct hub_str run;
	int parts = 0;

	while (name.len) {
		const int s = next_run(&name, &run);
		if (s < 0)
			return 0;
		parts += s < 2;
	}
	return parts > 0;
}

int foreign_add(struct foreign *f, struct hub_arena *a, struct hub_str name)
{
	struct hub_str run;

	if (!is_foreign(name))
		return 0;
	while (name.len) {
		const int s = next_run(&name, &run);
		if (s > 1 || f->parts[s] == PARTS_MAX || run.len < 3)
			continue;
		const struct hub_str copy = hub_arena_str(a, run);
		if (!copy.ptr)
			return -1;
		f->part[s][f->parts[s]++] = copy;
	}
	return 0;
}

/* First or last half, cut between characters. */
static struct hub_str half(struct hub_str s, int last)
{
	const size_t n = hub_utf8_count(s);
	size_t at = 0;

	for (size_t i = 0; i < (n + 1) / 2; i++)
		hub_utf8_next(s, &at);
	return last ? hub_str_from(s, at) : hub_str_cut(s, 0, at);
}

struct hub_str foreign_name(const struct foreign *f, struct rng *r, struct hub_arena *a,
			    struct hub_str name)
{
	struct hub_str out = HUB_STR(""), run;

	if (!is_foreign(name))
		return (struct hub_str){NULL, 0};
	while (name.len) {
		const int s = next_run(&name, &run);
		if (s < 2 && f->parts[s] && run.len > 2) {
			const struct hub_str x = f->part[s][rng_below(r, f->parts[s])],
					     y = f->part[s][rng_below(r, f->parts[s])];
			run = rng_chance(r, 50)
				  ? x
				  : hub_arena_printf(a, "%.*s%.*s", HUB_FMT(half(x, 0)),
						     HUB_FMT(half(y, 1)));
		}
		out = hub_arena_printf(a, "%.*s%.*s", HUB_FMT(out), HUB_FMT(run));
	}
	return out;
}
