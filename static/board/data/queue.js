// @ts-check
// The open cases, kept as the server has them.
import { signal } from "../../shared/html.js";

export const board = signal(/** @type {any} */ (null));
