// @ts-check
// What every screen is written with: components as plain functions, and values that redraw whoever reads them.
export { html, render } from "htm/preact";
export { useEffect, useMemo, useRef, useState } from "preact/hooks";
export { computed, effect, signal } from "@preact/signals";
