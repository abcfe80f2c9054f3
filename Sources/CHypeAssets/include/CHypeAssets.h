#ifndef C_HYPE_ASSETS_H
#define C_HYPE_ASSETS_H

#include <stddef.h>

/// A file that is part of the program.
typedef struct {
    const char *name;
    const unsigned char *bytes;
    size_t count;
} hype_asset_entry;

/// How many files there are.
size_t hype_asset_count(void);

/// The file with a number below `hype_asset_count()`; all zero for others.
hype_asset_entry hype_asset(size_t index);

#endif
