// @ts-check
// A drawing of the report as a PNG, for a slide: as it is on the screen, on white, twice as large.

/** What our drawings set by style sheet, which does not travel with them. */
const WORN = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "font-family", "font-size", "font-weight", "text-anchor", "opacity"];
const LARGER = 2;

/** @param {SVGSVGElement} drawing @param {string} name of the file */
export async function savePicture(drawing, name) {
  const { width, height } = drawing.viewBox.baseVal;
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(worn(drawing)))}`;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: width * LARGER, height: height * LARGER });
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.fillStyle = getComputedStyle(document.body).backgroundColor;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  Object.assign(document.createElement("a"), { href: canvas.toDataURL("image/png"), download: `${name}.png` }).click();
}

/** A copy that carries its own looks. @param {SVGSVGElement} drawing */
function worn(drawing) {
  const copy = /** @type {SVGSVGElement} */ (drawing.cloneNode(true));
  const { width, height } = drawing.viewBox.baseVal;
  copy.setAttribute("width", String(width * LARGER));
  copy.setAttribute("height", String(height * LARGER));
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  const theirs = copy.querySelectorAll("*");
  for (const [at, one] of drawing.querySelectorAll("*").entries()) {
    const style = getComputedStyle(one);
    for (const name of WORN) theirs[at].setAttribute(name, style.getPropertyValue(name));
  }
  return copy;
}
