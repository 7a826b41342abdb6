// The live stream: follows the log from a cursor and comes back by itself when it is cut.

const PATIENCE = 45000; // the server says something every 15 s
const WAITS = [500, 1000, 2000, 4000, 8000];
const WORDS = { live: "Live", connecting: "Connecting…", lost: "Reconnecting…" };

// `load` fetches the messages and answers the cursor; `onMessage` takes one event's data.
export function startLive(lamp, load, onMessage) {
  let cursor = null;
  let source = null;
  let failures = 0;
  let timer = 0;
  let watchdog = 0;

  function show(state) {
    lamp.dataset.state = state;
    lamp.querySelector(".word").textContent = WORDS[state];
  }

  function alive() {
    failures = 0;
    show("live");
    clearTimeout(watchdog);
    watchdog = setTimeout(again, PATIENCE);
  }

  function again() {
    source?.close();
    source = null;
    clearTimeout(watchdog);
    clearTimeout(timer);
    show("lost");
    timer = setTimeout(connect, WAITS[Math.min(failures, WAITS.length - 1)]);
    failures += 1;
  }

  async function connect() {
    try {
      cursor ??= await load();
    } catch {
      again();
      return;
    }
    source = new EventSource(`/sandbox/events?after=${cursor}`);
    source.addEventListener("beat", alive);
    source.addEventListener("message", (event) => {
      alive();
      cursor = Number(event.lastEventId);
      onMessage(JSON.parse(event.data));
    });
    source.addEventListener("reset", () => {
      cursor = null;
      again();
    });
    source.addEventListener("error", again);
  }

  window.addEventListener("online", () => {
    if (!source) {
      clearTimeout(timer);
      connect();
    }
  });
  show("connecting");
  connect();
}
