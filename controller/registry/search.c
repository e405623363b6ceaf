/* The search of names; how text is folded stands in base/fold, which the system log uses too. */
#include "registry/search.h"

#include "base/fold.h"

char *search_fold(const char *text)
{
    return fold_text(text);
}

char *search_pattern(const char *typed)
{
    return fold_pattern(typed);
}
