"use strict";
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0];
  const valueOf = (row, place) => {
    const cell = row.cells[place];
    return cell.dataset.v === undefined ? cell.textContent.trim() : cell.dataset.v;
  };
  const compare = (one, two) => {
    const difference = Number(one) - Number(two);
    return one !== "" && two !== "" && !Number.isNaN(difference)
      ? difference
      : (one === "") - (two === "") || one.localeCompare(two, "en", { numeric: true });
  };
  Array.from(table.tHead.rows[0].cells).forEach((head, place) => {
    if (!head.textContent.trim() || body.rows.length < 2) return;
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-label", "sort by " + head.textContent.trim());
    button.textContent = "↕";
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const each of table.tHead.rows[0].cells) {
        each.removeAttribute("aria-sort");
        const other = each.querySelector("button");
        if (other) other.textContent = "↕";
      }
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      button.textContent = down ? "↓" : "↑";
      const rows = Array.from(body.rows).filter((row) => !row.classList.contains("total"));
      const last = Array.from(body.rows).filter((row) => row.classList.contains("total"));
      rows.sort((a, b) => compare(valueOf(a, place), valueOf(b, place)));
      if (down) rows.reverse();
      body.append(...rows, ...last);
    });
  });
}
