// @ts-check
// What the phone keeps for itself, readable without signal.
import { openDB } from "idb";

export class StorageRefused extends Error {}

/** @type {Promise<import("idb").IDBPDatabase<any>> | undefined} */
let opened;

/** @returns {Promise<import("idb").IDBPDatabase<any>>} */
const open = () =>
  openDB("outreach", 1, {
    upgrade(db) {
      db.createObjectStore("kept");
      for (const store of ["outbox", "receipts"]) db.createObjectStore(store, { keyPath: "id" });
      db.createObjectStore("visits", { keyPath: "task_id" });
    },
    terminated: () => (opened = undefined),
  });

/** The phone's database; throws StorageRefused where the browser keeps nothing. */
export async function database() {
  try {
    return await (opened ??= open());
  } catch {
    opened = undefined;
    throw new StorageRefused();
  }
}

/**
 * Write all or nothing, onto the disk and not merely towards it; throws StorageRefused.
 * @param {string[]} stores
 * @param {(store: (name: string) => any) => unknown} work
 */
export async function write(stores, work) {
  const db = await database();
  try {
    const transaction = db.transaction(stores, "readwrite", { durability: "strict" });
    await Promise.all([work((name) => transaction.objectStore(name)), transaction.done]);
  } catch {
    throw new StorageRefused();
  }
}
