// Runs before the first paint, so that the page never flashes in the other theme. A file of its own: the page forbids inline scripts.

let theme: string | null = null;
try {
    theme = localStorage.getItem("hearth.theme");
} catch {
    // Without storage the system decides.
}
if (theme !== "light" && theme !== "dark") theme = window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
document.documentElement.dataset.theme = theme;

export {};
