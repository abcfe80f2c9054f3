// libavdevice and libavfilter, which are loaded where a stream is captured: only their types are needed to build, and
// nothing is linked. Each table holds the functions that Swift calls, found by their names in a loaded library.
#pragma once

#include <dlfcn.h>
#include <libavdevice/avdevice.h>
#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>

struct hype_devices {
    void (*register_all)(void);
    int (*list_sources)(const AVInputFormat *, const char *, AVDictionary *, AVDeviceInfoList **);
    void (*free_list)(AVDeviceInfoList **);
};

struct hype_filters {
    AVFilterGraph *(*graph_alloc)(void);
    void (*graph_free)(AVFilterGraph **);
    const AVFilter *(*get_by_name)(const char *);
    int (*create_filter)(
        AVFilterContext **, const AVFilter *, const char *, const char *, void *, AVFilterGraph *);
    AVFilterInOut *(*inout_alloc)(void);
    void (*inout_free)(AVFilterInOut **);
    int (*parse)(AVFilterGraph *, const char *, AVFilterInOut **, AVFilterInOut **, void *);
    int (*configure)(AVFilterGraph *, void *);
    int (*send)(AVFilterContext *, AVFrame *, int);
    int (*receive)(AVFilterContext *, AVFrame *);
};

// A table is only used where the headers and the library are of one major version, which the file name carries.
#if defined(__APPLE__)
#define HYPE_LIBRARY(name, major) "lib" name "." AV_STRINGIFY(major) ".dylib"
#else
#define HYPE_LIBRARY(name, major) "lib" name ".so." AV_STRINGIFY(major)
#endif

static const char *const hype_device_library = HYPE_LIBRARY("avdevice", LIBAVDEVICE_VERSION_MAJOR);
static const char *const hype_filter_library = HYPE_LIBRARY("avfilter", LIBAVFILTER_VERSION_MAJOR);

/// Fills the table from a library that dlopen gave; 0, or -1 where a function is missing.
static inline int hype_find_devices(void *library, struct hype_devices *table) {
    *(void **)&table->register_all = dlsym(library, "avdevice_register_all");
    *(void **)&table->list_sources = dlsym(library, "avdevice_list_input_sources");
    *(void **)&table->free_list = dlsym(library, "avdevice_free_list_devices");
    return table->register_all && table->list_sources && table->free_list ? 0 : -1;
}

/// Fills the table from a library that dlopen gave; 0, or -1 where a function is missing.
static inline int hype_find_filters(void *library, struct hype_filters *table) {
    *(void **)&table->graph_alloc = dlsym(library, "avfilter_graph_alloc");
    *(void **)&table->graph_free = dlsym(library, "avfilter_graph_free");
    *(void **)&table->get_by_name = dlsym(library, "avfilter_get_by_name");
    *(void **)&table->create_filter = dlsym(library, "avfilter_graph_create_filter");
    *(void **)&table->inout_alloc = dlsym(library, "avfilter_inout_alloc");
    *(void **)&table->inout_free = dlsym(library, "avfilter_inout_free");
    *(void **)&table->parse = dlsym(library, "avfilter_graph_parse_ptr");
    *(void **)&table->configure = dlsym(library, "avfilter_graph_config");
    *(void **)&table->send = dlsym(library, "av_buffersrc_add_frame_flags");
    *(void **)&table->receive = dlsym(library, "av_buffersink_get_frame");
    return table->graph_alloc && table->graph_free && table->get_by_name && table->create_filter
            && table->inout_alloc && table->inout_free && table->parse && table->configure && table->send
            && table->receive
        ? 0
        : -1;
}
