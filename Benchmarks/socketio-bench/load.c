// Load client for Socket.IO servers: N WebSockets, one event to all of them, again and again.
//
//   load PORT CLIENTS ROUNDS BURST
//
// ROUNDS times, one client sends 42["shout","<100 bytes>"] and the server is expected to send a "shouted" event to
// everyone; the round ends when the last client has it. Then BURST events are sent at once. It prints one JSON object:
// milliseconds per round (p50, p99, max) and deliveries per second within the burst.
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

typedef struct {
    int fd;
    int isUpgraded;
    size_t used;
    unsigned char buffer[8192];
} Client;

static Client *clients;
static int clientCount, queue;
static long delivered, joined;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

static void sendText(Client *client, const char *text) {
    unsigned char frame[300] = {0x81};
    size_t length = strlen(text), head = 6;
    if (length < 126) {
        frame[1] = 0x80 | length;
    } else {
        frame[1] = 0x80 | 126;
        frame[2] = length >> 8;
        frame[3] = length & 255;
        head = 8;
    }
    // The masking key is zero, so the text stays as it is.
    memcpy(frame + head, text, length);
    if (write(client->fd, frame, head + length) != (ssize_t)(head + length)) fail("write");
}

static void take(Client *client, const unsigned char *text, size_t length) {
    if (length == 1 && text[0] == '2') {
        sendText(client, "3");
    } else if (length && text[0] == '0') {
        sendText(client, "40");
    } else if (length > 1 && text[0] == '4' && text[1] == '0') {
        joined++;
    } else if (length > 11 && !memcmp(text, "42[\"shouted\"", 11)) {
        delivered++;
    }
}

static void parse(Client *client) {
    size_t at = 0;
    if (!client->isUpgraded) {
        unsigned char *end = memmem(client->buffer, client->used, "\r\n\r\n", 4);
        if (!end) return;
        if (memcmp(client->buffer, "HTTP/1.1 101", 12)) {
            fprintf(stderr, "refused: %.*s\n", 60, client->buffer);
            exit(1);
        }
        client->isUpgraded = 1;
        at = end + 4 - client->buffer;
    }
    while (client->used - at >= 2) {
        size_t length = client->buffer[at + 1], head = 2;
        if (length == 126) {
            if (client->used - at < 4) break;
            length = client->buffer[at + 2] << 8 | client->buffer[at + 3];
            head = 4;
        }
        if (client->used - at < head + length) break;
        if ((client->buffer[at] & 15) == 8) {
            fprintf(stderr, "a client was closed\n");
            exit(1);
        }
        take(client, client->buffer + at + head, length);
        at += head + length;
    }
    memmove(client->buffer, client->buffer + at, client->used - at);
    client->used -= at;
}

static void turn(int milliseconds) {
    struct epoll_event events[256];
    int count = epoll_wait(queue, events, 256, milliseconds);
    for (int index = 0; index < count; index++) {
        Client *client = events[index].data.ptr;
        ssize_t length = read(client->fd, client->buffer + client->used, sizeof client->buffer - client->used);
        if (length <= 0) fail("read");
        client->used += length;
        parse(client);
    }
}

static void await(long *counter, long goal) {
    double deadline = now() + 30000;
    while (*counter < goal) {
        turn(1000);
        if (now() > deadline) {
            fprintf(stderr, "%ld of %ld after 30 s\n", *counter, goal);
            exit(1);
        }
    }
}

static int compare(const void *left, const void *right) {
    double difference = *(const double *)left - *(const double *)right;
    return difference < 0 ? -1 : difference > 0;
}

int main(int count, char **arguments) {
    if (count != 5) return fprintf(stderr, "usage: load PORT CLIENTS ROUNDS BURST\n"), 2;
    int port = atoi(arguments[1]), rounds = atoi(arguments[3]), burst = atoi(arguments[4]);
    clientCount = atoi(arguments[2]);
    clients = calloc(clientCount, sizeof *clients);
    queue = epoll_create1(0);
    const char *request =
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    double start = now();
    for (int index = 0; index < clientCount; index++) {
        Client *client = clients + index;
        struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        client->fd = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(client->fd, (struct sockaddr *)&address, sizeof address)) fail("connect");
        int on = 1;
        setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
        epoll_ctl(queue, EPOLL_CTL_ADD, client->fd, &event);
        if (write(client->fd, request, strlen(request)) < 0) fail("write");
        turn(0);
    }
    await(&joined, clientCount);
    double connecting = now() - start;

    char text[200] = "42[\"shout\",\"";
    size_t length = strlen(text);
    memset(text + length, 'x', 100);
    strcpy(text + length + 100, "\"]");
    double *times = calloc(rounds, sizeof *times);
    for (int round = 0; round < rounds; round++) {
        long goal = delivered + clientCount;
        double begin = now();
        sendText(clients + round % clientCount, text);
        await(&delivered, goal);
        times[round] = now() - begin;
    }
    qsort(times, rounds, sizeof *times, compare);
    double begin = now();
    long goal = delivered + (long)clientCount * burst;
    for (int event = 0; event < burst; event++) {
        sendText(clients + event % clientCount, text);
        turn(0);
    }
    await(&delivered, goal);
    double bursting = now() - begin;
    printf("{\"connect_ms\":%.0f,\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"max_ms\":%.2f,\"deliveries\":%ld,\"burst_per_s\":%.0f}\n",
        connecting, times[rounds / 2], times[rounds * 99 / 100], times[rounds - 1], delivered,
        burst ? (double)clientCount * burst / bursting * 1000 : 0.0);
    return 0;
}
