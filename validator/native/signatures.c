/* Signatures: the sums that calls of one group add to. Whoever looks at single calls needs one answer for each signature,
 * not for each call. */
#include "core.h"

static void sort(uint32_t *numbers, uint32_t count) {
    for (uint32_t i = 1; i < count; i++) {
        uint32_t moved = numbers[i], at = i;
        for (; at && numbers[at - 1] > moved; at--) numbers[at] = numbers[at - 1];
        numbers[at] = moved;
    }
}

/* The number of the signature of what was found of the call; NO_SIGNATURE where there is no room for a new one. */
uint32_t signature_of_call(struct core *core, uint32_t group) {
    uint32_t sums[MOST_SUMS_OF_CALL + 2], count = core->found_count;
    memcpy(sums, core->found, count * sizeof *sums);
    sort(sums, count); /* properties come in any order */
    struct byte_key key = key_of((const uint8_t *)sums, count * sizeof *sums, (const uint8_t *)sums, group + 1);
    const struct byte_entry *known = table_find(&core->signatures_found, &key);
    if (LIKELY(known->domain)) return known->value;
    if (core->signatures.used >= MOST_SIGNATURES) {
        core->is_full = 1;
        return NO_SIGNATURE;
    }
    if (!GROW_BY(core->sums_of_signatures, count) || !GROW(core->signatures, MOST_SIGNATURES)) return NO_SIGNATURE;
    uint32_t number = core->signatures.used;
    if (!table_set(&core->signatures_found, &key, number)) return NO_SIGNATURE;
    core->signatures.at[number] = (struct signature){core->sums_of_signatures.used, count, group, 0};
    memcpy(core->sums_of_signatures.at + core->sums_of_signatures.used, sums, count * sizeof *sums);
    core->sums_of_signatures.used += count;
    core->signatures.used++;
    return number;
}
