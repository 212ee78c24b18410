/* tsunagi: the command line. Finds its own files, picks the language, runs one command. */
#include "base/arena.h"
#include "base/json.h"
#include "cli/cli.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

/* What is in memory is read by nobody after a crash. 1, not 0: with 0 the kernel still pipes it to a program that
 * collects cores. */
static void leave_no_core(void)
{
	const struct rlimit one = {1, 1};

	setrlimit(RLIMIT_CORE, &one);
}

/* Where one of them is closed, the next file that is opened would have its number, and get what is meant for it: a message
 * into the store. What takes its place can be neither read nor written, so that it is told as before. */
static void hold_standard_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) == -1)
			(void)!open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

int main(int argc, char **argv)
{
	leave_no_core();
	hold_standard_streams();
	hub_heap_setup();
	hub_json_init();
	return hub_cli_main(argc, argv);
}
