// @ts-check
// Whether the line has been down for so long that what is shown is only read: a decision would be on what has passed.
import { computed } from "../../shared/html.js";
import { theTime } from "../frame.js";
import { lostSince } from "./live.js";

const OFFLINE_MS = 60_000;

export const offline = computed(() => lostSince.value !== null && theTime() - lostSince.value >= OFFLINE_MS);
