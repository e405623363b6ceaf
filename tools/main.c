/* The `loa` program: one table of commands, each a function of its words.
 *
 * What a command finds wrong goes to stderr in plain words; the exit code is 0 for yes, 1 for no,
 * 2 for a command that could not be understood. */
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "audit_verify.h"
#include "backup.h"
#include "config_check.h"
#include "crypto.h"
#include "doctor.h"
#include "restore.h"
#include "root_rotate.h"
#include "station_export.h"
#include "status.h"
#include "tls.h"

typedef struct Command {
    const char *first;
    const char *second; /* NULL = the command is one word */
    const char *words;  /* what follows, for the help text */
    const char *what;
    int (*run)(int argc, char **argv);
} Command;

static const Command commands[] = {
    {"audit", "verify", "DIR [--json]",
     "check an exported ledger offline: signatures, gapless counters, chained receipts",
     audit_verify_main},
    {"backup", NULL,
     "DATA_DIR OUT [--recipients FILE] [--config FILE] [--prune KEEP] [--daily DAYS] [--weekly "
     "WEEKS]",
     "copy a controller, running or not, into one encrypted file, and read it back", backup_main},
    {"restore", NULL, "[--check] BACKUP NEW_DATA_DIR --identity FILE",
     "judge a backup and make a controller's data directory of it", restore_main},
    {"root", "rotate", "KEYS_DIR [--root-key FILE] [--new-root-key FILE] [--keep-online]",
     "new keys for a controller, vouched for by the old; it takes them at its next start",
     root_rotate_main},
    {"station", "export", "ID DIR [--controller URL] --token-file FILE",
     "plan and sound of a station that no network reaches, onto a stick", station_export_main},
    {"status", NULL, "[--controller URL] --token-file FILE",
     "one screen: stations, what plays, what comes, who needs help, backup and disk", status_main},
    {"doctor", NULL, "[--config FILE] [--tls DIR] [--nginx FILE]",
     "look over a controller's machine and say what to do", doctor_main},
    {"tls", "make", "NAME... [--dir DIR]",
     "an authority and a server's certificate for a network of one's own", tls_make_main},
    {"tls", "renew", "[--now] [--reload] [--dir DIR]",
     "a new server's certificate in the last 30 days of the old one", tls_renew_main},
    {"tls", "show", "[--dir DIR]", "names, days and fingerprint, to compare on a phone",
     tls_show_main},
    {"config", "check", "FILE [--of controller|player]",
     "check a configuration file: unknown keys, wrong values, with line and hint",
     config_check_main},
};

static int help(FILE *out)
{
    fprintf(out, "loa %s\n\n", LOA_VERSION);
    for (unsigned i = 0; i < G_N_ELEMENTS(commands); i++)
        fprintf(out, "  loa %s%s%s %s\n      %s\n", commands[i].first,
                commands[i].second ? " " : "", commands[i].second ? commands[i].second : "",
                commands[i].words, commands[i].what);
    return out == stdout ? 0 : 2;
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "");
    if (!crypto_init()) {
        fputs("loa: this machine gives no random numbers\n", stderr);
        return 1;
    }
    if (argc < 2)
        return help(stderr);
    if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0)
        return help(stdout);

    for (unsigned i = 0; i < G_N_ELEMENTS(commands); i++) {
        const Command *command = &commands[i];
        if (strcmp(argv[1], command->first) != 0)
            continue;
        if (command->second == NULL)
            return command->run(argc - 2, argv + 2);
        if (argc > 2 && strcmp(argv[2], command->second) == 0)
            return command->run(argc - 3, argv + 3);
    }
    fprintf(stderr, "loa: no command '%s'\n\n", argv[1]);
    return help(stderr);
}
