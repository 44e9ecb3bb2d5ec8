// Times in the reader's zone. Without this script they are the server's: in UTC, and they say so.

const language = document.documentElement.lang;
// The reader's own kind of the page's language: British days in an English page.
const locale = navigator.languages.find((one) => one.split("-")[0] === language) ?? language;
const format = (dateStyle, timeStyle) => new Intl.DateTimeFormat(locale, { dateStyle, timeStyle });
const exact = format("long", "long");
const written = { short: format("medium", "short"), long: format("long", "short") };

/** What the server wrote as an instant is written anew; of every other, the instant shows on hover. */
function localTimes() {
  for (const time of document.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.valueOf())) continue;
    time.title = exact.format(at);
    const how = written[time.dataset.exact];
    if (how) time.textContent = how.format(at);
  }
}

document.addEventListener("htmx:afterSwap", localTimes);
localTimes();
