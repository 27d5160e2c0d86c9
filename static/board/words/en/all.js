// @ts-check
import { words as acting } from "./case.js";
import { words as frame } from "./frame.js";
import { words as importing } from "./importing.js";
import { words as merging } from "./merging.js";
import { words as people } from "./people.js";
import { words as policies } from "./policies.js";
import { words as queue } from "./queue.js";
import { words as registry } from "./registry.js";
import { words as report } from "./report.js";

/** @type {Record<keyof typeof import("../zh/all.js").words, string>} */
export const words = { ...frame, ...acting, ...importing, ...merging, ...people, ...policies, ...queue, ...registry, ...report };
