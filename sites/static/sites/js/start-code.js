// The installer's address carries the code behind its #, which no server and no log ever gets.
const field = document.querySelector("[name=start_code]");
if (field && location.hash.length > 1 && !field.value) {
  field.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
}
