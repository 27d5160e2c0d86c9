// @ts-check
// What the phone keeps for itself, readable without signal.

export class StorageRefused extends Error {}

/** @type {Promise<IDBDatabase> | undefined} */
let opened;

/** What the browser's database answers by an event. @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const answer = (request) =>
  new Promise((given, refused) => {
    request.onsuccess = () => given(request.result);
    request.onerror = () => refused(request.error);
  });

const open = () => {
  const request = indexedDB.open("outreach", 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("kept");
    for (const store of ["outbox", "receipts"]) request.result.createObjectStore(store, { keyPath: "id" });
    request.result.createObjectStore("visits", { keyPath: "task_id" });
  };
  return answer(request).then((db) => {
    db.onclose = () => (opened = undefined);
    return db;
  });
};

/** A store whose methods answer promises. @param {IDBTransaction} transaction @param {string} name @returns {any} */
const promising = (transaction, name) =>
  new Proxy(/** @type {any} */ (transaction.objectStore(name)), {
    get: (store, method) => (/** @type {any[]} */ ...given) => answer(store[method](...given)),
  });

/** The phone's database, to read; throws StorageRefused where the browser keeps nothing. */
export async function database() {
  const db = await connected();
  const store = (/** @type {string} */ name) => db.transaction(name).objectStore(name);
  return {
    /** @param {string} name @param {string} key @returns {Promise<any>} */
    get: async (name, key) => answer(store(name).get(key)),
    /** @param {string} name @returns {Promise<any[]>} */
    getAll: async (name) => answer(store(name).getAll()),
  };
}

async function connected() {
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
  const db = await connected();
  try {
    const transaction = db.transaction(stores, "readwrite", { durability: "strict" });
    const done = new Promise((kept, lost) => {
      transaction.oncomplete = kept;
      transaction.onabort = lost;
    });
    const undo = (/** @type {unknown} */ failure) => {
      transaction.abort();
      throw failure;
    };
    const working = (async () => work((name) => promising(transaction, name)))().catch(undo);
    await Promise.all([working, done]);
  } catch {
    throw new StorageRefused();
  }
}
