// What every page needs: a chosen month takes effect at once; without script a button does the same.
"use strict";
document.addEventListener("change", (event) => {
  const field = event.target;
  if (field.matches("[data-submit]")) field.form.requestSubmit();
  if (field.matches("[data-go]")) location.assign(field.value);
});
// On a phone the navigation is wider than the screen: the room one is in should be in sight.
const here = document.querySelector(".top nav [aria-current]");
if (here) here.parentElement.scrollLeft = here.offsetLeft - 40;
