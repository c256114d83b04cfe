// The clock of the interview, the keys 1 to 7, and a submission that waits for the autosave under way.
(function () {
  "use strict";

  var clock = document.querySelector("[data-clock]");
  if (clock) {
    var before = Number(clock.getAttribute("data-elapsed"));
    var limit = Number(clock.getAttribute("data-limit")) * 60;
    var origin = performance.now();
    var two = function (number) {
      return String(number).padStart(2, "0");
    };
    var tick = function () {
      var seconds = before + Math.floor((performance.now() - origin) / 1000);
      clock.textContent = two(Math.floor(seconds / 60)) + ":" + two(seconds % 60);
      clock.classList.toggle("rec-clock--late", seconds >= limit);
    };
    tick();
    setInterval(tick, 1000);
  }

  var form = document.getElementById("entretien");
  var toggle = document.querySelector("[data-shortcuts]");
  if (form && toggle) {
    var off = localStorage.getItem("entretien-touches") === "non";
    var show = function () {
      toggle.hidden = false;
      toggle.textContent = off ? "Activer les touches 1 à 7" : "Désactiver les touches 1 à 7";
    };
    toggle.addEventListener("click", function () {
      off = !off;
      localStorage.setItem("entretien-touches", off ? "non" : "oui");
      show();
    });
    document.addEventListener("keydown", function (event) {
      if (off || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
      if (event.target.closest("input:not([type=radio]):not([type=checkbox]), select, textarea")) return;
      var radio = form.querySelector('input[data-key="' + CSS.escape(event.key) + '"]:not(:disabled)');
      if (!radio) return;
      event.preventDefault();
      radio.focus();
      radio.click();
    });
    show();
  }

  // In the questions of the orientation, Enter answers; elsewhere it saves the interview.
  if (form) {
    form.addEventListener("keydown", function (event) {
      if (event.key !== "Enter" || !event.target.matches("input:not([type=submit]), select")) return;
      var panel = event.target.closest("#panneau");
      if (!panel) return;
      var button = panel.querySelector(event.target.id === "motif" ? "[value=orienter]" : "[value=repondre]");
      event.preventDefault();
      if (button) button.click();
    });
  }

  if (!form || !form.hasAttribute("data-autosave")) return;
  var state = document.getElementById("etat");
  var saving = false;
  var waiting = null;
  var again = null;

  function tell(sentence) {
    var line = document.createElement("p");
    line.className = "fr-error-text";
    line.textContent = sentence;
    state.replaceChildren(line);
  }

  function retry() {
    clearTimeout(again);
    again = setTimeout(function () {
      form.dispatchEvent(new Event("input", { bubbles: true }));
    }, 10000);
  }

  form.addEventListener("htmx:beforeRequest", function () {
    clearTimeout(again);
    saving = true;
  });

  form.addEventListener("htmx:afterRequest", function () {
    saving = false;
    if (waiting === null) return;
    var submitter = waiting.submitter;
    waiting = null;
    form.requestSubmit(submitter);
  });

  form.addEventListener("submit", function (event) {
    if (!saving) return;
    event.preventDefault();
    waiting = { submitter: event.submitter };
  });

  document.addEventListener("htmx:beforeSwap", function (event) {
    if (event.detail.elt !== form && event.detail.requestConfig && event.detail.requestConfig.elt !== form) return;
    var asked = event.detail.requestConfig ? event.detail.requestConfig.path : "";
    var answered = event.detail.xhr.responseURL;
    if (asked && answered && new URL(answered).pathname !== asked) {
      event.detail.shouldSwap = false;
      tell("Votre session a expiré : reconnectez-vous dans un autre onglet. Votre saisie reste affichée ici.");
    }
  });

  form.addEventListener("htmx:sendError", function () {
    tell("La connexion est coupée : votre saisie reste affichée et sera enregistrée dès son retour.");
    retry();
  });

  form.addEventListener("htmx:responseError", function (event) {
    if (event.detail.xhr.status === 503) {
      tell("Le service est momentanément indisponible : votre saisie reste affichée et sera enregistrée à son retour.");
      retry();
      return;
    }
    tell("L’enregistrement a échoué. Votre saisie reste affichée : utilisez « Enregistrer ».");
  });
})();
