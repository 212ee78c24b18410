/* tsunagi: the command line. Finds its own files, picks the language, runs one command. */
#include "base/arena.h"
#include "base/json.h"
#include "cli/cli.h"

#include <sys/resource.h>

/* What is in memory is read by nobody after a crash. 1, not 0: with 0 the kernel still pipes it to a program that
 * collects cores. */
static void leave_no_core(void)
{
	const struct rlimit one = {1, 1};

	setrlimit(RLIMIT_CORE, &one);
}

int main(int argc, char **argv)
{
	leave_no_core();
	hub_heap_setup();
	hub_json_init();
	return hub_cli_main(argc, argv);
}
