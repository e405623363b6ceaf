/* Whether this is built with the address sanitizer: its shadow alone is larger than any limit of
 * memory, and it asks for more system calls than a cage allows. */
#pragma once

#include <stdbool.h>

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED true
#endif
#endif
#ifndef SANITIZED
#define SANITIZED false
#endif
