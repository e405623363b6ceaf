/* POSIX.1-1988 ustar: name at 0, mode 100, uid 108, gid 116, size 124, mtime 136, checksum 148,
 * type 156, magic 257. A size that does not fit in eleven octal digits is written as GNU tar does,
 * big-endian with the top bit set. */
#include "backup_tar.h"

#include <glib.h>
#include <string.h>

#define SIZE_AT     124
#define SIZE_LENGTH 12
#define SUM_AT      148
#define SUM_LENGTH  8
#define TYPE_AT     156
#define MAGIC_AT    257
#define OCTAL_MAX   (UINT64_C(1) << 33)

static unsigned checksum(const char block[TAR_BLOCK])
{
    unsigned sum = 0;
    for (unsigned i = 0; i < TAR_BLOCK; i++)
        sum += i >= SUM_AT && i < SUM_AT + SUM_LENGTH ? ' ' : (unsigned char)block[i];
    return sum;
}

static void put_octal(char *field, unsigned digits, uint64_t value)
{
    for (unsigned i = digits; i > 0; i--, value >>= 3)
        field[i - 1] = (char)('0' + (value & 7));
}

static void put_size(char *field, uint64_t size)
{
    if (size < OCTAL_MAX) {
        put_octal(field, SIZE_LENGTH - 1, size);
        return;
    }
    for (unsigned i = SIZE_LENGTH; i > 0; i--, size >>= 8)
        field[i - 1] = (char)(size & 0xff);
    field[0] = (char)0x80;
}

void tar_header_make(char ret_block[TAR_BLOCK], const char *path, uint64_t size, int64_t when_s)
{
    memset(ret_block, 0, TAR_BLOCK);
    g_strlcpy(ret_block, path, TAR_NAME_MAX + 1);
    put_octal(ret_block + 100, 7, 0600);
    put_octal(ret_block + 108, 7, 0);
    put_octal(ret_block + 116, 7, 0);
    put_size(ret_block + SIZE_AT, size);
    put_octal(ret_block + 136, 11, (uint64_t)MAX(when_s, 0));
    ret_block[TYPE_AT] = '0';
    memcpy(ret_block + MAGIC_AT, "ustar\00000", 8);
    put_octal(ret_block + SUM_AT, 6, checksum(ret_block));
    ret_block[SUM_AT + 7] = ' ';
}

static bool get_octal(const char *field, unsigned length, uint64_t *ret_value)
{
    uint64_t value = 0;
    unsigned i = 0;
    for (; i < length && field[i] >= '0' && field[i] <= '7'; i++)
        value = value << 3 | (uint64_t)(field[i] - '0');
    if (i == 0 || (i < length && field[i] != '\0' && field[i] != ' '))
        return false;
    *ret_value = value;
    return true;
}

static bool get_size(const char *field, uint64_t *ret_size)
{
    if ((unsigned char)field[0] != 0x80)
        return get_octal(field, SIZE_LENGTH, ret_size);
    uint64_t size = 0;
    for (unsigned i = SIZE_LENGTH - 8; i < SIZE_LENGTH; i++)
        size = size << 8 | (unsigned char)field[i];
    *ret_size = size;
    return size <= INT64_MAX;
}

bool tar_header_read(const char block[TAR_BLOCK], char ret_path[TAR_NAME_MAX + 1],
                     uint64_t *ret_size)
{
    static const char zeros[TAR_BLOCK];
    uint64_t sum = 0;
    *ret_size = 0;
    ret_path[0] = '\0';
    if (memcmp(block, zeros, TAR_BLOCK) == 0)
        return true;
    if (!get_octal(block + SUM_AT, SUM_LENGTH, &sum) || sum != checksum(block) ||
        (block[TYPE_AT] != '0' && block[TYPE_AT] != '\0') ||
        memchr(block, '\0', TAR_NAME_MAX + 1) == NULL || !get_size(block + SIZE_AT, ret_size))
        return false;
    g_strlcpy(ret_path, block, TAR_NAME_MAX + 1);
    return *ret_path != '\0';
}
