/* Fetches the map when it is about to come into view: who reads the list only does not pay for it. */
(function () {
  "use strict";

  var box = document.querySelector(".leaflet-map"), note = document.getElementById("kaart-melding");
  if (!box) { return; }
  if (note) { note.hidden = true; }

  function arrived(element) {
    return new Promise(function (resolve, reject) {
      element.addEventListener("load", resolve);
      element.addEventListener("error", reject);
    });
  }

  function fetchStyle(address) {
    var link = document.createElement("link"), ours = document.querySelector('link[href$="/map.css"]');
    link.rel = "stylesheet";
    link.href = address;
    ours.before(link); // ours has the last word
    return arrived(link);
  }

  function fetchScript(address) {
    var script = document.createElement("script");
    script.src = address;
    script.async = false; // in the order in which they are asked for
    document.head.append(script);
    return arrived(script);
  }

  function start() {
    var files = box.dataset.styles.split(" ").map(fetchStyle).concat(box.dataset.scripts.split(" ").map(fetchScript));
    Promise.all(files).then(function () { return fetchScript(box.dataset.start); }).catch(function () {
      box.dataset.geladen = "fout";
      if (note) { note.textContent = JSON.parse(box.dataset.texts).failed; note.hidden = false; }
    });
  }

  var watcher = new IntersectionObserver(function (seen) {
    if (!seen.some(function (one) { return one.isIntersecting; })) { return; }
    watcher.disconnect();
    start();
  }, { rootMargin: "300px" });
  watcher.observe(box);
})();
