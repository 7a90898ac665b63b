/* What a page is like, as plain facts for the tests: called in the browser after each visit and at each width. */
window.pageFacts = () => {
  const seen = (one) => one.checkVisibility({ visibilityProperty: true }) && one.getClientRects().length > 0;
  const words = (one) => (one ? one.textContent.trim().replace(/\s+/g, ' ') : '');
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const ids = (text) => (text || '').split(/\s+/).filter(Boolean);
  const called = (one) => `${one.tagName.toLowerCase()}${one.id ? '#' + one.id : ''}${one.name ? '[' + one.name + ']' : ''} "${words(one).slice(0, 40)}"`;
  const hidden = (one) => one.closest('[aria-hidden="true"], .elsewhere, .visually-hidden, .first-button');

  const fields = all('input, select, textarea').filter((one) => one.type !== 'hidden' && !hidden(one) && seen(one)).map((one) => {
    const label = one.labels && one.labels[0];
    const chosen = ['radio', 'checkbox'].includes(one.type);
    const group = one.closest('fieldset');
    const shown = label && seen(label) && !label.classList.contains('visually-hidden');
    return {
      called: called(one), name: one.name, id: one.id, type: one.type, autocomplete: one.getAttribute('autocomplete') || '', label: words(label),
      labelShown: Boolean(shown), placeholder: one.getAttribute('placeholder') || '',
      labelAbove: chosen || !shown || label.getBoundingClientRect().top < one.getBoundingClientRect().bottom && label.getBoundingClientRect().bottom <= one.getBoundingClientRect().top + 2,
      linkInLabel: Boolean(label && label.querySelector('a')), required: one.required, ariaRequired: one.getAttribute('aria-required') === 'true',
      invalid: one.getAttribute('aria-invalid') === 'true', needle: chosen, legend: group ? words(group.querySelector('legend')) : '',
      described: ids(one.getAttribute('aria-describedby')).concat(chosen && group ? ids(group.getAttribute('aria-describedby')) : []).map((id) => [id, words(document.getElementById(id))]),
      tabindex: one.tabIndex, disabled: one.disabled, blocksPaste: one.hasAttribute('onpaste'), posts: Boolean(one.form && one.form.method === 'post'),
    };
  });
  const summary = document.querySelector('.error-summary');
  const footer = document.querySelector('.site-foot');
  return {
    title: document.title, lang: document.documentElement.lang, focused: document.activeElement ? document.activeElement.id : '',
    headings: all('h1, h2, h3, h4, h5, h6').filter(seen).map((one) => [Number(one.tagName[1]), words(one)]),
    tooWide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    sticking: all('main *').filter((one) => seen(one) && one.getBoundingClientRect().right > document.documentElement.clientWidth + 1 && !one.closest('.table-wrap, .leaflet-map, .pin-map, svg, .map-scroll, pre')).slice(0, 3).map(called),
    fields,
    forms: all('form').filter(seen).map((one) => ({
      action: one.getAttribute('action') || '', posts: one.method === 'post', novalidate: one.noValidate,
      asks: all('input, select, textarea', one).some((field) => field.type !== 'hidden' && !hidden(field)), text: words(one), before: words(one.previousElementSibling),
      needed: all('[aria-required="true"]', one).length, optional: all('.optional', one).length,
      groups: all('input[type=radio], input[type=checkbox]', one).filter((field) => field.type === 'radio' && !field.closest('fieldset')).map(called),
    })),
    buttons: all('button, input[type=submit]').filter(seen).map((one) => ({ called: called(one), disabled: one.disabled, tabindex: one.tabIndex, hidden: Boolean(hidden(one)) })),
    summary: summary && {
      inForm: Boolean(summary.closest('form')), heading: words(summary.querySelector('h1, h2, h3')), focusable: summary.tabIndex === -1 || summary.tabIndex === 0,
      aboveForm: !document.querySelector('main form:not(.action)') || Boolean(summary.compareDocumentPosition(document.querySelector('main form:not(.action)')) & Node.DOCUMENT_POSITION_FOLLOWING),
      lines: all('li', summary).map((line) => { const link = line.querySelector('a'); const id = link ? link.getAttribute('href').slice(1) : ''; const target = id && document.getElementById(id); return { text: words(line), href: id, reaches: Boolean(target), field: Boolean(target && target.matches('input, select, textarea')) }; }),
    },
    fieldErrors: all('.field-error').filter(seen).map((one) => words(one)),
    statuses: all('[role="status"]').map(words),
    help: footer && { position: all('li', footer).findIndex((one) => one.querySelector('a[href^="mailto:"]')), mail: Boolean(footer.querySelector('a[href^="mailto:"]')), phone: Boolean(footer.querySelector('a[href^="tel:"]')), links: all('a', footer).map((one) => one.getAttribute('href')) },
    skip: Boolean(document.querySelector('body > a.skip:first-child[href="#inhoud"]')) && Boolean(document.getElementById('inhoud')),
    main: words(document.querySelector('main')), step: words(document.querySelector('.step-count')),
    embedded: Boolean(document.querySelector('main.embed')), handlers: all('*').filter((one) => [...one.attributes].some((a) => a.name.startsWith('on'))).map(called),
  };
};

window.unfold = () => document.querySelectorAll('details').forEach((one) => { one.open = true; });
/* With all that is folded away opened; the focus is where the page put it before that. */
window.allFacts = () => { const focused = document.activeElement ? document.activeElement.id : ''; window.unfold(); return Object.assign(window.pageFacts(), { focused }); };

/* Text spacing of WCAG 1.4.12 by a sheet that the policy of the site allows; what is cut off then (A11Y-13). */
window.spacedOut = () => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; } p { margin-bottom: 2em !important; }');
  document.adoptedStyleSheets = [sheet];
  const cut = [...document.querySelectorAll('main *, header *, footer *')].filter((one) => {
    const style = getComputedStyle(one);
    if (!one.checkVisibility() || one.closest('.visually-hidden, .skip, .elsewhere, .first-button, svg, .leaflet-map, .pin-map, .map-note') || !one.textContent.trim() || ['SELECT', 'OPTION', 'TEXTAREA'].includes(one.tagName)) return false;
    const x = ['hidden', 'clip'].includes(style.overflowX), y = ['hidden', 'clip'].includes(style.overflowY);
    if (!(x || y) || one.clientWidth <= 1) return false;
    const words = document.createRange(), edge = one.getBoundingClientRect();
    return [...one.querySelectorAll('*')].concat(one).some((inner) => [...inner.childNodes].filter((node) => node.nodeType === 3 && node.data.trim() && !inner.closest('svg, .visually-hidden, .skip, .leaflet-map, .pin-map')).some((node) => {
      words.selectNodeContents(node);
      const box = words.getBoundingClientRect();
      return box.width && ((x && (box.right > edge.right + 1 || box.left < edge.left - 1)) || (y && (box.bottom > edge.bottom + 1 || box.top < edge.top - 1)));
    }));
  }).map((one) => `${one.tagName.toLowerCase()}.${one.className}`);
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  document.adoptedStyleSheets = [];
  return { cut, wide };
};

/* Notes what gets the focus, whether that shows, and whether something lies over it (A11Y-14). */
window.startWalk = () => {
  const group = (one) => (one.type === 'radio' ? [...document.querySelectorAll('input[type=radio]')].filter((other) => other.name === one.name && other.form === one.form) : [one]);
  const stops = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, iframe, [tabindex]')].filter((one) => one.tabIndex >= 0 && !one.disabled && one.type !== 'hidden' && one.checkVisibility({ visibilityProperty: true }) && one.getClientRects().length);
  const wanted = stops.filter((one) => { const all = group(one); return all.length === 1 || one === (all.find((other) => other.checked) || all[0]); });
  const name = (one) => `${one.tagName.toLowerCase()} "${(one.getAttribute('aria-label') || (one.labels && one.labels[0] ? one.labels[0].textContent : '') || one.textContent || one.name || '').trim().replace(/\s+/g, ' ').slice(0, 50)}"`;
  window.walk = { wanted: wanted.map(name), met: [], dim: [], covered: [], last: false };
  const order = new Map(wanted.map((one, place) => [one, place]));
  const look = (one) => {
    const style = getComputedStyle(one);
    if (!((style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none')) window.walk.dim.push(name(one));
    const box = one.getClientRects()[0];
    if (!box) return;
    const points = [[.5, .5], [.1, .2], [.9, .2], [.1, .8], [.9, .8]].map(([x, y]) => document.elementFromPoint(box.left + box.width * x, box.top + box.height * y));
    if (!points.some((at) => at && (at === one || one.contains(at) || at.contains(one) || (one.labels && [...one.labels].some((label) => label.contains(at)))))) window.walk.covered.push(name(one));
  };
  document.addEventListener('focusin', (event) => {
    if (!order.has(event.target)) return;
    window.walk.met.push(order.get(event.target));
    look(event.target);
  });
  const start = document.createElement('span');
  start.tabIndex = -1;
  document.body.prepend(start);
  start.focus();
  start.remove();
  return wanted.length;
};
/* Jump to shortly before the end of a very long page. */
window.skipTo = (place) => { const stops = [...document.querySelectorAll('a[href], button')].filter((one) => one.tabIndex >= 0 && one.checkVisibility() && one.getClientRects().length); stops[Math.max(0, stops.length - place)].focus(); };
