/* What every sound card shares: the domain of its errors, and calls through its table. */
#include "card.h"

G_DEFINE_QUARK(card - error - quark, card_error)

void card_close(Card *self)
{
    if (self)
        self->ops->close(self);
}
