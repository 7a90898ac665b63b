// Watches a batch that is being made: asks for the same page every two seconds and shows how far it is. Without it, a link does the same.
(function () {
  "use strict";
  var place = document.getElementById("voortgang");
  if (!place) return;
  function look() {
    fetch(location.href, { credentials: "same-origin", cache: "no-store" })
      .then(function (answer) { return answer.ok ? answer.text() : ""; })
      .then(function (text) {
        var fresh = new DOMParser().parseFromString(text, "text/html").getElementById("voortgang");
        if (text && !fresh) { location.reload(); return; }
        if (fresh && fresh.textContent !== place.textContent) place.replaceChildren.apply(place, Array.from(fresh.childNodes));
        setTimeout(look, 2000);
      })
      .catch(function () { setTimeout(look, 5000); });
  }
  setTimeout(look, 1000);
})();
