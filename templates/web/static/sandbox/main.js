// The sandbox's page: puts its parts together.

import { ask, tell } from "./api.js";
import { Channels } from "./channels.js";
import { Composer } from "./composer.js";
import { startLive } from "./live.js";
import { recall, remember } from "./memory.js";
import { isAdmin, startSettings } from "./settings.js";
import { Stream } from "./stream.js";
import { keepRelativeTimes } from "./times.js";

const PAGE = 50; // messages of one fetch
const find = (id) => document.getElementById(id);

const stream = new Stream(find("lists"), find("scroll"), find("newer"));
const channels = new Channels(stream, { title: find("title"), empty: find("empty"), elsewhere: find("elsewhere") });
const composer = new Composer(find("composer"), context, send);

function context() {
  return { channel: channels.current, admin: isAdmin() };
}

// Public answers arrive through the live stream like any message.
async function send(line) {
  const { channel } = context();
  const answer = await answered(tell("/sandbox/command", { ...context(), line }));
  if (answer?.private) show(stream.reply(channel, answer, line));
}

function show(item) {
  channels.refresh();
  stream.reveal(item);
}

async function press(button) {
  const item = button.closest(".message");
  const channel = item.closest(".messages").dataset.channel;
  const command = button.dataset.command;
  const payload = { channel, command, admin: isAdmin(), ...(item.dataset.id && { message: item.dataset.id }) };
  button.disabled = true;
  const answer = await answered(tell("/sandbox/press", payload));
  button.disabled = false;
  if (!answer?.private) return;
  const turns = item.classList.contains("is-private") && !answer.mistake && / page:\d+/.test(command);
  if (turns) stream.turn(item, answer);
  show(turns ? item : stream.reply(channel, answer, command));
}

async function answered(asking) {
  find("thinking").textContent = "digestbot is thinking…";
  try {
    return await asking;
  } catch (error) {
    toast(error.message);
    return null;
  } finally {
    find("thinking").textContent = "";
  }
}

async function load() {
  const answer = await ask("/sandbox/messages");
  stream.clear();
  stream.addAll(answer.messages);
  channels.show();
  find("earlier").dataset.full = "";
  offerEarlier();
  return answer.cursor;
}

async function loadEarlier() {
  const channel = channels.current;
  const before = stream.oldest(channel);
  const scroll = find("scroll");
  const height = scroll.scrollHeight;
  const query = new URLSearchParams({ channel, before });
  const answer = await answered(ask(`/sandbox/messages?${query}`));
  if (!answer) return;
  stream.addAll(answer.messages);
  scroll.scrollTop += scroll.scrollHeight - height;
  if (answer.messages.length < PAGE) find("earlier").dataset.full += ` ${channel}`;
  offerEarlier();
}

function offerEarlier() {
  const { current } = channels;
  const whole = find("earlier").dataset.full.split(" ").includes(current);
  find("earlier").hidden = whole || stream.ids(current).length < PAGE;
}

function toast(text) {
  const box = find("toast");
  box.textContent = text;
  box.classList.add("shown");
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => box.classList.remove("shown"), 6000);
}

function openDrawer(open) {
  document.body.classList.toggle("drawer-open", open);
  find("drawer").setAttribute("aria-expanded", String(open));
  find("backdrop").hidden = !open;
  find("main").inert = open;
  if (open) find("side").querySelector("a.channel[aria-current]")?.focus();
  else if (find("side").contains(document.activeElement)) find("drawer").focus();
}

function hints() {
  find("hints").hidden = recall("hinted", false);
  find("hints-close").addEventListener("click", () => {
    remember("hinted", true);
    find("hints").hidden = true;
    composer.focus();
  });
  for (const button of find("hints").querySelectorAll("[data-example]")) {
    button.addEventListener("click", () => composer.run(button.dataset.example));
  }
}

async function remove(item) {
  const gone = await answered(tell("/sandbox/delete", { message: item.dataset.id, admin: isAdmin() }));
  if (gone) toast("Message deleted, as a moderator would.");
}

function clicks(event) {
  const { target } = event;
  const button = target.closest("button[data-command]");
  if (button) press(button);
  else if (target.closest(".dismiss")) {
    target.closest(".message").remove();
    channels.refresh();
    composer.focus();
  } else if (target.closest(".delete")) remove(target.closest(".message"));
}

function keys(event) {
  const writing = event.target.matches("input:not([type=radio]), textarea");
  if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    channels.step(event.key === "ArrowUp" ? -1 : 1);
    event.preventDefault();
  } else if (event.key === "Escape" && document.body.classList.contains("drawer-open")) openDrawer(false);
  else if (writing || event.ctrlKey || event.metaKey || event.altKey || find("shortcuts").open) return;
  else if (event.key === "/") {
    composer.focus();
    composer.suggest();
    event.preventDefault();
  } else if (event.key === "?") find("shortcuts").showModal();
}

startSettings();
hints();
keepRelativeTimes(find("lists"));
channels.show();
find("lists").addEventListener("click", clicks);
find("earlier").addEventListener("click", loadEarlier);
find("help").addEventListener("click", () => find("shortcuts").showModal());
find("drawer").addEventListener("click", () => openDrawer(!document.body.classList.contains("drawer-open")));
find("backdrop").addEventListener("click", () => openDrawer(false));
find("channels").closest("nav").addEventListener("click", (event) => event.target.closest("a") && openDrawer(false));
window.addEventListener("hashchange", offerEarlier);
document.addEventListener("keydown", keys);
startLive(find("live"), load, ({ message }) => {
  stream.put(message);
  channels.refresh();
});
