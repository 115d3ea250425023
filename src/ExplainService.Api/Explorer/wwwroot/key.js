// The key of the service, where it has keys: kept for this tab, until it is closed.

const NAME = "explain-key";

/** The key; null where none was given, or the browser keeps nothing. */
export function keptKey() {
  try {
    return sessionStorage.getItem(NAME);
  } catch {
    return null;
  }
}

export function keepKey(key) {
  try {
    sessionStorage.setItem(NAME, key);
  } catch {
    // The next request asks for it again.
  }
}

/** Headers of a request, with the key where there is one. */
export const withKey = headers => keptKey() ? { ...headers, "x-api-key": keptKey() } : headers;
