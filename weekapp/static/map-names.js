/* Names on the drawn map never lie over each other, nor under a pin, a button or the edge: the larger place keeps its name, the other waits
   until somebody comes closer. A name stands below its place, or above it, or beside it where that is free and a name is
   not half a province long. */
(function () {
  "use strict";

  var GAP = 3; // pixels between two names
  var OBSTACLES = ".leaflet-marker-pane > *, .map-button, .leaflet-control-attribution";

  function boxOf(element, gap) {
    var box = element.getBoundingClientRect();
    return { left: box.left - gap, right: box.right + gap, top: box.top - gap, bottom: box.bottom + gap };
  }

  function meet(one, other) {
    return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
  }

  function inside(one, edge) {
    return one.left > edge.left && one.right < edge.right && one.top > edge.top && one.bottom < edge.bottom;
  }

  /* Where the name of a place can stand, best first; map.css puts it there. `x` and `y`: the place itself. */
  function spots(below, x, y) {
    var wide = below.right - below.left, high = below.bottom - below.top, off = below.top + GAP - y;
    function moved(right, down) { return { left: below.left + right, right: below.right + right, top: below.top + down, bottom: below.bottom + down }; }
    var up = y - high / 2 - below.top, aside = wide / 2 - GAP + off;
    return [["is-below", below], ["is-above", moved(0, 2 * up)], ["is-right", moved(aside, up)], ["is-left", moved(-aside, up)]];
  }

  function rankOf(element) { return Number(/place--(\d)/.exec(element.className)[1]); }

  /* For each place the class of the first spot that is free, or nothing. */
  function choose(places, taken, edge, beside) {
    return places.map(function (place) {
      var at = place.getBoundingClientRect(), below = boxOf(place.firstChild, GAP);
      var free = spots(below, at.left, at.top).slice(0, beside ? 4 : 2).find(function (spot) {
        return inside(spot[1], edge) && !taken.some(function (other) { return meet(spot[1], other); });
      });
      if (free) { taken.push(free[1]); }
      return free ? free[0] : "";
    });
  }

  function tidy(map) {
    var container = map.getContainer(), pane = map.getPane("places");
    if (!pane || !container.clientWidth) { return; }
    var before = Array.from(pane.children).filter(function (place) { return place.classList.contains("is-shown"); });
    pane.querySelectorAll(".place").forEach(function (place) { place.classList.remove("is-shown", "is-above", "is-right", "is-left"); });
    var places = Array.from(pane.children).filter(function (place) { return getComputedStyle(place).display !== "none"; }).sort(function (one, other) {
      return rankOf(one) - rankOf(other) || before.includes(other) - before.includes(one); // what was to be read stays
    });
    var taken = Array.from(container.querySelectorAll(OBSTACLES)).map(function (one) { return boxOf(one, 1); });
    var chosen = choose(places, taken, boxOf(container, 0), pane.classList.contains("ranks-2")); // all is measured before anything changes
    places.forEach(function (place, number) { if (chosen[number]) { place.classList.add("is-shown", chosen[number]); } });
    container.dataset.namen = chosen.filter(Boolean).length;
  }

  /* Once things have come to rest: groups of pins glide to their new places after a zoom. */
  L.Map.addInitHook(function () {
    var map = this, waiting = 0;
    function soon() {
      delete map.getContainer().dataset.namen;
      clearTimeout(waiting);
      waiting = setTimeout(function () { tidy(map); }, 350);
    }
    map.on("moveend zoomend layeradd layerremove resize", soon);
  });
})();
