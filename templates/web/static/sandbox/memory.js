// What this browser remembers; without storage it remembers until the page is closed.

const fallback = new Map();

export function recall(name, otherwise) {
  try {
    const text = localStorage.getItem(`digestbot.${name}`);
    return text === null ? otherwise : JSON.parse(text);
  } catch {
    return fallback.get(name) ?? otherwise;
  }
}

export function remember(name, value) {
  fallback.set(name, value);
  try {
    localStorage.setItem(`digestbot.${name}`, JSON.stringify(value));
  } catch {
    // storage is full or switched off
  }
}
