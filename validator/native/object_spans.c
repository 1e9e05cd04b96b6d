/* Where the objects of a document begin and end: of an array, or one after another, however they are written. */
#include "core_object.h"
#include "memory.h"
#include "special_bytes.h"

/* A copy in which CR stands for LF, which ends lines here: in JSON both are white space, and neither is in a string. */
static uint8_t *copy_of(const uint8_t *bytes, size_t size) {
    uint8_t *copy = zeroed(size + 1, 1);
    if (!copy) return NULL;
    for (size_t i = 0; i < size; i++) copy[i] = bytes[i] == '\n' ? '\r' : bytes[i];
    copy[size] = '\n';
    return copy;
}

static size_t lines_in(const uint8_t *bytes, size_t from, size_t to) {
    size_t lines = 0;
    for (size_t at = from; at < to; at++) lines += bytes[at] == '\n';
    return lines;
}

/* Appends (start, end, lines before it) of each object; 0 with an exception. */
static int find_spans(PyObject *spans, const struct text *text, const uint8_t *original, int in_array, size_t longest) {
    size_t at = 0, counted = 0, lines = 0;
    while (text->bytes[at] == '{') {
        size_t end = value_end(text, at, 0);
        if (!end || end - at > longest) break;
        lines += lines_in(original, counted, at);
        counted = at;
        PyObject *span = Py_BuildValue("nnn", (Py_ssize_t)at, (Py_ssize_t)end, (Py_ssize_t)lines);
        int failed = !span || PyList_Append(spans, span);
        Py_XDECREF(span);
        if (failed) return 0;
        at = skip_space(text->bytes, end);
        while (in_array && text->bytes[at] == ',') at = skip_space(text->bytes, at + 1);
    }
    return 1;
}

PyObject *object_spans(PyObject *self, PyObject *args) {
    Py_buffer view;
    Py_ssize_t start, longest;
    int in_array;
    (void)self;
    if (!PyArg_ParseTuple(args, "y*npn", &view, &start, &in_array, &longest)) return NULL;
    PyObject *spans = PyList_New(0);
    if (start < 0 || start > view.len || longest < 0) {
        Py_CLEAR(spans);
        wrong("not within the bytes");
    }
    size_t size = spans ? (size_t)(view.len - start) : 0;
    const uint8_t *original = (const uint8_t *)view.buf + (spans ? start : 0);
    uint8_t *copy = spans ? copy_of(original, size) : NULL;
    uint64_t *special = copy ? zeroed(SPECIAL_WORDS(size + 1), sizeof *special) : NULL;
    if (special) {
        find_special_bytes(special, copy, size + 1);
        if (!find_spans(spans, &(struct text){copy, special, MOST_DEPTH}, original, in_array, (size_t)longest)) Py_CLEAR(spans);
    } else if (spans) {
        Py_CLEAR(spans);
        nothing_left();
    }
    free(special);
    free(copy);
    PyBuffer_Release(&view);
    return spans;
}
