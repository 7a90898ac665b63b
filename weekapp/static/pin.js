/* The pin in a form: the picture becomes a map on which it can be dragged, and its buttons work at once. Without this script they do too.
   Where the pin stands is kept in two hidden fields of the form: #pin ('lon,lat', empty: at the address) and #pin_for (the door). */
(function () {
  "use strict";

  var ARROWS = { ArrowUp: "noord", ArrowRight: "oost", ArrowDown: "zuid", ArrowLeft: "west" };
  var METRES_PER_DEGREE = 111320;
  var calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  function data(box, name) { return JSON.parse(box.dataset[name]); }

  function lonLat(text) { var parts = text.split(",").map(Number); return L.latLng(parts[1], parts[0]); }

  function further(from, direction, metres) {
    var north = { noord: 1, zuid: -1 }[direction] || 0, east = { oost: 1, west: -1 }[direction] || 0;
    return L.latLng(from.lat + north * metres / METRES_PER_DEGREE, from.lng + east * metres / (METRES_PER_DEGREE * Math.cos(from.lat * Math.PI / 180)));
  }

  /* ---- the map ---- */

  function ground(map, box) {
    var under = data(box, "ground");
    if (under.tiles) {
      map.attributionControl.setPrefix(false);
      L.tileLayer(under.tiles, { attribution: under.credits, maxZoom: 19 }).addTo(map);
      return;
    }
    komErbij.drawCountry(map, under.outline, under.places, under.credits);
    var pane = map.createPane("names");
    pane.setAttribute("aria-hidden", "true");
    data(box, "names").forEach(function (one) {
      var words = document.createElement("span");
      words.textContent = one[2];
      var icon = L.divIcon({ className: "near-name", html: words, iconSize: null });
      L.marker([one[1], one[0]], { icon: icon, interactive: false, keyboard: false, pane: "names" }).addTo(map);
    });
    function nearOrFar() { box.classList.toggle("is-near", map.getZoom() >= 12); }
    map.on("zoomend", nearOrFar);
    map.whenReady(nearOrFar);
  }

  function draw(part, box) {
    var texts = data(box, "texts"), at = lonLat(box.dataset.point);
    box.hidden = false;
    part.querySelector(".pin-figure").hidden = true;
    var map = L.map(box, { zoomControl: false, scrollWheelZoom: false, dragging: !L.Browser.mobile, minZoom: 7, maxZoom: data(box, "ground").closest });
    map.setView(at, data(box, "ground").tiles ? 16 : 13);
    ground(map, box);
    komErbij.addControls(map);
    var icon = L.divIcon({ className: "pin pin--mine", iconSize: [36, 44], iconAnchor: [18, 42] });
    var marker = L.marker(at, { icon: icon, draggable: true, autoPan: true, title: texts.pin, alt: texts.pin }).addTo(map);
    marker.getElement().setAttribute("aria-label", texts.pin);
    return { map: map, marker: marker, texts: texts };
  }

  /* ---- one part of the form ---- */

  function start(part) {
    var box = part.querySelector(".pin-map");
    if (!box || !box.hidden) { return; }
    var drawn = draw(part, box), address = box.dataset.address && lonLat(box.dataset.address);
    var kept = document.getElementById("pin"), door = document.getElementById("pin_for"), words = part.querySelector(".pin-words");

    function tell(at) {
      var metres = address ? Math.round(drawn.map.distance(at, address)) : 0;
      words.textContent = drawn.texts.byHand + (metres ? " " + drawn.texts.distance.replace("%s", metres) : "");
    }

    function put(at) {
      kept.value = at.lng.toFixed(5) + "," + at.lat.toFixed(5);
      door.value = part.dataset.door;
      drawn.marker.setLatLng(at);
      if (!drawn.map.getBounds().pad(-0.2).contains(at)) { drawn.map.panTo(at, { animate: !calm }); }
      part.querySelector(".pin-reset").hidden = false;
      tell(at);
    }

    function step(direction) {
      put(further(drawn.marker.getLatLng(), direction, Number(part.querySelector("[name=pin_step]").value)));
    }

    drawn.marker.on("dragend", function () { put(drawn.marker.getLatLng()); });
    drawn.marker.getElement().addEventListener("keydown", function (event) {
      if (!ARROWS[event.key]) { return; }
      event.preventDefault();
      event.stopPropagation();
      step(ARROWS[event.key]);
    });
    part.querySelectorAll("[name=move_pin]").forEach(function (button) {
      button.addEventListener("click", function (event) { event.preventDefault(); step(button.value); });
    });
    part.querySelector(".pin-drag").hidden = false;
    var reset = part.querySelector("[name=reset_pin]");
    reset.addEventListener("click", function (event) {
      if (!address || !drawn.texts.found) { return; }
      event.preventDefault();
      kept.value = "";
      drawn.marker.setLatLng(address);
      drawn.map.panTo(address, { animate: !calm });
      words.textContent = drawn.texts.found;
      part.querySelector("summary").focus();
      part.querySelector(".pin-reset").hidden = true;
    });
    part.querySelector(".pin-words").textContent = words.textContent;
  }

  /* ---- the address and the name of a place are looked up without leaving the page ---- */

  function ask(form, button) {
    var sent = new FormData(form);
    sent.delete("photo");
    sent.append(button, "1");
    return fetch(form.action, { method: "POST", body: sent, redirect: "error" }).then(function (answer) { return answer.text(); }).then(function (text) {
      var page = new DOMParser().parseFromString(text, "text/html");
      var part = page.getElementById("plek");
      if (!part) { throw new Error("no pin on that page"); }
      return { part: part, page: page };
    });
  }

  function take(form, answer) {
    var old = document.getElementById("plek");
    ["pin", "pin_for"].forEach(function (id) { document.getElementById(id).value = answer.page.getElementById(id).value; });
    ["street", "town"].forEach(function (id) {
      var here = document.getElementById(id), there = answer.page.getElementById(id);
      if (here && there && !here.value) { here.value = there.value; }
    });
    old.replaceWith(answer.part);
    watch(form);
    var words = answer.part.querySelector(".pin-words"), said = words && words.textContent;
    if (words) { words.textContent = ""; window.setTimeout(function () { words.textContent = said; }, 50); } /* so that it is read out */
  }

  function watch(form) {
    var part = document.getElementById("plek");
    start(part);
    var find = part.querySelector("[name=find_pin]"), typed = part.querySelector("[name=pin_words]");
    if (!find) { return; }
    find.addEventListener("click", function (event) {
      event.preventDefault();
      ask(form, "find_pin").then(function (answer) {
        take(form, answer);
        document.getElementById("pin_words").focus();
      }).catch(function () { form.requestSubmit(find); });
    });
    typed.addEventListener("keydown", function (event) {
      if (event.key === "Enter") { event.preventDefault(); find.click(); }
    });
  }

  /* Who has typed postcode and house number sees the pin, without pressing anything. */
  function watchAddress(form) {
    var fields = ["postcode", "house_number", "letter", "addition"].map(function (id) { return document.getElementById(id); });
    var asked = "";
    fields.forEach(function (field) {
      field.addEventListener("change", function () {
        var typed = fields.map(function (one) { return one.value.trim(); }).join(" ");
        if (!/^\d{4}\s?[a-z]{2}$/i.test(fields[0].value.trim()) || !/^\d/.test(fields[1].value.trim()) || typed === asked) { return; }
        asked = typed;
        ask(form, "show_pin").then(function (answer) { if (answer.part.dataset.door) { take(form, answer); } }).catch(function () { asked = ""; });
      });
    });
  }

  var here = document.getElementById("plek");
  if (!here) { return; }
  watch(here.closest("form"));
  watchAddress(here.closest("form"));
})();
