// Written by Scripts/list-assets.

#include "CHypeAssets.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char file_0[] = {
#embed "../HypeServer/openapi.json"
};

static const hype_asset_entry entries[] = {
    {"openapi.json", file_0, sizeof file_0},
};

size_t hype_asset_count(void) { return sizeof entries / sizeof entries[0]; }

hype_asset_entry hype_asset(size_t index) {
    const hype_asset_entry none = {0, 0, 0};
    return index < hype_asset_count() ? entries[index] : none;
}
