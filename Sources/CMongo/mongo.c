#include "CMongo.h"

#include <dlfcn.h>
#include <mongoc/mongoc.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

// The functions of libmongoc and libbson that are used, with the types that their headers give them.
#define FUNCTIONS(X)                                                                                                   \
    X(mongoc_init)                                                                                                     \
    X(mongoc_log_set_handler)                                                                                          \
    X(mongoc_uri_new_with_error)                                                                                       \
    X(mongoc_uri_has_option)                                                                                           \
    X(mongoc_uri_set_option_as_int32)                                                                                  \
    X(mongoc_uri_destroy)                                                                                              \
    X(mongoc_client_pool_new_with_error)                                                                               \
    X(mongoc_client_pool_set_error_api)                                                                                \
    X(mongoc_client_pool_set_appname)                                                                                  \
    X(mongoc_client_pool_max_size)                                                                                     \
    X(mongoc_client_pool_pop)                                                                                          \
    X(mongoc_client_pool_push)                                                                                         \
    X(mongoc_client_pool_destroy)                                                                                      \
    X(mongoc_client_command_simple)                                                                                    \
    X(bson_init_static)                                                                                                \
    X(bson_get_data)                                                                                                   \
    X(bson_destroy)

#define MEMBER(name) __typeof__(name) *name;
static struct {
    FUNCTIONS(MEMBER)
} library;

static pthread_once_t loading = PTHREAD_ONCE_INIT;
static bool is_loaded;
static char loading_failure[512];

static void load(void) {
    // The name carries the interface's version, as the dynamic linker would ask for it.
    void *handle = dlopen("libmongoc-1.0.so.0", RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        const char *why = dlerror();
        strncpy(loading_failure, why ? why : "libmongoc-1.0.so.0 cannot be loaded", sizeof loading_failure - 1);
        return;
    }
#define LOOK_UP(name)                                                                                                  \
    library.name = (__typeof__(library.name))dlsym(handle, #name);                                                     \
    if (!library.name) {                                                                                               \
        strncpy(loading_failure, "libmongoc-1.0.so.0 has no " #name, sizeof loading_failure - 1);                      \
        return;                                                                                                        \
    }
    FUNCTIONS(LOOK_UP)
    library.mongoc_init();
    // Failures are returned, so nothing is to be printed; a line could hold a part of the connection string.
    library.mongoc_log_set_handler(NULL, NULL);
    is_loaded = true;
}

static void fail(hype_mongo_failure *failure, hype_mongo_origin origin, int32_t code, const char *message) {
    failure->origin = origin;
    failure->code = code;
    strncpy(failure->message, message, sizeof failure->message - 1);
    failure->message[sizeof failure->message - 1] = 0;
}

static hype_mongo_origin origin_of(const bson_error_t *error) {
    switch (error->domain) {
    case MONGOC_ERROR_SERVER:
    case MONGOC_ERROR_WRITE_CONCERN:
        return HYPE_MONGO_SERVER;
    case MONGOC_ERROR_STREAM:
    case MONGOC_ERROR_SERVER_SELECTION:
        return HYPE_MONGO_NETWORK;
    case MONGOC_ERROR_CLIENT:
        return error->code == MONGOC_ERROR_CLIENT_AUTHENTICATE ? HYPE_MONGO_REFUSED : HYPE_MONGO_OTHER;
    default:
        return HYPE_MONGO_OTHER;
    }
}

static void set_default(mongoc_uri_t *uri, const char *option, int32_t value) {
    if (!library.mongoc_uri_has_option(uri, option)) library.mongoc_uri_set_option_as_int32(uri, option, value);
}

hype_mongo_pool hype_mongo_open(
    const char *address, int32_t patience, uint32_t connections, hype_mongo_failure *failure) {
    pthread_once(&loading, load);
    if (!is_loaded) {
        fail(failure, HYPE_MONGO_NO_LIBRARY, 0, loading_failure);
        return 0;
    }
    bson_error_t error = {0};
    mongoc_uri_t *uri = library.mongoc_uri_new_with_error(address, &error);
    if (!uri) {
        fail(failure, HYPE_MONGO_BAD_ADDRESS, (int32_t)error.code, error.message);
        return 0;
    }
    set_default(uri, MONGOC_URI_SERVERSELECTIONTIMEOUTMS, patience);
    set_default(uri, MONGOC_URI_CONNECTTIMEOUTMS, patience);
    // A reply may take longer than finding the server, but not for ever: the thread that waits is one of few.
    set_default(uri, MONGOC_URI_SOCKETTIMEOUTMS, patience < 5000 ? 10000 : 2 * patience);
    mongoc_client_pool_t *pool = library.mongoc_client_pool_new_with_error(uri, &error);
    library.mongoc_uri_destroy(uri);
    if (!pool) {
        fail(failure, HYPE_MONGO_BAD_ADDRESS, (int32_t)error.code, error.message);
        return 0;
    }
    library.mongoc_client_pool_set_error_api(pool, MONGOC_ERROR_API_VERSION_2);
    library.mongoc_client_pool_set_appname(pool, "hypeclip");
    library.mongoc_client_pool_max_size(pool, connections);
    return (hype_mongo_pool)pool;
}

bool hype_mongo_command(
    hype_mongo_pool pool, const char *database, const uint8_t *command, size_t length, uint8_t **reply,
    size_t *reply_length, hype_mongo_failure *failure) {
    *reply = NULL;
    *reply_length = 0;
    bson_t request;
    if (!library.bson_init_static(&request, command, length)) {
        fail(failure, HYPE_MONGO_OTHER, 0, "the command is no BSON document");
        return false;
    }
    mongoc_client_t *client = library.mongoc_client_pool_pop((mongoc_client_pool_t *)pool);
    bson_t answer;
    bson_error_t error = {0};
    bool is_done = library.mongoc_client_command_simple(client, database, &request, NULL, &answer, &error);
    library.mongoc_client_pool_push((mongoc_client_pool_t *)pool, client);
    if (is_done) {
        *reply = malloc(answer.len);
        if (*reply) {
            memcpy(*reply, library.bson_get_data(&answer), answer.len);
            *reply_length = answer.len;
        } else {
            is_done = false;
            fail(failure, HYPE_MONGO_OTHER, 0, "out of memory");
        }
    } else {
        fail(failure, origin_of(&error), (int32_t)error.code, error.message);
    }
    library.bson_destroy(&answer);
    return is_done;
}

void hype_mongo_close(hype_mongo_pool pool) {
    if (pool) library.mongoc_client_pool_destroy((mongoc_client_pool_t *)pool);
}
