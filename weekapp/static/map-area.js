/* Who moves the map is offered to search there. A link, so that it has an address and works with the keyboard. */
(function () {
  "use strict";

  function box(map) {
    var bounds = map.getBounds();
    return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()].map(function (part) { return part.toFixed(3); }).join();
  }

  function offer(map, area) {
    var link = area.querySelector("a"), address = new URL(link.href);
    address.searchParams.set("bbox", box(map));
    link.href = address.pathname + address.search;
    area.hidden = false;
  }

  L.Map.addInitHook(function () {
    var map = this, container = map.getContainer(), area = document.getElementById("zoek-hier");
    if (!area) { return; }
    /* Only what somebody does counts: the map itself moves too, to show what was found or to make room for a popup. */
    var touched = false;
    ["pointerdown", "wheel", "keydown"].forEach(function (kind) {
      container.addEventListener(kind, function (event) { touched = !event.target.closest(".pin, .leaflet-popup"); }, { capture: true, passive: true });
    });
    map.on("moveend", function () { if (touched) { offer(map, area); } });
  });
})();
