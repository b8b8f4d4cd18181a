// Asks for the page again while its work goes on; without scripts, the page's own head does.
const { content, dataset } = document.querySelector('meta[name="again"]');
setTimeout(() => (dataset.to ? location.replace(dataset.to) : location.reload()), Number(content) * 1000);
