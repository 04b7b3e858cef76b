/* Letters: what `letters.py` says, which is where to read what each function promises. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

static PyObject *table;      /* characters.TABLE: what a character is folded to */
static PyObject *latin[256]; /* the same for the most frequent characters, at hand */
static Py_UCS4 single[256];  /* and for those that become one character; 0 for others */

/* Characters that are written one behind the other. */
typedef struct {
    Py_UCS4 *at;
    Py_ssize_t size, room;
} Page;

static int make_room(Page *page, Py_ssize_t more)
{
    if (page->room - page->size >= more)
        return 0;
    Py_ssize_t room = 2 * page->room + more;
    Py_UCS4 *at = PyMem_Resize(page->at, Py_UCS4, room);
    if (at == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    page->at = at;
    page->room = room;
    return 0;
}

static int put(Page *page, PyObject *piece)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(piece);
    if (make_room(page, length) < 0)
        return -1;
    for (Py_ssize_t place = 0; place < length; place++)
        page->at[page->size++] = PyUnicode_READ_CHAR(piece, place);
    return 0;
}

static int put_folded(Page *page, Py_UCS4 letter)
{
    if (letter < 256)
        return put(page, latin[letter]);
    PyObject *code = PyLong_FromUnsignedLong(letter);
    PyObject *piece = code ? PyObject_GetItem(table, code) : NULL;
    int failed = piece == NULL || !PyUnicode_Check(piece) ? -1 : put(page, piece);
    Py_XDECREF(code);
    Py_XDECREF(piece);
    return failed;
}

static int is_word(Py_UCS4 letter) { return letter == '_' || Py_UNICODE_ISALNUM(letter); }
static int is_letter(Py_UCS4 letter) { return Py_UNICODE_ISALNUM(letter) && !Py_UNICODE_ISDECIMAL(letter); }

/* Does a contraction end here: can't, it's, I've, we're, I'll, I'm, I'd? */
static int is_contracted(const Page *page, Py_ssize_t from)
{
    static const char *const ends[] = {"t", "s", "ve", "re", "ll", "m", "d"};
    for (size_t number = 0; number < sizeof ends / sizeof *ends; number++) {
        const char *letter = ends[number];
        Py_ssize_t place = from;
        while (*letter && place < page->size && page->at[place] == (Py_UCS4)*letter)
            letter++, place++;
        if (!*letter && (place == page->size || !is_word(page->at[place])))
            return 1;
    }
    return 0;
}

/* Leave one space between words and none around them, and no apostrophe; the page only becomes shorter. */
static void tidy(Page *page)
{
    Py_ssize_t size = 0;
    int parted = 0;
    for (Py_ssize_t place = 0; place < page->size; place++) {
        Py_UCS4 letter = page->at[place];
        if (letter == '\'' && is_contracted(page, place + 1))
            continue;
        if (letter == ' ' || letter == '\'' || letter == 0x1f) {
            parted = 1;
            continue;
        }
        if (parted && size)
            page->at[size++] = ' ';
        parted = 0;
        page->at[size++] = letter;
    }
    page->size = size;
}

/* Fold a string; one space around it if asked for. */
static PyObject *folded(PyObject *text, int with_borders)
{
    PyObject *lower = PyUnicode_IS_ASCII(text) ? Py_NewRef(text) : PyObject_CallMethod(text, "lower", NULL);
    if (lower == NULL)
        return NULL;
    Py_ssize_t length = PyUnicode_GET_LENGTH(lower);
    int kind = PyUnicode_KIND(lower);
    const void *data = PyUnicode_DATA(lower);
    Page page = {NULL, 0, 0};
    PyObject *made = NULL;
    if (make_room(&page, length + length / 4 + 16) < 0)
        goto done;
    for (Py_ssize_t place = 0; place < length; place++) {
        Py_UCS4 letter = PyUnicode_READ(kind, data, place);
        if (letter < 256 && single[letter] && page.size < page.room)
            page.at[page.size++] = single[letter];
        else if (put_folded(&page, letter) < 0)
            goto done;
    }
    tidy(&page);
    if (with_borders) {
        if (make_room(&page, 2) < 0)
            goto done;
        memmove(page.at + 1, page.at, page.size * sizeof(Py_UCS4));
        page.at[0] = page.at[page.size + 1] = ' ';
        page.size += 2;
    }
    made = PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, page.at, page.size);
done:
    PyMem_Free(page.at);
    Py_DECREF(lower);
    return made;
}

static PyObject *fold_words(PyObject *self, PyObject *text)
{
    return PyUnicode_Check(text) ? folded(text, 1) : PyErr_Format(PyExc_TypeError, "fold_words: no string");
}

typedef struct {
    Py_ssize_t upper, lower;
} Cases;

static Cases count_cases(PyObject *text)
{
    Cases cases = {0, 0};
    Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    int kind = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    for (Py_ssize_t place = 0; place < length; place++) {
        Py_UCS4 letter = PyUnicode_READ(kind, data, place);
        if (letter >= 'a' && letter <= 'z')
            cases.lower++;
        else if (letter >= 'A' && letter <= 'Z')
            cases.upper++;
        else if (letter > 127 && Py_UNICODE_ISUPPER(letter))
            cases.upper++;
        else if (letter > 127 && Py_UNICODE_ISLOWER(letter))
            cases.lower++;
    }
    return cases;
}

static PyObject *cases_of(PyObject *self, PyObject *text)
{
    if (!PyUnicode_Check(text))
        return PyErr_Format(PyExc_TypeError, "cases_of: no string");
    Cases cases = count_cases(text);
    return Py_BuildValue("(nn)", cases.upper, cases.lower);
}

static int add_word(PyObject *set, PyObject *plain, Py_ssize_t start, Py_ssize_t stop)
{
    PyObject *shown = PyUnicode_Substring(plain, start, stop);
    PyObject *word = shown ? folded(shown, 0) : NULL;
    int failed = word == NULL ? -1 : PyUnicode_GET_LENGTH(word) ? PySet_Add(set, word) : 0;
    Py_XDECREF(shown);
    Py_XDECREF(word);
    return failed;
}

static PyObject *capital_words(PyObject *self, PyObject *plain)
{
    enum { SHOUTING_PERCENT = 60 };
    if (!PyUnicode_Check(plain))
        return PyErr_Format(PyExc_TypeError, "capital_words: no string");
    PyObject *within = PyFrozenSet_New(NULL), *first = PyFrozenSet_New(NULL);
    if (within == NULL || first == NULL)
        goto failed;
    Cases cases = count_cases(plain);
    Py_ssize_t length = PyUnicode_GET_LENGTH(plain);
    if (cases.upper * 100 > (cases.upper + cases.lower) * SHOUTING_PERCENT)
        length = 0; /* who shouts tells nothing */
    int kind = PyUnicode_KIND(plain), begins = 1;
    const void *data = PyUnicode_DATA(plain);
    for (Py_ssize_t start = 0; start < length;) {
        Py_UCS4 initial = PyUnicode_READ(kind, data, start);
        if (!Py_UNICODE_ISALNUM(initial)) {
            begins |= initial == '.' || initial == '!' || initial == '?';
            start++;
            continue;
        }
        Py_ssize_t stop = start + 1;
        while (stop < length && Py_UNICODE_ISALNUM(PyUnicode_READ(kind, data, stop)))
            stop++;
        if (!Py_UNICODE_ISLOWER(initial) && add_word(begins ? first : within, plain, start, stop) < 0)
            goto failed;
        begins = 0;
        start = stop;
    }
    return Py_BuildValue("(NN)", within, first);
failed:
    Py_XDECREF(within);
    Py_XDECREF(first);
    return NULL;
}

static PyObject *holds_any(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    if (count != 2 || !PyUnicode_Check(args[0]) || !PyUnicode_Check(args[1]))
        return PyErr_Format(PyExc_TypeError, "holds_any: no two strings");
    PyObject *text = args[0], *chars = args[1];
    Py_ssize_t length = PyUnicode_GET_LENGTH(chars);
    for (Py_ssize_t place = 0; place < length; place++) {
        Py_UCS4 wanted = PyUnicode_READ_CHAR(chars, place);
        if (wanted > PyUnicode_MAX_CHAR_VALUE(text))
            continue; /* of most texts no letter need be read */
        Py_ssize_t found = PyUnicode_FindChar(text, wanted, 0, PyUnicode_GET_LENGTH(text), 1);
        if (found == -2)
            return NULL;
        if (found >= 0)
            Py_RETURN_TRUE;
    }
    Py_RETURN_FALSE;
}

static PyObject *has_repeats(PyObject *self, PyObject *text)
{
    if (!PyUnicode_Check(text))
        return PyErr_Format(PyExc_TypeError, "has_repeats: no string");
    int kind = PyUnicode_KIND(text);
    const void *data = PyUnicode_DATA(text);
    Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    for (Py_ssize_t place = 2; place < length; place++) {
        Py_UCS4 letter = PyUnicode_READ(kind, data, place);
        if (letter == PyUnicode_READ(kind, data, place - 1) && letter == PyUnicode_READ(kind, data, place - 2) &&
            letter != '\n')
            Py_RETURN_TRUE;
    }
    Py_RETURN_FALSE;
}

/* A string that is read letter by letter; behind its end there is 0, which ends whatever is read. */
typedef struct {
    const void *data;
    int kind;
    Py_ssize_t length;
} Reader;

static Py_UCS4 read_at(const Reader *of, Py_ssize_t place)
{
    return place < of->length ? PyUnicode_READ(of->kind, of->data, place) : 0;
}

static Py_ssize_t past(const Reader *of, Py_ssize_t place, int (*belongs)(Py_UCS4))
{
    while (place < of->length && belongs(PyUnicode_READ(of->kind, of->data, place)))
        place++;
    return place;
}

static int is_among(Py_UCS4 letter, const char *signs) { return letter && letter < 128 && strchr(signs, (int)letter); }
static int is_dark(Py_UCS4 letter) { return !Py_UNICODE_ISSPACE(letter); }
static int is_digit(Py_UCS4 letter) { return Py_UNICODE_ISDECIMAL(letter); }
static int is_mouth(Py_UCS4 letter) { return is_among(letter, "()DPpd/\\|*"); }
static int is_shout(Py_UCS4 letter) { return letter == '!' || letter == '?'; }
static int is_dot(Py_UCS4 letter) { return letter == '.'; }

/* Where a link ends, or a word that begins one and stands by itself; `at` if there is none. */
static Py_ssize_t past_link(const Reader *of, Py_ssize_t at)
{
    for (int place = 0; place < 4; place++)
        if (read_at(of, at + place) != (Py_UCS4) "http"[place])
            return at;
    Py_ssize_t bare = at + 4, secure = bare + (read_at(of, bare) == 's');
    if (read_at(of, secure) == ':' && read_at(of, secure + 1) == '/' && read_at(of, secure + 2) == '/') {
        Py_ssize_t stop = past(of, secure + 3, is_dark);
        if (stop > secure + 3)
            return stop;
    }
    if (at && is_word(read_at(of, at - 1)))
        return at;
    return !is_word(read_at(of, secure)) ? secure : !is_word(read_at(of, bare)) ? bare : at;
}

/* Where the sign ends that begins at a place; the place itself if none begins there. */
static Py_ssize_t past_sign(const Reader *of, Py_ssize_t at)
{
    Py_UCS4 letter = read_at(of, at), then = read_at(of, at + 1);
    Py_ssize_t stop = letter == 'h' ? past_link(of, at) : at;
    if (stop > at)
        return stop;
    if (is_letter(letter)) {
        stop = past(of, at + 1, is_letter);
        Py_UCS4 joint = read_at(of, stop);
        return (joint == '\'' || joint == 0x2019) && is_letter(read_at(of, stop + 1)) ? past(of, stop + 2, is_letter)
                                                                                     : stop;
    }
    if (is_digit(letter))
        return past(of, at + 1, is_digit);
    if (letter == '_' || Py_UNICODE_ISSPACE(letter))
        return at;
    if (letter == '@' && is_word(then))
        return past(of, at + 1, is_word);
    if (letter == ':' || letter == ';' || letter == '=') {
        Py_ssize_t mouth = at + 1 + (then == '\'' || then == '-');
        if (is_mouth(read_at(of, mouth)))
            return past(of, mouth, is_mouth);
    }
    if (letter == '<' && then == '3')
        return at + 2;
    return is_shout(letter) ? past(of, at, is_shout) : letter == '.' ? past(of, at, is_dot) : at + 1;
}

static PyObject *signs_in(PyObject *self, PyObject *text)
{
    if (!PyUnicode_Check(text))
        return PyErr_Format(PyExc_TypeError, "signs_in: no string");
    Reader of = {PyUnicode_DATA(text), PyUnicode_KIND(text), PyUnicode_GET_LENGTH(text)};
    PyObject *found = PyList_New(0);
    for (Py_ssize_t at = 0; found != NULL && at < of.length;) {
        Py_ssize_t stop = past_sign(&of, at);
        if (stop > at) {
            PyObject *sign = PyUnicode_Substring(text, at, stop);
            if (sign == NULL || PyList_Append(found, sign) < 0)
                Py_CLEAR(found);
            Py_XDECREF(sign);
        }
        at = stop > at ? stop : at + 1;
    }
    return found;
}

/* Where what is no word ends, that begins at a place; the place itself if none does. */
static Py_ssize_t past_special(const Reader *of, Py_ssize_t at)
{
    Py_UCS4 letter = read_at(of, at);
    if (letter == '@' || letter == '#') {
        Py_ssize_t stop = past(of, at + 1, is_word);
        return stop > at + 1 ? stop : at;
    }
    if (letter == 'h')
        return past_link(of, at);
    if (letter != 'w' || read_at(of, at + 1) != 'w' || read_at(of, at + 2) != 'w' || read_at(of, at + 3) != '.')
        return at;
    Py_ssize_t stop = past(of, at + 4, is_dark);
    return stop > at + 4 ? stop : at;
}

static PyObject *specials_in(PyObject *self, PyObject *text)
{
    if (!PyUnicode_Check(text))
        return PyErr_Format(PyExc_TypeError, "specials_in: no string");
    Reader of = {PyUnicode_DATA(text), PyUnicode_KIND(text), PyUnicode_GET_LENGTH(text)};
    PyObject *found = PyList_New(0);
    for (Py_ssize_t at = 0; found != NULL && at < of.length;) {
        Py_ssize_t stop = past_special(&of, at);
        if (stop > at) {
            PyObject *place = Py_BuildValue("(nn)", at, stop);
            if (place == NULL || PyList_Append(found, place) < 0)
                Py_CLEAR(found);
            Py_XDECREF(place);
        }
        at = stop > at ? stop : at + 1;
    }
    return found;
}

static PyMethodDef functions[] = {
    {"fold_words", fold_words, METH_O, NULL},
    {"capital_words", capital_words, METH_O, NULL},
    {"cases_of", cases_of, METH_O, NULL},
    {"holds_any", (PyCFunction)(void (*)(void))holds_any, METH_FASTCALL, NULL},
    {"has_repeats", has_repeats, METH_O, NULL},
    {"signs_in", signs_in, METH_O, NULL},
    {"specials_in", specials_in, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "letters", NULL, -1, functions, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_letters(void)
{
    PyObject *characters = PyImport_ImportModule("pipeline.ingest.text.loops.characters");
    table = characters ? PyObject_GetAttrString(characters, "TABLE") : NULL;
    Py_XDECREF(characters);
    for (long code = 0; table != NULL && code < 256; code++) {
        PyObject *number = PyLong_FromLong(code);
        latin[code] = number ? PyObject_GetItem(table, number) : NULL;
        Py_XDECREF(number);
        if (latin[code] == NULL)
            return NULL;
        single[code] = PyUnicode_GET_LENGTH(latin[code]) == 1 ? PyUnicode_READ_CHAR(latin[code], 0) : 0;
    }
    return table == NULL ? NULL : PyModule_Create(&module);
}
