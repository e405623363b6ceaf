/* The tables of the content worker. Sound only: no plugin that decodes pictures is ever loaded, so
 * the video of a phone's recording is skipped by its demultiplexer and never looked into. */
#include "content/worker_forms.h"

#include <glib.h>

const char *const worker_plugins[] = {
    "coreelements",  "typefindfunctions",
    "app",           "audioconvert",
    "audioresample", "audioparsers",
    "mpg123",        "wavparse",
    "isomp4",        "faad",
    "matroska",      "ogg",
    "opus",          "vorbis",
    "flac",          "amrnb",
    "amrwbdec",      "alaw",
    "mulaw",         "adpcmdec",
};
const size_t worker_plugins_count = G_N_ELEMENTS(worker_plugins);

const WorkerContainer worker_containers[] = {
    {"audio/mpeg,mpegversion=(int)1", "mp3", NULL, false},
    {"audio/mpeg,mpegversion=(int){2,4}", "aac", NULL, false},
    {"audio/x-flac", "flac", NULL, true},
    {"audio/x-amr-nb-sh", "amr", NULL, false},
    {"audio/x-amr-wb-sh", "amr", NULL, false},
    {"audio/x-wav", "wav", "wavparse", true},
    {"audio/x-m4a; video/quicktime; application/x-3gp; audio/x-3gp", "m4a", "qtdemux", true},
    {"audio/webm; video/webm; audio/x-matroska; video/x-matroska", "webm", "matroskademux", true},
    {"audio/ogg; application/ogg; video/ogg", "ogg", "oggdemux", true},
};
const size_t worker_containers_count = G_N_ELEMENTS(worker_containers);

const WorkerChain worker_chains[] = {
    {"audio/mpeg,mpegversion=(int)1", {"mpegaudioparse", "mpg123audiodec"}},
    {"audio/mpeg,mpegversion=(int){2,4}", {"aacparse", "faad"}},
    {"audio/x-opus", {"opusdec", NULL}},
    {"audio/x-vorbis", {"vorbisdec", NULL}},
    {"audio/x-flac", {"flacparse", "flacdec"}},
    {"audio/x-amr-nb-sh", {"amrparse", "amrnbdec"}},
    {"audio/x-amr-wb-sh", {"amrparse", "amrwbdec"}},
    {"audio/AMR", {"amrnbdec", NULL}},
    {"audio/AMR-WB", {"amrwbdec", NULL}},
    {"audio/x-alaw", {"alawdec", NULL}},
    {"audio/x-mulaw", {"mulawdec", NULL}},
    {"audio/x-adpcm,layout=(string){microsoft,dvi}", {"adpcmdec", NULL}},
    {"audio/x-raw", {NULL, NULL}},
};
const size_t worker_chains_count = G_N_ELEMENTS(worker_chains);

bool worker_forms_is_silent_track(const char *media_type)
{
    static const char *const families[] = {"video/",      "image/",    "text/",         "meta/",
                                           "subpicture/", "subtitle/", "closedcaption/"};
    for (size_t i = 0; i < G_N_ELEMENTS(families); i++)
        if (g_str_has_prefix(media_type, families[i]))
            return true;
    return false;
}
