"use strict";
(() => {
  const table = document.getElementById("pairs-table");
  const body = table.tBodies[0];
  const at = (id) => document.getElementById(id);
  const size = 50;
  const rows = Array.from(body.rows, (row) => ({ row, text: row.textContent.toLowerCase() }));
  let shown = rows;
  let page = 0;

  const value = (item, column) => {
    const cell = item.row.cells[column];
    return "v" in cell.dataset ? Number(cell.dataset.v) : cell.textContent.trim().toLowerCase();
  };
  const draw = () => {
    const last = Math.max(Math.ceil(shown.length / size) - 1, 0);
    page = Math.min(Math.max(page, 0), last);
    body.replaceChildren(...shown.slice(page * size, page * size + size).map((item) => item.row));
    at("state").textContent = shown.length
      ? `Page ${page + 1} of ${last + 1}: pairs ${page * size + 1} to ${Math.min(page * size + size, shown.length)} of ${shown.length.toLocaleString("en")}`
      : "No pair matches.";
    for (const [id, off] of [["first", page === 0], ["back", page === 0], ["next", page === last], ["last", page === last]]) at(id).disabled = off;
  };
  const filter = () => {
    const words = at("words").value.toLowerCase().split(/\s+/).filter(Boolean);
    const least = Number(at("least").value);
    shown = rows.filter((item) => value(item, 1) >= least && words.every((word) => item.text.includes(word)));
    page = 0;
    draw();
  };
  const sort = (button) => {
    const head = button.closest("th");
    const column = head.cellIndex;
    const up = head.getAttribute("aria-sort") !== "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    const keys = new Map(rows.map((item) => [item, value(item, column)]));
    rows.sort((a, b) => {
      const [x, y] = [keys.get(a), keys.get(b)];
      return (x < y ? -1 : x > y ? 1 : 0) * (up ? 1 : -1);
    });
    filter();
  };

  at("tools").hidden = false;
  at("pager").hidden = false;
  at("words").addEventListener("input", filter);
  at("least").addEventListener("change", filter);
  for (const [id, to] of [["first", () => 0], ["back", () => page - 1], ["next", () => page + 1], ["last", () => Infinity]]) {
    at(id).addEventListener("click", () => { page = to(); draw(); });
  }
  for (const head of table.tHead.rows[0].cells) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => sort(button));
  }
  // A link to a row must find it on whatever page it is.
  const follow = () => {
    const place = shown.findIndex((item) => `#${item.row.id}` === location.hash);
    if (place >= 0) { page = Math.floor(place / size); draw(); shown[place].row.scrollIntoView({ block: "center" }); }
  };
  addEventListener("hashchange", follow);
  draw();
  follow();
})();
