// The two looks at a text's bytes that Swift's vectors have no word for: a comparison gathered into bits.

#include "CTextScan.h"

#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

typedef uint8_t bytes16 __attribute__((vector_size(16)));
typedef int8_t mask16 __attribute__((vector_size(16)));

static inline bytes16 load16(const uint8_t *text) {
  bytes16 value;
  memcpy(&value, text, sizeof value);
  return value;
}

static inline bytes16 all16(uint8_t byte) {
  bytes16 value;
  memset(&value, byte, sizeof value);
  return value;
}

static inline int any16(bytes16 value) {
  uint64_t words[2];
  memcpy(words, &value, sizeof words);
  return (words[0] | words[1]) != 0;
}

// The top bit of each byte of a comparison, the first byte lowest.
static inline uint64_t bits16(mask16 mask) {
#if defined(__SSE2__)
  return (uint32_t)_mm_movemask_epi8((__m128i)mask);
#else
  uint64_t words[2];
  memcpy(words, &mask, sizeof words);
  const uint64_t low = ((words[0] & 0x8080808080808080u) >> 7) * 0x0102040810204080u >> 56;
  const uint64_t high = ((words[1] & 0x8080808080808080u) >> 7) * 0x0102040810204080u >> 56;
  return low | high << 8;
#endif
}

static uint32_t held(uint8_t byte) {
  return (byte >= 0x80 ? MINGCHA_TEXT_NOT_ASCII : 0) | (byte == 0x22 ? MINGCHA_TEXT_QUOTE : 0) |
         (byte == 0x0D ? MINGCHA_TEXT_RETURN : 0) | (byte == 0xEF ? MINGCHA_TEXT_EF : 0) |
         (byte < 0x20 && byte != 0x0A && byte != 0x0D && byte != 0x09 ? MINGCHA_TEXT_CONTROL : 0);
}

mingcha_text_facts mingcha_text_look(const uint8_t *text, size_t count) {
  mingcha_text_facts facts = {0, 0, 0};
  const bytes16 none = all16(0), feed = all16(0x0A), back = all16(0x0D), tab = all16(0x09), space = all16(0x20);
  const bytes16 mark = all16(0x22), wide = all16(0xEF), top = all16(0x80);
  bytes16 high = none, quotes = none, returns = none, controls = none, wides = none;
  size_t place = 0;
  while (place + 16 <= count) {
    // A byte of the sums holds 255 at most before they are added up.
    bytes16 sums = none;
    const size_t left = (count - place) / 16;
    const size_t stop = place + 16 * (left < 255 ? left : 255);
    for (; place < stop; place += 16) {
      const bytes16 here = load16(text + place);
      const bytes16 feeds = (bytes16)(here == feed), back_here = (bytes16)(here == back);
      sums -= feeds;
      high |= here & top;
      quotes |= (bytes16)(here == mark);
      returns |= back_here;
      wides |= (bytes16)(here == wide);
      controls |= (bytes16)(here < space) & ~(feeds | back_here | (bytes16)(here == tab));
    }
    for (int lane = 0; lane < 16; lane++) facts.feeds += sums[lane];
  }
  if (any16(high)) facts.holds |= MINGCHA_TEXT_NOT_ASCII;
  if (any16(quotes)) facts.holds |= MINGCHA_TEXT_QUOTE;
  if (any16(returns)) facts.holds |= MINGCHA_TEXT_RETURN;
  if (any16(controls)) facts.holds |= MINGCHA_TEXT_CONTROL;
  if (any16(wides)) facts.holds |= MINGCHA_TEXT_EF;
  for (; place < count; place++) {
    facts.holds |= held(text[place]);
    facts.feeds += text[place] == 0x0A;
  }
  if (facts.feeds > 0) {
    facts.end = count;
    while (text[facts.end - 1] != 0x0A) facts.end--;
  }
  return facts;
}

size_t mingcha_text_ends(const uint8_t *text, size_t count, uint8_t delimiter, int quotes, uint32_t *places) {
  const bytes16 feed = all16(0x0A), divide = all16(delimiter), mark = all16(0x22);
  size_t found = 0;
  uint64_t quoted = 0;
  uint8_t rest[64];
  for (size_t place = 0; place < count; place += 64) {
    const uint8_t *here = text + place;
    if (count - place < 64) {
      memset(rest, 0x20, sizeof rest);
      if (delimiter == 0x20) memset(rest, 0x2D, sizeof rest);
      memcpy(rest, here, count - place);
      here = rest;
    }
    uint64_t ends = 0, marks = 0;
    for (int part = 0; part < 4; part++) {
      const bytes16 value = load16(here + 16 * part);
      ends |= bits16((mask16)(value == divide) | (mask16)(value == feed)) << (16 * part);
      if (quotes) marks |= bits16((mask16)(value == mark)) << (16 * part);
    }
    if (quotes) {
      // Each bit becomes the parity of the marks up to it: set within quotes.
      uint64_t within = marks;
      for (int shift = 1; shift < 64; shift *= 2) within ^= within << shift;
      within ^= quoted;
      quoted = (uint64_t)((int64_t)within >> 63);
      ends &= ~within;
    }
    while (ends != 0) {
      places[found++] = (uint32_t)place + (uint32_t)__builtin_ctzll(ends);
      ends &= ends - 1;
    }
  }
  return found;
}
