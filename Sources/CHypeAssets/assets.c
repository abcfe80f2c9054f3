// Written by Scripts/list-assets.

#include "CHypeAssets.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char file_0[] = {
#embed "../HypeServer/Dashboard/api.js"
};

static const unsigned char file_1[] = {
#embed "../HypeServer/Dashboard/app.js"
};

static const unsigned char file_2[] = {
#embed "../HypeServer/Dashboard/base.css"
};

static const unsigned char file_3[] = {
#embed "../HypeServer/Dashboard/card.js"
};

static const unsigned char file_4[] = {
#embed "../HypeServer/Dashboard/clips.js"
};

static const unsigned char file_5[] = {
#embed "../HypeServer/Dashboard/deletions.js"
};

static const unsigned char file_6[] = {
#embed "../HypeServer/Dashboard/dialogs.css"
};

static const unsigned char file_7[] = {
#embed "../HypeServer/Dashboard/dom.js"
};

static const unsigned char file_8[] = {
#embed "../HypeServer/Dashboard/events.js"
};

static const unsigned char file_9[] = {
#embed "../HypeServer/Dashboard/feed.js"
};

static const unsigned char file_10[] = {
#embed "../HypeServer/Dashboard/gauge.js"
};

static const unsigned char file_11[] = {
#embed "../HypeServer/Dashboard/header.js"
};

static const unsigned char file_12[] = {
#embed "../HypeServer/Dashboard/icon.svg"
};

static const unsigned char file_13[] = {
#embed "../HypeServer/Dashboard/icons.svg"
};

static const unsigned char file_14[] = {
#embed "../HypeServer/Dashboard/index.html"
};

static const unsigned char file_15[] = {
#embed "../HypeServer/Dashboard/keys.js"
};

static const unsigned char file_16[] = {
#embed "../HypeServer/Dashboard/lanes.js"
};

static const unsigned char file_17[] = {
#embed "../HypeServer/Dashboard/lanes.svg"
};

static const unsigned char file_18[] = {
#embed "../HypeServer/Dashboard/library.css"
};

static const unsigned char file_19[] = {
#embed "../HypeServer/Dashboard/live.css"
};

static const unsigned char file_20[] = {
#embed "../HypeServer/Dashboard/live.js"
};

static const unsigned char file_21[] = {
#embed "../HypeServer/Dashboard/livesource.js"
};

static const unsigned char file_22[] = {
#embed "../HypeServer/Dashboard/loudness.js"
};

static const unsigned char file_23[] = {
#embed "../HypeServer/Dashboard/model.js"
};

static const unsigned char file_24[] = {
#embed "../HypeServer/Dashboard/moments.js"
};

static const unsigned char file_25[] = {
#embed "../HypeServer/Dashboard/notes.js"
};

static const unsigned char file_26[] = {
#embed "../HypeServer/Dashboard/parts.js"
};

static const unsigned char file_27[] = {
#embed "../HypeServer/Dashboard/popover.js"
};

static const unsigned char file_28[] = {
#embed "../HypeServer/Dashboard/sessions.js"
};

static const unsigned char file_29[] = {
#embed "../HypeServer/Dashboard/shortcuts.js"
};

static const unsigned char file_30[] = {
#embed "../HypeServer/Dashboard/start.js"
};

static const unsigned char file_31[] = {
#embed "../HypeServer/Dashboard/store.js"
};

static const unsigned char file_32[] = {
#embed "../HypeServer/Dashboard/theme.js"
};

static const unsigned char file_33[] = {
#embed "../HypeServer/Dashboard/timeline.js"
};

static const unsigned char file_34[] = {
#embed "../HypeServer/Dashboard/twitch.js"
};

static const unsigned char file_35[] = {
#embed "../HypeServer/Dashboard/upload.js"
};

static const unsigned char file_36[] = {
#embed "../HypeServer/Dashboard/words.js"
};

static const unsigned char file_37[] = {
#embed "../HypeServer/openapi.json"
};

static const hype_asset_entry entries[] = {
    {"api.js", file_0, sizeof file_0},
    {"app.js", file_1, sizeof file_1},
    {"base.css", file_2, sizeof file_2},
    {"card.js", file_3, sizeof file_3},
    {"clips.js", file_4, sizeof file_4},
    {"deletions.js", file_5, sizeof file_5},
    {"dialogs.css", file_6, sizeof file_6},
    {"dom.js", file_7, sizeof file_7},
    {"events.js", file_8, sizeof file_8},
    {"feed.js", file_9, sizeof file_9},
    {"gauge.js", file_10, sizeof file_10},
    {"header.js", file_11, sizeof file_11},
    {"icon.svg", file_12, sizeof file_12},
    {"icons.svg", file_13, sizeof file_13},
    {"index.html", file_14, sizeof file_14},
    {"keys.js", file_15, sizeof file_15},
    {"lanes.js", file_16, sizeof file_16},
    {"lanes.svg", file_17, sizeof file_17},
    {"library.css", file_18, sizeof file_18},
    {"live.css", file_19, sizeof file_19},
    {"live.js", file_20, sizeof file_20},
    {"livesource.js", file_21, sizeof file_21},
    {"loudness.js", file_22, sizeof file_22},
    {"model.js", file_23, sizeof file_23},
    {"moments.js", file_24, sizeof file_24},
    {"notes.js", file_25, sizeof file_25},
    {"parts.js", file_26, sizeof file_26},
    {"popover.js", file_27, sizeof file_27},
    {"sessions.js", file_28, sizeof file_28},
    {"shortcuts.js", file_29, sizeof file_29},
    {"start.js", file_30, sizeof file_30},
    {"store.js", file_31, sizeof file_31},
    {"theme.js", file_32, sizeof file_32},
    {"timeline.js", file_33, sizeof file_33},
    {"twitch.js", file_34, sizeof file_34},
    {"upload.js", file_35, sizeof file_35},
    {"words.js", file_36, sizeof file_36},
    {"openapi.json", file_37, sizeof file_37},
};

size_t hype_asset_count(void) { return sizeof entries / sizeof entries[0]; }

hype_asset_entry hype_asset(size_t index) {
    const hype_asset_entry none = {0, 0, 0};
    return index < hype_asset_count() ? entries[index] : none;
}
