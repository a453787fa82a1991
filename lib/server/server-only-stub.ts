/** Stands in for the package `server-only` in unit tests, where there is no server bundle. */
export {};
