/* The core for Python: `Core` scans blocks; tell.c is what it is told, give.c what it counted. */
#include "core_object.h"
#include "memory.h"
#include "special_bytes.h"

/* What the Python side has to agree with: it grows with each change of what is told or given. */
#define CONTRACT 9

struct core *idle(PyObject *self) {
    struct core_object *object = (struct core_object *)self;
    if (!object->busy) return &object->core;
    PyErr_SetString(PyExc_RuntimeError, "a block is being scanned");
    return NULL;
}

PyObject *nothing_left(void) { return PyErr_NoMemory(); }

PyObject *wrong(const char *what) {
    PyErr_SetString(PyExc_ValueError, what);
    return NULL;
}

int append(PyObject *list, PyObject *made) {
    int failed = !made || PyList_Append(list, made);
    Py_XDECREF(made);
    return !failed;
}

static PyObject *text_of(const struct core *core, int is, uint32_t from, uint32_t to, int escaped) {
    uint8_t room[LONGEST_NAME];
    const uint8_t *bytes = core->text.bytes + from;
    if (!is) return Py_NewRef(Py_None);
    ptrdiff_t size = (ptrdiff_t)(to - from);
    if (escaped) {
        size = unescape(bytes, bytes + size, room, sizeof room);
        bytes = room;
        if (size < 0) return Py_NewRef(Py_None);
    }
    return PyBytes_FromStringAndSize((const char *)bytes, size);
}

static PyObject *question_object(const struct core *core, const struct asked *asked) {
    int is_text = asked->to > asked->from || asked->what == ASK_ENTRY || asked->what == ASK_KEY || asked->what == ASK_VALUE;
    is_text = is_text || (asked->what == ASK_LABEL && asked->kind == STRING);
    PyObject *text = text_of(core, is_text, asked->from, asked->to, asked->escaped);
    PyObject *more = text_of(core, asked->what == ASK_ENTRY && asked->has_more, asked->more_from, asked->more_to, asked->more_escaped);
    if (text && more)
        return Py_BuildValue("BBIKNNi", asked->what, asked->kind, asked->owner, (unsigned long long)asked->number, text,
                             more, asked->has_more);
    Py_XDECREF(text);
    Py_XDECREF(more);
    return NULL;
}

/* What a pass over a block gave: (lines that are calls, batches, calls that are left out, members of batches that are no
 * objects), [(line, from, to, sure)] that are handed back, [question], [(line, its start, member, from, to, sum)] that are
 * shown, and how many lines wait. */
static PyObject *pass_result(const struct core *core) {
    PyObject *handed = PyList_New(0), *questions = PyList_New(0), *shown = PyList_New(0);
    int made = handed && questions && shown;
    for (uint32_t i = 0; made && i < core->handed.used; i++) {
        const struct handed *line = &core->handed.at[i];
        made = append(handed, Py_BuildValue("IIIi", line->line, line->from, line->to, line->sure));
    }
    for (uint32_t i = 0; made && i < core->questions.used; i++)
        made = append(questions, question_object(core, &core->questions.at[i]));
    for (uint32_t i = 0; made && i < core->shown.used; i++) {
        const struct shown *one = &core->shown.at[i];
        made = append(shown, Py_BuildValue("IIiIII", one->spot.line, one->spot.line_from, (int)one->spot.member, one->spot.from,
                                           one->spot.to, FIRST_SUM + one->sum));
    }
    if (made)
        return Py_BuildValue("(KKKK)NNNI", (unsigned long long)core->calls, (unsigned long long)core->batches,
                             (unsigned long long)core->left_out, (unsigned long long)core->strays, handed, questions, shown,
                             core->deferred.used);
    Py_XDECREF(handed);
    Py_XDECREF(questions);
    Py_XDECREF(shown);
    return NULL;
}

/* scan(data, countable) -> lines, those that are blank, not objects, malformed, and not UTF-8, result of the first pass */
static PyObject *scan(PyObject *self, PyObject *args) {
    struct core *core = idle(self);
    Py_buffer view;
    unsigned int countable;
    int scanned;
    uint32_t lines = 0;
    if (!core || !PyArg_ParseTuple(args, "y*I", &view, &countable)) return NULL;
    const uint8_t *bytes = view.buf;
    if (view.len > INT32_MAX || (view.len && bytes[view.len - 1] != '\n')) {
        PyBuffer_Release(&view);
        return wrong("not whole lines, or too many");
    }
    ((struct core_object *)self)->busy = 1;
    core->countable = countable;
    Py_BEGIN_ALLOW_THREADS
    scanned = scan_block(core, bytes, (size_t)view.len, &lines);
    Py_END_ALLOW_THREADS
    ((struct core_object *)self)->busy = 0;
    core->size = (size_t)view.len;
    PyObject *pass = scanned ? pass_result(core) : PyErr_NoMemory();
    PyBuffer_Release(&view);
    if (!pass) return NULL;
    const uint64_t *found = core->lines;
    return Py_BuildValue("IKKKKN", lines, (unsigned long long)found[BLANK], (unsigned long long)found[NOT_OBJECT],
                         (unsigned long long)found[MALFORMED], (unsigned long long)found[NOT_UTF8], pass);
}

/* scan_again(data, last) -> result of a pass over the lines of the block that waited */
static PyObject *scan_again(PyObject *self, PyObject *args) {
    struct core *core = idle(self);
    Py_buffer view;
    int last;
    if (!core || !PyArg_ParseTuple(args, "y*p", &view, &last)) return NULL;
    PyObject *pass;
    if ((size_t)view.len != core->size) pass = wrong("another block");
    else pass = scan_deferred(core, view.buf, last) ? pass_result(core) : PyErr_NoMemory();
    PyBuffer_Release(&view);
    return pass;
}

static PyObject *clear(PyObject *self, PyObject *unused) {
    struct core *core = idle(self);
    (void)unused;
    if (!core) return NULL;
    core_clear(core);
    Py_RETURN_NONE;
}

static int init(PyObject *self, PyObject *args, PyObject *kwargs) {
    struct core *core = idle(self);
    unsigned int depth;
    Py_ssize_t longest_call, longest_line;
    if (!core) return -1;
    if (kwargs && PyDict_Size(kwargs)) return wrong("no names are taken"), -1;
    if (!PyArg_ParseTuple(args, "Inn", &depth, &longest_call, &longest_line)) return -1;
    if (core->stamps || depth > MOST_DEPTH || longest_call < 0 || longest_line < longest_call) return wrong("made twice, or too deep"), -1;
    if (core_make(core, depth, (size_t)longest_call, (size_t)longest_line)) return 0;
    PyErr_NoMemory();
    return -1;
}

static void dealloc(PyObject *self) {
    PyTypeObject *type = Py_TYPE(self);
    core_free(&((struct core_object *)self)->core);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    release(self);
    Py_DECREF(type);
}

/* For tests: lets an allocation fail after so many; a negative number lets none fail. */
static PyObject *fail_after(PyObject *self, PyObject *args) {
    (void)self;
    if (!PyArg_ParseTuple(args, "l", &allocations_left)) return NULL;
    Py_RETURN_NONE;
}

/* For tests: uses other instructions. */
static PyObject *use_instructions(PyObject *self, PyObject *args) {
    int most;
    (void)self;
    if (!PyArg_ParseTuple(args, "i", &most)) return NULL;
    choose_instructions((enum instructions)most);
    return PyUnicode_FromString(instructions_in_use());
}

static PyMethodDef core_methods[] = {
    {"add_field", add_field, METH_VARARGS, NULL},
    {"add_sum", add_sum, METH_VARARGS, NULL},
    {"set_left", set_left, METH_VARARGS, NULL},
    {"add_table", add_table, METH_VARARGS, NULL},
    {"refuse_table", refuse_table, METH_VARARGS, NULL},
    {"set_table", set_table, METH_VARARGS, NULL},
    {"add_entry", add_entry, METH_VARARGS, NULL},
    {"add_cell", add_cell, METH_VARARGS, NULL},
    {"add_shape", add_shape, METH_VARARGS, NULL},
    {"add_tests", add_tests, METH_VARARGS, NULL},
    {"set_outcome", set_outcome, METH_VARARGS, NULL},
    {"set_value", set_value, METH_VARARGS, NULL},
    {"set_missing", set_missing, METH_VARARGS, NULL},
    {"set_keys", set_keys, METH_VARARGS, NULL},
    {"add_joint", add_joint, METH_VARARGS, NULL},
    {"set_joint", set_joint, METH_VARARGS, NULL},
    {"add_automaton", add_automaton, METH_VARARGS, NULL},
    {"select", select_calls, METH_VARARGS, NULL},
    {"add_path", add_path, METH_VARARGS, NULL},
    {"set_constant", set_constant, METH_VARARGS, NULL},
    {"set_label", set_label, METH_VARARGS, NULL},
    {"observe", observe, METH_NOARGS, NULL},
    {"witness", witness_calls, METH_VARARGS, NULL},
    {"set_largest_hash", set_largest_hash, METH_VARARGS, NULL},
    {"take_groups", take_groups, METH_NOARGS, NULL},
    {"take_ids", take_ids, METH_VARARGS, NULL},
    {"take_signatures", take_signatures, METH_NOARGS, NULL},
    {"signature", signature, METH_VARARGS, NULL},
    {"signatures_of_lines", signatures_of_lines, METH_NOARGS, NULL},
    {"is_full", is_full, METH_NOARGS, NULL},
    {"scan", scan, METH_VARARGS, NULL},
    {"scan_again", scan_again, METH_VARARGS, NULL},
    {"take", take_counts, METH_NOARGS, NULL},
    {"clear", clear, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot core_slots[] = {
    {Py_tp_init, init}, {Py_tp_dealloc, dealloc}, {Py_tp_methods, core_methods}, {0, NULL},
};

static PyType_Spec core_spec = {"validator.native._core.Core", sizeof(struct core_object), 0, Py_TPFLAGS_DEFAULT, core_slots};

static PyMethodDef functions[] = {
    {"object_spans", object_spans, METH_VARARGS, NULL},
    {"fail_after", fail_after, METH_VARARGS, NULL},
    {"use_instructions", use_instructions, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_core", NULL, -1, functions, NULL, NULL, NULL, NULL};

static int seed_hashes(void) {
    PyObject *os = PyImport_ImportModule("os"), *random = os ? PyObject_CallMethod(os, "urandom", "i", 8) : NULL;
    char *bytes = random ? PyBytes_AsString(random) : NULL;
    if (bytes) memcpy(&hash_seed, bytes, 8);
    Py_XDECREF(random);
    Py_XDECREF(os);
    return bytes != NULL;
}

PyMODINIT_FUNC PyInit__core(void) {
    PyObject *module = PyModule_Create(&definition), *type = PyType_FromSpec(&core_spec);
    prepare_json_text();
    prepare_selection();
    choose_instructions(WIDEST);
    if (!module || !type || !seed_hashes() || PyModule_AddObjectRef(module, "Core", type) < 0
        || PyModule_AddIntConstant(module, "CONTRACT", CONTRACT) < 0
        || PyModule_AddStringConstant(module, "INSTRUCTIONS", instructions_in_use()) < 0)
        Py_CLEAR(module);
    Py_XDECREF(type);
    return module;
}
