/* What a sheet hands to publisher_copy.c; nobody else includes it. */
#pragma once

#include "fleet/publisher_sheet.h"

#define SHEET_ENVELOPE_ROOM 4096                /* type, signatures and the plan's head */
#define SHEET_ID_TEXT       (AIRING_ID_HEX + 1) /* with its closing quotation mark: 33 = 11 * 3 */
#define SHEET_ID_BASE64     (SHEET_ID_TEXT / 3 * 4)
#define SHEET_LIST_BEGIN    "\"airings\":["
#define SHEET_FLUSH_MARK    4 /* LEN and NLEN of an empty stored block */

typedef struct SheetCut {
    size_t text, base64, deflated; /* where the piece ends */
    size_t stem;                   /* where that of the id behind it ends, in `stems` */
    uint32_t crc;                  /* of the piece's base64, moved over the id behind it */
    uint32_t crc_step;             /* for publisher_sheet_crc_over(): over the piece and that id */
} SheetCut;

struct PublisherSheet {
    int refs;
    Plan *model;
    GMutex lock;
    bool printed;
    char hash[DIGEST_HEX + 1];
    GString *text, *base64, *stems;
    GByteArray *deflated;
    GArray *cuts; /* SheetCut: one more than airings */
};

/* Prints and compresses it unless that is done. Any thread. */
void publisher_sheet_prepare(PublisherSheet *self);
/* Spaces until what `text` holds from `begin` on, and `more` bytes, is a multiple of three. */
void publisher_sheet_pad(GString *text, size_t begin, size_t more);
/* LEN and NLEN of a stored block of deflate. */
void publisher_sheet_put_length(uint8_t *at, size_t length);
/* CRC-32 as gzip has it; `before` is that of what comes before, 0 at the beginning. */
uint32_t publisher_sheet_crc(uint32_t before, const void *bytes, size_t length);
/* The same over a piece and the id behind it, neither of which is read. */
uint32_t publisher_sheet_crc_over(uint32_t before, const SheetCut *cut, uint32_t id_crc);
