/* Decimal digits of a stored number, rounded as a spreadsheet rounds: halves away from zero, on the
 * fifteen digits that it holds to be exact. */
#ifndef SOURCE_XLSX_DECIMAL_H
#define SOURCE_XLSX_DECIMAL_H

#include <hub/plugin.h>

enum { DECIMAL_GENERAL = 40, DECIMAL_DIGITS = 15 };

/* 0.d1 d2 d3... x 10^exp, no zero at either end; n == 0: zero. */
struct decimal {
	char digit[DECIMAL_DIGITS + 1];
	int n, exp;
};

/* 0, or -1: no number, or none that is finite. */
int decimal_value(struct hub_str text, double *out);
void decimal_read(struct decimal *d, double v); /* v >= 0 */
void decimal_shift(struct decimal *d, int by);  /* x 10^by */
/* To so many digits behind the point. */
void decimal_round(struct decimal *d, int places);
int decimal_is_zero(const struct decimal *d);
/* Digits before the point; 0 when it is less than 1. */
unsigned decimal_whole(const struct decimal *d);
/* The digit of 10^place. */
char decimal_digit(const struct decimal *d, int place);
/* Place of the last digit that is not zero. */
int decimal_last(const struct decimal *d);
/* As the format General shows it in a column that is wide enough, whole numbers with all digits.
 * out: DECIMAL_GENERAL bytes, ends in NUL. Returns the length, 0 when text is no number. */
size_t decimal_general(struct hub_str text, char *out);

#endif
