/* libFuzzer target: the configuration reader on any bytes. Checked besides memory: what our scanner
 * lets pass libconfig reads as well, every setting has its place inside the text, and the report
 * prints. */
#include "conf/conf.h"
#include "conf/job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check(int fine, const char *what)
{
	if (fine)
		return;
	fprintf(stderr, "broken promise: %s\n", what);
	abort();
}

static void walk(const config_setting_t *s)
{
	const struct hub_place name = hub_conf_place(s), value = hub_conf_value_place(s);

	if (!config_setting_is_root(s)) {
		check(name.src && name.at + name.len <= name.src->text.len, "place of a name");
		check(value.src && value.at + value.len <= value.src->text.len, "place of a value");
		check(value.len > 0, "a value has a length");
	}
	if (!config_setting_is_root(s) && config_setting_name(s))
		check(name.len == strlen(config_setting_name(s)) &&
			  memcmp(name.src->text.ptr + name.at, config_setting_name(s), name.len) ==
			      0,
		      "the place of a name holds the name");
	const struct hub_str text = hub_conf_text(s);
	for (size_t i = 0; i <= text.len && i < 100; i++) {
		const struct hub_place p = hub_conf_inside(s, i, i < text.len);
		check(p.at >= value.at && p.at + p.len <= value.at + value.len, "place in a text");
	}
	for (unsigned i = 0; config_setting_is_aggregate(s) && i < hub_conf_count(s); i++)
		walk(hub_conf_child(s, i));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct hub_str text = {(const char *)data, size};
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	HUB_AUTO(conf) struct hub_conf *c = NULL;
	struct hub_report *r = hub_report_new(a);
	struct hub_jobs jobs;
	struct hub_err err;

	if (memmem(data, size, "@include", 8)) /* other files are not the fuzzer's business */
		return 0;
	const int rc = hub_conf_read_text(a, r, "fuzz.cfg", text, &c, &err);
	check(rc == HUB_OK || rc == HUB_CONF, "the result has a meaning");
	check((rc == HUB_OK) == (c != NULL), "a tree or an error");
	if (c) {
		walk(hub_conf_root(c));
		hub_jobs_take(c, a, &jobs, r);
	} else {
		check(hub_report_count(r) > 0, "a failure has a problem");
	}
	for (size_t i = 0; i < hub_report_count(r); i++)
		check(strcmp(hub_report_at(r, i)->code, "syntax") != 0,
		      "libconfig refuses what the scanner let pass");
	FILE *out = fopen("/dev/null", "w");
	hub_report_print(r, out);
	fclose(out);
	return 0;
}
