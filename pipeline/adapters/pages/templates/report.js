// The pointer: one moment, read off every curve at once. All else on the page works without this script.
"use strict";
(() => {
  const points = JSON.parse(document.getElementById("points").textContent);
  const zone = document.querySelector(".windows").dataset.zone;
  const clock = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone, day: "numeric", month: "short", hour: "2-digit", minute: "2-digit",
  });

  function nearest(row, place) {
    let low = 0, high = row.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (row[middle][0] < place) low = middle + 1; else high = middle;
    }
    return low > 0 && place - row[low - 1][0] < row[low][0] - place ? row[low - 1] : row[low];
  }

  function attach(view) {
    const panels = [...view.querySelectorAll(".panel:not(.p-impact) .plot")];
    const rows = points[view.dataset.window];
    const slider = view.querySelector(".cursor-slider");
    const label = view.querySelector(".cursor-label");
    slider.hidden = label.hidden = false;

    function show(place) {
      const time = clock.format(new Date(+view.dataset.start + (place / 1000) * view.dataset.length));
      label.querySelector("output").textContent = time;
      slider.value = place;
      slider.setAttribute("aria-valuetext", time);
      panels.forEach((plot, index) => {
        const cursor = plot.querySelector(".cursor"), readout = plot.querySelector(".readout");
        cursor.hidden = false;
        cursor.style.left = place / 10 + "%";
        const found = rows[index].length ? nearest(rows[index], place) : null;
        readout.hidden = !found || Math.abs(found[0] - place) > 20;
        if (readout.hidden) return;
        readout.textContent = found[1] + (found[2] === "" ? ", no verdict" : " (" + found[2] + " expected)");
        const right = place > 600;
        readout.style.left = right ? "auto" : "calc(" + place / 10 + "% + 6px)";
        readout.style.right = right ? "calc(" + (100 - place / 10) + "% + 6px)" : "auto";
      });
    }
    function hide() {
      panels.forEach((plot) => plot.querySelectorAll(".cursor, .readout").forEach((part) => { part.hidden = true; }));
    }
    panels.forEach((plot) => {
      plot.addEventListener("pointermove", (event) => {
        const box = plot.getBoundingClientRect();
        show(Math.round(Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1) * 1000));
      });
    });
    view.addEventListener("pointerleave", hide);
    slider.addEventListener("input", () => show(+slider.value));
    slider.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  }

  document.querySelectorAll(".window").forEach(attach);
  window.addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((one) => { one.open = true; }));
})();
