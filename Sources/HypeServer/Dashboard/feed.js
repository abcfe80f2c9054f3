// A list that is loaded page by page with a cursor, while events put newer things on top.

import { newestFirst } from "./model.js";

/**
 * @param load `(cursor, filter, signal)`, answers `{items, next}`, newest first.
 * @param add puts a loaded item into the state.
 * @param known the items of the state that fit a filter, and `drop` takes one out: what the server does not list any more goes
 *   when the list is loaded again. Left out for lists that only grow.
 * @param changed called when the feed has more, fewer or an error.
 */
export function createFeed({ load, add, changed, known = () => [], drop = () => {} }) {
  const feed = { filter: {}, next: null, loading: false, loaded: false, error: null };
  /** The oldest item that was loaded in order; what is older and known by chance is not shown, so that no gaps show. */
  let oldest = null;
  let control = null;

  async function page(cursor) {
    control?.abort();
    const mine = new AbortController();
    control = mine;
    feed.loading = true;
    feed.error = null;
    changed();
    // Only what was known before the question may be dropped: an event may bring something newer than the answer.
    const before = cursor === null ? known(feed.filter) : [];
    try {
      const answer = await load(cursor, feed.filter, mine.signal);
      if (mine.signal.aborted) return;
      for (const item of answer.items) add(item);
      feed.next = answer.next ?? null;
      oldest = feed.next === null ? null : answer.items[answer.items.length - 1] ?? oldest;
      feed.loaded = true;
      const listed = new Set(answer.items.map((item) => item.id));
      for (const item of before) if (!listed.has(item.id) && (oldest === null || newestFirst(item, oldest) <= 0)) drop(item);
    } catch (error) {
      if (error.name === "AbortError") return;
      feed.error = error.message;
    }
    if (control === mine) feed.loading = false;
    changed();
  }

  feed.reload = () => page(null);
  feed.more = () => (feed.next !== null && !feed.loading ? page(feed.next) : Promise.resolve());
  feed.setFilter = (filter) => {
    feed.filter = filter;
    return page(null);
  };
  /** The items of the list, newest first, out of everything that is known. */
  feed.pick = (items, matches) => items.filter((item) => matches(item, feed.filter) && (oldest === null || newestFirst(item, oldest) <= 0))
    .sort(newestFirst);
  return feed;
}

/** Loads the next page when the button at the end of a list comes into view; the button works by itself too. */
export function loadWhenSeen(button, feed) {
  button.addEventListener("click", () => feed.more());
  new IntersectionObserver((entries) => {
    if (entries.some((entry) => entry.isIntersecting) && !feed.error) feed.more();
  }, { rootMargin: "400px" }).observe(button);
}
