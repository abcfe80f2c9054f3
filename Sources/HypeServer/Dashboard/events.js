// The one stream of events. The browser reconnects by itself and says which event it saw last; where it gives up (the
// server answered with an error), this tries again with growing pauses and asks for what came after that event.

const KINDS = ["clipProgress", "predictProgress", "attentionAlert", "new_spike", "new_clip", "clip", "signal", "level", "moment", "session", "health", "deletion"];
/** Pauses before the next try, in milliseconds; the last one repeats. */
const PAUSES = [500, 1000, 2000, 5000, 10000];

/**
 * @param on `opened()` with each connection, `lost()` when one breaks, `refused()` when the server does not let us in
 *   (answers whether to go on trying), `event(kind, payload)`.
 * @returns an object with `start` and `stop`.
 */
export function createEvents(on) {
  let source = null;
  let lastId = null;
  let tries = 0;
  let timer = null;

  function open() {
    timer = null;
    source = new EventSource(lastId === null ? "/api/events" : `/api/events?after=${encodeURIComponent(lastId)}`);
    source.onopen = () => {
      tries = 0;
      on.opened();
    };
    source.onerror = async () => {
      on.lost();
      if (!source || source.readyState !== EventSource.CLOSED) return;
      const failed = source;
      source = null;
      failed.close();
      if (!(await on.refused()) || source || timer) return;
      timer = setTimeout(open, PAUSES[Math.min(tries, PAUSES.length - 1)]);
      tries += 1;
    };
    for (const kind of KINDS) {
      source.addEventListener(kind, (message) => {
        if (message.lastEventId) lastId = message.lastEventId;
        let payload;
        try { payload = JSON.parse(message.data); } catch { return; /* a torn event; the next list has the truth */ }
        on.event(kind, payload);
      });
    }
  }

  return {
    start() {
      if (!source && !timer) open();
    },
    stop() {
      clearTimeout(timer);
      timer = null;
      source?.close();
      source = null;
    },
  };
}
