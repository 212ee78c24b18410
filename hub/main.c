/* tsunagi: the command line. Finds its own files, picks the language, runs one command. */
#include "base/arena.h"
#include "cli/cli.h"

int main(int argc, char **argv)
{
	hub_heap_setup();
	return hub_cli_main(argc, argv);
}
