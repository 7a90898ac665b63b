/* The map beside the list: it draws what the list already says, and everything on it can be done with the keyboard.
   Texts come from the page (data-texts), so that they are translated there. Nothing is written as HTML: text goes in as text. */
var komErbij = (function () {
  "use strict";

  var MOST_IN_POPUP = 50;
  var COUNTRY = [[50.75, 3.36], [53.56, 7.23]];
  var calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (calm) {
    L.Map.mergeOptions({ zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, inertia: false });
  }

  var LOCALE = document.documentElement.lang === "en" ? "en-GB-u-hc-h12" : document.documentElement.lang;
  var dayFormat = new Intl.DateTimeFormat(LOCALE, { timeZone: "Europe/Amsterdam", weekday: "long", day: "numeric", month: "long" });
  var timeFormat = new Intl.DateTimeFormat(LOCALE, { timeZone: "Europe/Amsterdam", hour: LOCALE === "nl" ? "2-digit" : "numeric", minute: "2-digit" });

  /* An icon that is a div with a name for screen readers. */
  var NamedIcon = L.DivIcon.extend({
    createIcon: function (old) {
      var element = L.DivIcon.prototype.createIcon.call(this, old);
      if (this.options.label) { element.setAttribute("aria-label", this.options.label); element.title = this.options.label; }
      return element;
    }
  });

  function textsOf(map) { return JSON.parse(map.getContainer().dataset.texts); }

  function made(tag, className, text) {
    var element = document.createElement(tag);
    if (className) { element.className = className; }
    if (text) { element.textContent = text; }
    return element;
  }

  function fill(text, value) { return text.replace("%s", value); }

  function when(iso, texts) {
    var instant = new Date(iso);
    return dayFormat.format(instant) + ", " + fill(texts.at, LOCALE === "nl" ? timeFormat.format(instant).replace(":", ".") : timeFormat.format(instant));
  }

  function getJson(address) {
    return fetch(address).then(function (response) {
      if (!response.ok) { throw new Error(String(response.status)); }
      return response.json();
    });
  }

  /* ---- the country ---- */

  function nameOf(feature) {
    var at = feature.geometry.coordinates;
    var icon = L.divIcon({ className: "place place--" + feature.properties.rank, html: made("span", "", feature.properties.name), iconSize: null });
    return L.marker([at[1], at[0]], { icon: icon, interactive: false, keyboard: false, pane: "places" });
  }

  function drawCountry(map, outline, places, credits, closeBy) {
    map.attributionControl.setPrefix(false).addAttribution(credits);
    map.getContainer().classList.add("drawn");
    getJson(outline).then(function (shape) {
      L.geoJSON(shape, { interactive: false, style: { className: "land" } }).addTo(map).bringToBack();
    }).catch(function () { map.getContainer().dataset.omtrek = "fout"; });
    var pane = map.createPane("places");
    pane.setAttribute("aria-hidden", "true");
    getJson(places).then(function (found) {
      found.features.forEach(function (feature) { nameOf(feature).addTo(map); });
    }).catch(function () { map.getContainer().dataset.plaatsen = "fout"; });
    function showRanks() {
      pane.classList.toggle("ranks-small", map.getZoom() < 7);
      pane.classList.toggle("ranks-2", map.getZoom() >= 7.5);
      pane.classList.toggle("ranks-3", map.getZoom() >= 9);
    }
    map.on("zoomend", showRanks);
    showRanks();
    if (closeBy) { nameWhatIsClose(map, closeBy); }
  }

  /* Villages and postcodes: fetched for who comes close, and only those in view. */
  function nameWhatIsClose(map, address) {
    var names = L.layerGroup().addTo(map), fetched = null;
    map.on("moveend", function () {
      var closest = map.getZoom() >= 12.5 ? 5 : map.getZoom() >= 10.5 ? 4 : 0;
      names.clearLayers();
      if (!closest) { return; }
      fetched = fetched || getJson(address);
      fetched.then(function (found) {
        var view = map.getBounds().pad(0.1);
        names.clearLayers();
        found.features.forEach(function (feature) {
          var at = feature.geometry.coordinates;
          if (feature.properties.rank <= closest && view.contains([at[1], at[0]])) { nameOf(feature).addTo(names); }
        });
      }).catch(function () { fetched = null; });
    });
  }

  /* ---- buttons ---- */

  function addControls(map) {
    var texts = textsOf(map);
    map.attributionControl.setPrefix(false);
    var moves = [
      ["+", texts.zoomIn, "in", function () { map.zoomIn(); }],
      ["\u2212", texts.zoomOut, "out", function () { map.zoomOut(); }],
      ["\u2191", texts.up, "up", function () { map.panBy([0, -140]); }],
      ["\u2190", texts.left, "left", function () { map.panBy([-140, 0]); }],
      ["\u2192", texts.right, "right", function () { map.panBy([140, 0]); }],
      ["\u2193", texts.down, "down", function () { map.panBy([0, 140]); }]
    ];
    var Buttons = L.Control.extend({
      onAdd: function () {
        var box = made("div", "map-buttons");
        moves.forEach(function (move) {
          var button = made("button", "map-button map-button--" + move[2], move[0]);
          button.type = "button";
          button.setAttribute("aria-label", move[1]);
          button.title = move[1];
          button.addEventListener("click", move[3]);
          box.append(button);
        });
        L.DomEvent.disableClickPropagation(box);
        return box;
      }
    });
    new Buttons({ position: "topright" }).addTo(map);
  }

  /* ---- activities ---- */

  function showActivities(map) {
    var box = map.getContainer(), texts = textsOf(map);
    var note = document.getElementById("kaart-melding");
    if (note) { note.hidden = true; }
    var names = new Set();
    var cluster = L.markerClusterGroup({
      showCoverageOnHover: false,
      animate: !calm,
      maxClusterRadius: function (zoom) { return zoom < 8 ? 96 : 74; }, // neighbours leave 24 px of each other free (WCAG 2.5.8)
      chunkedLoading: true,
      iconCreateFunction: function (group) { return clusterIcon(group.getAllChildMarkers(), texts); }
    });
    map.addLayer(cluster);
    var narrow = box.clientWidth < 600; // the buttons lie above the country then, not beside it
    show(map, COUNTRY, { paddingTopLeft: [8, narrow ? 52 : 12], paddingBottomRight: [8, narrow ? 40 : 24], animate: false });
    watchKeys(map);
    watchPopups(map, texts);
    getJson(box.dataset.geojson).then(function (found) {
      var spots = byPlace(found.features);
      var markers = spots.map(function (spot) { return marker(spot, texts, names, box.dataset.list, box.clientWidth); });
      var shown = boundsOf(box, markers);
      if (shown) { show(map, shown, { padding: [40, 40], maxZoom: box.classList.contains("drawn") ? 11 : 13, animate: false }); }
      cluster.addLayers(markers);
      box.dataset.geladen = found.features.length;
    }).catch(function () {
      box.dataset.geladen = "fout";
      if (note) { note.textContent = texts.failed; note.hidden = false; }
    });
  }

  /* What a search is about: what it found, else where it looked; nothing of a search for everything. */
  function boundsOf(box, markers) {
    if (box.dataset.fit && markers.length) { return L.latLngBounds(markers.map(function (one) { return one.getLatLng(); })); }
    if (!box.dataset.focus) { return null; }
    var edge = box.dataset.focus.split(",").map(Number);
    return L.latLngBounds([edge[1], edge[0]], [edge[3], edge[2]]);
  }

  /* Zoom to a part of the map; in a frame that is still folded away the map has no size, and waits until it has. */
  function show(map, bounds, options) {
    if (map.getSize().x && map.getSize().y) { map.fitBounds(bounds, options); return; }
    var watcher = new ResizeObserver(function () {
      if (!map.getContainer().clientWidth) { return; }
      watcher.disconnect();
      map.invalidateSize({ animate: false });
      map.fitBounds(bounds, options);
    });
    watcher.observe(map.getContainer());
  }

  /* Activities that share a point are one pin. */
  function byPlace(features) {
    var spots = new Map();
    features.forEach(function (feature) {
      if (!feature.geometry) { return; }
      var key = feature.geometry.coordinates.join();
      if (!spots.has(key)) { spots.set(key, []); }
      spots.get(key).push(feature);
    });
    return Array.from(spots.values());
  }

  function marker(spot, texts, names, list, width) {
    var narrow = width < 600, widest = Math.min(270, Math.max(width, 240) - 64); // with its edge and its close button inside the map
    var at = spot[0].geometry.coordinates, first = spot[0].properties, many = spot.length;
    var label = many > 1 ? fill(texts.here, many) + ": " + first.plaats : first.titel + ", " + first.plaats + ", " + when(first.begin, texts);
    label = unique(label, names);
    var className = "pin" + (many > 1 ? " pin--many" : "") + (many === 1 && first.afgelast ? " pin--off" : "");
    var icon = new NamedIcon({
      className: className, html: made("span", "pin__count", many > 1 ? String(many) : ""), iconSize: [36, 44], iconAnchor: [18, 42],
      popupAnchor: [0, -36], label: label
    });
    return L.marker([at[1], at[0]], { icon: icon, alt: label, many: many, town: first.plaats }).bindPopup(
      function () { return many > 1 ? popupOfMany(spot, texts, list) : popupOfOne(spot[0], texts); },
      { minWidth: Math.min(210, widest), maxWidth: widest, maxHeight: 270, autoPanPaddingTopLeft: [10, narrow ? 56 : 10], autoPanPaddingBottomRight: [narrow ? 10 : 130, 20] }
    );
  }

  function unique(label, names) {
    var name = label, number = 2;
    while (names.has(name)) { name = label + " (" + number + ")"; number += 1; }
    names.add(name);
    return name;
  }

  function clusterIcon(markers, texts) {
    var total = 0, towns = new Map(), top = "", most = 0;
    markers.forEach(function (one) {
      var town = one.options.town, sum = (towns.get(town) || 0) + one.options.many;
      total += one.options.many;
      towns.set(town, sum);
      if (sum > most) { most = sum; top = town; }
    });
    var size = total < 10 ? 38 : total < 100 ? 46 : 56;
    var label = fill(texts.group, total) + (towns.size > 1 ? ", " + fill(texts.mostly, top) : ", " + top);
    return new NamedIcon({ className: "cluster", html: made("span", "", String(total)), iconSize: [size, size], label: label });
  }

  function linkTo(feature) {
    var link = made("a", "", feature.properties.titel);
    var language = document.documentElement.lang, prefix = language === "nl" ? "" : "/" + language; // the data are Dutch, the page may be not
    link.href = prefix + new URL(feature.properties.url).pathname; // the same site under whichever name it was opened
    link.lang = "nl";
    if (window !== window.parent) { link.target = "_blank"; link.rel = "noopener"; }
    return link;
  }

  function popupOfOne(feature, texts) {
    var box = made("div", "popup"), title = made("p", "popup__title");
    title.append(linkTo(feature));
    if (feature.properties.afgelast) { box.append(made("p", "popup__off", texts.off)); }
    box.append(title, made("p", "", when(feature.properties.begin, texts)), made("p", "", feature.properties.plaats));
    box.append(made("p", "popup__quiet", texts.precisions[feature.properties.precisie]));
    return box;
  }

  /* Of several at one point the least exact place. */
  function roughest(spot) {
    var order = ["address", "by_hand", "pc6", "pc4", "municipality", "unknown"];
    return spot.map(function (one) { return one.properties.precisie; }).sort(function (one, other) { return order.indexOf(other) - order.indexOf(one); })[0];
  }

  function popupOfMany(spot, texts, list) {
    var box = made("div", "popup"), rows = made("ul"), at = spot[0].geometry.coordinates;
    spot.slice(0, MOST_IN_POPUP).forEach(function (feature) {
      var row = made("li");
      row.append(linkTo(feature), made("span", "popup__when", when(feature.properties.begin, texts) + (feature.properties.afgelast ? ". " + texts.off : "")));
      rows.append(row);
    });
    box.append(made("p", "popup__title", fill(texts.here, spot.length)), made("p", "popup__quiet", texts.precisions[roughest(spot)]), rows);
    if (spot.length > MOST_IN_POPUP) {
      var all = made("a", "", texts.all), address = new URL(list, window.location.href), edge = 0.00001;
      address.searchParams.set("bbox", [at[0] - edge, at[1] - edge, at[0] + edge, at[1] + edge].map(function (part) { return part.toFixed(5); }).join());
      all.href = address.pathname + address.search;
      box.append(all);
    }
    return box;
  }

  /* ---- keyboard (A11Y-07, A11Y-10) ---- */

  /* Enter and space press a pin or a group; Escape closes what is open. */
  function watchKeys(map) {
    map.getContainer().addEventListener("keydown", function (event) {
      var pin = event.target.closest(".pin, .cluster");
      if (pin && (event.key === "Enter" || event.key === " ")) {
        event.preventDefault();
        event.stopPropagation();
        pin.click();
        if (pin.classList.contains("cluster")) { map.getContainer().focus(); }
      } else if (event.key === "Escape") {
        map.closePopup();
      }
    }, true);
  }

  /* Focus goes into a popup when it opens, and back to its pin when it closes. */
  function watchPopups(map, texts) {
    map.on("popupopen", function (event) {
      var element = event.popup.getElement(), close = element.querySelector(".leaflet-popup-close-button");
      if (close) { close.setAttribute("aria-label", texts.close); close.title = texts.close; }
      element.setAttribute("role", "dialog");
      element.setAttribute("aria-label", element.querySelector(".popup__title").textContent);
      var first = element.querySelector(".popup a");
      if (first) { first.focus({ preventScroll: true }); }
    });
    map.on("popupclose", function (event) {
      var source = event.popup._source, pin = source && source.getElement && source.getElement();
      var inside = event.popup.getElement();
      if (inside && !inside.contains(document.activeElement) && document.activeElement !== document.body) { return; }
      (pin && pin.isConnected ? pin : map.getContainer()).focus({ preventScroll: true });
    });
  }

  return { drawCountry: drawCountry, addControls: addControls, showActivities: showActivities };
})();
