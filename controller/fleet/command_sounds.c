/* A prepared message lies at every pole, and its order is a few hundred bytes; one that was made
 * minutes ago does not, and then ten thousand stations would come and ask for the same file at the
 * worst moment. So it travels inside the signed order, if it is small. Whoever has it already pays
 * for nothing: the order stays short as long as all of them are known to hold it. */
#include "fleet/command_sounds.h"

#include "base/atomic_file.h"

static bool names(const Json *list, const char *sha256)
{
    for (size_t i = 0; i < json_length(list); i++)
        if (g_strcmp0(json_text(json_at(list, i)), sha256) == 0)
            return true;
    return false;
}

static bool may_lack(const Fleet *fleet, const char *station, const Command *command,
                     int64_t made_us)
{
    HealthView view;
    health_view(fleet->health, station, &view);
    if (!view.facts || view.last_us < made_us + COMMAND_SOUNDS_FRESH_US)
        return true;
    const Json *missing = json_peek(json_peek(view.facts, "media"), "missing");
    for (unsigned i = 0; i < command->items->len; i++)
        if (names(missing, ((const PlanItem *)command->items->pdata[i])->sha256))
            return true;
    return false;
}

static bool anybody_lacks(const Fleet *fleet, const Command *command, const GPtrArray *stations,
                          int64_t made_us)
{
    for (unsigned i = 0; i < stations->len; i++)
        if (may_lack(fleet, ((const Station *)stations->pdata[i])->id, command, made_us))
            return true;
    return false;
}

static GBytes *read_sound(const Fleet *fleet, const char *sha256)
{
    MediaStore *media = fleet->settings.media;
    g_autofree char *path = media && sha256 ? media_store_path(media, sha256) : NULL;
    return path ? atomic_file_read(path, COMMAND_SOUNDS_MAX, NULL) : NULL;
}

void command_sounds_add(Fleet *fleet, Command *command, const GPtrArray *stations, int64_t made_us)
{
    int64_t bytes = 0;
    bool good = anybody_lacks(fleet, command, stations, made_us);
    for (unsigned i = 0; good && i < command->items->len; i++) {
        const char *sha256 = ((const PlanItem *)command->items->pdata[i])->sha256;
        g_autoptr(GBytes) sound = read_sound(fleet, sha256);
        bytes += sound ? (int64_t)g_bytes_get_size(sound) : 0;
        good = sound && command_add_sound(command, sha256, sound) &&
               bytes * stations->len <= COMMAND_SOUNDS_TRAFFIC;
    }
    if (!good)
        g_ptr_array_set_size(command->sounds, 0);
}
