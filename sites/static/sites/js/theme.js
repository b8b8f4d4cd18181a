// Night or day, kept for this tablet in a cookie that the server reads.
const root = document.documentElement;
const show = (button) => button.setAttribute("aria-pressed", String(root.dataset.bsTheme === "dark"));

for (const button of document.querySelectorAll("[data-theme-switch]")) {
  button.hidden = false;
  show(button);
  button.addEventListener("click", () => {
    const night = root.dataset.bsTheme !== "dark";
    root.dataset.bsTheme = night ? "dark" : "light";
    document.cookie = `theme=${night ? "dark" : "light"}; path=/; max-age=31536000; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
    show(button);
  });
}
