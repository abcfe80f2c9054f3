/// Runs MongoDB commands through libmongoc, which is loaded when the first connection is opened and not before: linked, it
/// would cost every start of the program about 20 ms and 9 MB for libraries that most users never need (docs/store.md).
///
/// Everything but the transport is done in Swift: a command and its reply pass through here as BSON.
#ifndef CMONGO_H
#define CMONGO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A set of connections; 0 is none. A plain number, so that it can be passed between threads like a file descriptor.
///
/// Owner: whoever called hype_mongo_open, until hype_mongo_close. Commands may run on many threads at once, but none may run
/// while or after it is closed.
typedef uintptr_t hype_mongo_pool;

/// Where a failure comes from.
typedef enum {
    /// libmongoc is not installed or too old.
    HYPE_MONGO_NO_LIBRARY,
    /// The connection string is wrong.
    HYPE_MONGO_BAD_ADDRESS,
    /// The server could not be reached, or the connection broke.
    HYPE_MONGO_NETWORK,
    /// The server did not accept the user or password.
    HYPE_MONGO_REFUSED,
    /// The server answered that the command failed; `code` is its error code.
    HYPE_MONGO_SERVER,
    /// Anything else that libmongoc reports.
    HYPE_MONGO_OTHER,
} hype_mongo_origin;

/// What went wrong.
typedef struct {
    hype_mongo_origin origin;
    int32_t code;
    /// Words of libmongoc or of the server, ended by a zero byte.
    char message[512];
} hype_mongo_failure;

/// Prepares connections; connects to nothing yet.
///
/// @param address Connection string, ended by a zero byte.
/// @param patience Milliseconds to look for a server before a command fails, unless the connection string says it.
/// @param connections How many commands may run at once, at least 1.
/// @param failure Filled in where 0 is returned.
hype_mongo_pool hype_mongo_open(
    const char *address, int32_t patience, uint32_t connections, hype_mongo_failure *failure);

/// Runs one command and waits for its reply.
///
/// @param database Name of the database, ended by a zero byte.
/// @param command One BSON document of `length` bytes.
/// @param reply Receives the reply's BSON, to be given to free(); NULL where there is none.
/// @param reply_length Receives its length in bytes.
/// @param failure Filled in where false is returned.
bool hype_mongo_command(
    hype_mongo_pool pool, const char *database, const uint8_t *command, size_t length, uint8_t **reply,
    size_t *reply_length, hype_mongo_failure *failure);

/// Closes all connections.
void hype_mongo_close(hype_mongo_pool pool);

#endif
