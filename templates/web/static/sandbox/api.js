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
  try {
    response = await fetch(path, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error(UNREACHABLE, { cause: error });
  }
  const data = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(data.error ?? `The bot answered ${response.status}.`);
  return data;
}
