// The channel list: which one shows, and what is unread in the others.

import { recall, remember } from "./memory.js";

const EMPTY = {
  channel: ["Nothing here yet", "Cards arrive here on schedule. Type a /news command below, or subscribe this channel."],
  direct: ["Your direct messages", "What digestbot writes to you alone comes here, and commands work here too."],
};

export class Channels {
  constructor(stream, page) {
    this.stream = stream;
    this.page = page;
    this.links = [...document.querySelectorAll("a.channel")];
    this.seen = recall("seen", {});
    window.addEventListener("hashchange", () => this.show());
    document.addEventListener("visibilitychange", () => this.refresh());
  }

  get current() {
    const wanted = decodeURIComponent(location.hash.slice(1));
    return this.links.some((link) => link.dataset.channel === wanted) ? wanted : this.links[0].dataset.channel;
  }

  show() {
    const link = this.links.find((known) => known.dataset.channel === this.current);
    for (const other of this.links) {
      if (other === link) other.setAttribute("aria-current", "page");
      else other.removeAttribute("aria-current");
    }
    const direct = this.current === "@me";
    this.page.title.querySelector(".mark").textContent = direct ? "@" : "#";
    this.page.title.querySelector(".label").textContent = link.querySelector(".label").textContent;
    this.stream.open(this.current);
    this.refresh();
  }

  step(by) {
    const index = this.links.findIndex((link) => link.dataset.channel === this.current);
    this.links[(index + by + this.links.length) % this.links.length].click();
  }

  // Brings marks, title and the empty state up to date.
  refresh() {
    if (document.visibilityState === "visible") this.see();
    let total = 0;
    for (const link of this.links) {
      const unread = this.unread(link.dataset.channel);
      const count = link.querySelector(".count");
      total += unread;
      link.classList.toggle("unread", unread > 0);
      count.hidden = unread === 0;
      count.textContent = unread > 99 ? "99+" : String(unread);
      count.setAttribute("aria-label", `${unread} unread`);
    }
    this.page.elsewhere.hidden = total === 0;
    const name = this.page.title.textContent.trim();
    document.title = `${total ? `(${total}) ` : ""}${name} · digestbot sandbox`;
    this.page.empty.hidden = !this.stream.isEmpty(this.current);
    const [title, text] = EMPTY[this.current === "@me" ? "direct" : "channel"];
    this.page.empty.querySelector("h2").textContent = title;
    this.page.empty.querySelector("p").textContent = text;
  }

  see() {
    const newest = this.stream.newest(this.current);
    if (newest <= (this.seen[this.current] ?? 0)) return;
    this.seen[this.current] = newest;
    remember("seen", this.seen);
  }

  unread(channel) {
    return this.stream.ids(channel).filter((id) => id > (this.seen[channel] ?? 0)).length;
  }
}
