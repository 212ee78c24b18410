#include "base/cores.h"

#include <unistd.h>

enum { MOST = 4 };

unsigned hub_cores_usual(void)
{
	const long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : n > MOST ? MOST : (unsigned)n;
}
