"use strict";
// Filters and folding. Without it the page shows everything; nothing here changes what the report says.
(() => {
  const form = document.getElementById("filter");
  const articles = Array.from(document.querySelectorAll("article.finding"));
  const total = articles.length.toLocaleString("en");
  const texts = new Map();

  const textOf = (article) => {
    if (!texts.has(article)) texts.set(article, article.textContent.toLowerCase());
    return texts.get(article);
  };

  const chosen = (name) =>
    new Set(Array.from(form.querySelectorAll(`input[name="${name}"]:checked`), (box) => box.value));

  const apply = () => {
    const kinds = chosen("kind");
    const severities = chosen("severity");
    const removable = form.elements.removable.checked;
    const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const article of articles) {
      const { kind, severity, removable: can } = article.dataset;
      const fits = kinds.has(kind) && severities.has(severity) && (!removable || can === "yes") &&
        (!words.length || words.every((word) => textOf(article).includes(word)));
      article.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    for (const group of document.querySelectorAll("section.policy, section.device")) {
      group.hidden = !group.querySelector("article.finding:not([hidden])");
    }
    document.getElementById("nothing").hidden = shown > 0;
    form.querySelector(".shown").textContent = `${shown.toLocaleString("en")} of ${total} findings shown`;
  };

  const fold = (open) => {
    for (const article of articles) if (!article.hidden) article.querySelector("details").open = open;
  };

  const openTarget = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target || !target.matches("article.finding")) return;
    if (target.hidden) form.reset();
    target.querySelector("details").open = true;
    target.scrollIntoView();
  };

  if (form) {
    let timer = 0;
    form.hidden = false;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(apply, 100);
    });
    form.addEventListener("reset", () => setTimeout(apply));
    form.elements.unfold.addEventListener("click", () => fold(true));
    form.elements.fold.addEventListener("click", () => fold(false));
    apply();
  }
  addEventListener("hashchange", openTarget);
  openTarget();

  let closed = [];
  addEventListener("beforeprint", () => {
    closed = Array.from(document.querySelectorAll("details:not([open])"));
    for (const one of closed) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of closed) one.open = false;
  });
})();
