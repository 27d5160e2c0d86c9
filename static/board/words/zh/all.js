import { words as acting } from "./case.js";
import { words as frame } from "./frame.js";
import { words as queue } from "./queue.js";

export const words = { ...frame, ...acting, ...queue };
