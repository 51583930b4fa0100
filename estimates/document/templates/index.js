// Search, filters and order for the table of events. Without this script the table is whole, in the order of names.
(() => {
  const table = document.getElementById("index-table");
  const tools = document.getElementById("index-tools");
  const status = document.getElementById("index-count");
  if (!table || !tools || !status) return;

  const body = table.tBodies[0];
  const rows = Array.from(body.rows, (row) => ({ row, text: row.textContent.toLowerCase(), of: row.dataset }));
  const search = document.getElementById("index-search");
  const filters = Array.from(tools.querySelectorAll("select[data-filter]"));
  const order = document.getElementById("index-order");
  const headers = Array.from(table.querySelectorAll("th[data-order]"));

  const show = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const chosen = filters.filter((filter) => filter.selectedIndex > 0);
    let shown = 0;
    for (const { row, text, of } of rows) {
      const fits =
        words.every((word) => text.includes(word)) &&
        chosen.every((filter) => of[filter.dataset.filter] === filter.value);
      row.hidden = !fits;
      shown += fits;
    }
    status.textContent = `${shown.toLocaleString("en")} of ${rows.length.toLocaleString("en")} rows`;
  };

  const sort = (key, down) => {
    const sign = down ? -1 : 1;
    const value = (of) => (key === "date" ? of[key] : Number(of[key]));
    const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
    rows.sort(
      (one, other) =>
        sign * compare(value(one.of), value(other.of)) || Number(one.of.number) - Number(other.of.number),
    );
    body.append(...rows.map(({ row }) => row));
    for (const header of headers) {
      if (header.dataset.order === key) header.setAttribute("aria-sort", down ? "descending" : "ascending");
      else header.removeAttribute("aria-sort");
    }
  };

  for (const header of headers) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...header.childNodes);
    header.append(button);
    button.addEventListener("click", () => {
      const numbers = header.dataset.order !== "number";
      const now = header.getAttribute("aria-sort");
      const down = now === null ? numbers : now === "ascending";
      order.value = header.dataset.order;
      sort(header.dataset.order, down);
    });
  }
  search.addEventListener("input", show);
  for (const filter of filters) filter.addEventListener("change", show);
  order.addEventListener("change", () => sort(order.value, order.value !== "number"));
  tools.addEventListener("submit", (event) => event.preventDefault());

  tools.hidden = false;
  show();
})();
