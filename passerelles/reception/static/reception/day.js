// The table refreshes itself, but never under the hands of somebody; the stopwatch of the presentation.
(function () {
  "use strict";

  function busy(table) {
    var active = document.activeElement;
    if (table.querySelector("details[open]")) return true;
    return table.contains(active) && active.matches("input, select, textarea");
  }

  document.addEventListener("htmx:beforeRequest", function (event) {
    var table = event.target.closest("[data-poll]");
    if (table && event.target === table && (document.hidden || busy(table))) event.preventDefault();
  });

  document.addEventListener("htmx:beforeSwap", function (event) {
    var target = event.detail.target;
    if (target && target.matches && target.matches("[data-poll]") && busy(target)) event.detail.shouldSwap = false;
  });

  document.addEventListener("htmx:responseError", function (event) {
    var form = event.detail.elt;
    if (form && form.tagName === "FORM" && form.hasAttribute("hx-post")) {
      form.removeAttribute("hx-post");
      form.submit();
    }
  });

  var box = document.querySelector("[data-stopwatch]");
  if (!box) return;
  var clock = box.querySelector("[data-stopwatch-clock]");
  var button = box.querySelector("[data-stopwatch-start]");
  var field = document.getElementById(box.getAttribute("data-stopwatch"));
  var limit = Number(box.getAttribute("data-limit")) * 60;
  var started = null;
  box.hidden = false;

  function two(number) {
    return String(number).padStart(2, "0");
  }

  function tick() {
    var seconds = Math.floor((performance.now() - started) / 1000);
    clock.textContent = two(Math.floor(seconds / 60)) + ":" + two(seconds % 60);
    clock.classList.toggle("rec-clock--late", seconds > limit);
  }

  var timer = null;
  button.addEventListener("click", function () {
    if (timer === null) {
      started = performance.now();
      timer = setInterval(tick, 1000);
      button.textContent = "Arrêter et reporter la durée";
      return;
    }
    clearInterval(timer);
    timer = null;
    field.value = Math.ceil((performance.now() - started) / 60000);
    button.textContent = "Démarrer le chronomètre";
    field.focus();
  });
})();
