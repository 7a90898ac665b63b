/* "Bij mij in de buurt": asks the browser where somebody is, only after a press, and sends no more than two decimals (about a kilometre). */
(function () {
  "use strict";

  function say(form, text) { form.querySelector(".near__note").textContent = text; }

  function search(form, position) {
    form.elements.plek.value = position.coords.longitude.toFixed(2) + "," + position.coords.latitude.toFixed(2);
    form.submit();
  }

  function watch(form) {
    form.hidden = false;
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      say(form, form.dataset.busy);
      navigator.geolocation.getCurrentPosition(
        function (position) { say(form, ""); search(form, position); },
        function () { say(form, form.dataset.failed); },
        { enableHighAccuracy: false, timeout: 10000, maximumAge: 600000 }
      );
    });
  }

  if (navigator.geolocation) { document.querySelectorAll("form.near").forEach(watch); }
})();
