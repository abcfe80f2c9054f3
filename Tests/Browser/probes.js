// Looks at the page as it is drawn; evaluated in the page by the test.
(() => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  /** Any CSS colour as [red, green, blue, alpha], the last 0…1. */
  const rgba = (colour) => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = (top, below) => [0, 1, 2].map((index) => top[index] * top[3] + below[index] * (1 - top[3])).concat(1);
  const luminance = (colour) => {
    const [red, green, blue] = colour.slice(0, 3).map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  /** The colour behind an element, or null where a picture or a gradient lies there. */
  const behind = (node) => {
    const layers = [];
    for (let at = node; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.backgroundImage !== "none") return null;
      const colour = rgba(style.backgroundColor);
      if (colour[3] > 0) layers.push(colour);
      if (colour[3] > 0.99) break;
    }
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255, 1]);
  };
  const visible = (node) => {
    const box = node.getBoundingClientRect();
    return box.width > 2 && box.height > 2 && node.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  };
  const name = (node) => `${node.tagName.toLowerCase()}${node.id ? `#${node.id}` : ""}${node.classList.length ? `.${[...node.classList].join(".")}` : ""}`;

  window.probes = {
    /** Texts below the contrast that WCAG AA asks for: 4.5, or 3 for large type. */
    contrast(root = document.body) {
      const bad = [];
      let seen = 0;
      for (const node of root.querySelectorAll("*")) {
        const own = [...node.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.data.trim());
        if (!own || !visible(node) || node.closest(":disabled, .screen, .visually-hidden")) continue;
        const ground = behind(node);
        if (!ground) continue;
        const style = getComputedStyle(node);
        const ink = over(rgba(style.color), ground);
        const [light, dark] = [luminance(ink), luminance(ground)].sort((left, right) => right - left);
        const ratio = (light + 0.05) / (dark + 0.05);
        const size = parseFloat(style.fontSize);
        const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
        seen += 1;
        if (ratio < (large ? 3 : 4.5)) bad.push(`${name(node)} ${ratio.toFixed(2)} "${node.textContent.trim().slice(0, 30)}"`);
      }
      return { seen, bad };
    },
    /** Elements that stick out of the window sideways. */
    overflow() {
      const width = document.documentElement.clientWidth;
      if (document.documentElement.scrollWidth <= width) return [];
      return [...document.querySelectorAll("body *")].filter((node) => visible(node) && node.getBoundingClientRect().right > width + 1).map(name).slice(0, 8);
    },
    /** Controls that are smaller than WCAG's 24 pixels; links and buttons inside a line of text excepted. */
    smallTargets() {
      return [...document.querySelectorAll("button, a, input, select, summary")].filter((node) => visible(node) && !node.matches(".visually-hidden *, .pick input, .pace input"))
        .filter((node) => { const box = node.getBoundingClientRect(); return box.height < 23.5 || box.width < 23.5; })
        .filter((node) => !node.matches(".switch input, .clip-span"))
        .map((node) => `${name(node)} ${Math.round(node.getBoundingClientRect().width)}x${Math.round(node.getBoundingClientRect().height)}`);
    },
    /** How many pixels of a canvas are painted, and a number that changes with the picture. */
    painted(selector) {
      const node = document.querySelector(selector);
      const copy = document.createElement("canvas");
      [copy.width, copy.height] = [node.width, node.height];
      const pen = copy.getContext("2d", { willReadFrequently: true });
      pen.drawImage(node, 0, 0);
      const { data } = pen.getImageData(0, 0, node.width, node.height);
      let count = 0;
      let sum = 0;
      for (let index = 0; index < data.length; index += 4) {
        if (data[index + 3]) count += 1;
        sum = (sum * 31 + data[index] + data[index + 1] * 3 + data[index + 2] * 7) % 1000000007;
      }
      return { part: count / (data.length / 4), sum };
    },
    /** What has the focus, and whether one can see that it has. */
    focus() {
      const node = document.activeElement;
      if (!node || node === document.body) return null;
      const shown = node.matches(".pick input, .pace input, .overview input") ? node.closest(".pick, .pace label, .overview") : node;
      const mark = node.matches(".pace input") ? node.nextElementSibling : shown;
      return { name: name(node), label: node.getAttribute("aria-label") || node.textContent.trim().slice(0, 40), ring: getComputedStyle(mark).outlineStyle !== "none" };
    },
  };
})();
