// A click on a head sorts; everything is there without.
for (const table of document.querySelectorAll("table")) {
  const body = table.tBodies[0];
  if (!body || body.rows.length < 3) continue;
  const value = (row, i) => row.cells[i].textContent.trim();
  const amount = (text) => parseFloat(text.replace(/,/g, ""));
  [...table.tHead.rows[0].cells].forEach((head, i) => {
    const button = document.createElement("button");
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const numbers = head.classList.contains("n");
      const falling = head.ariaSort ? head.ariaSort === "ascending" : numbers;
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.ariaSort = falling ? "descending" : "ascending";
      const sign = falling ? -1 : 1;
      body.append(...[...body.rows].sort((a, b) => {
        const [x, y] = [value(a, i), value(b, i)];
        if (!numbers) return sign * (x < y ? -1 : x > y ? 1 : 0);
        const [m, n] = [amount(x), amount(y)];
        // What has no number goes last, either way.
        return isNaN(m) || isNaN(n) ? isNaN(m) - isNaN(n) : sign * (m - n);
      }));
    });
  });
}
