// One message in the stream: a public one, or a private reply that only this browser has.

import { showTimes } from "./times.js";

export const ICON = {
  delete: "M4 6h12M8 6V4h4v2M6 6l1 10h6l1-10",
};

// Builds a message; `data` is what the server says of it, `at` an ISO time.
export function build(data, at) {
  const item = element("li", "message");
  item.append(
    element("img", "avatar", { src: "/static/digestbot.svg", alt: "" }),
    asked(data),
    head(at),
    element("p", "mention"),
    element("div", "card"),
    element("p", "file", { hidden: true }),
  );
  fill(item, data);
  return item;
}

// Shows what the message says now. Spoilers that the reader opened stay open.
export function fill(item, data) {
  const card = item.querySelector(".card");
  const changed = card.innerHTML !== "" && item.dataset.html !== data.html;
  const opened = [...card.querySelectorAll("details")].map((spoiler) => spoiler.open);
  item.dataset.html = data.html;
  card.innerHTML = data.html; // made by the server from literal text
  card.dataset.accent = data.accent ?? "";
  card.lang = data.locale ?? "en";
  card.querySelectorAll("details").forEach((spoiler, index) => {
    spoiler.open = opened[index] ?? false;
  });
  item.classList.toggle("mistake", Boolean(data.mistake));
  item.querySelector(".mention").textContent = data.mention ?? "";
  item.querySelector(".edited").hidden = !data.edits;
  item.querySelector(".edited").title = data.editedAt ? new Date(data.editedAt).toLocaleString() : "";
  showFile(item.querySelector(".file"), data.file);
  showTimes(item);
  return changed;
}

export function flash(item) {
  const card = item.querySelector(".card");
  card.classList.remove("flash");
  void card.offsetWidth; // starts the animation anew
  card.classList.add("flash");
  card.addEventListener("animationend", () => card.classList.remove("flash"), { once: true });
}

export function addDelete(item) {
  const button = element("button", "delete", { type: "button", title: "Delete message" });
  button.setAttribute("aria-label", "Delete message");
  button.append(icon(ICON.delete));
  item.append(button);
}

export function addPrivateNote(item) {
  const note = element("p", "private");
  const dismiss = element("button", "dismiss", { type: "button", textContent: "Dismiss message" });
  note.append("Only you can see this · ", dismiss);
  item.append(note);
  item.classList.add("is-private");
}

export function element(tag, className, properties = {}) {
  return Object.assign(document.createElement(tag), { className }, properties);
}

// A link that saves the text; the browser has all of it already.
function showFile(line, file) {
  line.hidden = !file;
  if (!file) return;
  const href = `data:text/plain;charset=utf-8,${encodeURIComponent(file.text)}`;
  line.replaceChildren(element("a", "", { href, download: file.name, textContent: `Download ${file.name}` }));
}

function head(at) {
  const line = element("p", "head");
  const time = element("time", "at", { dateTime: at });
  time.dataset.style = "time";
  line.append(
    element("span", "name", { textContent: "digestbot" }),
    element("span", "badge", { textContent: "APP" }),
    time,
    element("span", "edited", { textContent: "(edited)", hidden: true }),
  );
  return line;
}

function asked(data) {
  const line = element("p", "asked", { hidden: !data.askedBy });
  line.append(
    element("strong", "", { textContent: data.askedBy ?? "" }),
    " used ",
    element("code", "", { textContent: `/news ${data.asked ?? ""}`.trim() }),
  );
  return line;
}

function icon(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(svg.namespaceURI, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}
