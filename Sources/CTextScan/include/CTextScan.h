#ifndef MINGCHA_TEXT_SCAN_H
#define MINGCHA_TEXT_SCAN_H

#include <stddef.h>
#include <stdint.h>

/// What stands somewhere in a text; a set of these bits.
enum {
  MINGCHA_TEXT_NOT_ASCII = 1,
  MINGCHA_TEXT_QUOTE = 2,
  MINGCHA_TEXT_RETURN = 4,
  /// A control character that is neither LF, CR nor TAB.
  MINGCHA_TEXT_CONTROL = 8,
  /// The byte EF, with which U+FFFD begins, and other characters too.
  MINGCHA_TEXT_EF = 16
};

typedef struct {
  /// How many line feeds there are.
  size_t feeds;
  /// The place behind the last one; 0 where there is none.
  size_t end;
  uint32_t holds;
} mingcha_text_facts;

/// Looks over a text once, sixteen bytes at a time.
mingcha_text_facts mingcha_text_look(const uint8_t *text, size_t count);

/// Writes the place of every delimiter and line feed outside quotes, in ascending order.
/// `places` has room for `count`; the number written is returned. Without `quotes` a quote is nothing special.
size_t mingcha_text_ends(const uint8_t *text, size_t count, uint8_t delimiter, int quotes, uint32_t *places);

#endif
