// The three switches: look, colours, role.

const root = document.documentElement;

export function startSettings() {
  for (const name of ["look", "theme", "role"]) {
    for (const radio of document.getElementsByName(name)) {
      radio.checked = radio.value === root.dataset[name];
      radio.addEventListener("change", () => choose(name, radio.value));
    }
  }
}

export function isAdmin() {
  return root.dataset.role === "admin";
}

function choose(name, value) {
  root.dataset[name] = value;
  try {
    localStorage.setItem(`digestbot.${name}`, value);
  } catch {
    // chosen until the page is closed
  }
}
