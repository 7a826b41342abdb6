// The /news box: an ARIA combobox with suggestions from the bot, and a history.

import { tell } from "./api.js";
import { element } from "./message.js";
import { recall, remember } from "./memory.js";

const HISTORY = 50;
const PAUSE = 60;

export class Composer {
  // `context` answers {channel, admin}; `send` takes a line.
  constructor(form, context, send) {
    this.form = form;
    this.input = form.querySelector("input");
    this.popup = form.querySelector("[role=listbox]");
    this.context = context;
    this.send = send;
    this.chosen = -1;
    this.choices = [];
    this.history = recall("history", []);
    this.past = this.history.length;
    this.asking = null;
    this.timer = 0;
    form.addEventListener("submit", (event) => this.submit(event));
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("click", () => this.input.value === "" && this.suggest());
    this.input.addEventListener("blur", () => this.close());
    this.popup.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
    this.popup.addEventListener("click", (event) => this.clicked(event));
  }

  focus() {
    this.input.focus();
  }

  run(line) {
    this.write(line);
    this.form.requestSubmit();
  }

  typed() {
    this.past = this.history.length;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.suggest(), PAUSE);
  }

  async suggest() {
    this.asking?.abort();
    this.asking = new AbortController();
    const typed = this.input.value;
    const line = withoutSlash(typed);
    try {
      const answer = await tell("/sandbox/suggest", { ...this.context(), line }, this.asking.signal);
      if (this.input.value === typed && document.activeElement === this.input) this.offer(answer.choices);
    } catch (error) {
      if (error.name !== "AbortError") this.close(); // a courtesy: the lamp tells when the bot is gone
    }
  }

  offer(choices) {
    const offered = choices.filter((choice) => choice.value !== this.input.value);
    if (offered.length > 0 && JSON.stringify(offered) === JSON.stringify(this.choices)) return; // the chosen one stays
    this.choices = offered;
    this.chosen = -1;
    this.popup.replaceChildren(...this.choices.map(option));
    this.popup.hidden = this.choices.length === 0;
    this.input.setAttribute("aria-expanded", String(!this.popup.hidden));
    this.input.removeAttribute("aria-activedescendant");
    this.popup.scrollTop = 0;
  }

  close() {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.offer([]);
  }

  choose(index) {
    const options = [...this.popup.children];
    this.chosen = (index + options.length) % options.length;
    options.forEach((item, place) => item.setAttribute("aria-selected", String(place === this.chosen)));
    options[this.chosen].scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", options[this.chosen].id);
  }

  take(index) {
    this.write(this.choices[index].value);
    this.close();
    this.suggest();
  }

  write(line) {
    this.input.value = line;
    this.input.setSelectionRange(line.length, line.length);
  }

  key(event) {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const act = { ArrowDown: "down", ArrowUp: "up", Tab: "tab", Enter: "enter", Escape: "escape" }[event.key];
    if (act && this[act](event)) event.preventDefault();
  }

  down() {
    if (!this.popup.hidden) this.choose(this.chosen + 1);
    else if (this.past < this.history.length) this.walk(1);
    else this.suggest();
    return true;
  }

  up() {
    const walking = this.input.value === "" || this.past < this.history.length;
    if (walking && this.chosen < 0) this.walk(-1);
    else if (!this.popup.hidden) this.choose(this.chosen < 0 ? -1 : this.chosen - 1);
    return true;
  }

  tab(event) {
    if (this.popup.hidden || event.shiftKey) return false;
    this.take(Math.max(this.chosen, 0));
    return true;
  }

  enter() {
    if (this.popup.hidden || this.chosen < 0) return false;
    this.take(this.chosen);
    return true;
  }

  escape() {
    const wasOpen = !this.popup.hidden;
    this.close();
    return wasOpen;
  }

  clicked(event) {
    const index = [...this.popup.children].indexOf(event.target.closest("[role=option]"));
    if (index >= 0) this.take(index);
  }

  walk(step) {
    this.past = Math.min(Math.max(this.past + step, 0), this.history.length);
    this.write(this.history[this.past] ?? "");
    this.close();
  }

  submit(event) {
    event.preventDefault();
    const line = withoutSlash(this.input.value).trim();
    if (line === "") {
      this.suggest();
      return;
    }
    this.history = [...this.history.filter((old) => old !== line), line].slice(-HISTORY);
    this.past = this.history.length;
    remember("history", this.history);
    this.write("");
    this.close();
    this.send(line);
  }
}

// People type or paste the slash word although it stands before the box.
function withoutSlash(line) {
  return line.replace(/^\s*\/(n|ne|new|news)?$/, "").replace(/^\s*\/news\s+/, "");
}

function option(choice, index) {
  const item = element("li", "", { id: `suggestion-${index}` });
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  item.append(element("span", "label", { textContent: choice.label }));
  if (choice.label !== choice.value.trim()) {
    item.append(element("span", "value", { textContent: `/news ${choice.value}` }));
  }
  return item;
}
