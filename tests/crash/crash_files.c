/* Cuts the power under the station's plain files, between any two of the system calls that write
 * them: atomic_file, keys, the plan in force and the media cache, the real code of each.
 *
 * The living station works in one folder; each crash state is laid out in another and judged there
 * by the same code. Now and then the life goes on from such a state. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crash_run.h"
#include "file_recorder.h"
#include "files_kept.h"

#define STATES 10000

typedef struct Life {
    CrashRun *run;
    const Outside *outside;
    const char *dir, *state_dir;
    Dice dice;
    Disk *disk;
    FilesKept kept;
    Disk *next; /* where the power was cut for good */
    FilesKept next_kept;
} Life;

static const CrashControl controls[] = {
    {"no-file-sync", "torn"}, {"no-folder-sync", "lost"}, {NULL, NULL}};

static void try_state(Life *self)
{
    g_autofree char *what = NULL;
    g_autoptr(Disk) left = disk_cut(self->disk, &self->dice);
    FilesKept found = self->kept;
    file_recorder_watch(NULL, NULL);
    file_recorder_lay_out(left, self->state_dir);
    const char *rule =
        files_judge(&self->kept, self->state_dir, self->outside, &self->dice, &found, &what);
    file_recorder_watch(self->disk, self->dir);
    crash_run_judged(self->run, rule, what ? what : "");
    if (rule || self->next || !dice_chance(&self->dice, 2))
        return;
    self->next = g_steal_pointer(&left);
    self->next_kept = found;
}

static void before_change(G_GNUC_UNUSED Disk *disk, void *user)
{
    Life *self = user;
    if (!crash_run_is_over(self->run) && dice_chance(&self->dice, 70))
        try_state(self);
}

static bool act(Life *self)
{
    unsigned roll = dice_below(&self->dice, 100);
    if (roll < 25)
        return files_write_note(&self->kept, self->dir, &self->dice);
    if (roll < 40)
        return files_make_key(&self->kept, self->dir, &self->dice);
    if (roll < 65)
        return files_take_plan(&self->kept, self->dir, self->outside);
    if (roll < 96)
        return files_fetch_media(&self->kept, self->dir, self->outside, &self->dice);
    return files_drop_media(&self->kept, self->dir);
}

static void boot(Life *self, Disk *take_disk)
{
    disk_free(self->disk);
    self->disk = take_disk;
    file_recorder_watch(NULL, NULL);
    file_recorder_lay_out(self->disk, self->dir);
    disk_watch(self->disk, before_change, self);
    if (crash_run_is(self->run, "no-file-sync"))
        disk_lie(self->disk, DISK_LIES_FILES);
    if (crash_run_is(self->run, "no-folder-sync"))
        disk_lie(self->disk, DISK_LIES_FOLDERS);
    file_recorder_watch(self->disk, self->dir);
}

static void live(CrashRun *run, const Outside *outside, const char *dir, const char *state_dir)
{
    Life self = {.run = run,
                 .outside = outside,
                 .dir = dir,
                 .state_dir = state_dir,
                 .dice = dice_of(run->seed)};
    boot(&self, disk_new());
    for (unsigned i = 0; i < 40 && !crash_run_is_over(run); i++) {
        if (!act(&self))
            crash_run_judged(run, "refused", "the station could not go on");
        if (self.next) {
            self.kept = self.next_kept;
            boot(&self, g_steal_pointer(&self.next));
        }
        try_state(&self);
    }
    file_recorder_watch(NULL, NULL);
    disk_free(self.next);
    disk_free(self.disk);
}

static char *make_folder(void)
{
    bool memory = g_file_test("/dev/shm", G_FILE_TEST_IS_DIR);
    char *path = g_build_filename(memory ? "/dev/shm" : g_get_tmp_dir(), "loa-crash-XXXXXX", NULL);
    return g_mkdtemp(path);
}

int main(int argc, char **argv)
{
    CrashRun run;
    if (!crypto_init() || !crash_run_begin(&run, argc, argv, STATES, controls))
        return EXIT_FAILURE;
    g_autofree char *dir = make_folder(), *state_dir = make_folder();
    Outside *outside = outside_new();
    while (crash_run_next(&run))
        live(&run, outside, dir, state_dir);
    g_autoptr(Disk) nothing = disk_new();
    file_recorder_lay_out(nothing, dir);
    file_recorder_lay_out(nothing, state_dir);
    rmdir(dir);
    rmdir(state_dir);
    outside_free(outside);
    return crash_run_end(&run);
}
