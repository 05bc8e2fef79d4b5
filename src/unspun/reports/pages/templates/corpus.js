"use strict";
(() => {
  const at = (id) => document.getElementById(id);
  const list = at("stars");
  const size = 50;
  // A source with its spun pages, each with the words it is found by.
  const groups = Array.from(list.children, (star) => ({
    star,
    own: star.querySelector("h3").textContent.toLowerCase(),
    pages: Array.from(star.querySelectorAll("li"), (row) => ({ row, p: Number(row.dataset.p), text: row.textContent.toLowerCase() })),
  }));
  let shown = groups;
  let page = 0;

  const draw = () => {
    const last = Math.max(Math.ceil(shown.length / size) - 1, 0);
    page = Math.min(Math.max(page, 0), last);
    list.replaceChildren(...shown.slice(page * size, page * size + size).map((group) => group.star));
    at("state").textContent = shown.length
      ? `Page ${page + 1} of ${last + 1}: sources ${page * size + 1} to ${Math.min(page * size + size, shown.length)} of ${shown.length.toLocaleString("en")}`
      : "No finding matches.";
    for (const [id, off] of [["first", page === 0], ["back", page === 0], ["next", page === last], ["last", page === last]]) at(id).disabled = off;
  };
  const filter = () => {
    const words = at("words").value.toLowerCase().split(/\s+/).filter(Boolean);
    const least = Number(at("least").value);
    shown = groups.filter((group) => {
      let n = 0;
      for (const one of group.pages) {
        const fits = one.p >= least && words.every((word) => one.text.includes(word) || group.own.includes(word));
        one.row.hidden = !fits;
        n += fits;
      }
      return n > 0;
    });
    page = 0;
    draw();
  };

  at("tools").hidden = false;
  at("pager").hidden = groups.length <= size;
  at("words").addEventListener("input", filter);
  at("least").addEventListener("change", filter);
  for (const [id, to] of [["first", () => 0], ["back", () => page - 1], ["next", () => page + 1], ["last", () => Infinity]]) {
    at(id).addEventListener("click", () => { page = to(); draw(); });
  }
  // A link to a finding must reach it on whatever page it is.
  const follow = () => {
    const found = (group) => group.pages.find((one) => `#${one.row.id}` === location.hash);
    const place = shown.findIndex(found);
    if (place >= 0) { page = Math.floor(place / size); draw(); found(shown[place]).row.scrollIntoView({ block: "center" }); }
  };
  // Printed, all sources are there.
  addEventListener("beforeprint", () => list.replaceChildren(...shown.map((group) => group.star)));
  addEventListener("afterprint", draw);
  addEventListener("hashchange", follow);
  draw();
  follow();
})();
