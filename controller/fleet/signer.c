/* The in-process signer. It holds the only copy of the online key that outlives start-up, in memory
 * that is wiped when the controller ends. */
#include "fleet/signer.h"

static Envelope *sign_in_process(void *self, const char *type, GBytes *payload, GError **error)
{
    (void)error;
    return envelope_sign(type, payload, self);
}

static void free_in_process(void *self)
{
    key_clear(self);
    g_free(self);
}

static const SignerOps in_process = {.sign = sign_in_process, .free = free_in_process};

Envelope *signer_sign(const Signer *signer, const char *type, GBytes *payload, GError **error)
{
    return signer->ops->sign(signer->self, type, payload, error);
}

void signer_init_in_process(Signer *signer, const Key *key)
{
    Key *copy = g_new(Key, 1);
    *copy = *key;
    *signer = (Signer){.ops = &in_process, .self = copy};
}

void signer_clear(Signer *signer)
{
    if (signer->ops)
        signer->ops->free(signer->self);
    *signer = (Signer){0};
}
