/* tsunagi: the command line. Finds its own files, picks the language, runs one command. */
#include "cli/cli.h"

int main(int argc, char **argv)
{
	return hub_cli_main(argc, argv);
}
