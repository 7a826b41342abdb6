// Look, colours and role as chosen last time; runs before the page is painted, so it never flashes.
(() => {
  for (const name of ["look", "theme", "role"]) {
    try {
      const value = localStorage.getItem(`digestbot.${name}`);
      if (value) document.documentElement.dataset[name] = value;
    } catch {
      return; // storage is switched off: the defaults stand
    }
  }
})();
