/* The part of the audio interface that real and fake share: letting go. */
#include "playout/audio.h"

void audio_free(Audio *self)
{
    if (self)
        self->ops->free(self);
}
