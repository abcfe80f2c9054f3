// Sets the theme before the first paint; a classic script, because modules run too late for that.
"use strict";
(() => {
  let theme = null;
  try { theme = localStorage.getItem("hypeclip.theme"); } catch { /* storage is switched off: follow the system */ }
  if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
})();
