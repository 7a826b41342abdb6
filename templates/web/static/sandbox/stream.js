// The message stream: one list a channel, of which one shows.

import { addDelete, addPrivateNote, build, element, fill, flash } from "./message.js";
import { dayName, dayOf } from "./times.js";

const NEAR = 80; // pixels from the end that count as being there

export class Stream {
  constructor(lists, scroll, newer) {
    this.lists = lists;
    this.scroll = scroll;
    this.newer = newer;
    this.current = null;
    this.atEnd = true;
    scroll.addEventListener("scroll", () => this.scrolled(), { passive: true });
    new ResizeObserver(() => this.atEnd && this.toEnd()).observe(lists);
    new ResizeObserver(() => this.atEnd && this.toEnd()).observe(scroll);
    newer.addEventListener("click", () => this.toEnd());
  }

  list(channel) {
    let list = [...this.lists.children].find((known) => known.dataset.channel === channel);
    if (!list) {
      list = element("ol", "messages", { hidden: channel !== this.current });
      list.dataset.channel = channel;
      list.setAttribute("aria-label", channel === "@me" ? "Direct messages" : `Messages in #${channel}`);
      this.lists.append(list);
    }
    return list;
  }

  open(channel) {
    this.current = channel;
    this.list(channel);
    for (const list of this.lists.children) list.hidden = list.dataset.channel !== channel;
    this.toEnd();
  }

  // Forgets public messages; private replies stay, as only this page has them.
  clear() {
    for (const item of this.lists.querySelectorAll(".message[data-id]")) item.remove();
  }

  // Messages of one fetch, oldest first.
  addAll(messages) {
    for (const message of messages) this.put(message);
    for (const list of this.lists.children) drawDays(list);
  }

  // Creates, corrects or removes; answers what it did.
  put(message) {
    const list = this.list(message.channel);
    const known = list.querySelector(`[data-id="${message.id}"]`);
    if (message.deleted) {
      known?.remove();
      drawDays(list);
      return known ? "deleted" : "nothing";
    }
    if (known) {
      if (fill(known, message)) flash(known);
      return "edited";
    }
    const item = build(message, message.at);
    item.dataset.id = message.id;
    item.dataset.at = message.at;
    addDelete(item);
    const later = [...list.querySelectorAll("[data-id]")].find((other) => Number(other.dataset.id) > message.id);
    list.insertBefore(item, later ?? null);
    drawDays(list);
    if (message.channel === this.current && !this.atEnd && !later) this.newer.hidden = false;
    return "created";
  }

  // A private reply; `line` is what was asked.
  reply(channel, data, line) {
    const at = new Date().toISOString();
    const item = build({ ...data, askedBy: "You", asked: line }, at);
    item.dataset.at = at;
    addPrivateNote(item);
    const list = this.list(channel);
    list.append(item);
    drawDays(list);
    return item;
  }

  // Another page of a private reply, in its place.
  turn(item, data) {
    fill(item, data);
    const card = item.querySelector(".card");
    card.tabIndex = -1;
    card.focus({ preventScroll: true });
  }

  oldest(channel) {
    const first = this.list(channel).querySelector("[data-id]");
    return first ? Number(first.dataset.id) : null;
  }

  newest(channel) {
    return Math.max(0, ...this.ids(channel));
  }

  ids(channel) {
    return [...this.list(channel).querySelectorAll("[data-id]")].map((item) => Number(item.dataset.id));
  }

  isEmpty(channel) {
    return !this.list(channel).querySelector(".message");
  }

  // Scrolls to a reply: to its beginning where it is longer than the view.
  reveal(item) {
    if (item.closest("[hidden]")) return;
    this.toEnd();
    if (item.offsetHeight <= this.scroll.clientHeight) item.scrollIntoView({ block: "nearest" });
    else {
      this.atEnd = false;
      item.scrollIntoView({ block: "start" });
    }
  }

  toEnd() {
    this.atEnd = true;
    this.newer.hidden = true;
    this.scroll.scrollTop = this.scroll.scrollHeight;
  }

  scrolled() {
    this.atEnd = this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < NEAR;
    if (this.atEnd) this.newer.hidden = true;
  }
}

function drawDays(list) {
  for (const old of list.querySelectorAll(".day")) old.remove();
  let last = "";
  for (const item of list.querySelectorAll(".message")) {
    const at = new Date(item.dataset.at);
    if (dayOf(at) === last) continue;
    last = dayOf(at);
    const day = element("li", "day");
    day.append(element("span", "", { textContent: dayName(at) }));
    item.before(day);
  }
}
