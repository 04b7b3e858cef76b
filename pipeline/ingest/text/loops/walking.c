/* Walking: what `walking.py` says, which is where to read what each class and function promises. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <structmember.h>

/* No type is looked through for cycles: what they hold is of the rules and holds none of them. */
typedef struct {
    PyObject_HEAD PyObject *here, *on;
} Start;

typedef struct {
    PyObject_HEAD PyObject *text, *token, *phrases, *topics, *beside, *places, *names;
    long long weight, traits, halves, lead, number, label;
} Word;

enum { NOT_ASKED = -2 };

/* One pair in a table with open addresses: at least half of its rows are empty, so a look-up touches one or two. */
typedef struct {
    int first, then; /* first is -1 in an empty row */
    long long weight;
} Pair;

typedef struct {
    PyObject_HEAD PyObject *rows;
    Pair *table;
    size_t mask;
} Pairs;

static int start_init(Start *self, PyObject *args, PyObject *names)
{
    PyObject *here, *on;
    if (!PyArg_ParseTuple(args, "OO!", &here, &PyDict_Type, &on))
        return -1;
    Py_XSETREF(self->here, Py_NewRef(here));
    Py_XSETREF(self->on, Py_NewRef(on));
    return 0;
}

static void start_free(Start *self)
{
    Py_XDECREF(self->here);
    Py_XDECREF(self->on);
    Py_TYPE(self)->tp_free(self);
}

static PyMemberDef start_members[] = {
    {"here", T_OBJECT, offsetof(Start, here), READONLY, NULL},
    {"on", T_OBJECT, offsetof(Start, on), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyTypeObject StartType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pipeline.ingest.text.loops.walking.Start",
    .tp_basicsize = sizeof(Start),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = PyType_GenericNew,
    .tp_init = (initproc)start_init,
    .tp_dealloc = (destructor)start_free,
    .tp_members = start_members,
};

static int word_init(Word *self, PyObject *args, PyObject *names)
{
    PyObject *text, *token;
    if (!PyArg_ParseTuple(args, "UULL", &text, &token, &self->weight, &self->number))
        return -1;
    Py_XSETREF(self->text, Py_NewRef(text));
    Py_XSETREF(self->token, Py_NewRef(token));
    self->label = NOT_ASKED;
    return 0;
}

static void word_free(Word *self)
{
    PyObject *held[] = {self->text, self->token, self->phrases, self->topics, self->beside, self->places, self->names};
    for (size_t number = 0; number < sizeof held / sizeof *held; number++)
        Py_XDECREF(held[number]);
    Py_TYPE(self)->tp_free(self);
}

static PyMemberDef word_members[] = {
    {"text", T_OBJECT, offsetof(Word, text), READONLY, NULL},
    {"token", T_OBJECT, offsetof(Word, token), READONLY, NULL},
    {"weight", T_LONGLONG, offsetof(Word, weight), READONLY, NULL},
    {"number", T_LONGLONG, offsetof(Word, number), READONLY, NULL},
    {"traits", T_LONGLONG, offsetof(Word, traits), 0, NULL},
    {"halves", T_LONGLONG, offsetof(Word, halves), 0, NULL},
    {"lead", T_LONGLONG, offsetof(Word, lead), 0, NULL},
    {"label", T_LONGLONG, offsetof(Word, label), 0, NULL},
    {"phrases", T_OBJECT, offsetof(Word, phrases), 0, NULL},
    {"topics", T_OBJECT, offsetof(Word, topics), 0, NULL},
    {"beside", T_OBJECT, offsetof(Word, beside), 0, NULL},
    {"places", T_OBJECT, offsetof(Word, places), 0, NULL},
    {"names", T_OBJECT, offsetof(Word, names), 0, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyTypeObject WordType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pipeline.ingest.text.loops.walking.Word",
    .tp_basicsize = sizeof(Word),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = PyType_GenericNew,
    .tp_init = (initproc)word_init,
    .tp_dealloc = (destructor)word_free,
    .tp_members = word_members,
};

/* Where a pair stands, or the empty row where it would. */
static Pair *row_of(const Pairs *pairs, long long first, long long then)
{
    size_t place = ((size_t)first * 0x9E3779B1u + (size_t)then * 0x85EBCA6Bu) >> 4 & pairs->mask;
    while (pairs->table[place].first >= 0 && (pairs->table[place].first != first || pairs->table[place].then != then))
        place = (place + 1) & pairs->mask;
    return &pairs->table[place];
}

static int pairs_init(Pairs *self, PyObject *args, PyObject *names)
{
    PyObject *rows;
    if (!PyArg_ParseTuple(args, "O!", &PyList_Type, &rows))
        return -1;
    if (self->table != NULL) {
        PyErr_SetString(PyExc_RuntimeError, "Pairs: is made already");
        return -1;
    }
    size_t room = 8;
    while (room < 2 * (size_t)PyList_GET_SIZE(rows) + 2)
        room *= 2;
    self->table = PyMem_New(Pair, room);
    if (self->table == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    self->mask = room - 1;
    for (size_t place = 0; place < room; place++)
        self->table[place].first = -1;
    for (Py_ssize_t place = 0; place < PyList_GET_SIZE(rows); place++) {
        Pair pair;
        if (!PyArg_ParseTuple(PyList_GET_ITEM(rows, place), "iiL", &pair.first, &pair.then, &pair.weight))
            return -1;
        if (pair.first < 0 || pair.then < 0) {
            PyErr_SetString(PyExc_ValueError, "Pairs: a number is below 0");
            return -1;
        }
        *row_of(self, pair.first, pair.then) = pair;
    }
    Py_XSETREF(self->rows, Py_NewRef(rows));
    return 0;
}

static void pairs_free(Pairs *self)
{
    Py_XDECREF(self->rows);
    PyMem_Free(self->table);
    Py_TYPE(self)->tp_free(self);
}

static PyObject *pairs_reduce(Pairs *self, PyObject *nothing)
{
    return Py_BuildValue("(O(O))", Py_TYPE(self), self->rows ? self->rows : Py_None);
}

static PyMethodDef pairs_methods[] = {
    {"__reduce__", (PyCFunction)(void (*)(void))pairs_reduce, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject PairsType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pipeline.ingest.text.loops.walking.Pairs",
    .tp_basicsize = sizeof(Pairs),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = PyType_GenericNew,
    .tp_init = (initproc)pairs_init,
    .tp_dealloc = (destructor)pairs_free,
    .tp_methods = pairs_methods,
};

/* A pair of words and the row of its weights, in a table like that of `Pairs`. */
typedef struct {
    int first, then, row; /* first is -1 in an empty row */
} RowOfTwo;

typedef struct {
    PyObject_HEAD PyObject *kept[3]; /* weights, words and pairs as they were given */
    Py_ssize_t count, rows, words;
    short *weights;
    int *of_word;
    RowOfTwo *table;
    size_t mask;
    unsigned int *met; /* by row, the number of the sum that has counted it last */
    unsigned int sum;
} Lanes;

static RowOfTwo *row_of_two(const Lanes *lanes, int first, int then)
{
    size_t place = ((size_t)first * 0x9E3779B1u + (size_t)then * 0x85EBCA6Bu) >> 4 & lanes->mask;
    while (lanes->table[place].first >= 0 && (lanes->table[place].first != first || lanes->table[place].then != then))
        place = (place + 1) & lanes->mask;
    return &lanes->table[place];
}

/* A copy of the numbers of an array; NULL if it is none of theirs. */
static void *numbers_of(PyObject *array, char format, Py_ssize_t size, Py_ssize_t *count)
{
    Py_buffer view;
    if (PyObject_GetBuffer(array, &view, PyBUF_FORMAT | PyBUF_ND) < 0)
        return NULL;
    void *numbers = NULL;
    if (view.ndim != 1 || view.itemsize != size || view.format == NULL || view.format[0] != format)
        PyErr_SetString(PyExc_TypeError, "Lanes: no array of such numbers");
    else if ((numbers = PyMem_Malloc(view.len + 1)) == NULL)
        PyErr_NoMemory();
    else
        memcpy(numbers, view.buf, view.len);
    *count = view.len / size;
    PyBuffer_Release(&view);
    return numbers;
}

static int fill_lanes(Lanes *self, const int *pairs, Py_ssize_t numbers, Py_ssize_t weights)
{
    int is_wrong = self->count < 1 || weights % (self->count < 1 ? 1 : self->count) || numbers % 3;
    self->rows = is_wrong ? 0 : weights / self->count;
    for (Py_ssize_t place = 0; !is_wrong && place < self->words; place++)
        is_wrong = self->of_word[place] >= self->rows;
    for (Py_ssize_t place = 0; !is_wrong && place < numbers; place++)
        is_wrong = pairs[place] < 0 || (place % 3 == 2 && pairs[place] >= self->rows);
    if (is_wrong) {
        PyErr_SetString(PyExc_ValueError, "Lanes: rows are of other lengths, or a number is none of them");
        return -1;
    }
    size_t room = 8;
    while (room < 2 * (size_t)numbers / 3 + 2)
        room *= 2;
    self->mask = room - 1;
    self->table = PyMem_New(RowOfTwo, room);
    self->met = PyMem_Calloc(self->rows + 1, sizeof *self->met);
    if (self->table == NULL || self->met == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (size_t place = 0; place < room; place++)
        self->table[place].first = -1;
    for (Py_ssize_t place = 0; place < numbers; place += 3) {
        RowOfTwo pair = {pairs[place], pairs[place + 1], pairs[place + 2]};
        *row_of_two(self, pair.first, pair.then) = pair;
    }
    return 0;
}

static int lanes_init(Lanes *self, PyObject *args, PyObject *names)
{
    PyObject *given[3];
    if (self->weights != NULL) {
        PyErr_SetString(PyExc_RuntimeError, "Lanes: is made already");
        return -1;
    }
    if (!PyArg_ParseTuple(args, "nOOO", &self->count, &given[0], &given[1], &given[2]))
        return -1;
    Py_ssize_t weights, numbers;
    self->weights = numbers_of(given[0], 'h', sizeof(short), &weights);
    self->of_word = self->weights ? numbers_of(given[1], 'i', sizeof(int), &self->words) : NULL;
    int *pairs = self->of_word ? numbers_of(given[2], 'i', sizeof(int), &numbers) : NULL;
    int failed = pairs == NULL ? -1 : fill_lanes(self, pairs, numbers, weights);
    PyMem_Free(pairs);
    for (int number = 0; !failed && number < 3; number++)
        self->kept[number] = Py_NewRef(given[number]);
    return failed;
}

static void lanes_free(Lanes *self)
{
    for (int number = 0; number < 3; number++)
        Py_XDECREF(self->kept[number]);
    PyMem_Free(self->weights);
    PyMem_Free(self->of_word);
    PyMem_Free(self->table);
    PyMem_Free(self->met);
    Py_TYPE(self)->tp_free(self);
}

static PyObject *lanes_reduce(Lanes *self, PyObject *nothing)
{
    if (self->kept[2] == NULL)
        return PyErr_Format(PyExc_TypeError, "Lanes: is not made yet");
    return Py_BuildValue("(O(nOOO))", Py_TYPE(self), self->count, self->kept[0], self->kept[1], self->kept[2]);
}

static PyMethodDef lanes_methods[] = {
    {"__reduce__", (PyCFunction)(void (*)(void))lanes_reduce, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject LanesType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pipeline.ingest.text.loops.walking.Lanes",
    .tp_basicsize = sizeof(Lanes),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = PyType_GenericNew,
    .tp_init = (initproc)lanes_init,
    .tp_dealloc = (destructor)lanes_free,
    .tp_methods = lanes_methods,
};

/* A walk on its way: the sum so far, and the numbers of the words before. */
typedef struct {
    const Pairs *pairs;
    PyObject *met;                 /* words that were met */
    long long begin, end;          /* numbers of a stretch's edges */
    long long before, last, beside; /* of the word before the last one, of that, and of it or the start */
    const void **seen;             /* what is counted, by its address; twice the room it needs */
    size_t mask;
    long long total, traits, halves, lead;
    Py_ssize_t different;
} Walk;

static int is_new(Walk *walk, const void *thing)
{
    size_t place = ((size_t)thing >> 4) * 0x9E3779B1u & walk->mask;
    while (walk->seen[place] != NULL) {
        if (walk->seen[place] == thing)
            return 0;
        place = (place + 1) & walk->mask;
    }
    walk->seen[place] = thing;
    return 1;
}

static void start_stretch(Walk *walk)
{
    walk->before = walk->last = -1;
    walk->beside = walk->begin;
}

/* Count a pair, if it has a weight. */
static void count_pair(Walk *walk, long long first, long long then)
{
    if (first < 0 || then < 0)
        return;
    const Pair *row = row_of(walk->pairs, first, then);
    if (row->first >= 0 && is_new(walk, row))
        walk->total += row->weight;
}

static int meet(Walk *walk, Word *word)
{
    if (is_new(walk, word->token)) {
        walk->different++;
        walk->total += word->weight;
    }
    walk->traits |= word->traits;
    walk->halves |= word->halves;
    if (word->lead && is_new(walk, word))
        walk->lead += word->lead;
    count_pair(walk, 2 * walk->beside, word->number);
    count_pair(walk, 2 * walk->before + 1, word->number);
    walk->before = walk->last;
    walk->last = walk->beside = word->number;
    return PyList_Append(walk->met, (PyObject *)word);
}

static int walk_words(Walk *walk, PyObject *known, PyObject *learn, PyObject *words)
{
    start_stretch(walk);
    for (Py_ssize_t place = 0; place < PyList_GET_SIZE(words); place++) {
        PyObject *text = PyList_GET_ITEM(words, place);
        if (!PyUnicode_Check(text)) {
            PyErr_SetString(PyExc_TypeError, "walk: a word is no string");
            return -1;
        }
        if (PyUnicode_GET_LENGTH(text) == 0) {
            count_pair(walk, 2 * walk->beside, walk->end);
            start_stretch(walk);
            continue;
        }
        PyObject *word = PyDict_GetItemWithError(known, text);
        word = word ? Py_NewRef(word) : PyErr_Occurred() ? NULL : PyObject_CallOneArg(learn, text);
        int failed = word == NULL || !Py_IS_TYPE(word, &WordType) ? -1 : meet(walk, (Word *)word);
        if (failed && !PyErr_Occurred())
            PyErr_SetString(PyExc_TypeError, "walk: what is known of a word is no Word");
        Py_XDECREF(word);
        if (failed)
            return -1;
    }
    count_pair(walk, 2 * walk->beside, walk->end);
    return 0;
}

static PyObject *walk(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    Walk walk = {0};
    if (count != 5 || !PyDict_Check(args[0]) || !Py_IS_TYPE(args[2], &PairsType) || ((Pairs *)args[2])->rows == NULL ||
        !PyTuple_Check(args[3]) || !PyList_Check(args[4]))
        return PyErr_Format(PyExc_TypeError, "walk: see walking.py for what it takes");
    if (!PyArg_ParseTuple(args[3], "LL", &walk.begin, &walk.end))
        return NULL;
    size_t room = 64; /* a word counts at most itself, a token and two pairs; half of the room stays empty */
    while (room < 8 * (size_t)PyList_GET_SIZE(args[4]) + 8)
        room *= 2;
    walk.pairs = (const Pairs *)args[2];
    walk.mask = room - 1;
    walk.seen = PyMem_Calloc(room, sizeof *walk.seen);
    walk.met = PyList_New(0);
    PyObject *made = NULL;
    if (walk.seen == NULL)
        PyErr_NoMemory();
    else if (walk.met != NULL && walk_words(&walk, args[0], args[1], args[4]) == 0)
        made = Py_BuildValue("(LnLLLO)", walk.total, walk.different, walk.traits, walk.halves, walk.lead, walk.met);
    PyMem_Free(walk.seen);
    Py_XDECREF(walk.met);
    return made;
}

/* Add a row to the sums of all labels, unless this sum has it already or there is none. */
static void add_row(Lanes *lanes, long long row, long long *sums)
{
    if (row < 0 || lanes->met[row] == lanes->sum)
        return;
    lanes->met[row] = lanes->sum;
    const short *weights = lanes->weights + row * lanes->count;
    for (Py_ssize_t lane = 0; lane < lanes->count; lane++)
        sums[lane] += weights[lane];
}

static void add_two(Lanes *lanes, long long first, long long then, long long *sums)
{
    if (first < 0 || then < 0 || first > INT_MAX || then > INT_MAX)
        return;
    const RowOfTwo *found = row_of_two(lanes, (int)first, (int)then);
    if (found->first >= 0)
        add_row(lanes, found->row, sums);
}

/* Start a sum: no row is counted in it yet. */
static void start_sum(Lanes *lanes)
{
    if (++lanes->sum == 0) {
        memset(lanes->met, 0, lanes->rows * sizeof *lanes->met);
        lanes->sum = 1;
    }
}

/* The number of a word among those that labels know, asked once; NOT_ASKED for an error. */
static long long label_of(Word *word, PyObject *numbers)
{
    if (word->label != NOT_ASKED)
        return word->label;
    PyObject *number = word->token ? PyDict_GetItemWithError(numbers, word->token) : NULL;
    long long found = number ? PyLong_AsLongLong(number) : -1;
    if ((found == -1 && PyErr_Occurred()) || found < -1) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_ValueError, "sum_lanes: a number is below 0");
        return NOT_ASKED;
    }
    return word->label = found;
}

static int add_words(Lanes *lanes, PyObject *numbers, PyObject *known, long long begin, long long end, long long *sums)
{
    long long before = begin;
    start_sum(lanes);
    for (Py_ssize_t place = 0; place < PyList_GET_SIZE(known); place++) {
        Word *word = (Word *)PyList_GET_ITEM(known, place);
        if (!Py_IS_TYPE(word, &WordType)) {
            PyErr_SetString(PyExc_TypeError, "sum_lanes: no Word");
            return -1;
        }
        long long label = label_of(word, numbers);
        if (label == NOT_ASKED)
            return -1;
        if (label >= 0 && label < lanes->words)
            add_row(lanes, lanes->of_word[label], sums);
        add_two(lanes, before, label, sums);
        before = label;
    }
    add_two(lanes, before, end, sums);
    return 0;
}

static int add_signs(Lanes *lanes, PyObject *signs, long long *sums)
{
    start_sum(lanes);
    for (Py_ssize_t place = 0; place < PyList_GET_SIZE(signs); place++) {
        PyObject *rows = PyList_GET_ITEM(signs, place);
        if (!PyTuple_Check(rows)) {
            PyErr_SetString(PyExc_TypeError, "sum_lanes: no tuple");
            return -1;
        }
        for (Py_ssize_t number = 0; number < PyTuple_GET_SIZE(rows); number++) {
            Py_ssize_t row = PyLong_AsSsize_t(PyTuple_GET_ITEM(rows, number));
            if (row < 0 || row >= lanes->rows) {
                if (!PyErr_Occurred())
                    PyErr_SetString(PyExc_IndexError, "sum_lanes: no such row");
                return -1;
            }
            add_row(lanes, row, sums);
        }
    }
    return 0;
}

static PyObject *list_of(const long long *sums, Py_ssize_t count)
{
    PyObject *made = PyList_New(count);
    for (Py_ssize_t lane = 0; made != NULL && lane < count; lane++) {
        PyObject *sum = PyLong_FromLongLong(sums[lane]);
        if (sum == NULL)
            Py_CLEAR(made);
        else
            PyList_SET_ITEM(made, lane, sum);
    }
    return made;
}

static PyObject *sum_lanes(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    long long begin, end;
    if (count != 5 || !Py_IS_TYPE(args[0], &LanesType) || ((Lanes *)args[0])->kept[2] == NULL ||
        !PyDict_Check(args[1]) || !PyList_Check(args[2]) || !PyTuple_Check(args[3]) || !PyList_Check(args[4]))
        return PyErr_Format(PyExc_TypeError, "sum_lanes: see walking.py for what it takes");
    if (!PyArg_ParseTuple(args[3], "LL", &begin, &end))
        return NULL;
    Lanes *lanes = (Lanes *)args[0];
    long long *sums = PyMem_Calloc(2 * lanes->count, sizeof *sums);
    if (sums == NULL)
        return PyErr_NoMemory();
    PyObject *words = NULL, *signs = NULL, *made = NULL;
    if (add_words(lanes, args[1], args[2], begin, end, sums) == 0 &&
        add_signs(lanes, args[4], sums + lanes->count) == 0) {
        words = list_of(sums, lanes->count);
        signs = words ? list_of(sums + lanes->count, lanes->count) : NULL;
        made = signs ? PyTuple_Pack(2, words, signs) : NULL;
    }
    PyMem_Free(sums);
    Py_XDECREF(words);
    Py_XDECREF(signs);
    return made;
}

/* Where what a word begins of a kind is kept. */
static Py_ssize_t place_of(PyObject *which)
{
    Py_UCS4 initial = PyUnicode_READ_CHAR(which, 0), second = PyUnicode_READ_CHAR(which, 1);
    return initial == 't'   ? offsetof(Word, topics)
           : initial == 'n' ? offsetof(Word, names)
           : initial == 'b' ? offsetof(Word, beside)
           : second == 'h'  ? offsetof(Word, phrases)
                            : offsetof(Word, places);
}

static PyObject *starts_of(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    if (count != 3 || !PyList_Check(args[0]) || !PyUnicode_Check(args[1]) || PyUnicode_GET_LENGTH(args[1]) < 2)
        return PyErr_Format(PyExc_TypeError, "starts_of: no list of words, name and what tells it");
    Py_ssize_t at = place_of(args[1]), words = PyList_GET_SIZE(args[0]);
    PyObject *starts = PyList_New(words);
    for (Py_ssize_t place = 0; starts != NULL && place < words && place < PyList_GET_SIZE(args[0]); place++) {
        PyObject *word = PyList_GET_ITEM(args[0], place);
        if (!Py_IS_TYPE(word, &WordType) || ((Word *)word)->text == NULL) {
            PyErr_SetString(PyExc_TypeError, "starts_of: no Word");
            Py_CLEAR(starts);
            break;
        }
        PyObject **kept = (PyObject **)((char *)word + at);
        if (*kept == NULL && (*kept = PyObject_CallOneArg(args[2], ((Word *)word)->text)) == NULL) {
            Py_CLEAR(starts);
            break;
        }
        PyList_SET_ITEM(starts, place, Py_NewRef(*kept));
    }
    return starts;
}

static int add_hit(PyObject *hits, Py_ssize_t start, Py_ssize_t length, PyObject *found)
{
    PyObject *begin = PyLong_FromSsize_t(start), *end = PyLong_FromSsize_t(-start - length);
    PyObject *hit = begin && end ? PyTuple_Pack(3, begin, end, found) : NULL;
    int failed = hit == NULL ? -1 : PyList_Append(hits, hit);
    Py_XDECREF(begin);
    Py_XDECREF(end);
    Py_XDECREF(hit);
    return failed;
}

static PyObject *space;

/* Add the phrases of several words that begin at a place. */
static int add_phrases(PyObject *hits, PyObject *of, PyObject *words, Py_ssize_t place, PyObject *on, Py_ssize_t offset)
{
    if (PyDict_GET_SIZE(on) == 0 || place + 1 >= PyList_GET_SIZE(words))
        return 0;
    PyObject *counts = PyDict_GetItemWithError(on, PyList_GET_ITEM(words, place + 1));
    if (counts == NULL || !PyTuple_Check(counts))
        return PyErr_Occurred() ? -1 : 0;
    for (Py_ssize_t number = 0; number < PyTuple_GET_SIZE(counts); number++) {
        Py_ssize_t count = PyLong_AsSsize_t(PyTuple_GET_ITEM(counts, number));
        if (count < 0 && PyErr_Occurred())
            return -1;
        if (count < 1 || count > PyList_GET_SIZE(words) - place)
            continue;
        PyObject *some = PyList_GetSlice(words, place, place + count);
        PyObject *phrase = some ? PyUnicode_Join(space, some) : NULL;
        PyObject *found = phrase ? PyDict_GetItemWithError(of, phrase) : NULL;
        int failed = found ? add_hit(hits, offset, PyUnicode_GET_LENGTH(phrase), found) : PyErr_Occurred() ? -1 : 0;
        Py_XDECREF(some);
        Py_XDECREF(phrase);
        if (failed)
            return -1;
    }
    return 0;
}

/* Add the phrases that begin with a word; `begun` is what is known of it. */
static int add_begun(PyObject *hits, PyObject *of, PyObject *words, Py_ssize_t place, PyObject *begun, Py_ssize_t offset)
{
    if (!Py_IS_TYPE(begun, &StartType) || ((Start *)begun)->here == NULL) {
        PyErr_SetString(PyExc_TypeError, "spans_along: no Start");
        return -1;
    }
    Start *start = (Start *)begun;
    if (add_phrases(hits, of, words, place, start->on, offset) < 0)
        return -1;
    Py_ssize_t length = PyUnicode_GET_LENGTH(PyList_GET_ITEM(words, place));
    return start->here == Py_None ? 0 : add_hit(hits, offset, length, start->here);
}

/* All phrases along some words: `starts` is what begins with each, or `heads` says it. */
static PyObject *spans(PyObject *of, PyObject *words, PyObject *starts, PyObject *heads, Py_ssize_t offset)
{
    PyObject *hits = PyList_New(0);
    for (Py_ssize_t place = 0; hits != NULL && place < PyList_GET_SIZE(words); place++) {
        PyObject *word = PyList_GET_ITEM(words, place);
        int failed = PyUnicode_Check(word) ? 0 : -1;
        if (failed)
            PyErr_SetString(PyExc_TypeError, "spans_along: no word");
        else {
            PyObject *begun = starts ? PyList_GET_ITEM(starts, place) : PyDict_GetItemWithError(heads, word);
            if (begun != NULL && begun != Py_None)
                failed = add_begun(hits, of, words, place, begun, offset);
            else if (begun == NULL && PyErr_Occurred())
                failed = -1;
            offset += PyUnicode_GET_LENGTH(word) + 1;
        }
        if (failed)
            Py_CLEAR(hits);
    }
    return hits;
}

static PyObject *spans_along(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    if (count != 4 || !PyDict_Check(args[0]) || !PyList_Check(args[1]) || !PyList_Check(args[2]) ||
        PyList_GET_SIZE(args[1]) != PyList_GET_SIZE(args[2]))
        return PyErr_Format(PyExc_TypeError, "spans_along: see walking.py for what it takes");
    Py_ssize_t offset = PyLong_AsSsize_t(args[3]);
    return offset == -1 && PyErr_Occurred() ? NULL : spans(args[0], args[1], args[2], NULL, offset);
}

static PyObject *spans_of(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    if (count != 4 || !PyDict_Check(args[0]) || !PyDict_Check(args[1]) || !PyList_Check(args[2]))
        return PyErr_Format(PyExc_TypeError, "spans_of: see walking.py for what it takes");
    Py_ssize_t offset = PyLong_AsSsize_t(args[3]);
    return offset == -1 && PyErr_Occurred() ? NULL : spans(args[0], args[2], NULL, args[1], offset);
}

static PyMethodDef functions[] = {
    {"walk", (PyCFunction)(void (*)(void))walk, METH_FASTCALL, NULL},
    {"sum_lanes", (PyCFunction)(void (*)(void))sum_lanes, METH_FASTCALL, NULL},
    {"starts_of", (PyCFunction)(void (*)(void))starts_of, METH_FASTCALL, NULL},
    {"spans_of", (PyCFunction)(void (*)(void))spans_of, METH_FASTCALL, NULL},
    {"spans_along", (PyCFunction)(void (*)(void))spans_along, METH_FASTCALL, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "walking", NULL, -1, functions, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_walking(void)
{
    space = PyUnicode_FromString(" ");
    if (space == NULL || PyType_Ready(&StartType) < 0 || PyType_Ready(&WordType) < 0 || PyType_Ready(&PairsType) < 0 ||
        PyType_Ready(&LanesType) < 0)
        return NULL;
    PyObject *made = PyModule_Create(&module);
    if (made == NULL)
        return NULL;
    if (PyModule_AddObjectRef(made, "Start", (PyObject *)&StartType) < 0 ||
        PyModule_AddObjectRef(made, "Word", (PyObject *)&WordType) < 0 ||
        PyModule_AddObjectRef(made, "Pairs", (PyObject *)&PairsType) < 0 ||
        PyModule_AddObjectRef(made, "Lanes", (PyObject *)&LanesType) < 0 ||
        PyModule_AddObjectRef(made, "Counts", (PyObject *)&PyDict_Type) < 0 ||
        PyModule_AddObjectRef(made, "Spans", (PyObject *)&PyList_Type) < 0)
        Py_CLEAR(made);
    return made;
}
