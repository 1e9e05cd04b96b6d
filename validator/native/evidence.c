/* Evidence: the calls of each group with their first and last time, and the ids by which some calls are recognised. */
#include "core.h"

int read_witness(struct core *core, const struct entry *entry, struct witness *witness) {
    const struct value *time;
    enum chosen found = time_of_call(core, &witness->moment, &time);
    if (found == NOT_KNOWN) return 0;
    witness->timed = found == CHOSEN;
    witness->id_from = witness->id_to = 0;
    if (!entry->watched) return 1;
    const struct value *identity = &core->call.fields[core->identity];
    if (identity->kind != STRING || identity->escaped || identity->to == identity->from) return 0;
    uint32_t hash = crc_of(core->text.bytes + identity->from, core->text.bytes + identity->to);
    struct byte_key key = key_of_number(hash, 1);
    if (hash <= core->largest_hash || table_find(&core->hashes_wanted, &key)->domain) {
        witness->id_from = identity->from;
        witness->id_to = identity->to;
    }
    return 1;
}

void add_witness(struct core *core, const struct witness *witness) {
    if (witness->id_to) core->ids.at[core->ids.used++] = (struct span){witness->id_from, witness->id_to};
    struct group_counts *counts = &core->counts_of_groups.at[witness->group];
    counts->calls++;
    if (!witness->timed) return;
    if (!counts->timed || witness->moment < counts->first) counts->first = witness->moment;
    if (!counts->timed || witness->moment > counts->last) counts->last = witness->moment;
    counts->timed = 1;
}

/* The names in an object and what stands under each: true (t), false (f), an object (o) or anything else (x). Returns how
 * many bytes that takes; -1 where Python has to tell. */
ptrdiff_t text_of_flags(struct core *core, const struct value *value, uint8_t room[LONGEST_NAME]) {
    const uint8_t *bytes = core->text.bytes;
    size_t at = skip_space(bytes, value->from + 1), used = 0;
    while (bytes[at] != '}') {
        size_t from = at, to = 0;
        int escaped = 0;
        struct value flag;
        at = value_of_key(&core->text, at, &to, &escaped);
        if (!at || escaped || used + (to + 1 - from) + 1 > LONGEST_LABEL) return -1;
        uint8_t first = bytes[at];
        if (!(at = value_at(core, at, &flag))) return -1;
        memcpy(room + used, bytes + from, to + 1 - from); /* with its quotes, so that no two objects have one text */
        used += to + 1 - from;
        room[used++] = flag.kind == OBJECT ? 'o' : flag.kind == BOOLEAN ? first : 'x';
        at = skip_space(bytes, at);
        if (bytes[at] == ',') at = skip_space(bytes, at + 1);
    }
    return (ptrdiff_t)used;
}
