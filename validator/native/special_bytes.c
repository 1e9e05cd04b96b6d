#include "special_bytes.h"

#if defined(__SSE2__)
#include <immintrin.h>
#elif defined(__aarch64__) && defined(__ARM_NEON)
#include <arm_neon.h>
#endif

static inline int continues(uint8_t byte) { return (byte & 0xc0) == 0x80; }

int is_utf8(const uint8_t *from, const uint8_t *end) {
    while (from < end) {
        uint8_t first = *from;
        size_t left = (size_t)(end - from);
        if (first < 0x80) {
            from += left >= 8 && !(read_8_bytes(from) & 0x8080808080808080ull) ? 8 : 1;
        } else if (first < 0xe0) { /* 0xc0 and 0xc1 would spell ASCII in two bytes */
            if (first < 0xc2 || left < 2 || !continues(from[1])) return 0;
            from += 2;
        } else if (first < 0xf0) { /* not what two bytes can spell, and no half of a surrogate pair */
            if (left < 3 || !continues(from[1]) || !continues(from[2])) return 0;
            if ((first == 0xe0 && from[1] < 0xa0) || (first == 0xed && from[1] > 0x9f)) return 0;
            from += 3;
        } else { /* not what three bytes can spell, and nothing beyond U+10FFFF */
            if (first > 0xf4 || left < 4 || !continues(from[1]) || !continues(from[2]) || !continues(from[3])) return 0;
            if ((first == 0xf0 && from[1] < 0x90) || (first == 0xf4 && from[1] > 0x8f)) return 0;
            from += 4;
        }
    }
    return 1;
}

/* Whether the 64 bytes at `at` are UTF-8, with the end of a character that goes over them. Up to `*checked` it is known
 * already. */
static int is_utf8_word(const uint8_t *text, size_t at, size_t size, size_t *checked) {
    size_t from = at > *checked ? at : *checked, to = at + 64 < size ? at + 64 : size;
    for (int more = 0; more < 3 && to < size && continues(text[to]); more++) to++;
    if (from >= to) return 1;
    *checked = to;
    return is_utf8(text + from, text + to);
}

/* Each `word_of_...` gives a bit for each of 64 bytes, and in `*high` whether some of them are not ASCII. */
static inline uint64_t word_of_bytes(const uint8_t *text, uint64_t *high) {
    uint64_t word = 0;
    uint8_t any = 0;
    for (int i = 0; i < 64; i++) {
        word |= (uint64_t)(text[i] == '"' || text[i] == '\\' || text[i] < 0x20) << i;
        any |= text[i];
    }
    *high = any >> 7;
    return word;
}

#if defined(__SSE2__)
static inline uint64_t word_of_sse2(const uint8_t *text, uint64_t *high) {
    const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\'), last_control = _mm_set1_epi8(0x1f);
    __m128i any = _mm_setzero_si128();
    uint64_t word = 0;
    for (int i = 0; i < 4; i++) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(text + 16 * i));
        __m128i found = _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash));
        found = _mm_or_si128(found, _mm_cmpeq_epi8(_mm_min_epu8(bytes, last_control), bytes));
        word |= (uint64_t)(uint32_t)_mm_movemask_epi8(found) << (16 * i);
        any = _mm_or_si128(any, bytes);
    }
    *high = (uint64_t)(uint32_t)_mm_movemask_epi8(any);
    return word;
}
#endif

#if defined(__x86_64__)
#define HAS_AVX2_CODE 1
__attribute__((target("avx2"))) static inline uint64_t word_of_avx2(const uint8_t *text, uint64_t *high) {
    const __m256i quote = _mm256_set1_epi8('"'), backslash = _mm256_set1_epi8('\\'), last = _mm256_set1_epi8(0x1f);
    __m256i low = _mm256_loadu_si256((const __m256i *)text), top = _mm256_loadu_si256((const __m256i *)(text + 32));
    __m256i in_low = _mm256_or_si256(_mm256_cmpeq_epi8(low, quote), _mm256_cmpeq_epi8(low, backslash));
    __m256i in_top = _mm256_or_si256(_mm256_cmpeq_epi8(top, quote), _mm256_cmpeq_epi8(top, backslash));
    in_low = _mm256_or_si256(in_low, _mm256_cmpeq_epi8(_mm256_min_epu8(low, last), low));
    in_top = _mm256_or_si256(in_top, _mm256_cmpeq_epi8(_mm256_min_epu8(top, last), top));
    *high = (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_or_si256(low, top));
    return (uint64_t)(uint32_t)_mm256_movemask_epi8(in_low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(in_top) << 32;
}
#endif

#if defined(__aarch64__) && defined(__ARM_NEON)
static inline uint64_t word_of_neon(const uint8_t *text, uint64_t *high) {
    static const uint8_t weights[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    const uint8x16_t bit = vld1q_u8(weights);
    uint8x16_t found[4], any = vdupq_n_u8(0);
    for (int i = 0; i < 4; i++) {
        uint8x16_t bytes = vld1q_u8(text + 16 * i);
        any = vorrq_u8(any, bytes);
        found[i] = vorrq_u8(vceqq_u8(bytes, vdupq_n_u8('"')), vceqq_u8(bytes, vdupq_n_u8('\\')));
        found[i] = vandq_u8(vorrq_u8(found[i], vcltq_u8(bytes, vdupq_n_u8(0x20))), bit);
    }
    uint8x16_t sums = vpaddq_u8(vpaddq_u8(found[0], found[1]), vpaddq_u8(found[2], found[3]));
    *high = vmaxvq_u8(any) >> 7;
    return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(sums, sums)), 0);
}
#endif

/* Makes a `find_special_bytes` of a `word_of_...`; the last bytes are read from a copy, so that nothing beyond the text
 * is touched. */
#define FINDER(name, word_of, ...)                                                              \
    __VA_ARGS__ static int name(uint64_t *bits, const uint8_t *text, size_t size) {             \
        size_t at = 0, checked = 0;                                                             \
        uint64_t high;                                                                          \
        uint8_t tail[64];                                                                       \
        int sound = 1;                                                                          \
        for (; at + 64 <= size; at += 64) {                                                     \
            bits[at >> 6] = word_of(text + at, &high);                                          \
            if (UNLIKELY(high)) sound = sound && is_utf8_word(text, at, size, &checked);        \
        }                                                                                       \
        memset(tail, '\n', 64);                                                                 \
        memcpy(tail, text + at, size - at);                                                     \
        bits[at >> 6] = word_of(tail, &high);                                                   \
        if (high) sound = sound && is_utf8_word(text, at, size, &checked);                      \
        bits[(at >> 6) + 1] = bits[(at >> 6) + 2] = ~(uint64_t)0;                               \
        return sound;                                                                           \
    }

FINDER(find_by_bytes, word_of_bytes)
#if defined(__SSE2__)
FINDER(find_by_sse2, word_of_sse2)
#endif
#ifdef HAS_AVX2_CODE
FINDER(find_by_avx2, word_of_avx2, __attribute__((target("avx2"))))
#endif
#if defined(__aarch64__) && defined(__ARM_NEON)
FINDER(find_by_neon, word_of_neon)
#endif

int (*find_special_bytes)(uint64_t *bits, const uint8_t *text, size_t size);
static const char *in_use = "";

void choose_instructions(enum instructions most) {
    find_special_bytes = find_by_bytes, in_use = "portable";
    if (most == PORTABLE) return;
#if defined(__SSE2__)
    find_special_bytes = find_by_sse2, in_use = "SSE2";
#elif defined(__aarch64__) && defined(__ARM_NEON)
    find_special_bytes = find_by_neon, in_use = "NEON";
#endif
#ifdef HAS_AVX2_CODE
    if (most == WIDEST && __builtin_cpu_supports("avx2")) find_special_bytes = find_by_avx2, in_use = "AVX2";
#endif
}

const char *instructions_in_use(void) { return in_use; }
