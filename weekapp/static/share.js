/* Buttons that only work with a script: share, copy an address, print. Without one they stay hidden, and the links beside them do. */
(() => {
  "use strict";
  const show = (name, can, act) => {
    if (!can) return;
    for (const button of document.querySelectorAll(`[data-${name}]`)) {
      button.hidden = false;
      button.addEventListener("click", () => act(button));
    }
  };
  const said = (button) => {
    const status = document.getElementById(button.dataset.status);
    if (status) status.textContent = button.dataset.done;
  };
  show("share", navigator.share, (button) => {
    navigator.share({ title: button.dataset.title, url: button.dataset.share }).catch(() => {}); // who closes the window shares nothing
  });
  show("copy", navigator.clipboard, (button) => {
    const source = document.getElementById(button.dataset.copy);
    navigator.clipboard.writeText(source.textContent).then(() => said(button), () => {
      getSelection().selectAllChildren(source); // not allowed to copy: the reader can, with one key
    });
  });
  show("print", true, () => window.print());
})();
