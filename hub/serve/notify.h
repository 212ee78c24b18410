/* Tells the service manager how we are (sd_notify(3)): a datagram to the socket that NOTIFY_SOCKET names.
 * Without one nothing happens. */
#ifndef HUB_SERVE_NOTIFY_H
#define HUB_SERVE_NOTIFY_H

#include <stdint.h>

/* "READY=1", "STOPPING=1", "WATCHDOG=1", "STATUS=...", several with line ends between. */
void hub_notify(const char *state);
/* How often the watchdog wants to hear from us, half its limit, in ms; 0: not at all. */
int64_t hub_notify_interval(void);

#endif
