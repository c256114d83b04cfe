// Small comforts; every page works without them.
(function () {
  "use strict";

  document.addEventListener("change", function (event) {
    var form = event.target.closest && event.target.closest("form[data-submit-on-change]");
    if (form) form.requestSubmit();
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details.web-menu[open]").forEach(function (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });

  document.addEventListener("click", function (event) {
    document.querySelectorAll("details.web-menu[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
    if (event.target.closest && event.target.closest("[data-print]")) window.print();
  });

  // A table wider than the screen scrolls: the keyboard must be able to enter it.
  function openTables() {
    document.querySelectorAll(".fr-table__container").forEach(function (box) {
      if (box.scrollWidth > box.clientWidth + 1) {
        var caption = box.querySelector("caption");
        box.tabIndex = 0;
        box.setAttribute("role", "region");
        box.setAttribute("aria-label", caption ? caption.textContent.trim() : "Tableau");
      } else if (box.getAttribute("role") === "region") {
        box.removeAttribute("tabindex");
        box.removeAttribute("role");
        box.removeAttribute("aria-label");
      }
    });
  }

  document.addEventListener("DOMContentLoaded", openTables);
  document.addEventListener("htmx:afterSettle", openTables);
  window.addEventListener("load", openTables);
  window.addEventListener("resize", openTables);

  document.documentElement.setAttribute("data-web-js", "true");
})();
