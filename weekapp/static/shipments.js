// While a file is being worked on, the page looks again by itself; without this the link on the page does.
if (document.querySelector("[data-wacht]")) setTimeout(() => location.reload(), 2000);
