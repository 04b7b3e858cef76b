/* Pieces: what `pieces.py` says, which is where to read what each function promises. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

enum { SHORTEST = 3, LONGEST = 5, CHAR_BITS = 21 };

/* One piece in a table with open addresses: at least half of its rows are empty, so a look-up touches one or two. */
typedef struct {
    uint64_t first, rest; /* its first three characters, and the others; both are 0 in an empty row */
    long long weight;
    uint64_t met; /* number of the word in which it was met last */
} Piece;

typedef struct {
    PyObject_HEAD PyObject *pieces, *weights;
    Piece *table;
    size_t mask;
    uint64_t word;
} PieceWeights;

static Piece *row_of(const PieceWeights *self, uint64_t first, uint64_t rest)
{
    uint64_t mixed = (first ^ rest * 0xC2B2AE3D27D4EB4Full) * 0x9E3779B97F4A7C15ull;
    size_t place = mixed >> 32 & self->mask;
    while (self->table[place].first && (self->table[place].first != first || self->table[place].rest != rest))
        place = (place + 1) & self->mask;
    return &self->table[place];
}

/* A character as it is part of a piece: never 0. */
static uint64_t code_of(Py_UCS4 character)
{
    return (uint64_t)character + 1;
}

static uint64_t first_of(const void *text, int kind, Py_ssize_t start)
{
    return code_of(PyUnicode_READ(kind, text, start)) << 2 * CHAR_BITS |
           code_of(PyUnicode_READ(kind, text, start + 1)) << CHAR_BITS | code_of(PyUnicode_READ(kind, text, start + 2));
}

static int add_piece(PieceWeights *self, PyObject *pieces, Py_ssize_t start, Py_ssize_t end, long long weight)
{
    int kind = PyUnicode_KIND(pieces);
    const void *text = PyUnicode_DATA(pieces);
    if (end - start < SHORTEST || end - start > LONGEST) {
        PyErr_SetString(PyExc_ValueError, "PieceWeights: a piece is too short or too long");
        return -1;
    }
    uint64_t first = first_of(text, kind, start), rest = 0;
    for (Py_ssize_t place = start + SHORTEST; place < end; place++)
        rest = rest << CHAR_BITS | code_of(PyUnicode_READ(kind, text, place));
    Piece *row = row_of(self, first, rest);
    row->first = first;
    row->rest = rest;
    row->weight = weight;
    return 0;
}

static int fill(PieceWeights *self, PyObject *pieces, const long long *weights, Py_ssize_t count)
{
    size_t room = 8;
    while (room < 2 * (size_t)count + 2)
        room *= 2;
    self->mask = room - 1;
    self->table = PyMem_Calloc(room, sizeof *self->table);
    if (self->table == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    Py_ssize_t length = PyUnicode_GET_LENGTH(pieces), start = 0, number = 0;
    for (Py_ssize_t place = 0; length && place <= length; place++) {
        if (place < length && PyUnicode_READ_CHAR(pieces, place) != '\n')
            continue;
        if (number == count || add_piece(self, pieces, start, place, weights[number]) < 0)
            break;
        number++;
        start = place + 1;
    }
    if (!PyErr_Occurred() && (number < count || start < length + (length > 0)))
        PyErr_SetString(PyExc_ValueError, "PieceWeights: there are not as many weights");
    return PyErr_Occurred() ? -1 : 0;
}

static int pieces_init(PieceWeights *self, PyObject *args, PyObject *names)
{
    PyObject *pieces, *weights;
    Py_buffer view;
    if (self->table != NULL) {
        PyErr_SetString(PyExc_RuntimeError, "PieceWeights: is made already");
        return -1;
    }
    if (!PyArg_ParseTuple(args, "UO", &pieces, &weights) ||
        PyObject_GetBuffer(weights, &view, PyBUF_FORMAT | PyBUF_ND) < 0)
        return -1;
    int failed = view.ndim != 1 || view.itemsize != sizeof(long long) || view.format == NULL || view.format[0] != 'q';
    if (failed)
        PyErr_SetString(PyExc_TypeError, "PieceWeights: weights are no array of whole numbers");
    else
        failed = fill(self, pieces, view.buf, view.len / view.itemsize);
    PyBuffer_Release(&view);
    if (failed)
        return -1;
    self->pieces = Py_NewRef(pieces);
    self->weights = Py_NewRef(weights);
    return 0;
}

static void pieces_free(PieceWeights *self)
{
    Py_XDECREF(self->pieces);
    Py_XDECREF(self->weights);
    PyMem_Free(self->table);
    Py_TYPE(self)->tp_free(self);
}

static PyObject *pieces_reduce(PieceWeights *self, PyObject *nothing)
{
    if (self->pieces == NULL)
        return PyErr_Format(PyExc_TypeError, "PieceWeights: is not made yet");
    return Py_BuildValue("(O(OO))", Py_TYPE(self), self->pieces, self->weights);
}

static long long weight_of(PieceWeights *self, uint64_t first, uint64_t rest)
{
    Piece *row = row_of(self, first, rest);
    if (row->first == 0 || row->met == self->word)
        return 0;
    row->met = self->word;
    return row->weight;
}

static PyObject *pieces_sum(PieceWeights *self, PyObject *word)
{
    if (self->pieces == NULL || !PyUnicode_Check(word))
        return PyErr_Format(PyExc_TypeError, "sum: no word, or PieceWeights is not made yet");
    int kind = PyUnicode_KIND(word);
    const void *text = PyUnicode_DATA(word);
    long long total = 0;
    self->word++;
    for (Py_ssize_t start = 0, length = PyUnicode_GET_LENGTH(word); start + SHORTEST <= length; start++) {
        uint64_t first = first_of(text, kind, start), rest = 0;
        total += weight_of(self, first, 0);
        for (Py_ssize_t place = start + SHORTEST; place < length && place < start + LONGEST; place++) {
            rest = rest << CHAR_BITS | code_of(PyUnicode_READ(kind, text, place));
            total += weight_of(self, first, rest);
        }
    }
    return PyLong_FromLongLong(total);
}

static PyMethodDef pieces_methods[] = {
    {"sum", (PyCFunction)(void (*)(void))pieces_sum, METH_O, NULL},
    {"__reduce__", (PyCFunction)(void (*)(void))pieces_reduce, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject PiecesType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pipeline.ingest.text.loops.pieces.PieceWeights",
    .tp_basicsize = sizeof(PieceWeights),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = PyType_GenericNew,
    .tp_init = (initproc)pieces_init,
    .tp_dealloc = (destructor)pieces_free,
    .tp_methods = pieces_methods,
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "pieces", NULL, -1, NULL, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_pieces(void)
{
    if (PyType_Ready(&PiecesType) < 0)
        return NULL;
    PyObject *made = PyModule_Create(&module);
    if (made != NULL && PyModule_AddObjectRef(made, "PieceWeights", (PyObject *)&PiecesType) < 0)
        Py_CLEAR(made);
    return made;
}
