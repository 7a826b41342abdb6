// Instants in the reader's own zone and language.

const FORMATS = {
  date: { dateStyle: "long" },
  time: { timeStyle: "short" },
  datetime: { dateStyle: "long", timeStyle: "short" },
};
const STEPS = [
  ["year", 31536000],
  ["month", 2592000],
  ["week", 604800],
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
];

const formats = Object.fromEntries(
  Object.entries(FORMATS).map(([style, options]) => [style, new Intl.DateTimeFormat(undefined, options)]),
);
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });
const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });

// Rewrites every <time datetime data-style> below a node.
export function showTimes(node) {
  for (const time of node.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    const style = time.dataset.style ?? "datetime";
    time.textContent = style === "relative" ? fromNow(at) : (formats[style] ?? formats.datetime).format(at);
    time.title = full.format(at);
  }
}

export function dayOf(at) {
  return day.format(at);
}

export function dayName(at) {
  const ago = new Date();
  if (dayOf(at) === dayOf(ago)) return "Today";
  ago.setDate(ago.getDate() - 1);
  return dayOf(at) === dayOf(ago) ? "Yesterday" : dayOf(at);
}

export function keepRelativeTimes(node) {
  setInterval(() => {
    for (const time of node.querySelectorAll("time[data-style=relative]")) {
      time.textContent = fromNow(new Date(time.dateTime));
    }
  }, 30000);
}

function fromNow(at) {
  const seconds = (at.getTime() - Date.now()) / 1000;
  const [unit, size] = STEPS.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  return relative.format(Math.round(seconds / size), unit);
}
