/* Counts the lines of a block, and notes which of them are handed back. */
#include "core.h"

#include "memory.h"
#include "special_bytes.h"

static void note(struct core *core, uint32_t line, size_t from, size_t to, int sure, int waits) {
    if (!(waits ? GROW(core->deferred, UINT32_MAX) : GROW(core->handed, UINT32_MAX))) {
        core->out_of_memory = 1;
        return;
    }
    struct handed noted = {line, (uint32_t)from, (uint32_t)to, (uint8_t)sure};
    if (waits) core->deferred.at[core->deferred.used++] = noted;
    else core->handed.at[core->handed.used++] = noted;
}

/* Whether a line has too few brackets to nest too deep, however they stand. */
static int is_shallow(const struct core *core, size_t from, size_t to) {
    uint32_t brackets = 0;
    for (size_t at = from; at < to; at++) brackets += core->text.bytes[at] == '{' || core->text.bytes[at] == '[';
    return brackets <= core->depth;
}

/* Counts a line that is no call, or hands it back: where it is not certain what it is, or its place is wanted. */
static void count_other(struct core *core, uint32_t line, size_t from, size_t to, int is_json) {
    const uint8_t *bytes = core->text.bytes;
    enum line_class found = MALFORMED;
    int certain = to - from <= core->longest_line;
    if (certain && !core->sound && !is_utf8(bytes + from, bytes + to)) found = NOT_UTF8;
    else if (is_json) found = NOT_OBJECT;
    else certain = certain && is_shallow(core, from, to);
    if (certain && core->countable >> found & 1) core->lines[found]++;
    else note(core, line, from, to, 0, 0);
}

static inline enum verdict count_object(struct core *core, uint32_t line, size_t from, size_t to) {
    if (UNLIKELY(core->call.fields[BATCH].kind == ARRAY)) return count_batch(core, line, from);
    return count_call(core, line, from, to);
}

/* Counts a line that begins at `at`; returns the offset of its LF. */
static size_t scan_line(struct core *core, uint32_t line, size_t at, size_t size) {
    const uint8_t *bytes = core->text.bytes;
    size_t begin = skip_space(bytes, at), end;
    if (bytes[begin] == '\n') {
        if (begin - at <= core->longest_line && core->countable >> BLANK & 1) core->lines[BLANK]++;
        else note(core, line, at, begin, 0, 0);
        return begin;
    }
    int is_object = bytes[begin] == '{';
    end = LIKELY(is_object) ? read_call(core, begin) : value_end(&core->text, begin, 0);
    if (LIKELY(end)) end = skip_space(bytes, end);
    int is_json = end && bytes[end] == '\n';
    if (UNLIKELY(!is_json)) end = (size_t)((const uint8_t *)memchr(bytes + at, '\n', size - at) - bytes);
    if (UNLIKELY(!is_json || !is_object || (!core->sound && !is_utf8(bytes + at, bytes + end)))) {
        count_other(core, line, at, end, is_json);
    } else if (UNLIKELY(end - at > core->longest_line)) {
        note(core, line, at, end, 0, 0);
    } else {
        enum verdict verdict = count_object(core, line, at, end);
        if (UNLIKELY(verdict != COUNTED)) note(core, line, at, end, end - at <= core->longest_call, verdict == WAITS);
    }
    return end;
}

static void begin_pass(struct core *core) {
    core->calls = core->batches = core->left_out = core->strays = 0;
    core->handed.used = core->questions.used = core->shown.used = 0;
    core->out_of_memory = 0;
}

int scan_block(struct core *core, const uint8_t *bytes, size_t size, uint32_t *lines) {
    size_t words = SPECIAL_WORDS(size);
    if (words > core->special_room) {
        uint64_t *grown = resized(core->special, words, sizeof *grown);
        if (!grown) return 0;
        core->special = grown;
        core->special_room = words;
    }
    core->sound = find_special_bytes(core->special, bytes, size);
    core->text = (struct text){bytes, core->special, core->depth};
    begin_pass(core);
    memset(core->lines, 0, sizeof core->lines);
    core->deferred.used = 0;
    core->again = 0;
    core->block++;
    core->signature_of_line.used = core->ids.used = 0;
    *lines = 0;
    for (size_t at = 0; at < size && !core->out_of_memory; ++*lines) {
        if (core->observed) {
            if (!GROW(core->signature_of_line, UINT32_MAX)) return 0;
            core->signature_of_line.at[core->signature_of_line.used++] = NO_SIGNATURE;
        }
        at = scan_line(core, *lines, at, size) + 1;
    }
    return !core->out_of_memory;
}

int scan_deferred(struct core *core, const uint8_t *bytes, int last) {
    uint32_t waiting = core->deferred.used;
    core->text.bytes = bytes;
    core->again = 1;
    begin_pass(core);
    core->deferred.used = 0; /* what waits on takes the places of what came before it */
    for (uint32_t i = 0; i < waiting && !core->out_of_memory; i++) {
        struct handed line = core->deferred.at[i];
        read_call(core, skip_space(bytes, line.from));
        enum verdict verdict = count_object(core, line.line, line.from, line.to);
        if (verdict != COUNTED) note(core, line.line, line.from, line.to, line.sure, verdict == WAITS && !last);
    }
    return !core->out_of_memory;
}
