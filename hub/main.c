/* tsunagi: the command line. Finds its own files, picks the language, runs one command. */
#include "base/arena.h"
#include "base/json.h"
#include "cli/cli.h"

int main(int argc, char **argv)
{
	hub_heap_setup();
	hub_json_init();
	return hub_cli_main(argc, argv);
}
