/* Which calls are counted: by their time, and a share of them by a hash of their message id. */
#include "core.h"

#define DAY 86400000000ll /* in microseconds */

static uint32_t crc_of_byte[256];

void prepare_selection(void) {
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t crc = byte;
        for (int bit = 0; bit < 8; bit++) crc = crc & 1 ? crc >> 1 ^ 0xedb88320u : crc >> 1;
        crc_of_byte[byte] = crc;
    }
}

uint32_t crc_of(const uint8_t *bytes, const uint8_t *end) {
    uint32_t crc = UINT32_MAX;
    for (; bytes < end; bytes++) crc = crc_of_byte[(crc ^ *bytes) & 0xff] ^ crc >> 8;
    return ~crc;
}

/* Days from 1970-01-01 on: years begin in March, so that a leap day is the last of its year. */
static int64_t days_from_epoch(int64_t year, int64_t month, int64_t day) {
    year -= month <= 2;
    int64_t era = year / 400, year_of_era = year % 400, day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static int64_t digits(const uint8_t *bytes, int count) {
    int64_t number = 0;
    for (int i = 0; i < count; i++) number = number * 10 + (bytes[i] - '0');
    return number;
}

/* Reads a time of the form that nearly all clients send, 2024-03-01T08:00:00.170Z, in microseconds from 1970 on; 0 for
 * every other text. */
static int read_moment(const uint8_t *bytes, size_t size, int64_t *moment) {
    static const char form[] = "dddd-dd-ddTdd:dd:dd";
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const size_t whole = sizeof form - 1;
    int64_t fraction = 0;
    if (size <= whole || size > whole + 8 || bytes[size - 1] != 'Z') return 0;
    for (size_t i = 0; i < whole; i++)
        if (form[i] == 'd' ? !is_digit(bytes[i]) : bytes[i] != (uint8_t)form[i]) return 0;
    if (size > whole + 1) {
        if (bytes[whole] != '.' || size == whole + 2) return 0;
        for (size_t i = whole + 1; i < whole + 7; i++) {
            if (i < size - 1 && !is_digit(bytes[i])) return 0;
            fraction = fraction * 10 + (i < size - 1 ? bytes[i] - '0' : 0);
        }
    }
    int64_t year = digits(bytes, 4), month = digits(bytes + 5, 2), day = digits(bytes + 8, 2);
    int64_t hour = digits(bytes + 11, 2), minute = digits(bytes + 14, 2), second = digits(bytes + 17, 2);
    int leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (!year || !month || month > 12 || !day || day > days[month - 1] + (month == 2 && leap)) return 0;
    if (hour > 23 || minute > 59 || second > 59) return 0;
    *moment = days_from_epoch(year, month, day) * DAY + ((hour * 60 + minute) * 60 + second) * 1000000 + fraction;
    return 1;
}

enum chosen time_of_call(const struct core *core, int64_t *moment, const struct value **from) {
    for (uint32_t i = 0; i < core->time_count; i++) {
        const struct value *value = &core->call.fields[core->times[i]];
        if (value->kind != STRING) continue; /* no time: the next field may have one */
        if (value->escaped || !read_moment(core->text.bytes + value->from, value->to - value->from, moment)) return NOT_KNOWN;
        *from = value;
        return CHOSEN;
    }
    return LEFT_OUT;
}

static enum chosen chosen_by_hash(const struct core *core) {
    const struct value *identity = &core->call.fields[core->sampled_by];
    if (identity->kind != STRING || identity->escaped || identity->to == identity->from) return NOT_KNOWN;
    uint32_t hash = crc_of(core->text.bytes + identity->from, core->text.bytes + identity->to);
    return hash < core->share ? CHOSEN : LEFT_OUT;
}

enum chosen chosen_call(const struct core *core) {
    enum chosen chosen = CHOSEN;
    if (core->bounded) {
        int64_t moment;
        const struct value *from;
        chosen = time_of_call(core, &moment, &from);
        if (chosen == CHOSEN && (moment < core->since || moment >= core->until)) chosen = LEFT_OUT;
    }
    if (core->sampled_by && chosen == CHOSEN) chosen = chosen_by_hash(core);
    return chosen;
}
