/* Sentences: what `sentences.py` says, which is where to read what the net is.

Every product and sum here is exact. A number that goes in is cut into its low 16 bits and what is above them, which
few have. Low parts times weights of 16 bits are added up in 32 bits, 16 of them at a time, which no sum can overflow
(`encoder.py` refuses weights that could); of these parts the sum modulo 2**32 is kept, and the sum of their upper
halves, which tell how often it went round. So as many sums as a machine can make at once are the same sums. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

enum { PIECE = 512, BRANCH = 256, BRANCHES = 3, WIDE = 768, TOLD = 1280 };
enum { PART = 16, COLUMNS = 32, ROWS_MAX = 8, ROWS_4 = 1, ROWS_8 = 3, ROWS_16 = 6, BLOCK = 64, CHUNKS = 17, STEPS = 256 };
enum { LAYERS = 14, NORMS = 4, PLACES = 10, KEPT = 512, WAYS = 2, BEYOND = 4, PIECES_MAX = 1000 };
enum { ENTRY, MEAN = 7, MEAN_FIRST, MEAN_SECOND, FIRST_SECOND, SECOND_THIRD, SECOND_LAST, THIRD_LAST };

static const double ONE = 4096.0, MOST = 262144.0, LENGTH = 1000.0;
static const double WHOLE = 6755399441055744.0; /* added and taken away, it leaves the nearest whole number, even of two */

static const int order_of[BRANCHES] = {2, 3, 5}, left_of[BRANCHES] = {0, 1, 2}, first_place[BRANCHES] = {0, 2, 5};
static const int ins[LAYERS] = {512, 512, 512, 768, 768, 1280, 1280, 1280, 512, 512, 320, 320, 320, 512};
static const int outs[LAYERS] = {768, 256, 256, 256, 256, 256, 256, 512, 320, 320, 320, 512, 512, 512};
static const int widths[NORMS] = {BRANCH, BRANCH, BRANCH, TOLD};

/* Functions without sums, made for several machines: each operation rounds alike on all. */
#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && !defined(__clang__)
#define CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define CLONES
#endif

typedef struct {
    int in, out;
    int16_t *weights; /* by 32 columns, then by two rows: both weights of each column side by side */
    double *added;    /* in squares of units */
} Layer;

/* What is remembered of a piece: what enters its convolutions, and what it adds to each place of the first ones. */
typedef struct {
    int32_t entered[WIDE];
    int32_t added[PLACES * BRANCH];
} Known;

/* Numbers that go into a layer, cut in two. */
typedef struct {
    int16_t *low, *high;
    uint8_t *odd; /* by 64 of them: is a high part among them? */
} Cut;

/* Room for a sentence: what enters its convolutions and what the first of them add up to, both cleared before; what is
   told of each piece; pieces that were not remembered, with what they come to; what sums are made of, and sums. */
typedef struct {
    Py_ssize_t pieces;
    char *to_clear; /* where what is cleared ends */
    int64_t *fresh;
    int32_t *told, *wide[BRANCHES], *entered;
    double *first[BRANCHES], *added, *sums;
    Cut cut;
} Room;

typedef struct {
    PyObject_HEAD Py_buffer table;
    Layer layers[LAYERS], places[PLACES]; /* of first convolutions each place by itself, instead of the layer */
    double *stretch[NORMS], *shift[NORMS], least;
    int32_t values[CHUNKS][STEPS];
    Known *known; /* `WAYS` to each set; a piece's set is its number modulo `KEPT` */
    int64_t number[KEPT][WAYS]; /* which pieces are remembered there; -1 for none */
    uint8_t latest[KEPT];       /* which of them came last */
    double nothing[BRANCH];
    Room room;
    char *memory; /* of the room, and how much it is */
    size_t bytes;
} Net;

/* --- sums ------------------------------------------------------------------------------------------------------ */

/* Sums of some columns for some rows: parts of 32 bits are added up to `low`, and their upper halves to `high`. */
typedef void Kernel(const int16_t *weights, int in, const int16_t *rows, Py_ssize_t stride, int32_t *low, int32_t *high);

/* Sums of some columns for a few pairs of one row: which, and both numbers of each. */
typedef void Few(const int16_t *weights, const int32_t *pairs, const int32_t *both, int count, int32_t *sums);

static void add_1(const int16_t *weights, int in, const int16_t *row, Py_ssize_t stride, int32_t *low, int32_t *high)
{
    memset(low, 0, COLUMNS * sizeof *low);
    memset(high, 0, COLUMNS * sizeof *high);
    for (int part = 0; part < in; part += PART) {
        int32_t sums[COLUMNS] = {0};
        for (int at = part; at < part + PART; at += 2, weights += 2 * COLUMNS)
            for (int column = 0; column < COLUMNS; column++)
                sums[column] += row[at] * weights[2 * column] + row[at + 1] * weights[2 * column + 1];
        for (int column = 0; column < COLUMNS; column++) {
            low[column] = (int32_t)((uint32_t)low[column] + (uint32_t)sums[column]);
            high[column] += sums[column] >> 16;
        }
    }
}

static void few_1(const int16_t *weights, const int32_t *pairs, const int32_t *both, int count, int32_t *sums)
{
    memset(sums, 0, COLUMNS * sizeof *sums);
    for (int place = 0; place < count; place++) {
        int16_t two[2];
        memcpy(two, both + place, sizeof two);
        for (int column = 0; column < COLUMNS; column++) {
            const int16_t *by = weights + (pairs[place] * COLUMNS + column) * 2;
            sums[column] += two[0] * by[0] + two[1] * by[1];
        }
    }
}

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define WITH_LANES 1
#define EACH(WHAT, COUNT) _Pragma("GCC unroll 8") for (int WHAT = 0; WHAT < COUNT; WHAT++)

/* The same with vectors of a machine, for one row and for `ROWS`. */
#define KERNEL(NAME, TARGET, VECTOR, VECTORS, ROWS, LOAD, STORE, SPREAD, MULTIPLY, ADD, UPPER, NONE)                     \
    TARGET static void NAME(const int16_t *weights, int in, const int16_t *rows, Py_ssize_t stride, int32_t *low,      \
                            int32_t *high)                                                                             \
    {                                                                                                                  \
        VECTOR lows[ROWS][VECTORS], highs[ROWS][VECTORS];                                                              \
        EACH(row, ROWS) EACH(at, VECTORS) lows[row][at] = highs[row][at] = NONE();                                     \
        for (int part = 0; part < in; part += PART) {                                                                  \
            VECTOR sums[ROWS][VECTORS];                                                                                \
            EACH(row, ROWS) EACH(at, VECTORS) sums[row][at] = NONE();                                                  \
            for (int pair = part; pair < part + PART; pair += 2, weights += 2 * COLUMNS) {                             \
                VECTOR both[ROWS];                                                                                     \
                EACH(row, ROWS)                                                                                        \
                {                                                                                                      \
                    int32_t two;                                                                                       \
                    memcpy(&two, rows + row * stride + pair, sizeof two);                                              \
                    both[row] = SPREAD(two);                                                                           \
                }                                                                                                      \
                EACH(at, VECTORS)                                                                                      \
                {                                                                                                      \
                    VECTOR by = LOAD((const void *)(weights + 2 * COLUMNS / VECTORS * at));                            \
                    EACH(row, ROWS) sums[row][at] = ADD(sums[row][at], MULTIPLY(both[row], by));                       \
                }                                                                                                      \
            }                                                                                                          \
            EACH(row, ROWS) EACH(at, VECTORS)                                                                          \
            {                                                                                                          \
                lows[row][at] = ADD(lows[row][at], sums[row][at]);                                                     \
                highs[row][at] = ADD(highs[row][at], UPPER(sums[row][at], 16));                                        \
            }                                                                                                          \
        }                                                                                                              \
        EACH(row, ROWS) EACH(at, VECTORS)                                                                              \
        {                                                                                                              \
            STORE((void *)(low + row * COLUMNS + COLUMNS / VECTORS * at), lows[row][at]);                              \
            STORE((void *)(high + row * COLUMNS + COLUMNS / VECTORS * at), highs[row][at]);                            \
        }                                                                                                              \
    }

#define FEW(NAME, TARGET, VECTOR, VECTORS, LOAD, STORE, SPREAD, MULTIPLY, ADD, NONE)                                     \
    TARGET static void NAME(const int16_t *weights, const int32_t *pairs, const int32_t *both, int count,              \
                            int32_t *sums)                                                                             \
    {                                                                                                                  \
        VECTOR some[VECTORS];                                                                                          \
        EACH(at, VECTORS) some[at] = NONE();                                                                           \
        for (int place = 0; place < count; place++) {                                                                  \
            VECTOR two = SPREAD(both[place]);                                                                          \
            const int16_t *by = weights + pairs[place] * 2 * COLUMNS;                                                  \
            EACH(at, VECTORS)                                                                                          \
            some[at] = ADD(some[at], MULTIPLY(two, LOAD((const void *)(by + 2 * COLUMNS / VECTORS * at))));            \
        }                                                                                                              \
        EACH(at, VECTORS) STORE((void *)(sums + COLUMNS / VECTORS * at), some[at]);                                    \
    }

#define KERNELS(LANES, TARGET, VECTOR, VECTORS, ROWS, LOAD, STORE, SPREAD, MULTIPLY, ADD, UPPER, NONE)                   \
    KERNEL(add_##LANES, TARGET, VECTOR, VECTORS, 1, LOAD, STORE, SPREAD, MULTIPLY, ADD, UPPER, NONE)                   \
    KERNEL(rows_##LANES, TARGET, VECTOR, VECTORS, ROWS, LOAD, STORE, SPREAD, MULTIPLY, ADD, UPPER, NONE)               \
    FEW(few_##LANES, TARGET, VECTOR, VECTORS, LOAD, STORE, SPREAD, MULTIPLY, ADD, NONE)

KERNELS(4, , __m128i, 8, ROWS_4, _mm_loadu_si128, _mm_storeu_si128, _mm_set1_epi32, _mm_madd_epi16, _mm_add_epi32,
        _mm_srai_epi32, _mm_setzero_si128)
KERNELS(8, __attribute__((target("avx2"))), __m256i, 4, ROWS_8, _mm256_loadu_si256, _mm256_storeu_si256,
        _mm256_set1_epi32, _mm256_madd_epi16, _mm256_add_epi32, _mm256_srai_epi32, _mm256_setzero_si256)
KERNELS(16, __attribute__((target("avx512bw"))), __m512i, 2, ROWS_16, _mm512_loadu_si512, _mm512_storeu_si512,
        _mm512_set1_epi32, _mm512_madd_epi16, _mm512_add_epi32, _mm512_srai_epi32, _mm512_setzero_si512)
#endif

/* How sums are made: for one row, for some at once, and for few pairs. */
typedef struct {
    int rows;
    Kernel *one, *some;
    Few *few;
} Way;

static Way way_of(int lanes)
{
    int most = lanes ? lanes : 16;
#ifdef WITH_LANES
    if (most >= 16 && __builtin_cpu_supports("avx512bw"))
        return (Way){ROWS_16, add_16, rows_16, few_16};
    if (most >= 8 && __builtin_cpu_supports("avx2"))
        return (Way){ROWS_8, add_8, rows_8, few_8};
    if (most >= 4)
        return (Way){ROWS_4, add_4, rows_4, few_4};
#endif
    return (Way){1, add_1, add_1, few_1};
}

/* Cut numbers in two; a whole number of `BLOCK`. */
static void cut(const int32_t *numbers, Py_ssize_t count, Cut into)
{
    for (Py_ssize_t block = 0; block < count / BLOCK; block++) {
        const int32_t *of = numbers + block * BLOCK;
        int16_t *low = into.low + block * BLOCK, *high = into.high + block * BLOCK;
        int32_t any = 0;
        for (int at = 0; at < BLOCK; at++) {
            low[at] = (int16_t)of[at];
            high[at] = (int16_t)((of[at] - low[at]) >> 16);
            any |= high[at];
        }
        into.odd[block] = any != 0;
    }
}

/* What the high parts of a row come to, added to its sums. */
static void add_high(const Layer *layer, Way way, Cut row, double *sums)
{
    int32_t pairs[TOLD / 2], both[TOLD / 2], high[COLUMNS];
    int count = 0;
    for (int block = 0; block < layer->in / BLOCK; block++)
        for (int pair = block * BLOCK / 2; row.odd[block] && pair < (block + 1) * BLOCK / 2; pair++) {
            pairs[count] = pair;
            memcpy(both + count, row.high + 2 * pair, sizeof *both);
            count += both[count] != 0;
        }
    for (int start = 0; count && start < layer->out; start += COLUMNS) {
        way.few(layer->weights + (Py_ssize_t)start * layer->in, pairs, both, count, high);
        for (int column = 0; column < COLUMNS; column++)
            sums[start + column] += high[column] * 65536.0;
    }
}

/* Sums of products of some rows with a layer, and what it adds, in squares of units: `rows` times `out`. Rows begin every
   `stride` numbers, a whole number of `BLOCK`; `Way.rows` - 1 more than there are can be read. */
static void sum_up(const Layer *layer, Way way, Cut numbers, Py_ssize_t rows, Py_ssize_t stride, double *sums)
{
    for (int start = 0; start < layer->out; start += COLUMNS) {
        const int16_t *weights = layer->weights + (Py_ssize_t)start * layer->in;
        for (Py_ssize_t row = 0; row < rows;) {
            int32_t low[ROWS_MAX * COLUMNS], high[ROWS_MAX * COLUMNS];
            Py_ssize_t some = rows - row < way.rows ? rows - row : way.rows;
            some = 2 * some > way.rows ? some : 1;
            (some == 1 ? way.one : way.some)(weights, layer->in, numbers.low + row * stride, stride, low, high);
            for (Py_ssize_t place = 0; place < some; place++, row++) {
                double *to = sums + row * layer->out + start;
                for (int column = 0; column < COLUMNS; column++) {
                    /* What the upper halves lack to the sum, modulo 2**32, are its lower halves. */
                    uint32_t upper = (uint32_t)high[place * COLUMNS + column] << 16;
                    int32_t lower = (int32_t)((uint32_t)low[place * COLUMNS + column] - upper);
                    to[column] = high[place * COLUMNS + column] * 65536.0 + lower + layer->added[start + column];
                }
            }
        }
    }
    for (Py_ssize_t row = 0; row < rows; row++) {
        Cut one = {NULL, numbers.high + row * stride, numbers.odd + row * stride / BLOCK};
        add_high(layer, way, one, sums + row * layer->out);
    }
}

/* --- what is no sum -------------------------------------------------------------------------------------------- */

static double rounded(double number)
{
    return (number + WHOLE) - WHOLE;
}

/* Sums of products as whole units again; those below `least` are that. */
CLONES static void pass(const double *sums, Py_ssize_t count, double least, int32_t *numbers)
{
    for (Py_ssize_t at = 0; at < count; at++) {
        double whole = rounded(sums[at] / ONE);
        whole = whole < least ? least : whole;
        numbers[at] = (int32_t)(whole > MOST ? MOST : whole);
    }
}

/* The same of none below 0, added to numbers. */
CLONES static void pass_beside(const double *sums, const double *added, const int32_t *beside, int32_t *numbers)
{
    for (int at = 0; at < BRANCH; at++) {
        double whole = rounded((sums[at] + added[at]) / ONE);
        whole = whole < 0.0 ? 0.0 : whole;
        numbers[at] = (int32_t)(whole > MOST ? MOST : whole) + beside[at];
    }
}

/* Bring the spread of numbers to one, stretch and shift them. */
CLONES static void norm(const int32_t *numbers, int width, const double *stretch, const double *shift, double least,
                        double *normed)
{
    double squares[8] = {0};
    int64_t sum = 0;
    for (int at = 0; at < width; at++)
        sum += numbers[at];
    double mean = (double)sum / width;
    for (int at = 0; at < width; at += 8)
        for (int lane = 0; lane < 8; lane++) {
            double centred = rounded(numbers[at + lane] - mean);
            normed[at + lane] = centred;
            squares[lane] += centred * centred; /* whole numbers: in any order the same */
        }
    for (int lane = 1; lane < 8; lane++)
        squares[0] += squares[lane];
    double spread = sqrt(squares[0] / width + least * ONE * ONE);
    for (int at = 0; at < width; at++)
        normed[at] = rounded((normed[at] / spread * stretch[at] + shift[at]) * ONE);
}

/* --- a sentence ------------------------------------------------------------------------------------------------ */

static void *taken(char **from, Py_ssize_t bytes)
{
    void *here = *from;
    *from += (bytes + 63) / 64 * 64;
    return here;
}

/* Share out room from `from`; from NULL on it only says, as an address, how much there must be. */
static char *share_out(Room *room, Py_ssize_t pieces, char *from)
{
    Py_ssize_t rows = pieces + BEYOND + ROWS_MAX, cells = rows * WIDE;
    room->pieces = pieces;
    for (int branch = 0; branch < BRANCHES; branch++) {
        room->wide[branch] = taken(&from, rows * BRANCH * sizeof(int32_t));
        room->first[branch] = taken(&from, pieces * BRANCH * sizeof(double));
    }
    room->to_clear = from;
    room->told = taken(&from, pieces * TOLD * sizeof(int32_t));
    room->cut.low = taken(&from, cells * sizeof(int16_t));
    room->cut.high = taken(&from, cells * sizeof(int16_t));
    room->cut.odd = taken(&from, cells / BLOCK);
    room->sums = taken(&from, rows * WIDE * sizeof(double));
    room->fresh = taken(&from, pieces * sizeof(int64_t));
    room->entered = taken(&from, pieces * WIDE * sizeof(int32_t));
    room->added = taken(&from, pieces * PLACES * BRANCH * sizeof(double));
    return from;
}

/* Room for a sentence, kept for the next; NULL if there is none. */
static Room *room_for(Net *net, Py_ssize_t pieces)
{
    size_t bytes = (size_t)share_out(&net->room, pieces, NULL);
    if (bytes > net->bytes) {
        PyMem_Free(net->memory);
        net->bytes = 0;
        net->memory = PyMem_Calloc(bytes, 1);
        if (net->memory == NULL) {
            PyErr_NoMemory();
            return NULL;
        }
        net->bytes = bytes;
    }
    share_out(&net->room, pieces, net->memory);
    memset(net->memory, 0, (size_t)(net->room.to_clear - net->memory));
    return &net->room;
}

static void embed(const Net *net, int64_t number, int32_t *embedded)
{
    const uint8_t *row = (const uint8_t *)net->table.buf + number * PIECE;
    const int32_t *values = net->values[number % CHUNKS];
    for (int at = 0; at < PIECE; at++)
        embedded[at] = values[row[at]];
}

/* Where a piece stands among those that are remembered; NULL if it is not. */
static const Known *recall(const Net *net, int64_t number)
{
    Py_ssize_t set = number % KEPT;
    for (int way = 0; way < WAYS; way++)
        if (net->number[set][way] == number)
            return &net->known[set * WAYS + way];
    return NULL;
}

/* Remember a piece in the place of the one of its set that came longest ago, if what it adds fits into 32 bits. */
static void remember(Net *net, int64_t number, const int32_t *entered, const double *added)
{
    Py_ssize_t set = number % KEPT;
    int way = !net->latest[set];
    Known *room = &net->known[set * WAYS + way];
    net->number[set][way] = -1;
    for (int at = 0; at < PLACES * BRANCH; at++) {
        if (fabs(added[at]) > INT32_MAX)
            return;
        room->added[at] = (int32_t)added[at];
    }
    memcpy(room->entered, entered, sizeof room->entered);
    net->number[set][way] = number;
}

/* Work out pieces that are not remembered: what enters their convolutions, and what they add to the first ones. */
static void work_out(Net *net, Way way, Room *room, Py_ssize_t count)
{
    double normed[BRANCH];
    for (Py_ssize_t place = 0; place < count; place++)
        embed(net, room->fresh[place], room->told + place * PIECE);
    cut(room->told, count * PIECE, room->cut);
    sum_up(&net->layers[ENTRY], way, room->cut, count, PIECE, room->sums);
    pass(room->sums, count * WIDE, -MOST, room->entered);
    for (Py_ssize_t part = 0; part < count * BRANCHES; part++) {
        int32_t *numbers = room->entered + part * BRANCH;
        int which = part % BRANCHES;
        norm(numbers, BRANCH, net->stretch[which], net->shift[which], net->least, normed);
        for (int at = 0; at < BRANCH; at++)
            numbers[at] = (int32_t)normed[at];
    }
    cut(room->entered, count * WIDE, room->cut);
    for (int branch = 0, place = 0; branch < BRANCHES; branch++) {
        Cut of = {room->cut.low + branch * BRANCH, room->cut.high + branch * BRANCH,
                  room->cut.odd + branch * BRANCH / BLOCK};
        for (int last = place + order_of[branch]; place < last; place++) {
            sum_up(&net->places[place], way, of, count, WIDE, room->sums);
            for (Py_ssize_t row = 0; row < count; row++)
                memcpy(room->added + (row * PLACES + place) * BRANCH, room->sums + row * BRANCH,
                       BRANCH * sizeof(double));
        }
    }
}

/* Work out all pieces of a sentence that are not remembered, each once, without remembering them. */
static Py_ssize_t work_out_new(Net *net, Way way, Room *room, const int64_t *numbers)
{
    Py_ssize_t count = 0;
    for (Py_ssize_t place = 0; place < room->pieces; place++) {
        Py_ssize_t before = 0;
        if (recall(net, numbers[place]) != NULL)
            continue;
        while (before < count && room->fresh[before] != numbers[place])
            before++;
        room->fresh[before] = numbers[place];
        count += before == count;
    }
    work_out(net, way, room, count);
    return count;
}

CLONES static void add_known(const int32_t *added, double *sums)
{
    for (int at = 0; at < BRANCH; at++)
        sums[at] += added[at];
}

CLONES static void add_fresh(const double *added, double *sums)
{
    for (int at = 0; at < BRANCH; at++)
        sums[at] += added[at];
}

/* Take in one piece of a sentence: beside it is what is remembered of it, or where it was worked out. */
static void enter(Room *room, Py_ssize_t place, const Known *known, Py_ssize_t fresh)
{
    const int32_t *entered = known ? known->entered : room->entered + fresh * WIDE;
    for (int branch = 0; branch < BRANCHES; branch++) {
        int left = left_of[branch];
        memcpy(room->wide[branch] + (left + place) * BRANCH, entered + branch * BRANCH, BRANCH * sizeof *entered);
        for (int over = 0; over < order_of[branch]; over++) {
            Py_ssize_t to = place + left - over, from = (first_place[branch] + over) * BRANCH;
            if (to < 0 || to >= room->pieces)
                continue;
            if (known)
                add_known(known->added + from, room->first[branch] + to * BRANCH);
            else
                add_fresh(room->added + fresh * PLACES * BRANCH + from, room->first[branch] + to * BRANCH);
        }
    }
}

/* Take in all pieces of a sentence; then remember those that were new. */
static void enter_all(Net *net, Way way, Room *room, const int64_t *numbers)
{
    Py_ssize_t count = work_out_new(net, way, room, numbers);
    for (Py_ssize_t place = 0; place < room->pieces; place++) {
        const Known *known = recall(net, numbers[place]);
        Py_ssize_t fresh = 0;
        while (known == NULL && room->fresh[fresh] != numbers[place])
            fresh++;
        if (known != NULL)
            net->latest[numbers[place] % KEPT] = (uint8_t)((known - net->known) % WAYS);
        enter(room, place, known, fresh);
        embed(net, numbers[place], room->told + place * TOLD);
    }
    for (Py_ssize_t fresh = 0; fresh < count; fresh++)
        remember(net, room->fresh[fresh], room->entered + fresh * WIDE, room->added + fresh * PLACES * BRANCH);
}

/* Both convolutions of a branch, the first of which is added up, each added to what went in. */
static void convolve(const Net *net, Way way, Room *room, int branch)
{
    Py_ssize_t pieces = room->pieces;
    int32_t *told = room->wide[branch] + left_of[branch] * BRANCH;
    const Layer *second = &net->layers[2 + 2 * branch];
    for (Py_ssize_t row = 0; row < pieces; row++, told += BRANCH)
        pass_beside(room->first[branch] + row * BRANCH, net->layers[1 + 2 * branch].added, told, told);
    told -= pieces * BRANCH;
    cut(room->wide[branch], (pieces + order_of[branch] - 1) * BRANCH, room->cut);
    sum_up(second, way, room->cut, pieces, BRANCH, room->sums);
    for (Py_ssize_t row = 0; row < pieces; row++)
        pass_beside(room->sums + row * BRANCH, net->nothing, told + row * BRANCH,
                    room->told + row * TOLD + PIECE + branch * BRANCH);
}

/* Sums of a layer for one row of numbers. */
static void sum_row(const Net *net, Way way, Room *room, const int32_t *numbers, int layer, double *sums)
{
    cut(numbers, net->layers[layer].in, room->cut);
    sum_up(&net->layers[layer], way, room->cut, 1, net->layers[layer].in, sums);
}

/* The mean of all pieces, and the feed-forward net; the sentence's numbers before they are bounded. */
static void feed_forward(const Net *net, Way way, Room *room, double *out)
{
    int32_t mean[TOLD], first[PIECE], second[PIECE], third[PIECE];
    double total[TOLD] = {0}, one[TOLD], other[PIECE], root = sqrt((double)room->pieces);
    for (Py_ssize_t row = 0; row < room->pieces; row++) {
        norm(room->told + row * TOLD, TOLD, net->stretch[BRANCHES], net->shift[BRANCHES], net->least, one);
        for (int at = 0; at < TOLD; at++)
            total[at] += one[at];
    }
    for (int at = 0; at < TOLD; at++)
        mean[at] = (int32_t)((total[at] / root + WHOLE) - WHOLE);
    sum_row(net, way, room, mean, MEAN, one);
    for (int at = 0; at < PIECE; at++) {
        double added = net->layers[MEAN].added[at];
        one[at] += ((added / ONE * root + WHOLE) - WHOLE) * ONE - added;
    }
    pass(one, PIECE, -MOST, mean);
    sum_row(net, way, room, mean, MEAN_FIRST, one);
    pass(one, outs[MEAN_FIRST], 0.0, first);
    sum_row(net, way, room, mean, MEAN_SECOND, one);
    sum_row(net, way, room, first, FIRST_SECOND, other);
    for (int at = 0; at < outs[MEAN_SECOND]; at++)
        one[at] += other[at];
    pass(one, outs[MEAN_SECOND], 0.0, second);
    sum_row(net, way, room, second, SECOND_THIRD, one);
    pass(one, PIECE, 0.0, third);
    sum_row(net, way, room, second, SECOND_LAST, out);
    sum_row(net, way, room, third, THIRD_LAST, other);
    for (int at = 0; at < PIECE; at++)
        out[at] = (out[at] + other[at]) / ONE;
}

/* Bound numbers softly, and bring them to the length of a unit. */
static void bound(double *numbers, int64_t *out)
{
    double squares = 0;
    for (int at = 0; at < PIECE; at++) {
        double some = numbers[at] / ONE;
        numbers[at] = (numbers[at] / sqrt(1.0 + some * some) + WHOLE) - WHOLE;
        squares += numbers[at] * numbers[at];
    }
    for (int at = 0; at < PIECE; at++)
        out[at] = (int64_t)((numbers[at] * LENGTH / sqrt(squares + 1.0) + WHOLE) - WHOLE);
}

static PyObject *encode(Net *self, PyObject *args)
{
    PyObject *list;
    int lanes = 0;
    if (!PyArg_ParseTuple(args, "O!|i", &PyList_Type, &list, &lanes))
        return NULL;
    Py_ssize_t pieces = PyList_GET_SIZE(list);
    if (self->known == NULL || pieces == 0 || pieces > PIECES_MAX)
        return PyErr_Format(PyExc_ValueError, "encode: no net, or %zd pieces", pieces);
    int64_t numbers[PIECES_MAX], out[PIECE];
    double last[PIECE];
    for (Py_ssize_t place = 0; place < pieces; place++) {
        numbers[place] = PyLong_AsLongLong(PyList_GET_ITEM(list, place));
        if (numbers[place] == -1 && PyErr_Occurred())
            return NULL;
        if (numbers[place] < 0 || numbers[place] >= self->table.len / PIECE)
            return PyErr_Format(PyExc_IndexError, "encode: no such piece");
    }
    Room *room = room_for(self, pieces);
    if (room == NULL)
        return NULL;
    Way way = way_of(lanes);
    enter_all(self, way, room, numbers);
    for (int branch = 0; branch < BRANCHES; branch++)
        convolve(self, way, room, branch);
    feed_forward(self, way, room, last);
    bound(last, out);
    return PyBytes_FromStringAndSize((const char *)out, sizeof out);
}

/* --- the net ---------------------------------------------------------------------------------------------------- */

/* Copy an array of so many numbers of a size; NULL with an error set if it is another. */
static void *copied(PyObject *array, Py_ssize_t count, Py_ssize_t size)
{
    Py_buffer buffer;
    if (PyObject_GetBuffer(array, &buffer, PyBUF_C_CONTIGUOUS) < 0)
        return NULL;
    void *copy = NULL;
    if (buffer.itemsize != size || buffer.len != count * size)
        PyErr_Format(PyExc_ValueError, "SentenceNet: an array has %zd bytes, must have %zd", buffer.len, count * size);
    else if ((copy = PyMem_Malloc(buffer.len)) == NULL)
        PyErr_NoMemory();
    else
        memcpy(copy, buffer.buf, buffer.len);
    PyBuffer_Release(&buffer);
    return copy;
}

/* Lay weights as kernels read them. */
static int pack(Layer *layer, int in, int out, const int16_t *weights)
{
    layer->in = in;
    layer->out = out;
    layer->weights = PyMem_New(int16_t, (size_t)in * out);
    layer->added = PyMem_Calloc(out, sizeof *layer->added);
    if (layer->weights == NULL || layer->added == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    int16_t *to = layer->weights;
    for (int start = 0; start < out; start += COLUMNS)
        for (int row = 0; row < in; row += 2)
            for (int column = start; column < start + COLUMNS; column++) {
                *to++ = weights[row * out + column];
                *to++ = weights[(row + 1) * out + column];
            }
    return 0;
}

/* A first convolution by its places, any other layer as it is. */
static int take_layer(Net *net, int number, PyObject *weights, PyObject *added)
{
    Layer *layer = &net->layers[number];
    int in = ins[number], out = outs[number], branch = (number - 1) / 2, failed = -1;
    int16_t *given = copied(weights, (Py_ssize_t)in * out, sizeof *given);
    int32_t *more = copied(added, out, sizeof *more);
    if (given != NULL && more != NULL) {
        int is_first = number == 1 || number == 3 || number == 5;
        failed = pack(layer, is_first ? 0 : in, out, given);
        for (int place = 0; is_first && !failed && place < order_of[branch]; place++)
            failed = pack(&net->places[first_place[branch] + place], BRANCH, BRANCH, given + place * BRANCH * BRANCH);
        for (int at = 0; !failed && at < out; at++)
            layer->added[at] = more[at] * ONE;
    }
    PyMem_Free(given);
    PyMem_Free(more);
    return failed;
}

static int take_all(Net *self, PyObject *values, PyObject *layers, PyObject *norms)
{
    int32_t *steps = copied(values, CHUNKS * STEPS, sizeof *steps);
    if (steps == NULL)
        return -1;
    memcpy(self->values, steps, sizeof self->values);
    PyMem_Free(steps);
    for (int number = 0; number < LAYERS; number++) {
        PyObject *weights, *added;
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(layers, number), "OO", &weights, &added) ||
            take_layer(self, number, weights, added) < 0)
            return -1;
    }
    for (int number = 0; number < NORMS; number++) {
        PyObject *stretch, *shift;
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(norms, number), "OO", &stretch, &shift) ||
            (self->stretch[number] = copied(stretch, widths[number], sizeof(double))) == NULL ||
            (self->shift[number] = copied(shift, widths[number], sizeof(double))) == NULL)
            return -1;
    }
    self->known = PyMem_Calloc(KEPT * WAYS, sizeof *self->known);
    if (self->known == NULL)
        PyErr_NoMemory();
    return self->known == NULL ? -1 : 0;
}

static int net_init(Net *self, PyObject *args, PyObject *names)
{
    PyObject *table, *values, *layers, *norms;
    if (self->known != NULL) {
        PyErr_SetString(PyExc_RuntimeError, "SentenceNet: is made already; make another one");
        return -1;
    }
    if (!PyArg_ParseTuple(args, "OOO!O!d", &table, &values, &PyTuple_Type, &layers, &PyTuple_Type, &norms,
                          &self->least))
        return -1;
    if (PyTuple_GET_SIZE(layers) != LAYERS || PyTuple_GET_SIZE(norms) != NORMS) {
        PyErr_SetString(PyExc_ValueError, "SentenceNet: another number of layers");
        return -1;
    }
    for (int set = 0; set < KEPT; set++)
        for (int way = 0; way < WAYS; way++)
            self->number[set][way] = -1;
    if (PyObject_GetBuffer(table, &self->table, PyBUF_C_CONTIGUOUS) < 0)
        return -1;
    return take_all(self, values, layers, norms);
}

static void net_free(Net *self)
{
    for (int number = 0; number < LAYERS + PLACES; number++) {
        Layer *layer = number < LAYERS ? &self->layers[number] : &self->places[number - LAYERS];
        PyMem_Free(layer->weights);
        PyMem_Free(layer->added);
    }
    for (int number = 0; number < NORMS; number++) {
        PyMem_Free(self->stretch[number]);
        PyMem_Free(self->shift[number]);
    }
    PyMem_Free(self->known);
    PyMem_Free(self->memory);
    if (self->table.obj != NULL)
        PyBuffer_Release(&self->table);
    Py_TYPE(self)->tp_free(self);
}

static PyMethodDef net_methods[] = {
    {"encode", (PyCFunction)(void (*)(void))encode, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject NetType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "pipeline.ingest.text.loops.sentences.SentenceNet",
    .tp_basicsize = sizeof(Net),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = PyType_GenericNew,
    .tp_init = (initproc)net_init,
    .tp_dealloc = (destructor)net_free,
    .tp_methods = net_methods,
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "sentences", NULL, -1, NULL, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_sentences(void)
{
    if (PyType_Ready(&NetType) < 0)
        return NULL;
    PyObject *made = PyModule_Create(&module);
    if (made != NULL && PyModule_AddObjectRef(made, "SentenceNet", (PyObject *)&NetType) < 0)
        Py_CLEAR(made);
    return made;
}
