/* The words of lines that add a table up: such a line is nobody's record. Text is UTF-8. */
#ifndef HUB_INTAKE_TOTAL_H
#define HUB_INTAKE_TOTAL_H

#include "base/str.h"

/* A cell that says nothing else: 合計, 小　計. */
int hub_is_total(struct hub_str text);
/* With what is summed in front of it: 健康課 計, 健康課小計. */
int hub_ends_in_total(struct hub_str text);

#endif
