#include "base/json.h"

#include "base/arena.h"

/* jansson 2.14 reads on when a token cannot grow, without the byte that there was no room for: "12" became 1 and
 * a text lost a character, with no word of it. So what it asks for is asked for here, and remembered. */
static _Thread_local int starved;

static void *get(size_t n)
{
	void *p = hub_heap_get(n);

	starved |= p == NULL;
	return p;
}

void hub_json_init(void)
{
	json_set_alloc_funcs(get, hub_heap_put);
}

void hub_json_watch(void)
{
	starved = 0;
}

int hub_json_starved(void)
{
	return starved;
}

json_t *hub_json_read(struct hub_str text, size_t flags, json_error_t *why)
{
	const int before = starved;

	starved = 0;
	json_t *j = json_loadb(text.ptr ? text.ptr : "", text.len, flags, why);
	const int whole = !starved;

	starved |= before;
	errno = 0;
	if (whole)
		return j;
	json_decref(j);
	errno = ENOMEM;
	if (why)
		*why = (json_error_t){.text = "out of memory", .line = -1, .column = -1};
	return NULL;
}

void hub_json_text(const json_t *object, const char *name, char *to, size_t size)
{
	const char *z = json_string_value(json_object_get(object, name));

	snprintf(to, size, "%s", z ? z : "");
}
