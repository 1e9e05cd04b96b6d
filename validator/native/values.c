/* The class of a value, where the value decides, and the outcome of that class. */
#include "core.h"

#define MOST_EXACT (1ull << 53) /* up to here a double holds every whole number */

static const double powers_of_ten[] = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
};

/* A quotient of two doubles that are exact is rounded once, as the number itself would be. */
int read_number(const uint8_t *bytes, size_t from, size_t to, double *number) {
    int negative = bytes[from] == '-';
    uint64_t digits = 0;
    uint32_t scale = 0;
    int fraction = 0;
    for (size_t at = from + (size_t)negative; at < to; at++) {
        if (bytes[at] == '.') {
            fraction = 1;
            continue;
        }
        if (!is_digit(bytes[at])) return 0; /* an exponent */
        digits = digits * 10 + (uint64_t)(bytes[at] - '0');
        scale += (uint32_t)fraction;
        if (digits > MOST_EXACT || scale > 22) return 0;
    }
    *number = (double)digits / powers_of_ten[scale];
    if (negative) *number = -*number;
    return 1;
}

/* Where a number stands among the cuts, and whether it is whole. */
static int class_of_number(const struct core *core, const struct value_tests *tests, const struct value *value,
                           uint64_t *class) {
    double number;
    uint32_t below = 0;
    if (!read_number(core->text.bytes, value->from, value->to, &number)) return 0;
    while (below < tests->cut_count && tests->cuts[below] < number) below++;
    int at_cut = below < tests->cut_count && tests->cuts[below] == number;
    int whole = number == (double)(int64_t)number; /* it is smaller than 2^53 */
    *class = (uint64_t)below << 2 | (uint64_t)at_cut << 1 | (uint64_t)whole;
    return 1;
}

/* Where the length of a text stands among the lengths, and which automata take it. */
static int class_of_text(const struct core *core, const struct value_tests *tests, const uint8_t *text, size_t size,
                         uint64_t *class) {
    uint64_t reached = 0, accepted = 0;
    if (tests->length_count) {
        size_t characters = 0;
        for (size_t i = 0; i < size; i++) characters += (text[i] & 0xc0) != 0x80;
        while (reached < tests->length_count && tests->lengths[reached] <= characters) reached++;
    }
    for (uint32_t number = 0; number < tests->automaton_count; number++) {
        const struct automaton *automaton = &core->automata.at[tests->automata[number]];
        uint32_t state = automaton->start;
        for (size_t i = 0; i < size && state >= FIRST_STATE; i++) state = automaton->next[state << 8 | text[i]];
        if (state == NOT_CERTAIN) return 0;
        accepted |= (uint64_t)automaton->accepts[state] << number;
    }
    *class = reached << 32 | accepted;
    return 1;
}

/* The kinds of the elements of an array, a bit for each; bit 0 for whole numbers that are written with a fraction. */
static int class_of_items(const struct core *core, const struct value *value, uint64_t *class) {
    const uint8_t *bytes = core->text.bytes;
    size_t at = skip_space(bytes, value->from + 1);
    *class = 0;
    while (bytes[at] != ']') {
        size_t end = value_end(&core->text, at, 0);
        if (!end) return 0;
        uint32_t kind;
        switch (bytes[at]) {
        case '"': kind = STRING; break;
        case '{': kind = OBJECT; break;
        case '[': kind = ARRAY; break;
        case 't': case 'f': kind = BOOLEAN; break;
        case 'n': kind = NIL; break;
        default: {
            double number;
            kind = INTEGER;
            for (size_t i = at; i < end; i++)
                if (bytes[i] == '.' || (bytes[i] | 0x20) == 'e') kind = NUMBER;
            if (end - at > LONGEST_NUMBER || (kind == NUMBER && !read_number(bytes, at, end, &number))) return 0;
            if (kind == NUMBER && number == (double)(int64_t)number) kind = 0;
        }
        }
        *class |= 1ull << kind;
        at = skip_space(bytes, end);
        if (bytes[at] == ',') at = skip_space(bytes, at + 1);
    }
    return 1;
}

/* What tells the class of a value: a number, or its very bytes. */
struct class {
    uint64_t number;
    const uint8_t *bytes, *readable; /* NULL for a number */
    size_t size;
};

static inline outcome known_in(const struct core *core, const struct class *class, uint32_t domain, struct byte_key *key) {
    *key = class->bytes ? key_of(class->bytes, class->size, class->readable, domain) : key_of_number(class->number, domain);
    const struct byte_entry *entry = table_find(&core->values, key);
    return LIKELY(entry->domain) ? entry->value : UNKNOWN;
}

/* The remembered outcome of a class of values; it is asked for where there is none. */
static outcome remembered(struct core *core, uint32_t cell_number, const struct value *value, const struct class *class) {
    const struct cell *cell = &core->cells.at[cell_number];
    struct value_tests *tests = &core->tests.at[cell->tests - 1];
    struct byte_key key;
    outcome found = UNKNOWN;
    tests->asked++;
    if (LIKELY(cell->fitting >> value->kind & 1))
        found = known_in(core, class, domain_of_tests(cell->tests, value->kind), &key);
    if (found == UNKNOWN) found = known_in(core, class, domain_in_cell(cell_number, value->kind), &key);
    if (LIKELY(found != UNKNOWN)) {
        tests->known++;
        return found;
    }
    /* Where hardly a value comes again, remembering them is in vain. */
    if (tests->asked > 1024 && tests->known < tests->asked / 4) return HAND_BACK;
    if (core->questions.used >= MOST_QUESTIONS) return HAND_BACK;
    if (core->values.used >= MOST_VALUES) table_clear(&core->values);
    if (!table_set(&core->values, &key, ASKED)) return HAND_BACK;
    ask(core, (struct asked){.what = ASK_VALUE, .kind = value->kind, .owner = cell_number, .number = class->number,
                             .from = value->from, .to = value->to, .escaped = value->escaped,
                             .has_more = class->bytes != NULL});
    return ASKED;
}

outcome outcome_of_value(struct core *core, uint32_t cell, const struct value *value) {
    if (UNLIKELY(!core->cells.at[cell].tests)) return HAND_BACK;
    const struct value_tests *tests = &core->tests.at[core->cells.at[cell].tests - 1];
    struct class class = {0, core->text.bytes + value->from, core->text.bytes, value->to - value->from};
    int by_number = 0;
    switch (value->kind) {
    case STRING:
        if (value->escaped) {
            ptrdiff_t resolved = unescape(class.bytes, class.bytes + class.size, core->room, sizeof core->room);
            if (resolved < 0) return HAND_BACK;
            class.bytes = class.readable = core->room;
            class.size = (size_t)resolved;
        }
        by_number = tests->texts_by_class;
        if (by_number && !class_of_text(core, tests, class.bytes, class.size, &class.number)) return HAND_BACK;
        break;
    case INTEGER: case NUMBER:
        by_number = tests->numbers_by_cuts;
        if (by_number && !class_of_number(core, tests, value, &class.number)) return HAND_BACK;
        break;
    case BOOLEAN:
        by_number = 1;
        class.number = class.bytes[0] == 't';
        break;
    default: /* an object or an array */
        by_number = 1;
        if (tests->shapes[value->kind]) {
            const struct value *properties = &core->call.fields[PROPERTIES];
            if (properties->to - properties->from > LONGEST_SHAPED) return HAND_BACK;
            if (!end_of_shape(core, tests->shapes[value->kind] - 1, value->from)) return HAND_BACK;
        } else if (value->kind == OBJECT || !tests->items || !class_of_items(core, value, &class.number)) {
            return HAND_BACK;
        }
    }
    if (by_number) class.bytes = NULL;
    else if (class.size > LONGEST_TEXT) return HAND_BACK;
    return remembered(core, cell, value, &class);
}
