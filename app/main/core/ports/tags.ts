/** Tags as a plain table: name to value. */
export type Tags = Readonly<Record<string, string>>
