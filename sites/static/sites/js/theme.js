// Night or day, kept for this tablet in a cookie that the server reads (people/cookies.py).
const root = document.documentElement;
const bound = location.protocol === "https:";
const show = (button) => button.setAttribute("aria-pressed", String(root.dataset.bsTheme === "dark"));

for (const button of document.querySelectorAll("[data-theme-switch]")) {
  button.hidden = false;
  show(button);
  button.addEventListener("click", () => {
    const night = root.dataset.bsTheme !== "dark";
    root.dataset.bsTheme = night ? "dark" : "light";
    document.cookie = `${bound ? "__Host-" : ""}theme=${night ? "dark" : "light"}; path=/; max-age=31536000; samesite=lax${bound ? "; secure" : ""}`;
    show(button);
  });
}
