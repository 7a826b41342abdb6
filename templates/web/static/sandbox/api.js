// Questions to the sandbox; every failure becomes an Error with a sentence for people.

const UNREACHABLE = "The bot does not answer. Is it still running?";

export function ask(path, signal) {
  return answer(path, { signal });
}

export function tell(path, payload, signal) {
  const headers = { "Content-Type": "application/json" };
  return answer(path, { method: "POST", headers, body: JSON.stringify(payload), signal });
}

async function answer(path, options) {
  let response;
  let text;
  try {
    response = await fetch(path, options);
    text = await response.text();
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error(UNREACHABLE, { cause: error });
  }
  const data = parsed(text);
  if (!response.ok || data === null) throw new Error(data?.error ?? `The bot answered ${response.status}.`);
  return data;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
