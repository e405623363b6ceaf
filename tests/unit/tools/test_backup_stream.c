/* The stream inside a backup: what goes in comes out, and nothing else is ever taken for one. */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backup_tar.h"
#include "backup_write.h"
#include "digest.h"
#include "restore_read.h"

#define MADE_US (INT64_C(1795331449) * G_USEC_PER_SEC)
#define SOUND   "not really Opus, but long enough to be more than one block of the archive. "

typedef struct Stream {
    char *dir;
    char *file;
    char *sound; /* "media/ab/..." */
    char *bytes;
    size_t length;
} Stream;

static char *in(const Stream *stream, const char *name)
{
    return g_build_filename(stream->dir, name, NULL);
}

static void put_file(const Stream *stream, const char *name, const char *text)
{
    g_autofree char *path = in(stream, name);
    g_autofree char *folder = g_path_get_dirname(path);
    g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static bool add(const Stream *stream, BackupWriter *writer, const char *name)
{
    g_autofree char *source = in(stream, name);
    return backup_writer_file(writer, name, source, NULL, NULL);
}

static void load(Stream *stream)
{
    g_free(stream->bytes);
    g_assert_true(g_file_get_contents(stream->file, &stream->bytes, &stream->length, NULL));
}

static void stream_init(Stream *stream)
{
    *stream = (Stream){.dir = g_dir_make_tmp("loa-stream-XXXXXX", NULL)};
    g_autofree char *text = g_strdup(SOUND SOUND SOUND SOUND SOUND SOUND SOUND SOUND);
    g_autofree char *sha256 = digest_hex_of(text, strlen(text));
    stream->file = in(stream, "stream.tar");
    stream->sound = g_strdup_printf("media/%.2s/%s", sha256, sha256);
    put_file(stream, BACKUP_DATABASE, "a database");
    put_file(stream, BACKUP_ONLINE, "a key");
    put_file(stream, stream->sound, text);
    int fd = open(stream->file, O_WRONLY | O_CREAT, 0600);
    g_autoptr(BackupWriter) writer = backup_writer_new(fd, NULL, NULL);
    g_assert_true(backup_writer_head(writer, MADE_US, NULL));
    g_assert_true(add(stream, writer, BACKUP_DATABASE) && add(stream, writer, BACKUP_ONLINE) &&
                  add(stream, writer, stream->sound));
    g_assert_true(backup_writer_finish(writer, NULL));
    close(fd);
    load(stream);
}

static void stream_clear(Stream *stream)
{
    g_autofree char *command = g_strdup_printf("rm -rf %s", stream->dir);
    g_assert_cmpint(system(command), ==, 0);
    g_free(stream->dir);
    g_free(stream->file);
    g_free(stream->sound);
    g_free(stream->bytes);
}

static bool reads_into(const char *bytes, size_t length, const char *into, RestoredBackup *found,
                       GError **error)
{
    g_autofree char *path = g_build_filename(g_get_tmp_dir(), "loa-stream-read-XXXXXX", NULL);
    int fd = g_mkstemp(path);
    g_assert_cmpint(write(fd, bytes, length), ==, length);
    g_assert_cmpint(lseek(fd, 0, SEEK_SET), ==, 0);
    (void)g_unlink(path);
    bool good = restore_read(fd, into, found, error);
    close(fd);
    return good;
}

static bool reads(const char *bytes, size_t length)
{
    RestoredBackup found;
    g_autoptr(GError) error = NULL;
    bool good = reads_into(bytes, length, NULL, &found, &error);
    g_assert_true(good == (error == NULL));
    return good;
}

static void test_what_went_in_comes_out(void)
{
    Stream stream;
    RestoredBackup found;
    stream_init(&stream);
    g_autofree char *into = in(&stream, "out");
    g_assert_cmpint(g_mkdir(into, 0700), ==, 0);
    g_assert_true(reads_into(stream.bytes, stream.length, into, &found, NULL));
    g_assert_cmpint(found.made_us, ==, MADE_US);
    g_assert_cmpint(found.files, ==, 3);
    g_autofree char *sound = g_build_filename(into, stream.sound, NULL);
    g_autofree char *sha256 = digest_hex_of_file(sound, NULL);
    g_assert_cmpstr(sha256, ==, stream.sound + strlen("media/ab/"));
    stream_clear(&stream);
}

static void test_the_ordinary_tar_reads_it_too(void)
{
    Stream stream;
    g_autofree char *listed = NULL;
    stream_init(&stream);
    g_autofree char *command = g_strdup_printf("tar -tf %s", stream.file);
    g_assert_true(g_spawn_command_line_sync(command, &listed, NULL, NULL, NULL));
    g_autofree char *wanted = g_strdup_printf(
        "loa-backup.json\nloa.db\nkeys/online.key\n%s\nmanifest.json\n", stream.sound);
    g_assert_cmpstr(listed, ==, wanted);
    stream_clear(&stream);
}

static void test_every_truncation_is_refused(void)
{
    Stream stream;
    stream_init(&stream);
    size_t end = stream.length - 2 * TAR_BLOCK;
    for (size_t length = 0; length < end; length += 97)
        g_assert_false(reads(stream.bytes, length));
    g_assert_true(reads(stream.bytes, stream.length));
    stream_clear(&stream);
}

/* A flipped bit that changes nothing that is kept (owner, time, padding) may pass. */
static void test_no_flipped_bit_of_a_file_or_its_name_passes(void)
{
    Stream stream;
    stream_init(&stream);
    for (size_t block = 0; block < stream.length / TAR_BLOCK - 2; block++) {
        char *byte = stream.bytes + block * TAR_BLOCK; /* of a name or of content */
        *byte ^= 0x04;
        g_assert_false(reads(stream.bytes, stream.length));
        *byte ^= 0x04;
    }
    g_assert_true(reads(stream.bytes, stream.length));
    stream_clear(&stream);
}

static void rename_first(Stream *stream, const char *from, const char *to, char type)
{
    for (size_t at = 0; at < stream->length; at += TAR_BLOCK) {
        char *block = stream->bytes + at;
        uint64_t size;
        char name[TAR_NAME_MAX + 1];
        if (strcmp(block, from) != 0 || !tar_header_read(block, name, &size))
            continue;
        tar_header_make(block, to, size, 0);
        if (type == '0')
            return;
        block[156] = type; /* one more than '0' at the checksum's last digit, carried by hand */
        unsigned sum = 0;
        for (unsigned i = 0; i < TAR_BLOCK; i++)
            sum += i >= 148 && i < 156 ? ' ' : (unsigned char)block[i];
        g_snprintf(block + 148, 8, "%06o", sum);
        return;
    }
    g_assert_not_reached();
}

static void test_a_name_that_leads_elsewhere_is_refused(void)
{
    static const char *const names[] = {"../loa.db",      "/etc/passwd",   "keys/../../x",
                                        "keys/other.key", "media/ab/../x", "loa.db/x"};
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        Stream stream;
        stream_init(&stream);
        rename_first(&stream, BACKUP_ONLINE, names[i], '0');
        g_assert_false(reads(stream.bytes, stream.length));
        stream_clear(&stream);
    }
}

static void test_a_link_is_refused(void)
{
    Stream stream;
    stream_init(&stream);
    rename_first(&stream, BACKUP_ONLINE, BACKUP_ONLINE, '0');
    g_assert_true(reads(stream.bytes, stream.length)); /* the same archive, so the type decides */
    rename_first(&stream, BACKUP_ONLINE, BACKUP_ONLINE, '2');
    g_assert_false(reads(stream.bytes, stream.length));
    stream_clear(&stream);
}

static void test_somebody_elses_archive_is_refused(void)
{
    Stream stream;
    stream_init(&stream);
    size_t first = 2 * TAR_BLOCK; /* without the head that says what this is */
    g_assert_false(reads(stream.bytes + first, stream.length - first));
    stream_clear(&stream);
}

static void test_a_huge_database_fits_into_a_header(void)
{
    char block[TAR_BLOCK], name[TAR_NAME_MAX + 1];
    uint64_t size;
    tar_header_make(block, BACKUP_DATABASE, UINT64_C(50) << 30, 0);
    g_assert_true(tar_header_read(block, name, &size));
    g_assert_cmpuint(size, ==, UINT64_C(50) << 30);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stream/round", test_what_went_in_comes_out);
    g_test_add_func("/stream/tar", test_the_ordinary_tar_reads_it_too);
    g_test_add_func("/stream/truncated", test_every_truncation_is_refused);
    g_test_add_func("/stream/flipped", test_no_flipped_bit_of_a_file_or_its_name_passes);
    g_test_add_func("/stream/names", test_a_name_that_leads_elsewhere_is_refused);
    g_test_add_func("/stream/link", test_a_link_is_refused);
    g_test_add_func("/stream/foreign", test_somebody_elses_archive_is_refused);
    g_test_add_func("/stream/huge", test_a_huge_database_fits_into_a_header);
    return g_test_run();
}
