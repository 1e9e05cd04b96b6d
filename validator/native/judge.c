/* From the facts of a call to the sums that it adds to. */
#include "core.h"

/* Takes what a fact means. */
static inline void take(struct core *core, outcome found) {
    if (LIKELY(found == FINE)) return;
    if (LIKELY(found >= FIRST_SUM && core->found_count < MOST_SUMS_OF_CALL)) {
        core->found[core->found_count++] = found - FIRST_SUM;
        return;
    }
    if (found == UNKNOWN || found == ASKED) core->waits = 1;
    else core->hand_back = 1;
}

/* The bytes of a name without escapes; `*readable` is from where on bytes may be read. Returns 0 where Python has to
 * tell. */
static int name_of(struct core *core, const struct value *value, uint8_t room[LONGEST_NAME], const uint8_t **name,
                   size_t *size, const uint8_t **readable) {
    *name = core->text.bytes + value->from;
    *size = value->to - value->from;
    *readable = core->text.bytes;
    if (value->escaped) {
        ptrdiff_t resolved = unescape(*name, *name + *size, room, LONGEST_NAME);
        if (resolved < 0) return 0;
        *name = *readable = room;
        *size = (size_t)resolved;
    }
    return 1;
}

/* Whether there is room for a question; what cannot be asked now is handed back. */
static int can_ask(struct core *core) {
    if (core->questions.used < MOST_QUESTIONS) return 1;
    core->hand_back = 1;
    return 0;
}

/* The entry of the call's type and event; NULL where it is not known, or where Python has to tell. */
static struct entry *entry_of(struct core *core) {
    const struct value *type = &core->call.fields[TYPE], *event = &core->call.fields[EVENT];
    const uint8_t *name, *readable;
    size_t size;
    if (type->kind != STRING || (event->kind != STRING && event->kind != ABSENT && event->kind != NIL)) {
        core->hand_back = 1;
        return NULL;
    }
    if (!name_of(core, type, core->room, &name, &size, &readable)) {
        core->hand_back = 1;
        return NULL;
    }
    struct byte_key key = key_of(name, size, readable, TYPE_NAMES);
    const struct byte_entry *known = table_find(&core->names, &key);
    if (known->domain) {
        uint32_t number = known->value;
        if (event->kind == STRING) {
            if (!name_of(core, event, core->room, &name, &size, &readable)) {
                core->hand_back = 1;
                return NULL;
            }
            key = key_of(name, size, readable, EVENT_NAMES + 2 * number);
        } else {
            key = key_of(name, 0, readable, EVENT_NAMES + 2 * number + 1);
        }
        known = table_find(&core->names, &key);
        if (known->domain) return &core->entries.at[known->value];
    }
    if (!can_ask(core)) return NULL;
    ask(core, (struct asked){.what = ASK_ENTRY, .kind = core->call.fields[PROPERTIES].kind, .from = type->from, .to = type->to, .escaped = type->escaped,
                             .has_more = event->kind == STRING, .more_from = event->from, .more_to = event->to,
                             .more_escaped = event->escaped});
    return NULL;
}

/* Whether a value identifies somebody; -1 where Python has to tell. */
static int is_id(const struct core *core, const struct value *value) {
    if (value->kind == STRING) return value->to > value->from;
    if (value->kind != INTEGER && value->kind != NUMBER) return 0;
    int any = 0;
    for (size_t at = value->from; at < value->to; at++) {
        uint8_t byte = core->text.bytes[at];
        if ((byte | 0x20) == 'e') return -1;
        any |= byte >= '1' && byte <= '9';
    }
    /* A number of many digits after the point may be rounded to 0. */
    return any && value->kind == NUMBER && value->to - value->from > 20 ? -1 : any;
}

static void find_faults(struct core *core, const struct entry *entry) {
    const struct value *fields = core->call.fields;
    if (entry->faults[NO_ID] != FINE && !(fields[USER_ID].kind == STRING && fields[USER_ID].to > fields[USER_ID].from)) {
        int user = is_id(core, &fields[USER_ID]), anonymous = is_id(core, &fields[ANONYMOUS_ID]);
        if (user < 1 && anonymous < 1) take(core, user < 0 || anonymous < 0 ? HAND_BACK : entry->faults[NO_ID]);
    }
    for (int fault = NO_GROUP_ID; fault <= NO_PREVIOUS_ID; fault++) {
        if (entry->faults[fault] == FINE) continue;
        int known = is_id(core, &fields[fault == NO_GROUP_ID ? GROUP_ID : PREVIOUS_ID]);
        if (known < 1) take(core, known < 0 ? HAND_BACK : entry->faults[fault]);
    }
    if (fields[TRAITS].kind != ABSENT && fields[TRAITS].kind != OBJECT) take(core, entry->faults[TRAITS_NO_OBJECT]);
}

/* What it means that a cell's key has this value. */
static inline outcome outcome_in_cell(struct core *core, uint32_t number, const struct value *value) {
    struct cell *cell = &core->cells.at[number];
    outcome found = cell->outcomes[value->kind];
    if (LIKELY(found == FINE || found >= FIRST_SUM)) return found;
    if (found == BY_VALUE) return outcome_of_value(core, number, value);
    if (found == UNKNOWN && core->questions.used < MOST_QUESTIONS) {
        cell->outcomes[value->kind] = ASKED;
        ask(core, (struct asked){.what = ASK_OUTCOME, .kind = value->kind, .owner = number});
    }
    return cell->outcomes[value->kind] == ASKED ? ASKED : HAND_BACK;
}

static outcome outcome_of_number(struct core *core, struct byte_table *table, uint64_t number, uint32_t owner,
                                 enum question what) {
    struct byte_key key = key_of_number(number, owner + 1);
    const struct byte_entry *known = table_find(table, &key);
    if (LIKELY(known->domain)) return known->value;
    if (core->questions.used >= MOST_QUESTIONS || table->used >= MOST_VALUES) return HAND_BACK;
    if (!table_set(table, &key, ASKED)) return HAND_BACK;
    ask(core, (struct asked){.what = (uint8_t)what, .owner = owner, .number = number});
    return ASKED;
}

/* Looks at the members of the properties. */
static void find_in_members(struct core *core, uint32_t table_number) {
    struct table *table = &core->tables.at[table_number];
    uint64_t seen = 0, closed = 0;
    for (uint32_t i = 0; i < core->call.member_count; i++) {
        const struct member *member = &core->call.members[i];
        uint32_t cell = member->slot < table->cell_room ? table->cells[member->slot] : 0;
        if (UNLIKELY(!cell)) {
            if (!table->counts_further) continue;
            core->waits = 1;
            if (can_ask(core)) ask(core, (struct asked){.what = ASK_KEY, .owner = table_number, .from = member->key_from,
                                     .to = member->key_to, .escaped = member->key_escaped});
            continue;
        }
        seen |= core->cells.at[cell - 1].seen;
        closed |= core->cells.at[cell - 1].closed;
        take(core, core->cells.at[cell - 1].further);
        take(core, outcome_in_cell(core, cell - 1, &member->value));
    }
    uint64_t missing = table->required & ~seen;
    for (; missing; missing &= missing - 1) {
        uint32_t bit = (uint32_t)__builtin_ctzll(missing);
        if (UNLIKELY(table->missing[bit] == UNKNOWN) && can_ask(core)) {
            table->missing[bit] = ASKED;
            ask(core, (struct asked){.what = ASK_MISSING, .owner = table_number, .number = bit});
        }
        take(core, table->missing[bit]);
    }
    if (closed) take(core, outcome_of_number(core, &core->key_sets, closed, table_number, ASK_KEYS));
}

static void find_joint(struct core *core, uint32_t number) {
    const struct joint *joint = &core->joints.at[number];
    uint64_t kinds = 0;
    for (uint32_t i = 0; i < joint->count; i++) {
        const struct place *place = &joint->places[i];
        uint64_t kind = ABSENT;
        if (!place->in_properties) kind = core->call.fields[place->number].kind;
        else if (core->stamps[place->number] == core->stamp)
            kind = core->call.members[core->member_of[place->number]].value.kind;
        kinds |= kind << (4 * i);
    }
    take(core, outcome_of_number(core, &core->joints_found, kinds, number, ASK_JOINT));
}

/* Counts that a call is invalid for some plans; 0 where there is no memory. */
static int count_broken(struct core *core, uint32_t table, uint64_t breaks) {
    struct byte_key key = key_of_number(breaks, table + 1);
    const struct byte_entry *known = table_find(&core->breaks_found, &key);
    if (UNLIKELY(!known->domain)) {
        if (!GROW(core->broken, MOST_COUNTS) || !table_set(&core->breaks_found, &key, core->broken.used)) return 0;
        core->broken.at[core->broken.used++] = (struct broken){1, breaks, table};
        return 1;
    }
    core->broken.at[known->value].count++;
    return 1;
}

int add_call(struct core *core, const struct found_call *call, const uint32_t *sums) {
    const struct table *table = &core->tables.at[call->table];
    uint64_t breaks = table->breaks;
    for (uint32_t i = 0; i < call->count; i++) breaks |= core->sums.at[sums[i]].breaks;
    if (UNLIKELY(core->witnessed) && !GROW(core->ids, UINT32_MAX)) return 0;
    if (breaks && !count_broken(core, call->table, breaks)) return 0;
    if (UNLIKELY(core->witnessed)) add_witness(core, &call->witness);
    for (uint32_t i = 0; i < call->count; i++) core->sums.at[sums[i]].count++;
    if (UNLIKELY(call->signature != NO_SIGNATURE)) core->signatures.at[call->signature].calls++;
    return 1;
}

void show_call(struct core *core, const struct found_call *call, const uint32_t *sums, const struct spot *spot) {
    for (uint32_t i = 0; i < call->count; i++) {
        struct sum *sum = &core->sums.at[sums[i]];
        if (LIKELY(!sum->left && !(core->again && sum->shown_in == core->block))) continue;
        if (!GROW(core->shown, UINT32_MAX)) {
            core->out_of_memory = 1;
            return;
        }
        core->shown.at[core->shown.used++] = (struct shown){*spot, sums[i]};
        sum->left -= sum->left != 0;
        sum->shown_in = core->block;
    }
}

/* Finds all that is to be counted of the call; 0 where something of it is not known. */
static int find_all(struct core *core, struct entry *entry, uint32_t *table_number) {
    if (UNLIKELY(!entry)) {
        core->waits = 1;
        return 0;
    }
    uint8_t kind = core->call.fields[PROPERTIES].kind;
    core->hand_back |= entry->hand_back;
    if (UNLIKELY(!entry->tables[kind])) {
        core->waits = 1;
        if (!core->hand_back && !entry->asked[kind] && can_ask(core)) {
            entry->asked[kind] = 1;
            ask(core, (struct asked){.what = ASK_TABLE, .kind = kind, .owner = (uint32_t)(entry - core->entries.at)});
        }
        return 0;
    }
    *table_number = entry->tables[kind] - 1;
    const struct table *table = &core->tables.at[*table_number];
    if (UNLIKELY(table->hand_back || core->hand_back)) {
        core->hand_back = 1;
        return 0;
    }
    take(core, entry->seen);
    take(core, table->calls);
    take(core, table->fault);
    find_faults(core, entry);
    if (kind == OBJECT) find_in_members(core, *table_number);
    for (uint32_t joint = table->joint; joint; joint = core->joints.at[joint - 1].next) find_joint(core, joint - 1);
    return !core->waits && !core->hand_back;
}

/* What the call adds to the evidence; 0 where it is not known. */
static int find_witness(struct core *core, const struct entry *entry, struct witness *witness) {
    if (!read_witness(core, entry, witness)) {
        core->hand_back = 1;
        return 0;
    }
    core->paths[0].constant = entry->watched;
    return find_group(core, &witness->group);
}

enum verdict find_call(struct core *core, struct found_call *found) {
    core->found_count = 0;
    core->hand_back = core->waits = 0;
    if (UNLIKELY(core->call.unsure)) return BACK;
    enum chosen chosen = LIKELY(!core->selects) ? CHOSEN : chosen_call(core);
    if (UNLIKELY(chosen == NOT_KNOWN)) return BACK;
    struct entry *entry = chosen == CHOSEN ? entry_of(core) : NULL;
    if (UNLIKELY(chosen == LEFT_OUT || (entry && entry->left_out))) return NOT_SELECTED;
    int known = find_all(core, entry, &found->table);
    found->signature = NO_SIGNATURE;
    if (UNLIKELY(core->witnessed)) {
        known = known && find_witness(core, entry, &found->witness);
    } else if (UNLIKELY(core->observed || core->path_count)) {
        uint32_t group = 0;
        if (core->path_count) known = find_group(core, &group) && known;
        known = known && (found->signature = signature_of_call(core, group)) != NO_SIGNATURE;
    }
    found->count = core->found_count;
    if (LIKELY(known)) return COUNTED;
    return core->waits && !core->hand_back ? WAITS : BACK;
}

enum verdict count_call(struct core *core, uint32_t line, size_t from, size_t to) {
    struct found_call found;
    if (to - from > core->longest_call) return BACK;
    enum verdict verdict = find_call(core, &found);
    if (LIKELY(verdict == COUNTED)) {
        if (UNLIKELY(!add_call(core, &found, core->found))) return BACK;
        show_call(core, &found, core->found, &(struct spot){line, (uint32_t)from, NO_MEMBER, (uint32_t)from, (uint32_t)to});
        if (core->observed) core->signature_of_line.at[line] = found.signature;
    } else if (verdict == NOT_SELECTED) {
        core->left_out++;
    } else {
        return verdict;
    }
    core->calls++;
    return COUNTED;
}
