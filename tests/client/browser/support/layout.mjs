// Looks for what does not fit: content wider than the page, text that is cut off, and buttons that
// cannot be brought into view.

export async function misfits(visitor) {
  await visitor.settled();
  return visitor.page.evaluate(() => {
    const found = [];
    const name = (element) =>
      `${element.localName}.${element.className} "${element.textContent.slice(0, 20)}"`;
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > width) found.push('the page scrolls sideways');
    for (const element of document.querySelectorAll('#column *, #app *, dialog *')) {
      if (!element.checkVisibility({ visibilityProperty: true })) continue;
      const box = element.getBoundingClientRect();
      if (!box.width || !box.height) continue;
      if (box.left < -1 || box.right > width + 1) found.push(`beyond the edge: ${name(element)}`);
      const style = getComputedStyle(element);
      const cutX = style.overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1;
      // A name in one line ends in dots on purpose; what is typed scrolls in its field.
      const scrolls = element.localName === 'input' && element.value;
      if (cutX && style.textOverflow !== 'ellipsis' && !scrolls) {
        found.push(`cut at the side: ${name(element)}`);
      }
      const hides = ['hidden', 'clip'].includes(style.overflowY);
      // A line may be lower than its font claims to be.
      const claim = 0.25 * parseFloat(style.fontSize);
      const cutY = hides && element.scrollHeight > element.clientHeight + claim;
      if (cutY) found.push(`cut below: ${name(element)}`);
      if (element.localName === 'button') {
        element.scrollIntoView({ block: 'nearest' });
        const at = element.getBoundingClientRect();
        if (at.top < -1 || at.bottom > innerHeight + 1) {
          found.push(`out of reach: ${name(element)}`);
        }
      }
    }
    return found;
  });
}
