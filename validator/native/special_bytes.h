/* Finds the bytes that a string cannot simply pass over, and checks UTF-8. */
#ifndef UCLINT_SPECIAL_BYTES_H
#define UCLINT_SPECIAL_BYTES_H

#include "json_bytes.h"

/* Words that `find_special_bytes` fills for so many bytes: 64 bytes a word, and some beyond the end. */
#define SPECIAL_WORDS(size) ((size) / 64 + 4)

/* Sets the bit of each quote, backslash and control character; returns whether all is UTF-8. Bits beyond the end are
 * set: no search runs past them. */
extern int (*find_special_bytes)(uint64_t *bits, const uint8_t *text, size_t size);

/* PORTABLE reads byte by byte, BASELINE uses what every processor of the kind has, WIDEST what this one has. */
enum instructions { WIDEST, BASELINE, PORTABLE };

void choose_instructions(enum instructions most);

/* The name of the instructions in use. */
const char *instructions_in_use(void);

int is_utf8(const uint8_t *from, const uint8_t *end);

#endif
