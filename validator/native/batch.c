/* Counts a line that is a batch: its members are the calls. It is counted as a whole or not at all. */
#include "core.h"

/* The fields whose outer values are merged into each member. */
static int shares_fields(const struct core *core) {
    for (uint32_t i = 0; i < SHARED_FIELDS; i++) {
        uint32_t field = core->shared_fields[i];
        if (field && core->call.fields[field].kind == OBJECT) return 1;
    }
    return 0;
}

/* Keeps what was found of a member until all members are known; 0 where there is no memory. */
static int keep(struct core *core, struct found_call *found, const struct spot *spot) {
    if (!GROW_BY(core->sums_of_batch, found->count) || !GROW(core->batch, MOST_COUNTS)) return 0;
    memcpy(core->sums_of_batch.at + core->sums_of_batch.used, core->found, found->count * sizeof *core->found);
    core->batch.at[core->batch.used++] = (struct batch_member){*found, *spot, core->sums_of_batch.used};
    core->sums_of_batch.used += found->count;
    return 1;
}

/* Finds what the members are, from the first on; what cannot be counted here is handed back with the whole line. */
static enum verdict find_members(struct core *core, struct spot spot, size_t at, uint64_t *strays, uint64_t *left_out) {
    const uint8_t *bytes = core->text.bytes;
    int waits = 0;
    for (spot.member = 0; bytes[at] != ']'; spot.member++) {
        struct found_call found = {0};
        size_t end = bytes[at] == '{' ? read_call(core, at) : value_end(&core->text, at, 0);
        if (!end || end - at > core->longest_call) return BACK;
        if (bytes[at] == '{') {
            spot.from = (uint32_t)at;
            spot.to = (uint32_t)end;
            switch (find_call(core, &found)) {
            case COUNTED:
                if (!keep(core, &found, &spot)) return BACK;
                break;
            case NOT_SELECTED: ++*left_out; break;
            case WAITS: waits = 1; break;
            case BACK: return BACK;
            }
        } else {
            ++*strays;
        }
        at = skip_space(bytes, end);
        if (bytes[at] == ',') at = skip_space(bytes, at + 1);
    }
    return waits ? WAITS : COUNTED;
}

enum verdict count_batch(struct core *core, uint32_t line, size_t from) {
    uint64_t strays = 0, left_out = 0;
    if (core->call.unsure || core->observed || shares_fields(core)) return BACK;
    struct spot spot = {.line = line, .line_from = (uint32_t)from};
    core->batch.used = core->sums_of_batch.used = 0;
    size_t at = skip_space(core->text.bytes, core->call.fields[BATCH].from + 1);
    enum verdict verdict = find_members(core, spot, at, &strays, &left_out);
    if (verdict != COUNTED) return verdict;
    if (strays && !(core->countable >> NOT_OBJECT & 1)) return BACK; /* their places are wanted */
    for (uint32_t i = 0; i < core->batch.used && !core->out_of_memory; i++) {
        const struct batch_member *member = &core->batch.at[i];
        const uint32_t *sums = core->sums_of_batch.at + member->sums;
        if (!add_call(core, &member->found, sums)) core->out_of_memory = 1; /* others were added */
        else show_call(core, &member->found, sums, &member->spot);
    }
    core->batches++;
    core->strays += strays;
    core->left_out += left_out;
    return COUNTED;
}
