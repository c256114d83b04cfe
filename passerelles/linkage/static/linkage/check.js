// The keys shown beside each answer give it; the agent may turn them off.
(function () {
  "use strict";

  var toggle = document.querySelector("[data-shortcuts]");
  if (!toggle) return;
  var off = localStorage.getItem("verification-touches") === "non";

  function show() {
    toggle.hidden = false;
    toggle.textContent = off ? "Activer les touches" : "Désactiver les touches";
  }

  toggle.addEventListener("click", function () {
    off = !off;
    localStorage.setItem("verification-touches", off ? "non" : "oui");
    show();
  });

  document.addEventListener("keydown", function (event) {
    if (off || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    if (event.target.closest("input, select, textarea")) return;
    var button = document.querySelector('[data-key="' + CSS.escape(event.key.toLowerCase()) + '"]');
    if (button) {
      event.preventDefault();
      button.click();
    }
  });

  show();
})();
